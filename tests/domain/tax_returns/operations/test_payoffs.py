"""Pay-off letters: so much by a day leaves nothing owed, whatever changes meanwhile."""

from __future__ import annotations

import datetime

import pytest

from fisc.domain.documents import choices as document_choices
from fisc.domain.documents import queries as documents
from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns import choices, explaining
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, payoffs, reckoning, registering
from fisc.domain.tax_returns.queries import forecasts, postings, returns
from tests import databases
from tests.factories import tax_returns
from tests.factories.tax_returns import BY

D = datetime.date
JUNE, JULY = D(2026, 6, 1), D(2026, 7, 1)
THROUGH = D(2026, 10, 5)
NEW_TABLE_AT = BY.at + datetime.timedelta(hours=1)
LATER = registering.By(user_id=None, at=BY.at + datetime.timedelta(hours=2), why="by new tables")
Part = choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")


def filed(
    account_id: int, gross: int, *, on: datetime.date, starts_on: datetime.date = JULY,
    amends: int | None = None, by: registering.By = BY,
) -> returns.Kept:  # fmt: skip
    came = filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=on,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
        amends_id=amends,
    )
    return filing.file_return(came, by=by, posting_day=on)


def promised(
    account_id: int, *periods: datetime.date, through: datetime.date = THROUGH
) -> forecasts.Promise:
    return payoffs.promise(
        account_id=account_id, periods=periods, good_through=through, on=D(2026, 9, 15), by=BY
    )


def brought(account_id: int, on: datetime.date, *, by: registering.By = BY) -> reckoning.Reckoned:
    return reckoning.bring_up_to_date(
        account_id=account_id, starts_on=JULY, on=on, posting_day=on, by=by
    )


def balance(account_id: int) -> int:
    return receivables.account_balance(account_id, as_of=D(2027, 1, 1)).balance_cents


class TestForecast:
    def test_a_day_to_come_has_the_months_that_will_have_begun(self) -> None:
        kept = filed(tax_returns.filer(), 500_000, on=D(2026, 9, 10))

        found = forecasts.forecast(kept, on=D(2026, 12, 1), known_at=BY.at)

        # Filed one month late, paid by then four late: 5% + 10%, and 4% on 90.00.
        assert found.due == {Part.TAX: 9_000, Part.PENALTY: 1_350, Part.INTEREST: 360}

    def test_what_was_paid_is_off_it(self) -> None:
        account_id = tax_returns.filer()
        kept = filed(account_id, 500_000, on=D(2026, 9, 10))
        tax_returns.paid(account_id, 9_100, on=D(2026, 9, 10), posted=D(2026, 9, 10))

        found = forecasts.forecast(kept, on=D(2026, 12, 1), known_at=BY.at)

        assert found.total_cents == balance(account_id) == 1_350 + 90 - 100


class TestPromise:
    def test_the_letter_is_filed_with_the_amount_of_its_last_day(self) -> None:
        account_id = tax_returns.filer()
        filed(account_id, 500_000, on=D(2026, 9, 10))
        filed(account_id, 100_000, on=D(2026, 9, 10), starts_on=JUNE)

        made = promised(account_id, JUNE, JULY)

        june, july = 1_800 + 360 + 54, 9_000 + 1_350 + 180
        assert made.total_cents == june + july
        letter = documents.document_of(
            kind=document_choices.Kind.PAYOFF_LETTER,
            subject_kind=document_choices.Subject.PAYOFF,
            subject_id=made.payoff_id,
        )
        assert letter is not None
        assert documents.content(sha256=letter.sha256).startswith(b"%PDF")

    def test_asked_again_on_its_day_it_is_the_same_letter(self) -> None:
        account_id = tax_returns.filer()
        filed(account_id, 500_000, on=D(2026, 9, 10))
        made = promised(account_id, JULY)

        again = promised(account_id, JULY)
        of_another_day = promised(account_id, JULY, through=D(2026, 10, 6))
        tax_returns.paid(account_id, 100, on=D(2026, 9, 15), posted=D(2026, 9, 15))
        after_paying = promised(account_id, JULY)

        assert again == made
        letters = {made.payoff_id, of_another_day.payoff_id, after_paying.payoff_id}
        assert len(letters) == 3

    def test_what_is_wrong_is_said_at_once(self) -> None:
        account_id = tax_returns.filer()
        kept = filed(account_id, 0, on=D(2026, 8, 10))
        with pytest.raises(payoffs.CannotPromise, match=r"a day before it.*2026-06-01 was filed"):
            promised(account_id, JUNE, kept.days.starts_on, through=D(2026, 9, 14))
        with pytest.raises(payoffs.CannotPromise, match="Name at least one"):
            promised(account_id)
        with pytest.raises(payoffs.CannotPromise, match="nothing to pay off"):
            promised(account_id, JULY)


