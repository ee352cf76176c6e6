"""Every built-in function, brought together: import this to have them all declared."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.dmn.feel.functions import (
    context_functions,
    date_functions,
    list_functions,
    number_functions,
    range_functions,
    registry,
    string_functions,
)
from fisc.dmn.feel.functions.registry import Builtin

SUBJECTS = (
    context_functions,
    date_functions,
    list_functions,
    number_functions,
    range_functions,
    string_functions,
)


def names() -> frozenset[str]:
    """The names of all built-in functions."""
    return frozenset(registry.BUILTINS)


def declarations(name: str) -> Sequence[Builtin]:
    """What a built-in function was declared with; empty when there is none of that name."""
    return registry.BUILTINS.get(name, ())
