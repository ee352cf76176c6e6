"""Waivers: asked by one, decided by another, within the table, and kept by what is reckoned."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.db import IntegrityError, connection

from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns import choices, explaining, models
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import (
    filing,
    filing_in_bulk,
    payoffs,
    reckoning,
    reckoning_in_bulk,
    registering,
    waiving,
)
from fisc.domain.tax_returns.queries import postings, returns, waivers
from fisc.plumbing import transactions
from fisc.plumbing.users import models as users
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
JULY = D(2026, 7, 1)
LATE, LATER = D(2026, 9, 10), D(2026, 10, 25)
Part = choices.Part
State = choices.WaiverState

pytestmark = pytest.mark.usefixtures("tax_city")


def person(name: str) -> registering.By:
    user, _ = users.User.objects.get_or_create(
        username=name, defaults={"full_name": name.title(), "made_at": AT}
    )
    return registering.By(user_id=user.pk, at=AT, why="the storm")


def came(
    account_id: int, gross: int = 500_000, *, on: datetime.date = LATE, amends: int | None = None
) -> filing.Came:
    return filing.Came(
        account_id=account_id,
        starts_on=JULY,
        received_on=on,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross),),
        amends_id=amends,
    )


def late() -> returns.Kept:
    """July's 90.00, filed one month late: 13.50 of penalties and 0.90 of interest."""
    return filing.file_return(came(tax_returns.filer()), by=BY, posting_day=LATE)


def asked(kept: returns.Kept, cents: int, *, reason: str = "REASONABLE_CAUSE") -> int:
    of = waiving.Asked(
        account_id=kept.account_id, part=Part.PENALTY, reason=reason, starts_on=JULY, cents=cents
    )
    return waiving.ask(of, on=LATE, by=person("ada"))


def granted(kept: returns.Kept, cents: int) -> int:
    number = asked(kept, cents)
    waiving.grant(request_id=number, posting_day=LATE, by=person("grace"))
    return number


def standing(account_id: int, *, due_before: datetime.date | None = None) -> int:
    of = waiving.Asked(
        account_id=account_id, part=Part.PENALTY, reason="DISASTER", due_from=D(2026, 8, 1),
        due_before=due_before,
    )  # fmt: skip
    number = waiving.ask(of, on=LATE, by=person("ada"))
    waiving.grant(request_id=number, posting_day=LATE, by=person("grace"))
    return number


def brought(account_id: int, on: datetime.date) -> None:
    reckoning.bring_up_to_date(account_id=account_id, starts_on=JULY, on=on, posting_day=on, by=BY)


def penalty(account_id: int) -> tuple[int, int]:
    there = postings.standing(account_id, starts_on=JULY)
    return there.charged(Part.PENALTY), there.charged(Part.WAIVED_PENALTY)


class TestOneTime:
    def test_what_was_waived_is_not_charged_again(self) -> None:
        kept = late()
        before = penalty(kept.account_id)[0]

        granted(kept, before)
        brought(kept.account_id, LATE)
        assert penalty(kept.account_id) == (before, -before)
        brought(kept.account_id, LATER)
        brought(kept.account_id, LATER)

        charged, waived = penalty(kept.account_id)
        assert (before, waived) == (1_350, -1_350)
        assert charged == before
        items = postings.standing(kept.account_id, starts_on=JULY).items
        (item,) = (each for each in items if each.key.part == Part.WAIVED_PENALTY)
        why = explaining.why_item(item.item_id, language="en")
        assert receivables.broken_open_items() == []
        assert receivables.broken_control_accounts() == []
        assert "Reasonable cause" in why.sentence

    def test_an_amendment_downward_takes_back_what_is_beyond(self) -> None:
        kept = late()
        granted(kept, 1_000)

        filing.file_return(
            came(kept.account_id, 0, on=LATER, amends=kept.return_id), by=BY, posting_day=LATER
        )

        assert penalty(kept.account_id) == (0, 0)
        assert receivables.account_balance(kept.account_id, as_of=LATER).balance_cents == 0

    def test_a_letter_does_not_take_it_back(self) -> None:
        kept = late()
        granted(kept, 1_000)
        made = payoffs.promise(
            account_id=kept.account_id, periods=[JULY], good_through=D(2026, 9, 20),
            on=D(2026, 9, 15), by=BY,
        )  # fmt: skip
        assert made.total_cents == 9_000 + 350 + 90
        tax_returns.paid(
            kept.account_id, made.total_cents, on=D(2026, 9, 18), posted=D(2026, 9, 18)
        )
        brought(kept.account_id, LATER)

        assert receivables.account_balance(kept.account_id, as_of=LATER).balance_cents == 0
        assert penalty(kept.account_id)[1] == -1_000


