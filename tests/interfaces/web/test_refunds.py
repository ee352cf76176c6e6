"""Refunds in the browser: asked for on the account's page, decided by another, printed."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.disbursements.queries import requisitions
from fisc.plumbing.users import choices
from tests.factories import money, refunds
from tests.factories import users as people

_counter = itertools.count(1)


def _person(group: choices.GroupName = choices.GroupName.SUPERVISOR) -> Client:
    return people.browser_of(people.person(f"refunder{next(_counter)}", group))


def _account_with_credit(cents: int) -> tuple[int, int, int]:
    """Return party, account and number of an account with a credit of today."""
    party_id = refunds.party(f"Cactus Diner {next(_counter)} LLC")
    account_id = refunds.account(party_id)
    money.pay({account_id: cents}, day=timezone.localdate(), at=timezone.now())
    number, _name = accounts.names(account_ids=[account_id])[account_id]
    return party_id, account_id, number


def _form(page: str, **told: str) -> dict[str, str]:
    """Return what the form of a page would send, with some fields filled in."""
    given = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    given |= {"purpose": "tax_credit", "was_asked_for": "on", "why": "By letter."}
    given.pop("csrfmiddlewaretoken", None)
    return {**given, **told}


def _prepared(browser: Client, number: int, **told: str) -> int:
    address = f"/accounts/{number}/refund/"
    page = browser.get(address).content.decode()
    answer = browser.post(address, {**_form(page, **told), "action": "prepare"})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


@pytest.mark.usefixtures("lived_in_city")
class TestAsking:
    def test_an_account_with_credit_leads_to_its_refund(self, supervisor: Client) -> None:
        _, _, number = _account_with_credit(12_345)

        page = supervisor.get(f"/accounts/{number}/").content.decode()

        assert f'href="/accounts/{number}/refund/"' in page

    def test_what_would_happen_is_shown_and_nothing_is_kept(self, supervisor: Client) -> None:
        party_id, _, number = _account_with_credit(50_000)
        water = refunds.account(party_id, account_choices.AccountKind.UTILITY)
        late = timezone.localdate() - datetime.timedelta(days=40)
        money.charge(water, "water", 12_000, due_on=late, day=timezone.localdate())
        address = f"/accounts/{number}/refund/"

        page = supervisor.get(address).content.decode()
        answer = supervisor.post(address, {**_form(page), "action": "show"})

        plan = answer.context["plan"]
        assert (plan.offset_cents, plan.paid_cents, plan.approvals) == (12_000, 38_000, 1)
        assert requisitions.listed(party_id=party_id) == []

    def test_says_all_that_is_wrong(self, supervisor: Client) -> None:
        _, account_id, number = _account_with_credit(1_000)
        address = f"/accounts/{number}/refund/"
        page = supervisor.get(address).content.decode()
        (take,) = re.findall(r'name="(take_\d+)"', page)

        answer = supervisor.post(
            address, {**_form(page, why="", payee_name=""), take: "10.01", "action": "prepare"}
        )

        assert answer.status_code == 422
        assert {take, "why", "payee_name"} <= set(answer.context["form"].errors)
        assert account_id

    def test_what_is_chosen_is_settled_once_it_was_seen(self, supervisor: Client) -> None:
        party_id, _, number = _account_with_credit(50_000)
        water = refunds.account(party_id, account_choices.AccountKind.UTILITY)
        later = timezone.localdate() + datetime.timedelta(days=20)
        debt = money.charge(water, "water", 12_000, due_on=later, day=timezone.localdate())
        address = f"/accounts/{number}/refund/"
        given = {**_form(supervisor.get(address).content.decode()), "settles": str(debt)}

        unseen = supervisor.post(address, {**given, "action": "prepare"})
        assert unseen.context["plan"].offset_cents == 12_000
        assert requisitions.listed(party_id=party_id) == []
        kept = supervisor.post(address, {**given, "seen": str(debt), "action": "prepare"})

        assert kept.status_code == 302
        (line,) = requisitions.listed(party_id=party_id)
        assert (line.offset_cents, line.paid_cents) == (12_000, 38_000)
        page = supervisor.get(f"/requisitions/{line.number}/debts/{debt}/why/").content.decode()
        assert "by the choice of the payee" in page

    def test_is_carried_forward_and_offered_again(self, supervisor: Client) -> None:
        _, _, number = _account_with_credit(50_000)
        address = f"/accounts/{number}/refund/"
        given = _form(supervisor.get(address).content.decode())

        supervisor.post(address, {**given, "action": "carry"})
        page = supervisor.get(address)
        assert page.context["form"].credits == []
        assert "Offer them again" in page.content.decode()
        wrong = supervisor.post(f"{address}offer/", {"reason": ""})
        assert wrong.status_code == 422
        supervisor.post(f"{address}offer/", {"reason": "They called."})

        assert len(supervisor.get(address).context["form"].credits) == 1

    def test_is_closed_to_who_may_not_ask(self, cashier: Client) -> None:
        _, _, number = _account_with_credit(1_000)

        assert cashier.get(f"/accounts/{number}/refund/").status_code == 403
        assert cashier.get("/requisitions/").status_code == 403


@pytest.mark.usefixtures("lived_in_city")
class TestDeciding:
    def test_goes_from_asking_to_paid_by_two_people(self) -> None:
        preparer, approver = _person(), _person()
        _, _, number = _account_with_credit(30_000)
        found = _prepared(preparer, number)
        address = f"/requisitions/{found}/"

        assert "Another person approves or rejects it" in preparer.get(address).content.decode()
        mine = preparer.post(f"{address}approve/", {"note": ""})
        assert mine.status_code == 422
        assert "You prepared requisition" in mine.content.decode()
        approver.post(f"{address}approve/", {"note": "Seen."})
        approver.post(f"{address}paid/", {"reference": "check 1007"})

        seen = requisitions.requisition(found)
        assert [each.kind for each in seen.events] == ["prepared", "approved", "paid"]
        page = approver.get(address).content.decode()
        assert "check 1007" in page
        assert "Seen." in page

    def test_needs_two_others_above_the_limit(self) -> None:
        preparer, first, second = _person(), _person(), _person()
        _, _, number = _account_with_credit(150_000)
        address = f"/requisitions/{_prepared(preparer, number)}/"

        first.post(f"{address}approve/", {"note": ""})
        assert "One more person approves it next" in first.get(address).content.decode()
        again = first.post(f"{address}approve/", {"note": ""})
        assert again.status_code == 422
        second.post(f"{address}approve/", {"note": ""})

        assert "approved" in second.get(address).content.decode()

    def test_is_rejected_withdrawn_or_cancelled_with_a_reason(self) -> None:
        preparer, approver = _person(), _person()
        for who, approved, state in (
            (approver, False, "rejected"),
            (preparer, False, "withdrawn"),
            (approver, True, "cancelled"),
        ):
            _, _, number = _account_with_credit(5_000)
            address = f"/requisitions/{_prepared(preparer, number)}/"
            if approved:
                approver.post(f"{address}approve/", {"note": ""})

            without = who.post(f"{address}stop/", {"why": " "})
            who.post(f"{address}stop/", {"why": "A wrong address."})

            assert without.status_code == 422
            page = approver.get(address).content.decode()
            assert state in page
            assert "A wrong address." in page

    def test_a_coordinator_prepares_but_never_decides(self) -> None:
        coordinator = _person(choices.GroupName.ACCOUNT_COORDINATOR)
        other = _person(choices.GroupName.ACCOUNT_COORDINATOR)
        _, _, number = _account_with_credit(5_000)
        address = f"/requisitions/{_prepared(coordinator, number)}/"

        assert other.post(f"{address}approve/", {"note": ""}).status_code == 403
        assert other.post(f"{address}stop/", {"why": "No."}).status_code == 403
        assert other.get(address).status_code == 200


@pytest.mark.usefixtures("lived_in_city")
class TestShowing:
    def test_lists_by_state_and_leaves_as_a_file(self) -> None:
        preparer = _person()
        _, _, number = _account_with_credit(7_654)
        found = _prepared(preparer, number)

        page = preparer.get("/requisitions/").content.decode()
        file = b"".join(preparer.get("/requisitions/?state=all&format=csv"))

        assert f'href="/requisitions/{found}/"' in page
        assert b"76.54" in file
        with contextlib.closing(preparer.get("/requisitions/?state=all&format=xlsx")) as book:
            assert book.status_code == 200
        assert preparer.get("/requisitions/?state=nonsense").status_code == 404
        assert "to decide" in preparer.get("/").content.decode()

    def test_explains_what_is_paid_who_approves_and_each_debt(self) -> None:
        preparer = _person()
        party_id, _, number = _account_with_credit(50_000)
        water = refunds.account(party_id, account_choices.AccountKind.UTILITY)
        late = timezone.localdate() - datetime.timedelta(days=40)
        debt = money.charge(water, "water", 12_000, due_on=late, day=timezone.localdate())
        address = f"/requisitions/{_prepared(preparer, number)}/"

        paid = preparer.get(f"{address}why/").content.decode()
        approvals = preparer.get(f"{address}approvals/why/").content.decode()
        offset = preparer.get(f"{address}debts/{debt}/why/").content.decode()

        assert "$120.00 of it settles debts, and $380.00 is left to pay" in paid
        assert "longbeach" in approvals
        assert "a credit of taxes settles other debts past due" in offset
        assert preparer.get(f"{address}debts/1/why/").status_code == 404

    def test_is_printed_in_both_languages(self) -> None:
        preparer = _person()
        _, _, number = _account_with_credit(7_654)
        address = f"/requisitions/{_prepared(preparer, number)}/pdf/"

        english = preparer.get(address)
        spanish = preparer.get(address, headers={"Accept-Language": "es"})

        assert english["Content-Type"] == "application/pdf"
        assert english.content.startswith(b"%PDF")
        assert spanish.content.startswith(b"%PDF")

    def test_an_item_of_a_refund_leads_to_its_requisition(self) -> None:
        preparer, approver = _person(), _person()
        _, account_id, number = _account_with_credit(5_000)
        found = _prepared(preparer, number)
        approver.post(f"/requisitions/{found}/approve/", {"note": ""})
        with connection.cursor() as cursor:
            cursor.execute(
                "select id from receivables_item where account_id = %s and kind = 1", [account_id]
            )
            ((item_id,),) = cursor.fetchall()

        page = approver.get(f"/items/{item_id}/why/").content.decode()

        assert f'href="/requisitions/{found}/why/"' in page
