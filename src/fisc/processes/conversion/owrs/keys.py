"""Keys of maps: one text for several facts, joined by `|`, which meter sizes hold too."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"\d+")
_FRACTION = re.compile(r"\d+/\d+\"?")

# How a cell says that nothing is known.
NOTHING = frozenset({"", "NA", "~", "null", "Null", "NULL", ".na"})


class KeyIsUnclear(ValueError):
    """A key has more or fewer parts than facts it depends on."""


def parts(key: str, *, count: int) -> tuple[str, ...]:
    """Split a key into the values of `count` facts; `1|1/2"` is one value. Raises KeyIsUnclear."""
    if count == 1:
        return (key,)
    split = key.split("|")
    if len(split) > count:
        split = _with_mixed_numbers(split)
    if len(split) != count:
        raise KeyIsUnclear(f"the key “{key}” has {len(split)} parts for {count} facts")
    return tuple(split)


def _with_mixed_numbers(split: list[str]) -> list[str]:
    joined: list[str] = []
    for each in split:
        if joined and _WHOLE.fullmatch(joined[-1]) and _FRACTION.fullmatch(each):
            joined[-1] = f"{joined[-1]}|{each}"
        else:
            joined.append(each)
    return joined
