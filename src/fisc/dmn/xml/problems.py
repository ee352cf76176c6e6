"""What is wrong with a file, collected so that a coordinator sees all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fisc.dmn.model import Place

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where, and what to do about it in words."""

    place: Place
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


class ModelIsRefused(Exception):
    """A file is not a decision model that Fisc can use; `problems` says all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            shown.append(f"… and {len(self.problems) - MOST_SHOWN} more.")
        super().__init__("\n".join(shown))


class UnreadableXml(ModelIsRefused):
    """A file is not XML, or is XML of a kind that is never opened."""


@dataclass(slots=True)
class Problems:
    """The problems found so far; `is_strict` says that any FEEL that cannot be read is one."""

    is_strict: bool = True
    found: list[Problem] = field(default_factory=list)

    def add(self, place: Place, words: str) -> None:
        self.found.append(Problem(place, words))

    def add_if_strict(self, place: Place, words: str) -> None:
        if self.is_strict:
            self.add(place, words)

    def refuse_if_any(self) -> None:
        if self.found:
            raise ModelIsRefused(sorted(self.found, key=lambda problem: problem.place.line))