@pytest.fixture(scope="class")
def doubled_interest(tax_city: databases.CityDatabase) -> None:
    """Have a table ask for twice the interest, known after the letters went out."""
    tax_returns.interest_by_month("0.02", from_day=D(2026, 1, 1), at=NEW_TABLE_AT)


@pytest.mark.usefixtures("doubled_interest")
class TestHonoring:
    def doubled(self) -> int:
        """Promise a July, then have a table double its interest; gives the account."""
        account_id = tax_returns.filer()
        filed(account_id, 500_000, on=D(2026, 9, 10))
        assert promised(account_id, JULY).total_cents == 9_000 + 1_350 + 180
        brought(account_id, D(2026, 10, 2), by=LATER)
        assert balance(account_id) == 9_000 + 1_350 + 360
        return account_id

    def test_the_amount_by_the_day_leaves_nothing_owed_and_says_why(self) -> None:
        account_id = self.doubled()
        tax_returns.paid(account_id, 10_530, on=D(2026, 10, 5), posted=D(2026, 10, 7))
        assert balance(account_id) == 180

        brought(account_id, D(2026, 10, 7), by=LATER)

        assert balance(account_id) == 0
        items = postings.standing(account_id, starts_on=JULY).items
        (waived,) = [each for each in items if each.key.part == Part.WAIVED_INTEREST]
        assert waived.cents == -180
        why = explaining.why_item(waived.item_id, language="en")
        assert "$105.30 received by October 5, 2026 leaves nothing owed" in why.sentence
        assert "no se debe nada más" in explaining.why_item(waived.item_id, language="es").sentence
        # Again, and long after: nothing moves.
        brought(account_id, D(2026, 12, 1), by=LATER)
        assert balance(account_id) == 0

    @pytest.mark.parametrize(("cents", "day"), [(-1, D(2026, 10, 5)), (0, D(2026, 10, 6))])
    def test_less_or_later_is_owed_as_the_tables_say(self, cents: int, day: datetime.date) -> None:
        account_id = self.doubled()
        tax_returns.paid(account_id, 10_530 + cents, on=day, posted=D(2026, 10, 7))

        brought(account_id, D(2026, 10, 7), by=LATER)

        assert balance(account_id) == 180 - cents

    def test_money_that_is_returned_keeps_no_promise(self) -> None:
        account_id = self.doubled()
        payment_id = tax_returns.paid(account_id, 10_530, on=D(2026, 10, 5), posted=D(2026, 10, 7))
        brought(account_id, D(2026, 10, 7), by=LATER)
        tax_returns.bounced(payment_id, on=D(2026, 10, 9))

        brought(account_id, D(2026, 10, 9), by=LATER)

        assert balance(account_id) == 9_000 + 1_350 + 360

    def test_what_an_amendment_adds_is_not_covered_by_the_letter(self) -> None:
        account_id = self.doubled()
        tax_returns.paid(account_id, 10_530, on=D(2026, 10, 5), posted=D(2026, 10, 7))
        brought(account_id, D(2026, 10, 7), by=LATER)
        (kept,) = returns.versions_of(account_id, starts_on=JULY)

        filed(account_id, 600_000, on=D(2026, 10, 8), amends=kept.return_id, by=LATER)

        # 18.00 more: 5% filed and 10% paid late, two months of 2%; 1.80 stays waived.
        assert balance(account_id) == 1_800 + 270 + 72
