"""Missing returns, assessments, waivers and pay-off letters on their pages."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.operations import assessing, waiving
from fisc.domain.tax_returns.queries import assessments, missing, owed, returns, waivers
from tests import databases
from tests.factories import missing_returns, tax_pages
from tests.factories.tax_pages import YEAR


@pytest.fixture
def lived_in(lived_in_city: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account with returns that are missing, and with one that came late."""
    assert lived_in_city.name
    made = tax_pages.lived_in()
    missing_returns.found(made.account_id)
    return made


def missed(made: tax_pages.TaxAccount) -> missing.NonFiling:
    return missing.still_missing(account_id=made.account_id)[0]


class TestMissingReturns:
    def test_are_on_the_board_and_estimated_there(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        page = supervisor.get("/non-filers/")
        rows = [each for each in page.context["rows"] if each.number == lived_in.number]
        assert rows[0].of.days.starts_on == datetime.date(YEAR, 7, 1)

        answer = supervisor.post(f"/non-filers/{missed(lived_in).nonfiling_id}/propose/")

        (made,) = assessments.assessments(account_id=lived_in.account_id)
        assert answer["Location"] == f"/assessments/{made.assessment_id}/"
        shown = supervisor.get(answer["Location"])
        assert "Another person approves or rejects it" in shown.content.decode()
        refused = supervisor.post(
            f"/assessments/{made.assessment_id}/decide/", {"why": "so", "action": "approve"}
        )
        assert refused.status_code == 422
        for name in ("tax", "penalty"):
            why = supervisor.get(f"/assessments/{made.assessment_id}/{name}/why/")
            assert why.context["shown"].why.is_equal

    def test_another_person_approves(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        before = receivables.account_balance(lived_in.account_id, as_of=timezone.localdate())
        number = assessing.propose(
            nonfiling_id=missed(lived_in).nonfiling_id,
            on=timezone.localdate(),
            by=missing_returns.another(),
        )

        supervisor.post(f"/assessments/{number}/decide/", {"why": "no answer", "action": "approve"})

        made = assessments.assessment(number)
        after = receivables.account_balance(lived_in.account_id, as_of=timezone.localdate())
        assert made.state == choices.AssessmentState.APPROVED
        charged = after.balance_cents - before.balance_cents
        assert charged == made.tax_cents + made.penalty_cents

    def test_are_closed_to_a_cashier(self, cashier: Client) -> None:
        assert cashier.get("/non-filers/").status_code == 403
        assert cashier.get("/waivers/").status_code == 403
        assert cashier.post("/non-filers/1/propose/").status_code == 403


class TestWaivers:
    def test_are_asked_for_and_what_is_wrong_is_said(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        period = missing_returns.penalized(lived_in.account_id)
        address = f"/accounts/{lived_in.number}/waivers/ask/"
        sent = {"part": "10", "reason": "FIRST_TIME", "starts_on": f"{period}", "why": "a flood"}

        wrong = supervisor.post(address, {**sent, "cents": "99999.00"})
        right = supervisor.post(address, {**sent, "cents": "0.01"})

        assert wrong.status_code == 422
        assert "can be waived" in wrong.content.decode()
        assert right.status_code == 302
        (made,) = waivers.waivers(account_id=lived_in.account_id)
        assert made.cents == 1
        waiting = supervisor.get("/waivers/").context["rows"]
        assert made.request_id in {each.of.request_id for each in waiting}
        refused = supervisor.post(
            f"/waivers/{made.request_id}/decide/",
            {f"decide-{made.request_id}-why": "so", "action": "grant"},
        )
        assert refused.status_code == 422

    def test_another_person_grants(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        period = missing_returns.penalized(lived_in.account_id)
        number = waiving.ask(
            waiving.Asked(
                account_id=lived_in.account_id, part=choices.Part.PENALTY,
                reason="DISASTER", starts_on=period, cents=1,
            ),
            on=timezone.localdate(),
            by=missing_returns.another(),
        )  # fmt: skip

        answer = supervisor.post(
            f"/waivers/{number}/decide/", {f"decide-{number}-why": "a flood", "action": "grant"}
        )

        assert answer.status_code == 302
        assert waivers.waiver(number).state == choices.WaiverState.GRANTED


class TestEnding:
    def test_a_standing_waiver_is_ended_with_a_reason(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        number = waiving.ask(
            waiving.Asked(
                account_id=lived_in.account_id, part=choices.Part.PENALTY, reason="DISASTER",
                due_from=timezone.localdate(),
            ),
            on=timezone.localdate(),
            by=missing_returns.another(),
        )  # fmt: skip
        supervisor.post(
            f"/waivers/{number}/decide/", {f"decide-{number}-why": "a flood", "action": "grant"}
        )
        page = supervisor.get(f"/accounts/{lived_in.number}/waivers/").content.decode()
        day = timezone.localdate() + datetime.timedelta(days=30)
        sent = {f"end-{number}-due_before": f"{day}", f"end-{number}-why": "the water is gone"}

        wrong = supervisor.post(f"/waivers/{number}/end/", {**sent, f"end-{number}-why": ""})
        right = supervisor.post(f"/waivers/{number}/end/", sent)

        assert f"/waivers/{number}/end/" in page
        assert (wrong.status_code, right.status_code) == (422, 302)
        assert waivers.waiver(number).ended_before == day
        after = supervisor.get(f"/accounts/{lived_in.number}/waivers/").content.decode()
        assert "the water is gone" in after
        assert f"/waivers/{number}/end/" not in after

    def test_a_limitation_is_waived_and_what_is_wrong_is_said(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        period = returns.newest(lived_in.account_id)[-1].days.starts_on
        address = f"/accounts/{lived_in.number}/limitation/"
        sent = {
            "limitation-period": f"{period}",
            "limitation-through": "2048-12-31",
            "limitation-signed_on": f"{timezone.localdate()}",
            "limitation-why": "an audit goes on",
        }

        wrong = supervisor.post(address, {**sent, "limitation-through": f"{timezone.localdate()}"})
        right = supervisor.post(address, sent)

        assert (wrong.status_code, right.status_code) == (422, 302)
        (agreed,) = waivers.limitations(lived_in.account_id)
        assert (agreed.starts_on, agreed.why) == (period, "an audit goes on")
        page = supervisor.get(f"/accounts/{lived_in.number}/waivers/").content.decode()
        assert "an audit goes on" in page

    def test_are_closed_to_a_cashier(self, cashier: Client, lived_in: tax_pages.TaxAccount) -> None:
        assert cashier.post("/waivers/1/end/").status_code == 403
        assert cashier.post(f"/accounts/{lived_in.number}/limitation/").status_code == 403


class TestAPayOffLetter:
    def test_shows_figures_and_is_made(
        self, supervisor: Client, lived_in: tax_pages.TaxAccount
    ) -> None:
        address = f"/accounts/{lived_in.number}/payoff/"
        period = owed.by_period(lived_in.account_id)[0]
        sent = {"good_through": f"{timezone.localdate()}", "periods": f"{period.starts_on}"}

        figures = supervisor.get(address, sent)
        made = supervisor.post(f"{address}promise/", sent)

        assert figures.context["total_cents"] > 0
        assert made.status_code == 302
        letter = supervisor.get(made["Location"])
        assert letter.content.startswith(b"%PDF")
        early = {**sent, "good_through": "2020-01-01"}
        refused = supervisor.post(f"{address}promise/", early)
        assert "a day before it" in refused.content.decode()
