"""The declarations by which returns are due later, as the city's list has them."""

from __future__ import annotations

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.calculations import extensions

LIST = "due day extension"


def declared() -> tuple[extensions.Extension, ...]:
    """Return every declaration of the city's present list; none where it keeps no such list.

    One that came after a return was due counts for it as well: that is what it is for. Raises
    extensions.ExtensionIsWrong.
    """
    return tuple(
        extensions.read(each.code, each.attributes)
        for each in code_lists.codes_if_any(LIST).values()
        if each.ends_before is None and not each.is_withdrawn
    )
