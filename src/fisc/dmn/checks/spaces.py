"""The condition columns of a table as a space of classes, and its rules as boxes in it.

The columns are those that the column compiler makes (`dmn.columns.conditions`), cut within their
proved bounds. A column that is an input as it stands can be set to any value of a class. One that
is calculated, or whose cells depend on other inputs, has classes that may never occur together: a
proof that nothing is left stands all the same, an example must be looked for.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, regions
from fisc.dmn.columns import conditions, decisions, expressions, matching, plain, terms, types
from fisc.dmn.columns.terms import CannotTake, Sort, Term

# A text that stands for every text no table names.
ANY_OTHER = "(any other)"

_KINDS: Mapping[Sort, types.Kind] = {
    Sort.NUMBER: types.Kind.NUMBER,
    Sort.DAYS: types.Kind.NUMBER,
    Sort.DATE: types.Kind.DATE,
    Sort.TEXT: types.Kind.TEXT,
    Sort.BOOLEAN: types.Kind.BOOLEAN,
}

# Steps that are null only where one of their arguments is.
_STRICT = frozenset(
    {
        "add", "subtract", "multiply", "negate", "absolute", "minimum", "maximum", "clip", "round",
        "less", "less_equal", "equal", "not", "and", "or", "date_part", "guard",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Class:
    """Values that no cell of a column tells apart: the first and the last, or all texts."""

    values: tuple[plain.Plain, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One column: what is asked, its classes, and for each class the rules that take it.

    `declared` is the input that the column is; None where it is calculated.
    """

    label: str
    declared: types.Declared | None
    classes: tuple[Class, ...]
    masks: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """A table's columns, and the box of each rule."""

    axes: tuple[Axis, ...]
    boxes: tuple[regions.Box, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """How many classes each column has."""
        return tuple(len(each.classes) for each in self.axes)

    @property
    def is_direct(self) -> bool:
        """Whether every column is an input of its own, so that each point of the space occurs."""
        return all(each.declared is not None for each in self.axes)


class Survey:
    """Makes the spaces of a book's tables, all over one set of terms."""

    def __init__(self, book: asked.Book) -> None:
        self.book = book
        self.made = terms.Terms()
        self.to = expressions.Translator(self.made)
        for declared in book.inputs:
            for code in declared.codes or ():
                self.made.number_of_text(code)
        self.graph = decisions.Graph(
            book.model, self.made, {each.name: each for each in book.inputs}
        )

    def space(self, decision: dmn.Decision, table: dmn.DecisionTable) -> Space:
        """The space of a table that is a decision; raises CannotTake."""
        scope = self.graph.scope_of(decision)
        columns = conditions.columns(self.to, table, scope)
        allowed = 1 << len(table.rules)
        axes = [
            self._axis(column, condition, table, allowed) for column, condition in _joined(columns)
        ]
        sets = [regions.turned(axis.masks, len(table.rules)) for axis in axes]
        # A table without a column takes everything: one class that is always so.
        boxes = list(zip(*sets, strict=True)) if sets else [() for _ in table.rules]
        return Space(tuple(axes), tuple(boxes))

    def _axis(
        self,
        column: conditions.Column,
        condition: matching.Condition,
        table: dmn.DecisionTable,
        allowed: int,
    ) -> Axis:
        term = column.term
        declared = term.detail if term.op == "input" else None
        classes: list[Class] = []
        masks: list[int] = []
        for (first, last), mask in zip(
            _spans(condition, column.bounds), condition.masks[:-1], strict=True
        ):
            if values := self._values(term, declared, first, last):
                classes.append(Class(values))
                # No rule counts where the column's own list of values refuses.
                masks.append(mask & (allowed - 1) if mask & allowed else 0)
        if self.can_be_null(term):
            classes.append(Class((None,)))
            masks.append(condition.masks[-1] & (allowed - 1))
        return Axis(_label(column, condition, table), declared, tuple(classes), tuple(masks))

    def _values(
        self, term: Term, declared: types.Declared | None, first: int, last: int
    ) -> tuple[plain.Plain, ...]:
        if term.is_null:
            # Always null: the class of null is the only one.
            return ()
        if term.sort is Sort.TEXT:
            return tuple(self._texts(declared, first, last))
        if term.scale > types.MOST_DECIMALS:
            raise CannotTake(f"a column of {term.scale} decimals")
        like = types.Declared(
            "", _KINDS[term.sort], scale=term.scale if term.sort is Sort.NUMBER else 0
        )
        ends = (first,) if first == last else (first, last)
        held = types.Column(values=np.array(ends, dtype=object))
        return tuple(plain.value(like, held, row) for row in range(len(ends)))

    def _texts(self, declared: types.Declared | None, first: int, last: int) -> Iterator[str]:
        numbers = self.made.texts
        if declared is not None and declared.codes is not None:
            yield from (each for each in declared.codes if first <= numbers[each] <= last)
            return
        yield from (text for text, number in numbers.items() if first <= number <= last)
        if last >= len(numbers):
            yield ANY_OTHER

    def can_be_null(self, term: Term) -> bool:
        """Whether a step may have no value; true where that is not known."""
        if term.op == "input":
            return term.detail.name in self.book.may_be_null
        if term.is_constant:
            return term.detail is None
        if term.op in {"is_null", "state"}:
            return False
        if term.op == "divide":
            divisor = term.args[1]
            return divisor.low <= 0 <= divisor.high or any(map(self.can_be_null, term.args))
        if term.op == "choose":
            return any(map(self.can_be_null, term.args[1:]))
        return term.op not in _STRICT or any(map(self.can_be_null, term.args))


def _label(
    column: conditions.Column, condition: matching.Condition, table: dmn.DecisionTable
) -> str:
    clause = table.inputs[column.place]
    label = clause.label.strip() or clause.text.strip()
    if not column.is_computed:
        return label
    # The cells that depend on other inputs, as one of the rules that need them writes it.
    needs = ~condition.masks[0] & ((1 << len(table.rules)) - 1)
    rule = regions.places(needs)[0] if needs else 0
    return f"{label} {table.rules[rule].inputs[column.place].text.strip()}"


def _spans(condition: matching.Condition, bounds: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The first and the last value of each class but null's."""
    starts = (bounds[0], *condition.breaks)
    ends = (*(each - 1 for each in condition.breaks), bounds[1])
    return zip(starts, ends, strict=True)


def _joined(
    columns: Sequence[conditions.Column],
) -> list[tuple[conditions.Column, matching.Condition]]:
    """Columns that ask the same become one, so that no point of the space contradicts itself."""
    found: dict[int, tuple[conditions.Column, matching.Condition]] = {}
    for each in columns:
        slot = each.term.slot
        known = found.get(slot)
        condition = each.condition if known is None else _both(known[1], each.condition)
        found[slot] = (each if known is None else known[0], condition)
    return list(found.values())


def _both(one: matching.Condition, other: matching.Condition) -> matching.Condition:
    breaks = sorted({*one.breaks, *other.breaks})
    starts = [min((*breaks, 0)) - 1, *breaks]
    masks = [
        one.masks[bisect_right(one.breaks, start)] & other.masks[bisect_right(other.breaks, start)]
        for start in starts
    ]
    return dataclasses.replace(
        one, breaks=tuple(breaks), masks=(*masks, one.masks[-1] & other.masks[-1])
    )
