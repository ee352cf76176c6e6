"""What an amendment downward gives back: a credit, refunded once and by others."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import datetime
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import connection

from fisc.basics import periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.disbursements import explaining, models
from fisc.domain.disbursements.operations import carrying, deciding, preparing
from fisc.domain.disbursements.queries import credits, proofs, requisitions
from fisc.domain.ledger import queries as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import queries as receivables
from fisc.domain.receivables.operations import credits_in_bulk
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, registering
from fisc.domain.tax_returns.queries import returns
from fisc.plumbing import transactions
from tests.factories import money, refunds, tax_returns, users

D = datetime.date
JULY, AUGUST = D(2026, 7, 1), D(2026, 8, 1)
TODAY = tax_returns.AT.date()

Result = TypeVar("Result")

pytestmark = pytest.mark.usefixtures("tax_city")


def july_filer(*, until: D = AUGUST) -> int:
    """A tax account that files for a restaurant (1.8%), of July alone unless it is longer."""
    account_id = tax_returns.account()
    registering.register(
        account_id=account_id,
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=JULY, ends_before=until),
        by=tax_returns.BY,
    )
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=JULY, by=tax_returns.BY
    )
    return account_id


def filed(
    account_id: int, gross: int, *, starts_on: D = JULY, on: D = TODAY, amends: int | None = None
) -> int:
    """File what the restaurant took in a month, and return the return's id."""
    line = Line(region="MS", business_class="11", gross_cents=gross)
    came = filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=on,
        is_electronic=False,
        lines=(line,),
        amends_id=amends,
    )
    return filing.file_return(came, by=tax_returns.BY, posting_day=on).return_id


def amended_down(account_id: int) -> int:
    """Have a return come late, be paid with what that costs, and be amended; gives the credit.

    Of 100,000.00 the tax is 1,800.00; two begun months late, 5% each to file and 10% to pay are
    360.00, and 1% of interest each is 36.00. Of 20,000.00 it is a fifth of all that.
    """
    first = filed(account_id, 10_000_000, on=D(2026, 9, 30))
    tax_returns.paid(account_id, 219_600, on=D(2026, 9, 30), posted=D(2026, 9, 30))
    filed(account_id, 2_000_000, on=D(2026, 9, 30), amends=first)
    found = credits.open_credits(account_ids=[account_id])
    return sum(each.open_cents for each in found)


def prepared(account_id: int, *, by: int, key: str) -> preparing.Prepared:
    """Ask for all that is open of an account's credits."""
    found = credits.open_credits(account_ids=[account_id])
    return preparing.prepare(
        key=key,
        asked=refunds.asked([(each.item_id, each.open_cents) for each in found]),
        on=TODAY,
        by_id=by,
        at=tax_returns.AT,
    )


def by(user_id: int) -> deciding.By:
    return deciding.By(user_id=user_id, on=TODAY, at=tax_returns.AT)


def payable_cents() -> int:
    lines = ledger.trial_balance(D.max)
    return -sum(each.balance_cents for each in lines if each.gl_account.code == "202000")


def balance(account_id: int) -> int:
    return receivables.account_balance(account_id, as_of=TODAY).balance_cents


def everything_holds() -> None:
    assert proofs.broken_requisitions() == []
    assert receivables.broken_open_items() == []
    assert receivables.broken_control_accounts() == []
    assert ledger.broken_entries() == []


class TestTheDifference:
    def test_is_refunded_with_penalty_and_interest_by_two_others(self) -> None:
        account_id = july_filer()
        preparer, first, second = (users.person(each) for each in ("ana", "ben", "cai"))
        before = payable_cents()

        assert amended_down(account_id) == 144_000 + 28_800 + 2_880
        asked = prepared(account_id, by=preparer, key="the difference")

        assert asked.paid_cents == 175_680
        assert deciding.approve(number=asked.number, by=by(first)) == "approved once"
        assert payable_cents() == before
        assert deciding.approve(number=asked.number, by=by(second)) == "approved"
        assert payable_cents() - before == 175_680
        assert credits.open_credits(account_ids=[account_id]) == []
        assert balance(account_id) == 0
        everything_holds()

    def test_asked_twice_at_once_is_asked_and_paid_once(self) -> None:
        account_id = july_filer()
        ana, dee, eve = (users.person(each) for each in ("ana2", "dee", "eve"))
        amended_down(account_id)
        before = payable_cents()

        numbers = at_once(lambda _: prepared(account_id, by=ana, key="asked twice").number)
        assert len(set(numbers)) == 1
        other = at_once(lambda who: refusal(lambda: prepared(account_id, by=ana, key=f"k{who}")))
        assert all("asked for in requisition" in each for each in other)
        for who in (dee, eve):
            states = at_once(lambda _, who=who: refusal(  # type: ignore[misc]
                lambda: deciding.approve(number=numbers[0], by=by(who))))  # fmt: skip
            assert any(each.startswith("approved") for each in states)

        assert payable_cents() - before == 175_680
        everything_holds()

    def test_killed_while_it_is_approved_leaves_nothing_of_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account_id = july_filer()
        ana, fay, gus = (users.person(each) for each in ("ana3", "fay", "gus"))
        amended_down(account_id)
        number = prepared(account_id, by=ana, key="killed").number
        deciding.approve(number=number, by=by(fay))
        before = payable_cents()

        def killed(*_: object, **__: object) -> None:
            raise SystemExit("killed")

        with monkeypatch.context() as patch:
            patch.setattr(deciding, "_add", killed)
            with pytest.raises(SystemExit):
                deciding.approve(number=number, by=by(gus))

        assert payable_cents() == before
        assert requisitions.requisition(number).state == "approved once"
        assert deciding.approve(number=number, by=by(gus)) == "approved"
        assert payable_cents() - before == 175_680
        everything_holds()


