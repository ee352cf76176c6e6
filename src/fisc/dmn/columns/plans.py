"""A compiled model ready to run: steps in order, their buffers, what is read at the end.

Buffers are handed from step to step as soon as nobody needs their content, so that a block of rows
stays in the processor's cache however long the table is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import segments, terms, types

NO_BUFFER = -1

# Steps whose result is written into a buffer; the others make their own array.
BUFFERED = frozenset(
    {
        "add", "subtract", "multiply", "negate", "absolute", "minimum", "maximum", "clip", "round",
        "divide", "less", "less_equal", "not", "choose", "gather", "state",
        "segments",
        "pick",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One term to compute: where its arguments are, where its result goes."""

    op: str
    slot: int
    args: tuple[int, ...]
    detail: Any
    sort: terms.Sort
    works_wide: bool
    is_wide: bool
    buffer: int


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """One value for each last state of a table. `nulls_when_plain`: also for rows without nulls."""

    values: npt.NDArray[Any]
    nulls: npt.NDArray[np.bool_] | None
    nulls_when_plain: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What to note of a decision table: by its last state, the hits and what was wrong.

    `errors` numbers the reasons from 1; 0 is none. It is None when no state is wrong.
    """

    decision: str
    table_id: str
    state: int
    hits: npt.NDArray[Any]
    errors: npt.NDArray[np.int16] | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """Where an output is found after the last step."""

    declared: types.Declared
    slot: int
    sort: terms.Sort
    is_wide: bool


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Everything that runs over a block of rows."""

    steps: tuple[Step, ...]
    constants: tuple[tuple[int, Any], ...]
    slots: int
    buffers: tuple[npt.DTypeLike, ...]
    outputs: tuple[Output, ...]
    tables: tuple[Table, ...]
    texts: tuple[str, ...]


def plan(
    *,
    made: terms.Terms,
    inputs: Sequence[terms.Term],
    outputs: Sequence[tuple[types.Declared, terms.Term]],
    tables: Sequence[Table],
) -> Plan:
    """Keep the terms that an output or a table's hits need, and give them buffers.

    All inputs are kept: each is checked against its bounds whether it is asked for or not.
    """
    kept = [term.slot for _, term in outputs]
    asked = _last_uses(made.made, kept, tables)
    better = segments.replaced([each for each in made.made if each.slot in asked], kept)
    best = [better.get(each.slot, each) for each in made.made]
    last_use = _last_uses(best, kept, tables)
    for each in inputs:
        last_use.setdefault(each.slot, each.slot)
    steps, buffers = _steps([each for each in best if each.slot in last_use], last_use)
    constants = tuple((each.slot, each.detail) for each in made.made if each.is_constant)
    return Plan(
        steps=steps,
        constants=constants,
        slots=len(made.made),
        buffers=buffers,
        outputs=tuple(
            Output(declared, term.slot, term.sort, term.is_wide) for declared, term in outputs
        ),
        tables=tuple(tables),
        texts=tuple(made.texts),
    )


def _last_uses(
    made: Sequence[terms.Term], outputs: Sequence[int], tables: Sequence[Table]
) -> dict[int, int]:
    """For each needed slot, the last slot that reads it; outputs and states live to the end."""
    end = len(made)
    last = dict.fromkeys((*outputs, *(each.state for each in tables)), end)
    for each in reversed(made):
        if each.slot in last:
            for argument in each.args:
                last.setdefault(argument.slot, each.slot)
    return last


def _steps(
    needed: Sequence[terms.Term], last_use: dict[int, int]
) -> tuple[tuple[Step, ...], tuple[npt.DTypeLike, ...]]:
    kinds: list[npt.DTypeLike] = []
    free: dict[npt.DTypeLike, list[int]] = {}
    busy: list[tuple[int, int]] = []
    steps: list[Step] = []
    for term in (each for each in needed if not each.is_constant):
        # An argument read for the last time here keeps its buffer until the step is done.
        for until, buffer in [each for each in busy if each[0] < term.slot]:
            busy.remove((until, buffer))
            free[kinds[buffer]].append(buffer)
        buffer = NO_BUFFER
        if term.op in BUFFERED and not term.works_wide:
            kind: npt.DTypeLike = np.bool_ if term.sort is terms.Sort.BOOLEAN else np.int64
            waiting = free.setdefault(kind, [])
            if waiting:
                buffer = waiting.pop()
            else:
                buffer = len(kinds)
                kinds.append(kind)
            busy.append((last_use[term.slot], buffer))
        steps.append(
            Step(
                term.op,
                term.slot,
                tuple(each.slot for each in term.args),
                term.detail,
                term.sort,
                term.works_wide,
                term.is_wide,
                buffer,
            )
        )
    return tuple(steps), tuple(kinds)
