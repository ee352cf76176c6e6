"""What bills of the past would be under a version that is not in force yet."""

from __future__ import annotations

import datetime
import typing
from dataclasses import replace
from decimal import Decimal

import pytest

from fisc.basics import periods
from fisc.domain.rule_tables.calculations import case_runs, case_sheets, loading, values
from fisc.domain.rule_tables.operations import approvals, drafts, evidence
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.utilities import models
from fisc.domain.utilities.operations import services, single
from fisc.domain.utilities.queries import corrections, table_cases
from fisc.plumbing import transactions
from tests import databases
from tests.factories import shared_tables, table_people, utilities

LATER = utilities.AT + datetime.timedelta(days=90)
NEXT_READ = utilities.READ_DAY + datetime.timedelta(days=30)
NEXT_BILL = utilities.BILL_DAY + datetime.timedelta(days=30)
RATES = "https://fisc.example/tests/shared.rates"
OLD, NEW = b"0.07191", b"0.08191"


def dearer_electricity(starts_on: datetime.date) -> int:
    """A draft that raises what a kWh costs by a cent, from a day on."""
    draft_id = drafts.start_draft(
        book="Electric charges",
        effective=periods.Period(starts_on=starts_on),
        by="rosa",
        reason="Fuel",
        citation="Ordinance 40",
        at=LATER,
    )
    draft = reading.draft(draft_id)
    assert OLD in draft.content
    drafts.save_draft(
        version_id=draft_id,
        content=draft.content.replace(OLD, NEW),
        based_on_sha256=draft.sha256,
        by="rosa",
        at=LATER,
    )
    return draft_id


def rate_file(rate: str) -> bytes:
    """A shared book of one number: what a kWh costs."""
    return f"""{shared_tables.HEAD % ("rates", "Rates", RATES)}
  <decision id="d_energy" name="Energy">
    <description>Citation: Ordinance 40</description>
    <variable id="v" name="Energy" typeRef="number"/>
    <literalExpression id="e"><text>{rate}</text></literalExpression>
  </decision>
</definitions>
""".encode()


def shared_rate(rate: str, *, at: datetime.datetime) -> int:
    """The shared book, approved for all days."""
    return shared_tables.approved(
        rate_file(rate),
        f"case,Energy\nA kWh,{rate}\n".encode(),
        book="Rates",
        decision_point="shared.rates",
        approved_at=at - datetime.timedelta(days=1),
        effective_from=datetime.date(2000, 1, 1),
    )


def shared_draft(rate: str, *, effective_from: datetime.date) -> int:
    """A draft of the shared book with another rate."""
    return drafts.start_draft(
        book="Rates",
        effective=periods.Period(starts_on=effective_from),
        by="rosa",
        reason="Fuel",
        citation="Ordinance 40",
        at=LATER,
        content=rate_file(rate),
    )


def importing_electricity(starts_on: datetime.date) -> int:
    """A draft of the electric charges that takes what a kWh costs from the shared book."""
    draft_id = drafts.start_draft(
        book="Electric charges",
        effective=periods.Period(starts_on=starts_on),
        by="rosa",
        reason="Shared",
        citation="Ordinance 40",
        at=LATER,
    )
    draft = reading.draft(draft_id)
    head = b"  <description>Monthly electric"
    imported = f"""  <import id="m" name="rates" namespace="{RATES}"
      importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
""".encode()
    first = b'    <informationRequirement id="r_electric_energy_days_in_part">'
    required = f"""    <informationRequirement id="r_electric_energy_rate">
      <requiredDecision href="{RATES}#d_energy"/>
    </informationRequirement>
""".encode()
    content = draft.content.replace(head, imported + head).replace(first, required + first)
    content = content.replace(b"round half up(0.07191", b"round half up(rates.Energy")
    drafts.save_draft(
        version_id=draft_id, content=content, based_on_sha256=draft.sha256, by="rosa", at=LATER
    )
    assert reading.draft(draft_id).problems == ()
    return draft_id


def answered(tables: loading.Tables, case: case_sheets.Case) -> dict[str, values.Value]:
    """What the tables answer on the lines that a case checks."""
    answers = tables.answers(case.inputs)
    return {name: typing.cast("values.Value", answers[name]) for name in case.expected}


def put_in_force(version_id: int) -> None:
    tables = reading.tables(version_id)
    worked_out = [
        replace(case, expected=answered(tables, case)) for case in reading.cases(version_id)
    ]
    drafts.save_cases(
        version_id=version_id,
        cases=worked_out,
        based_on_sha256=reading.draft(version_id).case_sheet_sha256,
        by="rosa",
        at=LATER,
    )
    approvals.put_in_test(version_id=version_id, by="rosa", at=LATER)
    found = corrections.affected_bills(version_id=version_id, known_at=LATER)
    for name in ("martin", "grace"):
        evidence.note_bills_seen(
            version_id=version_id,
            by=name,
            at=LATER,
            bills=len(found.corrections),
            difference_cents=found.difference_cents,
            problem="",
            where="a test",
        )
        approvals.approve(version_id=version_id, by=name, reason="Worked out", at=LATER)


