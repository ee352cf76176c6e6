"""Where names have their values while FEEL runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fisc.dmn.feel.evaluation import Evaluation
from fisc.dmn.feel.values import Value


class Missing:
    """What looking up an unknown name gives; null is a value like others."""


MISSING: Final = Missing()


class Frame:
    """Names with their values, and the frame around it."""

    __slots__ = ("evaluation", "parent", "values")

    def __init__(
        self, values: dict[str, Value], evaluation: Evaluation, parent: Frame | None = None
    ) -> None:
        self.values = values
        self.evaluation = evaluation
        self.parent = parent

    def inner(self, values: dict[str, Value]) -> Frame:
        return Frame(values, self.evaluation, self)

    def look_up(self, name: str) -> Value | Missing:
        frame: Frame | None = self
        while frame is not None:
            if name in frame.values:
                return frame.values[name]
            frame = frame.parent
        return MISSING


Program = Callable[[Frame], Value]
"""A syntax tree made ready to run."""

TestProgram = Callable[[Value, Frame], bool | None]
"""A test made ready: given the value it looks at."""
