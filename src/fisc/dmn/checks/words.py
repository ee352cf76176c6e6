"""Every sentence of the checks, in one place, so that it can be said in another language."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from fisc.dmn.columns import plain

NO_CASE = "“{decision}”, rule {rule}: no case decides by it. Add a case that does."


def value(given: plain.Plain) -> str:
    """A value as a person reads it."""
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, Decimal):
        return f"{given:f}"
    if isinstance(given, datetime.date):
        return given.isoformat()
    return f"“{given}”"


def example(inputs: Mapping[str, plain.Plain]) -> str:
    """An input as a person reads it."""
    return ", ".join(f"{name} {value(each)}" for name, each in inputs.items())


def rules(numbers: Iterable[int]) -> str:
    """Some rules by their numbers: `2, 5 and 9`."""
    texts = [str(each) for each in numbers]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
