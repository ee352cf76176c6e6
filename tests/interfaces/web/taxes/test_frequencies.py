"""The yearly review of how often accounts file, on its page."""

from __future__ import annotations

import datetime

from django.test import Client

from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.queries import registrations, reviews
from fisc.plumbing.users.choices import GroupName
from tests import databases
from tests.factories import frequency_reviews
from tests.factories import users as people

State = choices.ProposalState


class TestTheReview:
    def test_shows_proposals_explains_and_lets_a_person_decide_each(
        self, supervisor: Client, cashier: Client, lived_in_city: databases.CityDatabase
    ) -> None:
        assert lived_in_city.name
        auditor = people.browser_of(people.person("frequencies", GroupName.AUDITOR))
        assert "review-frequency --year" in supervisor.get("/filing-frequencies/").content.decode()
        made, of = frequency_reviews.reviewed()
        decide = f"/filing-frequencies/proposals/{of.proposal_id}/decide/"
        field = f"decide-{of.proposal_id}-why"

        page = supervisor.get("/filing-frequencies/")
        (row,) = [each for each in page.context["rows"] if each.number == made.number]
        assert (row.before, row.frequency, row.waits) == ("Annual", "Monthly", True)
        assert row.of.annual_cents == 1_500_000
        why = supervisor.get(f"/filing-frequencies/proposals/{of.proposal_id}/why/")
        assert why.context["shown"].why.is_equal
        assert "above $8,000 a year" in why.content.decode()

        for other in (cashier, auditor):
            assert other.post(decide, {field: "so", "action": "approve"}).status_code == 403
        assert cashier.get("/filing-frequencies/").status_code == 403
        assert "Decide" not in auditor.get("/filing-frequencies/").content.decode()
        silent = supervisor.post(decide, {field: "", "action": "approve"})
        assert silent.status_code == 422
        assert "Say why" in silent.content.decode()
        assert supervisor.get("/filing-frequencies/1999/").status_code == 404
        assert supervisor.get("/filing-frequencies/proposals/1/why/").status_code == 404

        done = supervisor.post(decide, {field: "as the code has it", "action": "approve"})
        again = supervisor.post(decide, {field: "as the code has it", "action": "reject"})

        assert done["Location"] == f"/filing-frequencies/{frequency_reviews.NEXT_YEAR}/"
        assert again.status_code == 422
        assert "was decided already" in again.content.decode()
        assert reviews.proposal(of.proposal_id).state == State.APPROVED
        term = registrations.terms(made.account_id)[-1]
        assert term.frequency == "monthly"
        assert term.days.starts_on == datetime.date(frequency_reviews.NEXT_YEAR, 1, 1)
        spanish = supervisor.get(
            f"/filing-frequencies/proposals/{of.proposal_id}/why/", HTTP_ACCEPT_LANGUAGE="es"
        )
        assert spanish.status_code == 200
