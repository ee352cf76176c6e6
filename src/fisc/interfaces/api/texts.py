"""Texts that programs send: PostgreSQL keeps every character but NUL."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import StringConstraints

#: No text has the character that ends texts elsewhere.
_WITHOUT_NUL: Final = r"^[^\x00]*$"
_CODE_MAX: Final = 100

#: A code of one of the city's lists.
Code = Annotated[str, StringConstraints(max_length=_CODE_MAX, pattern=_WITHOUT_NUL)]
Text = Annotated[str, StringConstraints(max_length=2_000, pattern=_WITHOUT_NUL)]
#: A line of text that must be there.
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_WITHOUT_NUL)]
#: A line of text that may be empty.
MaybeLine = Annotated[str, StringConstraints(max_length=200, pattern=_WITHOUT_NUL)]


def part(*, most: int, least: int = 0) -> StringConstraints:
    """Return the bounds of a short text, such as a house number."""
    return StringConstraints(min_length=least, max_length=most, pattern=_WITHOUT_NUL)
