"""How FEEL's built-in functions are declared, found and given their arguments.

A function is declared with the parameters FEEL's standard names, as in
`@function("round half up", "n: number, scale: number")`:

    name: kind      required; null or a value of another kind gives null
    name: kind?     may be null
    name: kind = _  may be left out; the function's own default then counts
    *name: kind     any number of arguments

One name may have several declarations; the first that fits the arguments is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fisc.dmn.feel import calendar
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.values import Value

ANY = "any"
DURATION = "duration"


class Misfit:
    """What a value becomes where it does not fit a parameter."""


MISFIT: Final = Misfit()


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    is_nullable: bool = False
    is_optional: bool = False
    is_variadic: bool = False

    def fit(self, value: Value) -> Value | Misfit:
        """The value as this parameter takes it, or `MISFIT`."""
        if value is None:
            return None if self.is_nullable or self.kind == ANY else MISFIT
        if self.kind == ANY:
            return value
        kind = kinds.kind(value)
        if kind == self.kind or (self.kind == DURATION and kind.endswith("duration")):
            return value
        return self._bent(value, kind)

    def _bent(self, value: Value, kind: str) -> Value | Misfit:
        if self.kind == kinds.LIST:
            return [value]
        if kind == kinds.LIST and len(value) == 1 and value[0] is not None:
            return self.fit(value[0])
        if kind == kinds.DATE and self.kind == kinds.DATE_TIME:
            return calendar.midnight(value)
        return MISFIT


@dataclass(frozen=True, slots=True)
class Builtin:
    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[..., Value]
    # Takes the running evaluation first: for its step limit, its clock and its reasons.
    needs_evaluation: bool = False

    @property
    def is_variadic(self) -> bool:
        return bool(self.parameters) and self.parameters[-1].is_variadic

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(parameter.name for parameter in self.parameters)})"

    def takes(self, count: int) -> bool:
        """Whether it can be called with that many arguments."""
        required = sum(not (each.is_optional or each.is_variadic) for each in self.parameters)
        return required <= count and (self.is_variadic or count <= len(self.parameters))

    def places(self, names: Sequence[str]) -> tuple[int | None, ...] | None:
        """For each parameter, which named argument is its; None when the names do not fit."""
        own = [each.name for each in self.parameters]
        if not set(names) <= set(own) or len(set(names)) < len(names):
            return None
        missing = [
            each.name for each in self.parameters if not each.is_optional and each.name not in names
        ]
        if missing:
            return None
        found = [names.index(name) if name in names else None for name in own]
        while found and found[-1] is None:
            found.pop()
        return tuple(found)

    def fit(self, arguments: Sequence[Value]) -> list[Value] | None:
        """The arguments as the parameters take them; None when one does not fit."""
        fitted: list[Value] = []
        for index, value in enumerate(arguments):
            parameter = self.parameters[min(index, len(self.parameters) - 1)]
            bent = parameter.fit(value)
            if bent is MISFIT:
                return None
            fitted.append(bent)
        return fitted


BUILTINS: dict[str, list[Builtin]] = {}


def function(
    name: str, parameters: str = "", *, needs_evaluation: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a built-in function of FEEL; see the module's text for the parameters."""

    def declare(body: Callable[..., Any]) -> Callable[..., Any]:
        builtin = Builtin(name, _parameters(parameters), body, needs_evaluation)
        BUILTINS.setdefault(name, []).append(builtin)
        return body

    return declare


def _parameters(text: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(part.strip()) for part in text.split(",") if part.strip())


def _parameter(text: str) -> Parameter:
    name, _, kind = (part.strip() for part in text.partition(":"))
    is_optional = kind.endswith("= _")
    kind = kind.removesuffix("= _").strip()
    return Parameter(
        name=name.lstrip("*"),
        kind=kind.rstrip("?"),
        is_nullable=kind.endswith("?"),
        is_optional=is_optional,
        is_variadic=name.startswith("*"),
    )