@pytest.fixture(scope="class")
def _office(city: databases.CityDatabase) -> None:
    assert city.name
    table_people.office()


@pytest.mark.usefixtures("_office")
class TestAffectedBills:
    def test_lists_each_bill_with_what_billing_it_again_gives(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)
        first = utilities.bill(home)
        with transactions.started():
            services.schedule_cycle(cycle_id=cycle_id, read_day=NEXT_READ, bill_day=NEXT_BILL)
        utilities.read(home, on=NEXT_READ, water=1120, electric=2900)
        second = utilities.bill(home, day=NEXT_BILL)
        other = utilities.household(cycle_id=cycle_id, having=("water",), name="No electricity")
        utilities.read(other, electric=None)
        utilities.bill(other)
        # From the middle of the first bill's period on.
        middle = first.starts_on + (first.ends_before - first.starts_on) / 2
        version_id = dearer_electricity(middle)

        affected = corrections.affected_bills(version_id=version_id, known_at=LATER)

        by_number = {each.number: each for each in affected.corrections}
        assert set(by_number) == {first.number, second.number}
        assert affected.unchanged == 1
        # A thousand kWh at a cent more, and the tax on them.
        whole = by_number[second.number].difference_cents
        assert whole is not None
        assert 1000 <= whole <= 1200
        part = by_number[first.number].difference_cents
        assert part is not None
        assert 0 < part < 900
        assert affected.difference_cents == whole + part
        put_in_force(version_id)
        after = LATER + datetime.timedelta(hours=1)
        # Billed by the older version, they are as rolling back would have them.
        back = corrections.affected_by_rolling_back(version_id=version_id, known_at=after)
        assert (back.corrections, back.unchanged) == ((), 3)
        again = single.rebill(bill_id=second.id, by=replace(utilities.by(day=NEXT_BILL), at=after))
        rebilled = models.Bill.objects.get(id=again.bill_id)
        assert rebilled.total_cents == by_number[second.number].corrected_cents
        (undone,) = corrections.affected_by_rolling_back(
            version_id=version_id, known_at=after
        ).corrections
        assert (undone.number, undone.difference_cents) == (rebilled.number, -whole)

    def test_a_book_that_makes_no_bill_lines_says_so(self, cycle_id: int) -> None:
        draft_id = drafts.start_draft(
            book="Due day",
            effective=periods.Period(starts_on=utilities.BILL_DAY),
            by="rosa",
            reason="Longer",
            citation="Ordinance 41",
            at=LATER,
        )

        with pytest.raises(corrections.MakesNoBillLines, match="“Due day” makes no amount"):
            corrections.affected_bills(version_id=draft_id, known_at=LATER)

    def test_a_line_of_a_bill_becomes_a_case_that_passes_and_stands_in_a_sheet(
        self, cycle_id: int
    ) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)
        bill = utilities.bill(home)
        code_id = utilities.code_id("bill line", "electric_energy")
        line = models.BillLine.objects.get(bill_id=bill.id, code_id=code_id)

        made = table_cases.case_of_line(
            number=bill.number, line_no=line.line_no, name="Bill of Oak Street"
        )

        assert made.book == "Electric charges"
        assert made.case.expected["Electric energy"] == Decimal(line.amount_cents).scaleb(-2)
        tables = reading.tables(made.version_id)
        (outcome,) = case_runs.outcomes([made.case], tables=tables)
        assert outcome.passed
        sheet = case_sheets.write([made.case], point=tables.point)
        assert case_sheets.read(sheet, point=tables.point, name="sheet") == (made.case,)


@pytest.mark.usefixtures("_office")
class TestAffectedByASharedTable:
    def test_of_a_shared_draft_are_those_of_whatever_imports_it(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        utilities.read(home)
        first = utilities.bill(home)
        plain_id = dearer_electricity(first.starts_on)
        shared_rate("0.07191", at=LATER)
        put_in_force(importing_electricity(first.starts_on))
        draft_id = shared_draft("0.08191", effective_from=first.starts_on)

        by_shared = corrections.affected_bills(version_id=draft_id, known_at=LATER)

        # What a rate in the tables' own file would change, to the cent.
        by_own = corrections.affected_bills(version_id=plain_id, known_at=LATER)
        (correction,) = by_shared.corrections
        assert correction.number == first.number
        assert correction.difference_cents is not None
        assert correction.difference_cents > 500
        assert by_shared == by_own
