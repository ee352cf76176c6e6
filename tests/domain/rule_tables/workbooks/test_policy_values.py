"""Constants and policy values as a form lists them, and the file with new ones."""

from __future__ import annotations

from fisc.dmn.differences import wording
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import policy_values
from fisc.domain.rule_tables.calculations.workbooks import proposing
from tests.dmn import models

ENTRY = f'<contextEntry><variable name="share"/>{models.literal("0.25")}</contextEntry>'
RESULT = f"<contextEntry>{models.literal('share * 100')}</contextEntry>"
CONTENT = models.file(
    models.decision("Deposit", models.literal("150"), type_ref="number").replace(
        "<variable",
        "<description>What a new account leaves.\nCitation: Ordinance 12\nUnit: $</description>"
        "<question>How much is the deposit?</question><variable",
        1,
    ),
    models.decision("Surcharge", f"<context>{ENTRY}{RESULT}</context>"),
    models.decision("First day", models.literal('date("2026-07-01")')),
)


def words(found: proposing.Proposed) -> list[str]:
    return [wording.words(each, language="en") for each in found.differences]


def test_lists_each_value_with_what_a_form_shows() -> None:
    listed = policy_values.listed(CONTENT)

    assert listed[0] == policy_values.PolicyValue(
        key="Deposit#1",
        label="Deposit",
        part="",
        question="How much is the deposit?",
        text="150",
        type_ref="number",
        is_constant=True,
        unit="$",
        citation="Ordinance 12",
    )
    assert [(each.key, each.part, each.is_constant) for each in listed[1:]] == [
        ("Surcharge#1", "share", True),
        ("Surcharge#2", "", False),
        ("First day#1", "", True),
    ]


def test_the_unit_is_the_decision_point_s_where_it_has_one() -> None:
    point = declarations.DecisionPoint(
        name="utilities.deposit",
        words="What a new account leaves",
        date_basis=declarations.DateBasis.EVENT_DAY,
        inputs=(),
        outputs=(
            declarations.OutputLine(
                decision="Deposit", name="DEPOSIT", kind=declarations.Kind.MONEY, unit="USD"
            ),
        ),
    )

    assert policy_values.listed(CONTENT, point=point)[0].unit == "USD"


def test_new_values_and_citations_change_only_themselves() -> None:
    found = policy_values.changed(
        CONTENT,
        values={"Deposit#1": "175", "Surcharge#1": "0.25"},
        citations_by_label={"Deposit": "Ordinance 14"},
    )

    assert found.content == CONTENT.replace(b"150", b"175").replace(b"ce 12", b"ce 14")
    assert words(found)[1] == (
        "“Deposit”, the formula: “150” is now “175” (150 → 175, 16.7 % more)."
    )


def test_a_first_citation_is_a_line_of_the_description() -> None:
    found = policy_values.changed(CONTENT, values={}, citations_by_label={"First day": "Sec. 3"})

    assert policy_values.listed(found.content)[3].citation == "Sec. 3"


def test_what_does_not_fit_is_told_at_once_and_nothing_is_taken() -> None:
    found = policy_values.changed(
        CONTENT,
        values={"Deposit#1": " ", "Fee#1": "2", "Surcharge#1": "0.30"},
        citations_by_label={"Fee": "x"},
    )

    assert found.content == CONTENT
    assert [str(each) for each in found.problems] == [
        "“Deposit#1”: A constant needs a value; write null for none.",
        "“Fee#1”: The file has no such constant.",
        "“Fee”: The file has no such decision.",
    ]


def test_a_value_that_is_no_formula_is_refused_by_the_reader() -> None:
    (problem,) = policy_values.changed(CONTENT, values={"Deposit#1": "1 +"}).problems

    assert 'decision "Deposit"' in str(problem)
