"""A version's cases, run by both evaluators: what came out, and by how much it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fisc.dmn import cases as evaluator
from fisc.dmn.columns import types
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import (
    case_sheets,
    checking,
    fitting,
    loading,
    replaying,
    values,
)


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line that is not what a case expects; in cents where it is money."""

    decision: str
    expected: str
    found: str
    # None where the line is no money, or one side has none, or more than whole cents.
    cents: int | None


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """How one case came out."""

    case: str
    differences: tuple[LineDifference, ...] = ()
    # What else is wrong: rules that should have matched, evaluators that disagree.
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether everything is as the case expects."""
        return not self.differences and not self.notes

    def __str__(self) -> str:
        said = [
            f"{each.decision} is {each.found}, expected {each.expected}"
            for each in self.differences
        ]
        return f"{self.case}: {'; '.join([*said, *self.notes])}"


@dataclass(frozen=True, slots=True)
class Run:
    """How the cases of a version came out, or why they could not be run."""

    outcomes: tuple[CaseOutcome, ...]
    problem: str = ""

    @property
    def passed(self) -> int:
        """Count the cases that came out as expected."""
        return sum(each.passed for each in self.outcomes)

    @property
    def failed(self) -> int:
        """Count the cases that did not."""
        return len(self.outcomes) - self.passed

    @property
    def failures(self) -> tuple[str, ...]:
        """Say in words what did not come out, or why nothing was run."""
        if self.problem:
            return (self.problem,)
        return tuple(str(each) for each in self.outcomes if not each.passed)


def run(
    content: bytes,
    *,
    point: declarations.DecisionPoint,
    sheet: checking.Sheet,
    imported: Sequence[bytes] = (),
) -> Run:
    """Run the cases of a sheet on the tables of a file; whatever is wrong is said, not raised."""
    try:
        tables = loading.load(content, point=point, imported=imported)
        if misfits := fitting.differences(point=point, model=tables.model):
            return Run(outcomes=(), problem=f"The cases were not run: {'; '.join(misfits)}.")
        written: tuple[case_sheets.Case, ...] = ()
        if sheet.content:
            written = case_sheets.read(sheet.content, point=point, name=sheet.name)
        return Run(outcomes=outcomes(written, tables=tables))
    except xml_problems.ModelIsRefused as refused:
        return Run(outcomes=(), problem=f"The cases were not run: {refused}")
    except (
        case_sheets.SheetIsWrong,
        types.DeclarationIsWrong,
        evaluator.TooManySteps,
        evaluator.UnknownDecision,
        evaluator.UnknownInput,
    ) as problem:
        return Run(outcomes=(), problem=str(problem))


def outcomes(
    written: Sequence[case_sheets.Case], *, tables: loading.Tables
) -> tuple[CaseOutcome, ...]:
    """Run cases by the case evaluator and by columns.

    Raises types.DeclarationIsWrong, fisc.dmn.cases.TooManySteps.
    """
    if not written:
        return ()
    # The case evaluator first: the first case without an end stops it, and columns, which go on to
    # the next row, are not asked at all.
    answered = [tables.answers(case.inputs) for case in written]
    result = tables.evaluate(checking.columns_of(written, tables=tables), rows=len(written))
    found = []
    for row, (case, answers) in enumerate(zip(written, answered, strict=True)):
        notes = [
            *_missed_rules(case, tables),
            *checking.column_differences(case, row, answers, result, tables),
        ]
        lines = [_line(each, point=tables.point) for each in case_sheets.differences(case, answers)]
        found.append(CaseOutcome(case.words, tuple(lines), tuple(notes)))
    return tuple(found)


def traced(case: case_sheets.Case, *, tables: loading.Tables) -> tuple[replaying.Answer, ...]:
    """Return each line of a case with what was expected as kept, and the steps that made it.

    A line that is not checked has null as kept. Raises fisc.dmn.cases.TooManySteps.
    """
    found = tables.traced(case.inputs)
    return tuple(
        replaying.Answer(
            decision=line.decision,
            name=line.name,
            kept=case.expected.get(line.decision),
            recomputed=found[line.decision].value,
            steps=replaying.steps(found[line.decision]),
        )
        for line in tables.lines
    )


def to_json(ran: Run) -> list[dict[str, Any]]:
    """Return outcomes as they are stored."""
    return [
        {
            "case": each.case,
            "differences": [
                [line.decision, line.expected, line.found, line.cents] for line in each.differences
            ],
            "notes": list(each.notes),
        }
        for each in ran.outcomes
    ]


def from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[CaseOutcome, ...]:
    """Return outcomes that were stored."""
    return tuple(
        CaseOutcome(
            case=each["case"],
            differences=tuple(LineDifference(*line) for line in each["differences"]),
            notes=tuple(each["notes"]),
        )
        for each in stored
    )


def _line(
    difference: case_sheets.Difference, *, point: declarations.DecisionPoint
) -> LineDifference:
    kind = point.output_by_decision[difference.decision].kind
    return LineDifference(
        decision=difference.decision,
        expected=_shown(difference.expected),
        found=_shown(difference.found),
        cents=cents_between(difference.expected, difference.found)
        if kind is types.Kind.MONEY
        else None,
    )


def cents_between(expected: object, found: object) -> int | None:
    """Return by how many cents one amount is above another; None unless both are whole cents."""
    if not isinstance(expected, Decimal) or not isinstance(found, Decimal):
        return None
    hundredfold = (found - expected) * 100
    return int(hundredfold) if hundredfold == hundredfold.to_integral_value() else None


def _shown(value: object) -> str:
    if value is None or isinstance(value, values.Value):
        return case_sheets.text_of(value) or "null"
    return str(value)


def _missed_rules(case: case_sheets.Case, tables: loading.Tables) -> list[str]:
    if not case.rules:
        return []
    matched: dict[str, set[int]] = {}
    for outcome in tables.traced(case.inputs).values():
        for step in outcome.steps:
            matched.setdefault(step.decision, set()).update(row.index + 1 for row in step.rows)
    found = []
    for decision, wanted in case.rules.items():
        got = tuple(sorted(matched.get(decision, set())))
        if decision not in matched:
            found.append(f"“{decision}” was not decided, so none of its rules matched")
        elif got != wanted:
            found.append(
                f"rules of “{decision}” that match: {_said(got)}, expected {_said(wanted)}"
            )
    return found


def _said(rules: Sequence[int]) -> str:
    return ", ".join(map(str, rules)) or case_sheets.NO_RULE
