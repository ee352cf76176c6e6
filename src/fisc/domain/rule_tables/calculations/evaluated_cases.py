"""A case made from an evaluation that was kept: "make a case from this bill"."""

from __future__ import annotations

from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import blocks, case_sheets


def case_of(
    kept: blocks.KeptRow, *, point: declarations.DecisionPoint, name: str
) -> case_sheets.Case:
    """Return a case with the exact inputs of a kept row, and its outputs as what is expected.

    The rules that matched are left out: a draft is often written to let other rules match.
    """
    inputs = {each.name: None for each in point.inputs} | {
        each.name: each.value for each in kept.inputs if each.name in point.input_by_name
    }
    expected = {
        each.name: each.value for each in kept.outputs if each.name in point.output_by_decision
    }
    return case_sheets.Case(words=name, inputs=inputs, expected=expected)