class TestACreditThatIsAskedFor:
    def test_is_not_spent_by_a_return_nor_by_the_days_run(self) -> None:
        account_id = july_filer(until=D(2026, 9, 1))
        ana, hal, ida = (users.person(each) for each in ("ana4", "hal", "ida"))
        amended_down(account_id)
        filed(account_id, 0, starts_on=AUGUST)
        number = prepared(account_id, by=ana, key="kept for it").number

        august = returns.versions_of(account_id, starts_on=AUGUST)[-1].return_id
        filed(account_id, 1_000_000, starts_on=AUGUST, amends=august)
        run_of_the_day(run_id=9_001)

        open_credits = credits.open_credits(account_ids=[account_id])
        assert sum(each.open_cents for each in open_credits) == 175_680
        deciding.approve(number=number, by=by(hal))
        # What is owed by now comes first: nothing is paid out until it is prepared again.
        with pytest.raises(deciding.BooksHaveMoved, match=r"\$180\.00 more .* comes first"):
            deciding.approve(number=number, by=by(ida))
        assert requisitions.requisition(number).state == "approved once"
        everything_holds()

    def test_is_free_again_once_it_is_withdrawn(self) -> None:
        account_id = july_filer(until=D(2026, 9, 1))
        ana = users.person("ana5")
        amended_down(account_id)
        filed(account_id, 0, starts_on=AUGUST)
        august = returns.versions_of(account_id, starts_on=AUGUST)[-1].return_id
        number = prepared(account_id, by=ana, key="taken back").number
        filed(account_id, 1_000_000, starts_on=AUGUST, amends=august)
        assert balance(account_id) + 175_680 > 0
        withdrawn = deciding.By(user_id=ana, on=TODAY, at=tax_returns.AT, why="To be carried.")

        deciding.withdraw(number=number, by=withdrawn)
        run_of_the_day(run_id=9_002)

        open_credits = credits.open_credits(account_ids=[account_id])
        assert sum(each.open_cents for each in open_credits) == -balance(account_id) < 175_680
        everything_holds()

    def test_leaves_the_rest_of_the_credit_to_be_spent(self) -> None:
        account_id = july_filer(until=D(2026, 9, 1))
        tax_returns.paid(account_id, 50_000, on=TODAY, posted=TODAY)
        (credit,) = credits.open_credits(account_ids=[account_id])
        filed(account_id, 0)
        filed(account_id, 0, starts_on=AUGUST)
        august = returns.versions_of(account_id, starts_on=AUGUST)[-1].return_id
        refunds.prepared([(credit.item_id, 49_000)], by=users.person("jon"))

        filed(account_id, 1_000_000, starts_on=AUGUST, amends=august)

        (credit,) = credits.open_credits(account_ids=[account_id])
        assert credit.open_cents == 49_000
        everything_holds()

    def test_is_spent_or_asked_for_when_two_come_at_once(self) -> None:
        account_id = july_filer(until=D(2026, 9, 1))
        ana = users.person("ana6")
        amended_down(account_id)
        filed(account_id, 0, starts_on=AUGUST)
        august = returns.versions_of(account_id, starts_on=AUGUST)[-1].return_id

        def work(who: int) -> str:
            if who:
                return refusal(lambda: prepared(account_id, by=ana, key="at once").number)
            return str(filed(account_id, 1_000_000, starts_on=AUGUST, amends=august))

        at_once(work)

        for each in credits.open_credits(account_ids=[account_id]):
            reserved = credits.reserved([each.item_id]).get(each.item_id, 0)
            assert reserved <= each.open_cents
        everything_holds()


