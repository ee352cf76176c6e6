"""What is no line of a bill is explained too: charges, reads, quotes, and what was held back."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from fisc.basics.periods import Period
from fisc.domain.payments import explaining as payments
from fisc.domain.receivables import explaining as receivables
from fisc.domain.receivables import models as items
from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.utilities import models
from fisc.domain.utilities.operations import calculation, estimates, late_charges
from fisc.domain.utilities.queries import facts, previews
from fisc.domain.utilities.queries.explaining import charges, lines, quotes, reads, words
from fisc.plumbing import transactions
from tests.factories import money, utilities

LATE = datetime.date(2026, 11, 2)


def billed(cycle_id: int, *having: str) -> tuple[utilities.Household, models.Bill]:
    home = utilities.household(cycle_id=cycle_id, having=having or ("electric",))
    utilities.read(home)
    return home, utilities.bill(home)


def of_chunk(day: datetime.date) -> calculation.Of:
    return calculation.Of(run_id=utilities.run(), chunk=0, at=utilities.AT, posting_day=day)


def charge_late() -> None:
    of = of_chunk(LATE)
    with transactions.started():
        late_charges.charge_late_chunk(bucket_from=0, bucket_before=4096, of=of)


def item_of(home: utilities.Household, code: str) -> int:
    return items.Item.objects.get(account_id=home.account_id, code__code=code).id


class TestALateCharge:
    def test_names_what_was_past_due_and_for_how_long(self, cycle_id: int) -> None:
        home, bill = billed(cycle_id)
        charge_late()
        late = models.LateCharge.objects.get(account_id=home.account_id)

        why = charges.explain_late_charge(late_charge_id=late.id)

        assert why.is_equal
        assert "10% of what is past due" in why.sentence
        told = {each.words: each.origin for each in why.inputs}
        assert told["days late"] == "from October 23, 2026 to November 2, 2026"
        assert "Electricity $72.49" in told["past due"]
        assert why.account_id == home.account_id
        assert bill.total_cents > late.amount_cents

    def test_leaves_out_what_was_paid_before(self, cycle_id: int) -> None:
        home, bill = billed(cycle_id)
        money.pay({home.account_id: bill.total_cents - 1000}, day=LATE)
        charge_late()
        late = models.LateCharge.objects.get(account_id=home.account_id)

        why = charges.explain_late_charge(late_charge_id=late.id)

        told = {each.words: each.origin for each in why.inputs}
        assert told["past due"].endswith(": Electric fuel $10.00")
        assert why.value == "$1.00"

    def test_that_is_not_there_is_refused(self, cycle_id: int) -> None:
        del cycle_id
        with pytest.raises(charges.NoSuchLateCharge):
            charges.explain_late_charge(late_charge_id=1)


class TestAnItem:
    def test_of_a_bill_is_its_lines_less_what_was_paid(self, cycle_id: int) -> None:
        home, bill = billed(cycle_id)
        money.pay({home.account_id: 2_000}, day=utilities.BILL_DAY)

        why = charges.explain_item(item_id=item_of(home, "gross_receipts_tax"))

        assert why.is_equal
        assert [each.refers and each.refers.kind for each in why.pieces] == ["bill line", "payment"]
        assert f"of bill {bill.number}" in why.sentence

    def test_of_a_late_charge_leads_to_it(self, cycle_id: int) -> None:
        home, _ = billed(cycle_id)
        charge_late()

        why = charges.explain_item(item_id=item_of(home, "late_charge"))

        assert why.is_equal
        assert why.pieces[0].refers is not None
        assert why.pieces[0].refers.kind == "late charge"


class TestABalance:
    def test_is_the_sum_of_what_is_open(self, cycle_id: int) -> None:
        home, bill = billed(cycle_id, "water", "electric")

        why = receivables.explain_balance(account_id=home.account_id, as_of=utilities.BILL_DAY)

        assert why.is_equal
        assert sum(each.amount_cents for each in why.pieces) == bill.total_cents

    def test_past_due_is_what_was_due_before(self, cycle_id: int) -> None:
        home, _ = billed(cycle_id)
        account_id = home.account_id

        before = receivables.explain_past_due(account_id=account_id, as_of=utilities.BILL_DAY)
        after = receivables.explain_past_due(account_id=account_id, as_of=LATE, language="es")

        assert before.pieces == ()
        assert before.sentence == "Nothing that was due before October 3, 2026 is unpaid."
        assert after.is_equal
        assert "venció antes del 2 de noviembre de 2026" in after.sentence

    def test_of_a_credit_leads_to_the_payment_that_made_it(self, cycle_id: int) -> None:
        home, bill = billed(cycle_id)
        money.pay({home.account_id: bill.total_cents + 500}, day=utilities.BILL_DAY)

        why = receivables.explain_credit(account_id=home.account_id, as_of=utilities.BILL_DAY)

        (credit,) = why.pieces
        assert why.is_equal
        assert credit.amount_cents == -500
        assert credit.refers is not None
        made = charges.explain_item(item_id=credit.refers.keys[0])
        assert made.is_equal
        assert made.pieces[0].refers is not None
        assert made.pieces[0].refers.kind == "payment"


class TestACreditApplied:
    def test_names_the_charges_that_it_settled(self, cycle_id: int) -> None:
        home, bill = billed(cycle_id)
        money.pay({home.account_id: bill.total_cents + 500}, day=utilities.BILL_DAY)
        credit = items.Item.objects.get(account_id=home.account_id, kind=2)
        charge_id = money.charge(home.account_id, "water", 800)
        money.apply_credit(credit.id, charge_id, 500)

        charge = charges.explain_item(item_id=charge_id)
        applied = charge.pieces[-1].refers
        assert applied is not None
        why = receivables.explain_credit_applied(
            account_id=applied.keys[1], entry_id=applied.keys[0]
        )

        assert why.is_equal
        assert [(each.words, each.amount_cents) for each in why.pieces] == [("Water", 500)]
        with pytest.raises(receivables.NothingWasApplied):
            receivables.explain_credit_applied(account_id=home.account_id, entry_id=1)


class TestAPayment:
    def test_is_spread_as_the_rows_of_the_table_say(self, cycle_id: int) -> None:
        home, bill = billed(cycle_id, "water", "electric")
        taken = money.pay({home.account_id: bill.total_cents}, day=utilities.BILL_DAY)

        why = payments.explain_payment(payment_id=taken.payment_id, account_id=home.account_id)

        assert why.is_equal
        assert "public service tax first, $" in why.sentence
        assert "; then water, $" in why.sentence
        assert "Allocation order" in why.versions[0].words
        assert sum(each.amount_cents for each in why.pieces) == bill.total_cents

    def test_for_another_account_is_refused(self, cycle_id: int) -> None:
        home, _ = billed(cycle_id)
        taken = money.pay({home.account_id: 500}, day=utilities.BILL_DAY)

        with pytest.raises(payments.NothingForThisAccount):
            payments.explain_payment(payment_id=taken.payment_id, account_id=home.account_id + 1)


class TestARead:
    def test_that_was_estimated_names_the_history(self, cycle_id: int) -> None:
        home, _ = billed(cycle_id)
        run_id = utilities.run()
        with transactions.started():
            estimates.estimate_missing(
                cycle_id=cycle_id,
                read_day=datetime.date(2026, 10, 31),
                bucket_from=0,
                bucket_before=4096,
                run_id=run_id,
                chunk=1,
                at=utilities.AT,
            )
        register_id = utilities.register_of(home, "electric")
        read = models.Read.objects.get(register_id=register_id, kind=2)

        why = reads.explain_read(read_id=read.id)

        assert why.is_equal
        assert "so 900 kWh is estimated: the average of the three periods before" in why.sentence

    def test_that_is_doubted_names_the_row_that_doubts_it(self, cycle_id: int) -> None:
        home, _ = billed(cycle_id)
        register_id = utilities.register_of(home, "electric")
        meter = models.Register.objects.get(id=register_id).meter.number
        day = datetime.date(2026, 10, 31)

        high = reads.explain_doubt(meter=meter, read_on=day, reading=9900, known_at=utilities.AT)
        fine = reads.explain_doubt(meter=meter, read_on=day, reading=2800, known_at=utilities.AT)

        assert high.is_equal
        assert "is 8,000 kWh: more than twice the usual use" in high.sentence
        assert "which the table accepts" in fine.sentence

    def test_of_a_meter_that_nobody_knows_is_refused(self, cycle_id: int) -> None:
        del cycle_id
        with pytest.raises(reads.ReadCannotBeJudged):
            reads.explain_doubt(meter="X1", read_on=LATE, reading=1, known_at=utilities.AT)


class TestAQuote:
    SERVICES = (
        previews.QuotedService("water", "residential", "5/8", Decimal("8.5")),
        previews.QuotedService("sewer", "residential", "5/8", Decimal("8.5"), Decimal("5")),
    )

    def explain(self, line_no: int) -> explanations.Why:
        return quotes.explain_quoted_line(
            services=self.SERVICES,
            period=Period(starts_on=utilities.START, ends_before=utilities.READ_DAY),
            bill_day=utilities.BILL_DAY,
            inside_city=True,
            known_at=utilities.AT,
            line_no=line_no,
        )

    def test_is_explained_like_a_bill(self, cycle_id: int) -> None:
        del cycle_id

        found = [self.explain(line_no) for line_no in range(1, 7)]

        assert all(why.is_equal for why in found)
        assert "“Water, block 2” is $30.00: 6,001 to 9,000 gallons" in found[2].sentence
        assert found[-1].title == "Public service tax"
        with pytest.raises(quotes.NoSuchQuotedLine):
            self.explain(7)


class TestAHeldBill:
    def test_says_which_row_holds_it(self, cycle_id: int) -> None:
        home, _ = billed(cycle_id)
        day = datetime.date(2026, 11, 1)
        utilities.read(home, on=day, electric=9_900)
        scope = facts.Scope(
            cycle_id=cycle_id,
            bill_day=LATE,
            read_day=LATE,
            bucket_from=home.account_id % 4096,
            bucket_before=home.account_id % 4096 + 1,
            account_ids=(home.account_id,),
        )
        of = of_chunk(LATE)
        with transactions.started():
            calculation.calculate_chunk(scope=scope, of=of)

        why = quotes.explain_held(account_id=home.account_id, bill_day=LATE, known_at=utilities.AT)

        assert why.is_equal
        assert "is held: more than twice the bill before" in why.sentence
        told = {each.words: each.origin for each in why.inputs}
        assert told["total of the bill before"].startswith("bill ")


class TestTheWords:
    def test_are_there_in_both_languages_with_the_same_places(self) -> None:
        for catalog in (words.FACTS, words.SAYINGS, words.ORIGINS):
            assert set(catalog["en"]) == set(catalog["es"])
            for key, text in catalog["en"].items():
                assert _places(text) == _places(catalog["es"][key]), key

    def test_name_every_fact_that_a_book_of_the_city_asks_for(self) -> None:
        asked = {each.name for point in lines.OF_BILLS for each in point.inputs}

        assert asked <= set(words.FACTS["en"])


def _places(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}
