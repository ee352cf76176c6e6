"""What can be wrong with a published rate, with the class and the field it is found in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file, a class of it or one field cannot be read; empty names mean the whole."""

    reason: str
    customer_class: str = ""
    field: str = ""

    def __str__(self) -> str:
        where = [f"class {self.customer_class}"] if self.customer_class else []
        where += [f"field {self.field}"] if self.field else []
        return f"{', '.join(where)}: {self.reason}" if where else self.reason


class RatesAreRefused(Exception):
    """A file of published rates, or a part of it that was asked for, cannot become a book."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        shown = [f"{file}: {each}" for each in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            shown.append(f"… and {len(self.problems) - MOST_SHOWN} more.")
        super().__init__("\n".join(shown))


class FieldIsWrong(Exception):
    """One field of a class cannot be expressed."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")
