"""The pages of rate studies: start, watch, cancel, read, take along."""

from __future__ import annotations

import datetime
import io

import pytest
import python_calamine
from django.test import Client
from django.utils import timezone

from fisc.basics import periods
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import drafts
from fisc.domain.rule_tables.operations import studies as operations
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import studies as queries
from fisc.plumbing.users import choices as groups
from fisc.plumbing.users import queries as users
from fisc.processes.rate_studies import operations as studying
from tests import databases
from tests.browser import city
from tests.factories import users as people


def signed_in(group: groups.GroupName) -> Client:
    username, _ = city.SIGN_INS[group.value]
    return people.browser_of(users.user_id(username=username))


@pytest.fixture
def projects(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the projects coordinator is signed in."""
    assert lived_in_city.name
    return signed_in(groups.GroupName.PROJECTS_COORDINATOR)


def draft_of(point: str, *, change: tuple[bytes, bytes] | None = None) -> int:
    """A draft that copies what governs, with one figure changed."""
    username, _ = city.SIGN_INS[groups.GroupName.PROJECTS_COORDINATOR.value]
    today = timezone.localdate()
    version_id = drafts.start_draft(
        book=models.Book.objects.get(decision_point=point).name,
        effective=periods.Period(starts_on=today + datetime.timedelta(days=30)),
        by=username,
        reason="The council asks",
        citation="Ordinance 40",
        at=timezone.now(),
    )
    if change is not None:
        draft = reading.draft(version_id)
        assert change[0] in draft.content
        drafts.save_draft(
            version_id=version_id,
            content=draft.content.replace(*change),
            based_on_sha256=draft.sha256,
            by=username,
            at=timezone.now(),
        )
    return version_id


def dearer_electricity() -> int:
    return draft_of("utilities.electric_charges", change=(b"0.07191", b"0.08191"))


def asked(browser: Client, version_id: int) -> int:
    """Ask for a study on the page; returns its id."""
    answer = browser.post(
        f"/tables/{version_id}/studies/", {"data_day": timezone.localdate().isoformat()}
    )
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


class TestStudies:
    def test_is_asked_for_watched_and_read(self, projects: Client) -> None:
        version_id = dearer_electricity()
        page = projects.get(f"/tables/{version_id}/studies/").content.decode()
        assert "Nobody has studied this version yet." in page

        study_id = asked(projects, version_id)

        waiting = projects.get(f"/studies/{study_id}/").content.decode()
        assert "How far it is" in waiting
        assert f"/studies/{study_id}/cancel/" in waiting
        studying.run_study(study_id=study_id)
        done = projects.get(f"/studies/{study_id}/").content.decode()
        assert "Revenue by class and charge" in done
        assert '<svg class="chart"' in done
        assert "/why/" in done
        result = queries.study(study_id).result
        assert result is not None
        largest = result["largest"]
        assert largest[0]["difference_cents"] > 0
        assert str(largest[0]["number"]) in done
        version = projects.get(f"/tables/{version_id}/").content.decode()
        assert f"/tables/{version_id}/studies/" in version

    def test_the_bar_says_how_far_it_is_and_then_gives_way_to_the_page(
        self, projects: Client
    ) -> None:
        study_id = asked(projects, draft_of("utilities.water_charges"))
        operations.note_progress(study_id=study_id, done=5, total=24)

        bar = projects.get(f"/studies/{study_id}/", headers={"HX-Request": "true"})

        assert "5/24" in bar.content.decode()
        assert "<html" not in bar.content.decode()
        operations.stop_study(study_id=study_id, problem="The disk is full.", is_cancelled=False)
        over = projects.get(f"/studies/{study_id}/", headers={"HX-Request": "true"})
        assert over["HX-Refresh"] == "true"
        assert "The disk is full." in projects.get(f"/studies/{study_id}/").content.decode()

    def test_is_cancelled_before_it_begins(self, projects: Client) -> None:
        study_id = asked(projects, draft_of("utilities.water_charges"))

        projects.post(f"/studies/{study_id}/cancel/")

        assert models.Study.objects.get(id=study_id).status == "cancelled"
        with pytest.raises(operations.StudyIsOver):
            studying.run_study(study_id=study_id)
        assert projects.get(f"/studies/{study_id}/xlsx/").status_code == 404

    def test_is_taken_along_as_workbook_and_paper(self, projects: Client) -> None:
        study_id = asked(projects, dearer_electricity())
        studying.run_study(study_id=study_id)

        book = projects.get(f"/studies/{study_id}/xlsx/")
        paper = projects.get(f"/studies/{study_id}/pdf/")

        sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.content))
        assert sheets.sheet_names[1] == "Revenue"
        assert paper.content.startswith(b"%PDF")

    def test_says_why_a_book_cannot_be_studied(self, projects: Client) -> None:
        version_id = draft_of("utilities.due_day")

        answer = projects.post(
            f"/tables/{version_id}/studies/", {"data_day": timezone.localdate().isoformat()}
        )

        assert answer.status_code == 422
        assert "makes no amount of a bill" in answer.content.decode()

    def test_an_auditor_reads_but_does_not_start(
        self, projects: Client, lived_in_city: databases.CityDatabase
    ) -> None:
        assert lived_in_city.name
        version_id = draft_of("utilities.water_charges")
        study_id = asked(projects, version_id)
        auditor = people.browser_of(people.person("vera", groups.GroupName.AUDITOR))

        assert auditor.get(f"/studies/{study_id}/").status_code == 200
        listed = auditor.get(f"/tables/{version_id}/studies/").content.decode()
        assert "Start the study" not in listed
        assert auditor.post(f"/tables/{version_id}/studies/").status_code == 403
        assert auditor.post(f"/studies/{study_id}/cancel/").status_code == 403
