"""What an expression can stand for while it is compiled: a term, or terms put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fisc.dmn.columns.terms import CannotTake, Sort, Term


@dataclass(frozen=True, slots=True)
class Record:
    """A context: values by name."""

    entries: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list whose items are written out."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """A range; None for an end it does not have."""

    low: Term | None
    high: Term | None
    includes_low: bool
    includes_high: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the model, by what it does with its arguments."""

    parameters: tuple[str, ...]
    call: Callable[[tuple[Value, ...]], Value]


Value = Term | Record | Listing | Limits | Function
Scope = Mapping[str, Value]


def single(value: Value) -> Term:
    """A value that must be one number, text, truth or date a row."""
    if not isinstance(value, Term):
        raise CannotTake("a list, range, context or function where a single value is needed")
    return value


def must_be(term: Term, sort: Sort) -> Term:
    """A term that must be of a sort, or null."""
    if term.sort not in {sort, Sort.NULL}:
        raise CannotTake(f"{term.sort.value} where {sort.value} is needed")
    return term
