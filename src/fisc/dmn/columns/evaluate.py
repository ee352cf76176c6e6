"""Run a program over columns: block by block, and by the case evaluator where columns cannot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fisc.dmn.columns import case_rows, compile, gathered, running, types


class ColumnsDoNotFit(ValueError):
    """Columns are missing, of different lengths, or not of whole numbers."""


def evaluate(
    *, program: compile.Program, columns: Mapping[str, types.Column], rows: int = 0
) -> types.Result:
    """Compute every output of every row; `rows` says how many where the program has no input.

    Rows that cannot be computed have null and are named in `problems`; they stop no other row.
    Raises ColumnsDoNotFit.
    """
    length = _length(program, columns) if program.inputs else rows
    plan = program.plan
    whole = gathered.Whole(plan, length)
    texts = _Texts(plan.texts)
    numberings = {
        each.name: texts.numbers(columns[each.name], each)
        for each in program.inputs
        if each.is_textual
    }
    block = min(running.BLOCK_ROWS, length)
    buffers = [np.empty(block, dtype=kind) for kind in plan.buffers]
    for start in range(0, length, running.BLOCK_ROWS):
        frame = running.Frame(
            start=start,
            length=min(running.BLOCK_ROWS, length - start),
            values=[None] * plan.slots,
            nulls=[None] * plan.slots,
            buffers=buffers,
            inputs=columns,
            numberings=numberings,
        )
        running.run(plan, frame)
        whole.take(frame)
    _add_cases(program, columns, whole)
    return whole.result(program.outputs, texts.known)


def _add_cases(
    program: compile.Program, columns: Mapping[str, types.Column], whole: gathered.Whole
) -> None:
    by_case = {each.name for each in program.by_case}
    if by_case:
        rows = np.arange(whole.length) if whole.failed is None else np.flatnonzero(~whole.failed)
        outputs = [each for each in program.outputs if each.name in by_case]
        found = case_rows.compute(program, columns, rows.tolist(), outputs)
        whole.add_outputs(outputs, found, program.tables)
    rows = whole.rows_by_case()
    if len(rows):
        outputs = [each for each in program.outputs if each.name not in by_case]
        found = case_rows.compute(program, columns, rows.tolist(), outputs)
        whole.patch(found)


def _length(program: compile.Program, columns: Mapping[str, types.Column]) -> int:
    missing = [each.name for each in program.inputs if each.name not in columns]
    if missing:
        raise ColumnsDoNotFit(f"No column for the inputs {', '.join(missing)}.")
    lengths = {each.name: len(columns[each.name]) for each in program.inputs}
    if len(set(lengths.values())) > 1:
        raise ColumnsDoNotFit(f"Columns have different numbers of rows: {lengths}.")
    for each in program.inputs:
        kind = columns[each.name].values.dtype
        if kind.kind not in "iubO":
            raise ColumnsDoNotFit(
                f"The column “{each.name}” is of {kind}. Give whole numbers: cents, units of the "
                "last decimal, days or numbers of codes."
            )
    return next(iter(lengths.values()), 0)


class _Texts:
    """The dictionary of texts: the program's, then those that only columns have."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = {text: number for number, text in enumerate(known)}

    def numbers(self, column: types.Column, declared: types.Declared) -> running.Numbering:
        """How the program numbers the texts of a column."""
        texts = column.texts or ()
        allowed = None if declared.codes is None else set(declared.codes)
        found = [
            self.known.setdefault(text, len(self.known))
            if allowed is None or text in allowed
            else running.REFUSED
            for text in texts
        ]
        first = found[0] if found else 0
        if found == list(range(first, first + len(found))):
            return running.Numbering(shift=first)
        return running.Numbering(
            table=np.array(found, dtype=np.int64), refuses=running.REFUSED in found
        )
