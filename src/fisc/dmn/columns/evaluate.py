"""Run a program over columns, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import compile, plans, running, terms, types


class ColumnsDoNotFit(ValueError):
    """Columns are missing, of different lengths, or not of whole numbers."""


@dataclass(slots=True)
class _Whole:
    """The results of all rows, filled block by block."""

    values: list[npt.NDArray[Any]]
    nulls: list[npt.NDArray[np.bool_] | None]
    hits: list[npt.NDArray[Any]]
    problems: dict[tuple[str, str], list[npt.NDArray[np.int64]]]
    by_case: list[npt.NDArray[np.int64]]


def evaluate(*, program: compile.Program, columns: Mapping[str, types.Column]) -> types.Result:
    """Compute every output of every row.

    Rows that cannot be computed have null and are named in `problems`; they stop no other row.
    Raises ColumnsDoNotFit.
    """
    length = _length(program, columns)
    plan = program.plan
    whole = _whole(plan, length)
    texts = _Texts(plan.texts)
    numbers = {
        each.name: texts.numbers(columns[each.name], each)
        for each in program.inputs
        if each.is_textual
    }
    buffers = [np.empty(running.BLOCK_ROWS, dtype=kind) for kind in plan.buffers]
    for start in range(0, length, running.BLOCK_ROWS):
        frame = running.Frame(
            start=start,
            length=min(running.BLOCK_ROWS, length - start),
            values=[None] * plan.slots,
            nulls=[None] * plan.slots,
            buffers=buffers,
            inputs=columns,
            text_numbers=numbers,
        )
        running.run(plan, frame)
        _store(plan, frame, whole)
    return _result(plan, whole, tuple(texts.known))


def _length(program: compile.Program, columns: Mapping[str, types.Column]) -> int:
    missing = [each.name for each in program.inputs if each.name not in columns]
    if missing:
        raise ColumnsDoNotFit(f"No column for the inputs {', '.join(missing)}.")
    lengths = {each.name: len(columns[each.name]) for each in program.inputs}
    if len(set(lengths.values())) > 1:
        raise ColumnsDoNotFit(f"Columns have different numbers of rows: {lengths}.")
    for each in program.inputs:
        kind = columns[each.name].values.dtype.kind
        if kind not in "iubO":
            raise ColumnsDoNotFit(
                f"The column “{each.name}” is of {columns[each.name].values.dtype}. Give whole "
                "numbers: cents, units of the last decimal, days or numbers of codes."
            )
    return next(iter(lengths.values()), 0)


class _Texts:
    """The dictionary of texts, the program's and then those that only columns have."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = {text: number for number, text in enumerate(known)}

    def numbers(
        self, column: types.Column, declared: types.Declared
    ) -> npt.NDArray[np.int64] | None:
        """The program's number for each text of a column; -1 for one that is not allowed.

        None where the column's own numbers are the same.
        """
        texts = column.texts or ()
        allowed = None if declared.codes is None else set(declared.codes)
        found = [
            self.known.setdefault(text, len(self.known))
            if allowed is None or text in allowed
            else -1
            for text in texts
        ]
        if found == list(range(len(texts))):
            return None
        return np.array(found or [0], dtype=np.int64)


def _whole(plan: plans.Plan, length: int) -> _Whole:
    values: list[npt.NDArray[Any]] = []
    for each in plan.outputs:
        kind: npt.DTypeLike = np.bool_ if each.declared.kind is types.Kind.BOOLEAN else np.int64
        values.append(np.zeros(length, dtype=object if each.is_wide else kind))
    hits = [np.zeros((length, *each.hits.shape[1:]), dtype=each.hits.dtype) for each in plan.tables]
    return _Whole(values, [None] * len(values), hits, {}, [])


def _store(plan: plans.Plan, frame: running.Frame, whole: _Whole) -> None:
    rows = slice(frame.start, frame.start + frame.length)
    for place, table in enumerate(plan.tables):
        state = frame.values[table.state]
        np.take(table.hits, state, axis=0, out=whole.hits[place][rows], mode="clip")
        if table.errors is not None:
            _note_errors(table, np.take(table.errors, state, mode="clip"), frame)
    for place, output in enumerate(plan.outputs):
        whole.values[place][rows] = frame.values[output.slot]
        nulls = frame.nulls[output.slot]
        for more in (frame.failed, frame.by_case):
            if more is not None:
                nulls = more if nulls is None else np.logical_or(nulls, more)
        if nulls is not None:
            into = whole.nulls[place]
            if into is None:
                into = whole.nulls[place] = np.zeros(len(whole.values[place]), dtype=bool)
            into[rows] = nulls
    _store_problems(frame, whole, rows)


def _note_errors(table: plans.Table, errors: npt.NDArray[np.int16], frame: running.Frame) -> None:
    if not errors.any():
        return
    for number, reason in enumerate(table.reasons, start=1):
        where = f"decision “{table.decision}”"
        frame.problems.append((where, reason, errors == number))


def _store_problems(frame: running.Frame, whole: _Whole, rows: slice) -> None:
    if not frame.problems and frame.by_case is None:
        return
    untold = np.zeros(frame.length, dtype=bool)
    if frame.failed is not None:
        untold |= frame.failed
    if frame.by_case is not None:
        case_only = frame.by_case & ~untold
        whole.by_case.append(np.flatnonzero(case_only) + frame.start)
        untold |= frame.by_case
    for where, reason, mask in frame.problems:
        # A failed row tells why it failed, not what followed from that.
        told = mask if where.startswith("input") else mask & ~untold
        if told.any():
            found = np.flatnonzero(told) + frame.start
            whole.problems.setdefault((where, reason), []).append(found)
    if untold.any():
        for hits in whole.hits:
            hits[rows][untold] = 0


def _result(plan: plans.Plan, whole: _Whole, texts: tuple[str, ...]) -> types.Result:
    outputs: dict[str, types.Column] = {}
    for output, values, nulls in zip(plan.outputs, whole.values, whole.nulls, strict=True):
        is_text = output.declared.is_textual
        outputs[output.declared.name] = types.Column(
            values=_narrowed(values), nulls=nulls, texts=texts if is_text else None
        )
    return types.Result(
        outputs=outputs,
        hits={table.decision: hits for table, hits in zip(plan.tables, whole.hits, strict=True)},
        problems=tuple(
            types.Problem(where, reason, np.concatenate(rows))
            for (where, reason), rows in whole.problems.items()
        ),
        rows_by_case=np.concatenate(whole.by_case) if whole.by_case else np.empty(0, np.int64),
    )


def _narrowed(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Python integers as 64-bit ones where all of them fit."""
    if values.dtype != object or len(values) == 0:
        return values
    if terms.fits_int64(int(values.min()), int(values.max())):
        return values.astype(np.int64)
    return values