class TestLonger:
    def test_periods_due_in_its_days_are_charged_no_penalty(self) -> None:
        kept, other = late(), late()
        standing(kept.account_id, due_before=D(2026, 9, 1))
        standing(other.account_id, due_before=D(2026, 8, 20))

        assert penalty(kept.account_id) == (1_350, -1_350)
        assert penalty(other.account_id) == (1_350, 0)

    def test_a_return_that_comes_afterwards_is_covered_alone_with_many_and_in_the_run(self) -> None:
        account_id = tax_returns.filer()
        standing(account_id)
        with transactions.started():
            filed = filing_in_bulk.file_many(
                filing_in_bulk.of_filings(iter([(1, came(account_id), False)])),
                by=BY,
                posting_day=LATE,
            )
        with transactions.started():
            reckoning_in_bulk.bring_chunk_up_to_date(
                bucket_from=account_id % 4096,
                bucket_before=account_id % 4096 + 1,
                since=D(2026, 1, 1),
                of=reckoning_in_bulk.Of(run_id=9, chunk=1, posting_day=LATER, at=AT),
            )

        charged, waived = penalty(account_id)
        assert filed.alone == 1
        assert charged == -waived > 0


class TestEnding:
    """August is due on 21 September, the 20th being a Sunday."""

    FROM, ON = D(2026, 9, 21), D(2026, 9, 15)

    def ended(self, number: int, *, by: str = "linus", due_before: D | None = None) -> None:
        waiving.end(
            request_id=number, due_before=due_before or self.FROM, on=self.ON, by=person(by)
        )

    def test_what_was_waived_stays_and_what_comes_later_is_charged(self) -> None:
        kept = late()
        number = standing(kept.account_id)

        self.ended(number)
        brought(kept.account_id, LATER)
        august = dataclasses.replace(came(kept.account_id, on=LATER), starts_on=D(2026, 8, 1))
        filing.file_return(august, by=BY, posting_day=LATER)

        assert penalty(kept.account_id) == (1_350, -1_350)
        there = postings.standing(kept.account_id, starts_on=D(2026, 8, 1))
        assert there.charged(Part.PENALTY) > 0
        assert there.charged(Part.WAIVED_PENALTY) == 0
        of = waivers.waiver(number)
        assert (of.ended_before, of.ended_why) == (self.FROM, "the storm")

    def test_is_done_once_and_not_backward(self) -> None:
        kept = late()
        number = standing(kept.account_id)
        with pytest.raises(waiving.CannotWaive, match="before 2026-09-15 stays waived"):
            self.ended(number, due_before=D(2026, 9, 14))

        for _ in range(2):
            self.ended(number)

        with pytest.raises(waiving.CannotWaive, match="ended with"):
            self.ended(number, due_before=D(2026, 10, 1))

    def test_is_of_what_stands_alone(self) -> None:
        kept = late()
        dated = standing(kept.account_id, due_before=D(2026, 9, 21))
        for number in (dated, granted(late(), 100), asked(late(), 100)):
            with pytest.raises(waiving.CannotWaive, match=r"anyway|Only a granted"):
                self.ended(number)

        with pytest.raises(IntegrityError, match="does not stand beyond"):
            models.WaiverEnd.objects.create(
                request_id=dated, due_before=D(2026, 9, 21),
                ended_by_id=person("linus").user_id or 0,
                ended_at=AT, why="The storm is over.",
            )  # fmt: skip


class TestDeciding:
    def test_who_asked_does_not_decide(self) -> None:
        kept = late()
        number = asked(kept, 100)
        with pytest.raises(waiving.CannotWaive, match="another person"):
            waiving.grant(request_id=number, posting_day=LATE, by=person("ada"))
        with pytest.raises(IntegrityError, match="by_another"), connection.cursor() as cursor:
            cursor.execute(
                "update tax_returns_waiver_request set state = 2, decided_by_id = asked_by_id,"
                " decided_at = now() where id = %s",
                [number],
            )
        waiving.deny(request_id=number, by=person("grace"))
        with pytest.raises(waiving.CannotWaive, match="was decided already"):
            waiving.grant(request_id=number, posting_day=LATE, by=person("grace"))
        assert penalty(kept.account_id) == (1_350, 0)
        assert waivers.waiver(number).state == State.DENIED

    def test_what_is_wrong_is_said(self) -> None:
        kept = late()
        with pytest.raises(waiving.CannotWaive, match=r"At most \$13.50"):
            asked(kept, 1_351)
        asked(kept, 100)
        with pytest.raises(waiving.CannotWaive, match="asked for already"):
            asked(kept, 200)
        with pytest.raises(waiving.CannotWaive, match="lets no interest"):
            waiving.ask(
                waiving.Asked(
                    account_id=kept.account_id, part=Part.INTEREST, reason="DISASTER",
                    due_from=JULY,
                ),
                on=LATE,
                by=person("ada"),
            )  # fmt: skip
        with pytest.raises(waiving.CannotWaive, match=r"tax is not.*has no “HAPPY”.*either one"):
            waiving.ask(
                waiving.Asked(account_id=kept.account_id, part=Part.TAX, reason="HAPPY"),
                on=LATE,
                by=person("ada"),
            )
