"""Every line of a bill is explained by what it rests on, and comes out the same."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import choices, models
from fisc.domain.utilities.queries import bills
from fisc.domain.utilities.queries.explaining import bills as whole_bills
from fisc.domain.utilities.queries.explaining import facts, letters, lines
from fisc.plumbing.typesetting import typesetter
from tests.factories import utilities


def explained(bill: models.Bill, *, language: str = "en") -> dict[str, explanations.Why]:
    """Return why each line is what it is, by the code of the line."""
    codes = dict(
        models.BillLine.objects.filter(bill_id=bill.id).values_list("line_no", "code__code")
    )
    found = lines.explain_bill(number=bill.number, language=language)
    assert found.is_equal
    return {codes[each.line_no]: each.why for each in found.lines}


def origin(why: explanations.Why, words: str) -> str:
    return next(each.origin for each in why.inputs if each.words == words)


@pytest.fixture
def bill(cycle_id: int) -> models.Bill:
    """A bill of water, sewer and electricity."""
    home = utilities.household(cycle_id=cycle_id)
    utilities.read(home, water=1070)
    return utilities.bill(home)


class TestALineOfABill:
    def test_is_said_as_on_the_telephone(self, bill: models.Bill) -> None:
        why = explained(bill)["water_tier_2"]

        assert why.sentence == (
            "You used 7,000 gallons between September 1 and October 1, 2026; “Water, block 2” is "
            "$12.00: 6,001 to 9,000 gallons at $12.00 per 1,000."
        )

    def test_is_said_in_spanish(self, bill: models.Bill) -> None:
        why = explained(bill, language="es")["water_tier_2"]

        assert why.sentence == (
            "Usted usó 7,000 galones entre el 1 de septiembre y el 1 de octubre de 2026; «Agua, "
            "bloque 2» es $12.00: 6,001 a 9,000 galones a $12.00 por cada 1,000."
        )

    def test_names_the_reads_that_its_usage_is_between(self, bill: models.Bill) -> None:
        why = explained(bill)["water_tier_1"]

        said = origin(why, "water used in the period")
        assert "1,000 on September 1, 2026, 1,070 on October 1, 2026, times 0.1" in said
        assert "the last read actual" in said

    def test_cites_its_row_and_says_who_approved_the_version(self, bill: models.Bill) -> None:
        why = explained(bill)["water_base"]

        assert any(row.link.startswith("http://weblink.sanmarcostx.gov") for row in why.rows)
        assert "Water charges, version 2" in why.versions[0].words
        assert "approved by" in why.versions[0].words

    def test_of_a_tax_names_the_lines_that_are_taxed(self, bill: models.Bill) -> None:
        why = explained(bill)["gross_receipts_tax"]

        assert origin(why, "fuel charges") == (
            "lines of this bill: Electric fuel and purchased power $26.45"
        )
        assert "2.5641% of all electric charges" in why.sentence

    def test_says_a_step_between_only_where_it_changed_something(self, bill: models.Bill) -> None:
        why = explained(bill)["sewer_use"]

        assert "4,471 gallons until there is a winter average" in why.sentence
        assert "an ordinary month is charged whole" not in why.sentence

    def test_alone_is_what_it_is_within_its_bill(self, bill: models.Bill) -> None:
        whole = lines.explain_bill(number=bill.number)

        alone = lines.explain_line(number=bill.number, line_no=3)

        assert alone == whole.lines[2]

    def test_that_is_not_there_is_refused(self, bill: models.Bill) -> None:
        with pytest.raises(lines.NoSuchLine, match="has no line 99"):
            lines.explain_line(number=bill.number, line_no=99)
        with pytest.raises(bills.NoSuchBill):
            lines.explain_line(number=1, line_no=1)

    def test_that_stands_differently_on_the_bill_is_not_equal(self, bill: models.Bill) -> None:
        known = facts.of_bill(bill.number)
        first, *others = known.lines
        changed = dataclasses.replace(first, amount_cents=first.amount_cents + 1)

        found = lines.explain_known(
            dataclasses.replace(known, lines=(changed, *others)), only=None, language="en"
        )

        assert [each.line_no for each in found if not each.why.is_equal] == [1]


class TestAPart:
    def test_says_which_days_of_the_period_it_is_for(self, cycle_id: int) -> None:
        start = datetime.date(2025, 9, 16)
        home = utilities.household(cycle_id=cycle_id, having=("water",), starts_on=start)
        utilities.read(home, on=datetime.date(2025, 10, 16), water=1040)
        bill = utilities.bill(home, day=datetime.date(2025, 10, 18))

        found = lines.explain_bill(number=bill.number)

        base = [each.why for each in found.lines if each.words == "Water minimum charge"]
        assert found.is_equal
        assert [why.versions[0].version_id for why in base] == sorted(
            {each.version_id for each in rule_tables.versions() if each.book == "Water charges"}
        )
        assert "for 15 of the 30 days" in base[0].sentence
        assert origin(base[0], "days in the part") == "September 16, 2025 to October 1, 2025"
        assert origin(base[1], "days in the part") == "October 1, 2025 to October 16, 2025"


class TestAnEstimatedRead:
    def test_is_said_to_be_estimated(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home, kind=choices.ReadKind.ESTIMATED)

        why = explained(utilities.bill(home))["electric_energy"]

        assert why.sentence.startswith("We estimate that you used 900 kWh between")
        assert next(each.refers for each in why.inputs if each.refers) is not None


class TestAWinterAverage:
    def test_names_the_bills_of_the_winter(self, cycle_id: int) -> None:
        first = datetime.date(2025, 12, 1)
        home = utilities.household(cycle_id=cycle_id, having=("water", "sewer"), starts_on=first)
        used = {1: 40, 2: 60, 3: 50, 4: 50, 5: 50, 6: 50, 7: 50}
        for month in used:
            day = datetime.date(2026, month, 1)
            so_far = sum(steps for each, steps in used.items() if each <= month)
            utilities.read(home, on=day, water=1000 + so_far)
            bill = utilities.bill(home, day=day + datetime.timedelta(days=2))

        why = explained(bill)["sewer_use"]

        assert why.sentence.startswith("You used 5,000 gallons a month on average in the winter")
        said = origin(why, "winter average a month")
        assert "from December 1, 2025 to March 1, 2026 (3)" in said
        assert all(f": {kgal}" in said for kgal in (4, 6, 5))


class TestAWholeBill:
    def test_is_the_sum_of_its_lines(self, bill: models.Bill) -> None:
        why = whole_bills.explain_total(number=bill.number)

        assert why.is_equal
        assert sum(each.amount_cents for each in why.pieces) == bill.total_cents
        assert f"Bill {bill.number}, for September 1, 2026 to October 1, 2026" in why.sentence

    def test_is_due_on_the_day_that_the_table_gives(self, bill: models.Bill) -> None:
        why = whole_bills.explain_due_day(number=bill.number)

        assert why.is_equal
        assert "due twenty days after the bill" in why.sentence
        assert [each.gives for each in why.steps] == ["20", "yes"]


class TestALetter:
    def test_prints_the_same_paragraphs_as_pdf_ua(self, bill: models.Bill) -> None:
        data = letters.letter_data(number=bill.number, on=utilities.BILL_DAY)

        made = typesetter.typeset(template=letters.template(), data=data, made_at=utilities.AT)

        first = lines.explain_line(number=bill.number, line_no=1).why
        assert data["parts"][0]["paragraphs"] == list(explanations.paragraphs(first, language="en"))
        assert made.startswith(b"%PDF")
        assert b"pdfuaid:part" in made