class TestWhatKeepsACredit:
    def test_a_missing_return_keeps_it_then_and_later(self) -> None:
        account_id = july_filer(until=D(2026, 10, 1))
        ana, kim = users.person("ana7"), users.person("kim")
        tax_returns.paid(account_id, 50_000, on=TODAY, posted=TODAY)
        filed(account_id, 0)

        with pytest.raises(preparing.CannotBePrepared, match="are missing: file them"):
            prepared(account_id, by=ana, key="august is missing")
        filed(account_id, 0, starts_on=AUGUST)
        number = prepared(account_id, by=ana, key="none is missing yet").number
        in_november = D(2026, 11, 10)

        with pytest.raises(deciding.BooksHaveMoved, match="are missing: file them"):
            deciding.approve(
                number=number,
                by=deciding.By(user_id=kim, on=in_november, at=tax_returns.AT),
            )
        filed(account_id, 0, starts_on=D(2026, 9, 1))
        assert deciding.approve(number=number, by=by(kim)) == "approved"

    def test_one_that_is_carried_forward_is_not_offered_until_something_is_spent(self) -> None:
        account_id = july_filer(until=D(2026, 9, 1))
        ana = users.person("ana8")
        tax_returns.paid(account_id, 50_000, on=TODAY, posted=TODAY)
        filed(account_id, 0)
        filed(account_id, 0, starts_on=AUGUST)
        (credit,) = credits.open_credits(account_ids=[account_id])

        for _ in range(2):
            decided(carrying.carry, credit.item_id, by_id=ana)
        (kept,) = credits.open_credits(account_ids=[account_id])
        assert (kept.carried_on, kept.is_offered) == (TODAY, False)
        with pytest.raises(preparing.CannotBePrepared, match="carried forward since"):
            prepared(account_id, by=ana, key="carried")

        august = returns.versions_of(account_id, starts_on=AUGUST)[-1].return_id
        filed(account_id, 1_000_000, starts_on=AUGUST, amends=august)
        (left,) = credits.open_credits(account_ids=[account_id])
        assert left.open_cents < 50_000
        assert left.is_offered
        everything_holds()

    def test_one_that_is_carried_forward_can_be_offered_again(self) -> None:
        account_id = july_filer()
        ana = users.person("ana9")
        tax_returns.paid(account_id, 50_000, on=TODAY, posted=TODAY)
        filed(account_id, 0)
        (credit,) = credits.open_credits(account_ids=[account_id])
        decided(carrying.carry, credit.item_id, by_id=ana)

        decided(carrying.offer, credit.item_id, by_id=ana)

        asked = prepared(account_id, by=ana, key="offered again")
        assert asked.paid_cents == 50_000
        with pytest.raises(preparing.CannotBePrepared, match=f"requisition {asked.number}"):
            decided(carrying.carry, credit.item_id, by_id=ana)
        assert models.Standing.objects.filter(credit_item_id=credit.item_id).count() == 2

    def test_what_the_payee_chooses_is_settled_though_it_is_not_past_due(self) -> None:
        ana, lou = users.person("ana10"), users.person("lou")
        party_id = refunds.party()
        tax = refunds.account(party_id)
        license_ = refunds.account(party_id, account_choices.AccountKind.LICENSE)
        tax_returns.paid(tax, 50_000, on=TODAY, posted=TODAY)
        due = TODAY + datetime.timedelta(days=20)
        fee = money.charge(license_, "license_fee", 12_000, due_on=due, day=TODAY)
        (credit,) = credits.open_credits(account_ids=[tax])
        asked = dataclasses.replace(refunds.asked([(credit.item_id, 12_000)]), settles=(fee,))

        made = preparing.prepare(key="chosen", asked=asked, on=TODAY, by_id=ana, at=tax_returns.AT)
        deciding.approve(number=made.number, by=by(lou))

        assert (made.offset_cents, made.paid_cents) == (12_000, 0)
        assert (balance(tax), balance(license_)) == (-38_000, 0)
        why = explaining.explain_offset(number=made.number, item_id=fee)
        assert why.is_equal
        assert "by the choice of the payee" in why.sentence
        everything_holds()


def decided(work: Callable[..., None], credit_item_id: int, *, by_id: int) -> None:
    """Carry a credit forward, or offer it again."""
    work(credit_item_ids=[credit_item_id], on=TODAY, by_id=by_id, at=tax_returns.AT, why="A call.")


def run_of_the_day(*, run_id: int) -> None:
    """Spend the open credits of every account, as each day's run does."""
    with transactions.started():
        credits_in_bulk.apply_open_credits(
            bucket_from=0,
            bucket_before=4096,
            run_id=run_id,
            chunk=1,
            posting_day=TODAY,
            at=tax_returns.AT,
            priority=payments.priority_on(day=TODAY, known_at=tax_returns.AT),
            reserved=credits.reserved,
        )


def refusal(work: Callable[[], object]) -> str:
    """Return what came of something, or the words in which it was refused."""
    try:
        return str(work())
    except (preparing.CannotBePrepared, deciding.MustBeAnother, deciding.NotNow) as refused:
        return str(refused)


def at_once(work: Callable[[int], Result]) -> list[Result]:
    """Have two people do something at the same moment."""
    together = threading.Barrier(2)

    def one(who: int) -> Result:
        together.wait(timeout=20)
        try:
            return work(who)
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(one, range(2)))
