"""The results of all rows, gathered from blocks and from the case evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fisc.dmn import model
from fisc.dmn.columns import case_rows, plain, plans, running, terms, types

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

WORD_BITS = 64


class Whole:
    """What is known so far of a run, row for row."""

    def __init__(self, plan: plans.Plan, length: int) -> None:
        self.plan = plan
        self.length = length
        self.values = [np.zeros(length, dtype=_kind(each)) for each in plan.outputs]
        self.nulls: list[Mask | None] = [None] * len(plan.outputs)
        self.hits: dict[str, npt.NDArray[Any]] = {
            each.decision: np.zeros((length, *each.hits.shape[1:]), dtype=each.hits.dtype)
            for each in plan.tables
        }
        self.problems: dict[tuple[str, str], list[Rows]] = {}
        self.failed: Mask | None = None
        self._by_case: list[Rows] = []
        self._cases: dict[str, types.Column] = {}
        self._patched: case_rows.CaseRows | None = None

    # --- Blocks ----------------------------------------------------------------------------------

    def take(self, frame: running.Frame) -> None:
        """Take over the results of a block."""
        rows = slice(frame.start, frame.start + frame.length)
        for table in self.plan.tables:
            state = frame.values[table.state]
            np.take(table.hits, state, axis=0, out=self.hits[table.decision][rows], mode="clip")
            if table.errors is not None:
                _note_errors(table, np.take(table.errors, state, mode="clip"), frame)
        for place, output in enumerate(self.plan.outputs):
            self.values[place][rows] = frame.values[output.slot]
            self._take_nulls(place, frame, frame.nulls[output.slot], rows)
        if frame.problems or frame.by_case is not None:
            self._take_problems(frame, rows)

    def _take_nulls(self, place: int, frame: running.Frame, nulls: Any, rows: slice) -> None:
        for more in (frame.failed, frame.by_case):
            if more is not None:
                nulls = more if nulls is None else np.logical_or(nulls, more)
        if nulls is not None:
            into = self.nulls[place]
            if into is None:
                into = self.nulls[place] = np.zeros(self.length, dtype=bool)
            into[rows] = nulls

    def _take_problems(self, frame: running.Frame, rows: slice) -> None:
        untold = np.zeros(frame.length, dtype=bool)
        if frame.failed is not None:
            untold |= frame.failed
            if self.failed is None:
                self.failed = np.zeros(self.length, dtype=bool)
            self.failed[rows] = frame.failed
        if frame.by_case is not None:
            self._by_case.append(np.flatnonzero(frame.by_case & ~untold) + frame.start)
            untold |= frame.by_case
        for where, reason, mask in frame.problems:
            # A failed row tells why it failed, not what followed from that.
            told = mask if where.startswith("input") else mask & ~untold
            if told.any():
                found = np.flatnonzero(told) + frame.start
                self.problems.setdefault((where, reason), []).append(found)
        for hits in self.hits.values():
            hits[rows][untold] = 0

    # --- Rows of the case evaluator --------------------------------------------------------------

    def rows_by_case(self) -> Rows:
        """The rows whose numbers passed 34 digits."""
        return np.concatenate(self._by_case) if self._by_case else np.empty(0, dtype=np.int64)

    def add_outputs(
        self,
        outputs: Sequence[types.Declared],
        found: case_rows.CaseRows,
        tables: Mapping[str, model.DecisionTable],
    ) -> None:
        """Add outputs that the case evaluator computed for every row that did not fail."""
        for each in outputs:
            by_row = found.values[each.name]
            listed = [by_row.get(row) for row in range(self.length)]
            self._cases[each.name] = plain.column(each, listed)
        for name, table in tables.items():
            if name in found.hits and name not in self.hits:
                self.hits[name] = _no_hits(table, self.length)
                self._add_hits(name, found)
        self._add_problems(found)

    def patch(self, found: case_rows.CaseRows) -> None:
        """Put the case evaluator's values in place of those that columns could not compute."""
        self._patched = found
        for decision in found.hits.keys() & self.hits.keys():
            self._add_hits(decision, found)
        self._add_problems(found)

    def _add_hits(self, decision: str, found: case_rows.CaseRows) -> None:
        hits = self.hits[decision]
        for row, rules in found.hits[decision].items():
            for rule in rules:
                if hits.ndim == 1:
                    hits[row] = rule
                else:
                    word, bit = divmod(rule - 1, WORD_BITS)
                    hits[row, word] |= np.uint64(1 << bit)

    def _add_problems(self, found: case_rows.CaseRows) -> None:
        for key, rows in found.problems.items():
            self.problems.setdefault(key, []).append(np.array(rows, dtype=np.int64))

    # --- The result ------------------------------------------------------------------------------

    def result(self, outputs: Sequence[types.Declared], texts: dict[str, int]) -> types.Result:
        """Everything, outputs in the order declared."""
        columns = dict(self._cases)
        for place, output in enumerate(self.plan.outputs):
            columns[output.declared.name] = self._column(place, output, texts)
        return types.Result(
            outputs={each.name: columns[each.name] for each in outputs},
            hits=self.hits,
            problems=tuple(
                types.Problem(where, reason, np.concatenate(rows))
                for (where, reason), rows in self.problems.items()
            ),
            rows_by_case=self.rows_by_case(),
        )

    def _column(self, place: int, output: plans.Output, texts: dict[str, int]) -> types.Column:
        values, nulls = self.values[place], self.nulls[place]
        declared = output.declared
        if self._patched is not None:
            values = values.astype(object) if declared.is_numeric else values
            for row, value in self._patched.values[declared.name].items():
                assert nulls is not None, "rows sent to the case evaluator are null until then"
                nulls[row] = value is None
                if value is not None:
                    values[row] = plain.units(declared, value, texts)
        is_text = declared.is_textual
        return types.Column(_narrowed(values), nulls, tuple(texts) if is_text else None)


def _kind(output: plans.Output) -> npt.DTypeLike:
    if output.is_wide:
        return object
    return np.bool_ if output.declared.kind is types.Kind.BOOLEAN else np.int64


def _note_errors(table: plans.Table, errors: npt.NDArray[np.int16], frame: running.Frame) -> None:
    if errors.any():
        for number, reason in enumerate(table.reasons, start=1):
            where = f"decision “{table.decision}”"
            frame.problems.append((where, reason, errors == number))


def _no_hits(table: model.DecisionTable, length: int) -> npt.NDArray[Any]:
    if table.hit_policy not in case_rows.LISTING:
        return np.zeros(length, dtype=np.int32)
    return np.zeros((length, max(1, -(-len(table.rules) // WORD_BITS))), dtype=np.uint64)


def _narrowed(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Python integers as 64-bit ones where all of them fit."""
    if values.dtype != object or len(values) == 0:
        return values
    if terms.fits_int64(int(values.min()), int(values.max())):
        return values.astype(np.int64)
    return values
