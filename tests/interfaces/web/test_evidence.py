"""What an approver is shown: the study of this very content, and the bills of days that begun."""

from __future__ import annotations

import datetime
import io
import pathlib
import re

import pypdf
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_lists
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import approvals, drafts
from fisc.domain.rule_tables.operations import studies as operations
from fisc.domain.rule_tables.queries import approving
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import studies as queries
from fisc.plumbing import transactions
from fisc.plumbing.users import choices as groups
from fisc.plumbing.users import queries as users
from fisc.processes.rate_studies import operations as studying
from tests import databases
from tests.browser import city
from tests.factories import users as people

POLICY = pathlib.Path(settings.FISC_CITY) / "code_lists" / "table_policy.csv"
AUTHOR, _ = city.SIGN_INS[groups.GroupName.PROJECTS_COORDINATOR.value]
DEARER = (b"0.07191", b"0.08191")
RULE = b"study-before-approval,Study,Estudio,2020-01-01,,30,Resolution 2026-12\n"


@pytest.fixture
def approver(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the supervisor is signed in."""
    assert lived_in_city.name
    username, _ = city.SIGN_INS[groups.GroupName.SUPERVISOR.value]
    return people.browser_of(users.user_id(username=username))


@pytest.fixture
def another(lived_in_city: databases.CityDatabase) -> Client:
    """A browser of a second supervisor."""
    assert lived_in_city.name
    return people.browser_of(
        people.person("second", groups.GroupName.SUPERVISOR, full_name="Sam Ortiz")
    )


def dearer_electricity(starts_on: datetime.date | None = None) -> int:
    """A draft with a higher rate for energy."""
    first = models.Version.objects.filter(
        book__decision_point="utilities.electric_charges"
    ).earliest("number")
    version_id = drafts.start_draft(
        book=first.book.name,
        effective=periods.Period(
            starts_on=starts_on or timezone.localdate() + datetime.timedelta(days=30)
        ),
        by=AUTHOR,
        reason="The council asks",
        citation="Ordinance 40",
        at=timezone.now(),
        from_version_id=first.id,
    )
    change(version_id, *DEARER)
    return version_id


def change(version_id: int, before: bytes, after: bytes) -> None:
    draft = reading.draft(version_id)
    assert before in draft.content
    drafts.save_draft(
        version_id=version_id,
        content=draft.content.replace(before, after),
        based_on_sha256=draft.sha256,
        by=AUTHOR,
        at=timezone.now(),
    )


def in_test(version_id: int) -> int:
    """Put in test by the row alone: what the cases say is no matter here."""
    models.Version.objects.filter(id=version_id).update(status="in test")
    return version_id


def studied(version_id: int, *, data_day: datetime.date | None = None) -> int:
    study_id = operations.ask_study(
        version_id=version_id,
        data_day=data_day or timezone.localdate(),
        at=timezone.now(),
        by=AUTHOR,
    )
    studying.run_study(study_id=study_id)
    return study_id


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def approved(browser: Client, version_id: int, shown: str) -> str:
    """Approve with the study that the form of the page names; returns the page that follows."""
    found = re.search(r'name="study" value="([^"]*)"', shown)
    sent = {"sha256": reading.draft(version_id).sha256, "study": found[1] if found else ""}
    answer = browser.post(
        f"/tables/{version_id}/approve/", {**sent, "reason": "The study."}, follow=True
    )
    return answer.content.decode()


class TestTheStudyOfAnApproval:
    def test_is_shown_in_short_and_kept_with_the_approval(self, approver: Client) -> None:
        version_id = in_test(dearer_electricity())
        study_id = studied(version_id)
        result = queries.study(study_id).result
        assert result is not None

        shown = page(approver, f"/tables/{version_id}/")
        after = approved(approver, version_id, shown)

        assert f"Study {study_id} of exactly this content" in shown
        assert f"{result['changed_bills']:,} / {result['bills']:,}" in shown
        assert f'href="/studies/{study_id}/xlsx/"' in shown
        assert f'href="/studies/{study_id}/pdf/"' in shown
        most = result["most"]["more_cents"]
        assert most > 0
        assert f"${most / 100:,.2f}" in shown
        (agreement,) = approving.agreed(version_id)
        assert agreement.study_id == study_id
        # Beside who agreed, and in the history of both acts.
        assert after.count(f'<a href="/studies/{study_id}/">Study {study_id}</a>') == 3

    def test_is_named_in_the_printed_notice(self, approver: Client) -> None:
        version_id = in_test(dearer_electricity())
        study_id = studied(version_id)
        approved(approver, version_id, page(approver, f"/tables/{version_id}/"))

        notice = approver.get(f"/tables/{version_id}/notice/").content

        pages = pypdf.PdfReader(io.BytesIO(notice)).pages
        words = " ".join(" ".join(each.extract_text() for each in pages).split())
        assert f"Rate study {study_id}, of bills through" in words
        assert queries.study(study_id).result_sha256[:16] in words.replace(" ", "")

    def test_that_was_never_made_is_said_to_be_missing(self, approver: Client) -> None:
        version_id = in_test(dearer_electricity())

        shown = page(approver, f"/tables/{version_id}/")
        approved(approver, version_id, shown)

        assert "Nobody has studied this content yet" in shown
        (agreement,) = approving.agreed(version_id)
        assert agreement.study_id is None

    def test_of_an_earlier_content_is_no_study_of_this_one(self, approver: Client) -> None:
        version_id = dearer_electricity()
        study_id = studied(version_id)
        change(version_id, b"0.08191", b"0.09191")
        in_test(version_id)

        shown = page(approver, f"/tables/{version_id}/")

        assert f"Study {study_id} is of an earlier content" in shown
        with pytest.raises(approvals.NotApprovable, match="no finished study of version"):
            approvals.approve(
                version_id=version_id,
                by=city.SIGN_INS[groups.GroupName.SUPERVISOR.value][0],
                reason="Seen",
                at=timezone.now(),
                study_id=study_id,
            )


class TestTheBillsOfDaysThatBegan:
    def test_are_opened_before_the_second_approval(self, approver: Client, another: Client) -> None:
        began = timezone.localdate() - datetime.timedelta(days=60)
        version_id = in_test(dearer_electricity(starts_on=began))
        approved(approver, version_id, page(approver, f"/tables/{version_id}/"))

        closed = page(another, f"/tables/{version_id}/")
        refused = approved(another, version_id, closed)
        listed = page(another, f"/tables/{version_id}/affected/")
        opened = page(another, f"/tables/{version_id}/")
        seen = approving.bills_seen(version_id, user_id=users.user_id(username="second"))
        given = approved(another, version_id, opened)

        assert "Open the bills that it changes" in closed
        assert f'action="/tables/{version_id}/approve/"' not in closed
        assert "has not opened the list" in refused
        assert "Back to approve it" in listed
        assert seen is not None
        assert seen.bills > 0
        total = f"${seen.difference_cents / 100:,.2f}"
        assert f"corrections due on {seen.bills} bills, {total} in all" in opened
        assert "Approved. It governs" in given
        assert approving.history(version_id)[0].detail["difference_cents"] == seen.difference_cents


class TestAPolicy:
    # The last: a rule of a code list is never taken away again from the city of this file.
    def test_of_the_city_may_ask_for_a_study(self, approver: Client) -> None:
        with transactions.started(by="a test"):
            code_lists.import_codes(
                name="table policy", content=POLICY.read_bytes() + RULE, at=timezone.now()
            )
        version_id = in_test(dearer_electricity())

        without = approved(approver, version_id, page(approver, f"/tables/{version_id}/"))
        studied(version_id, data_day=timezone.localdate() - datetime.timedelta(days=31))
        old = approved(approver, version_id, page(approver, f"/tables/{version_id}/"))
        studied(version_id)
        fresh = approved(approver, version_id, page(approver, f"/tables/{version_id}/"))

        assert "asks for a rate study of version" in without
        assert "at most 30 days ago" in old
        assert "Approved. It governs" in fresh
