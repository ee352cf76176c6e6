"""Audits in the browser: who may do what, everything wrong at once, and few statements."""

from __future__ import annotations

import datetime
import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, utils
from django.utils import timezone

from fisc.domain.tax_audits.queries import cases, schedules
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing
from fisc.plumbing.users import choices
from tests.factories import tax_pages
from tests.factories import users as people

_counter = itertools.count(1)
JANUARY = tax_pages.FIRST
STATEMENTS = 45

pytestmark = pytest.mark.usefixtures("lived_in_city")


def browser(group: choices.GroupName) -> Client:
    return people.browser_of(people.person(f"audits{next(_counter)}", group))


def filer() -> tax_pages.TaxAccount:
    """An account whose return of last January, $5,000.00 of a restaurant, came in time."""
    made = tax_pages.restaurant()
    for month in (1, 2):
        starts_on = JANUARY.replace(month=month)
        came = filing.Came(
            account_id=made.account_id,
            starts_on=starts_on,
            received_on=starts_on + datetime.timedelta(days=40),
            is_electronic=False,
            lines=(Line(region="MS", business_class="11", gross_cents=500_000),),
        )
        filing.file_return(came, by=tax_pages.by(), posting_day=timezone.localdate())
    return made


def opened(auditor: Client, made: tax_pages.TaxAccount, *, months: int = 1) -> int:
    """Open and engage a case of the first months of last year."""
    person = auditor.get(f"/audits/new/{made.number}/").context["form"].initial["auditor"]
    answer = auditor.post(
        f"/audits/new/{made.number}/",
        {
            "key": f"page/{next(_counter)}",
            "auditor": person,
            "first": JANUARY,
            "before": JANUARY.replace(month=months + 1),
            "why": "Receipts look low.",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    case_id = int(answer["Location"].rstrip("/").rpartition("/")[2])
    stepped(auditor, case_id, "engaged")
    return case_id


def stepped(who: Client, case_id: int, kind: str, *, status: int = 302, **said: str) -> str:
    answer = who.post(f"/audits/{case_id}/step/", {"kind": kind, "cause": "NONE", **said})
    page = answer.content.decode()
    assert answer.status_code == status, page
    return page


class TestWhoMay:
    def test_a_cashier_sees_no_audit(self) -> None:
        cashier = browser(choices.GroupName.CASHIER)

        for address in ("/audits/", "/audits/1/", "/audits/scores/", "/disclosures/"):
            assert cashier.get(address).status_code == 403

    def test_an_auditor_approves_and_decides_nothing(self) -> None:
        auditor = browser(choices.GroupName.AUDITOR)
        case_id = opened(auditor, filer())
        stepped(auditor, case_id, "proposed")

        for kind in ("approved", "returned", "final"):
            stepped(auditor, case_id, kind, status=403)
        assert auditor.post(f"/audits/{case_id}/decide/").status_code == 403

    def test_who_proposed_is_told_that_another_decides(self) -> None:
        supervisor = browser(choices.GroupName.SUPERVISOR)
        case_id = opened(supervisor, filer())
        stepped(supervisor, case_id, "proposed")

        page = stepped(supervisor, case_id, "approved", status=422, why="fine")

        assert f"You proposed audit case {case_id}. Another person decides it." in page
        assert cases.case(case_id).state == "proposed"


class TestAddressesThatAreNone:
    def test_are_not_found(self) -> None:
        auditor = browser(choices.GroupName.AUDITOR)
        case_id = opened(auditor, filer())

        for address in (
            "/audits/999999/",
            "/audits/?state=nowhere",
            f"/audits/{case_id}/letters/final/",
            f"/audits/{case_id}/letters/nothing/",
            f"/audits/{case_id}/2020-01-01/why/",
            "/audits/new/1/",
            "/disclosures/999999/",
        ):
            assert auditor.get(address).status_code == 404, address
        assert auditor.post(f"/audits/{case_id}/step/", {"kind": "x"}).status_code == 404


class TestSchedules:
    def test_a_file_is_refused_with_everything_and_taken_when_right(self) -> None:
        auditor = browser(choices.GroupName.AUDITOR)
        case_id = opened(auditor, filer())
        head = "period,region,class,figure,found,note,evidence\n"
        address = f"/audits/{case_id}/schedule/file/"
        wrong = SimpleUploadedFile("a.csv", f"{head}x,MS,11,gross,y,,\n".encode())

        answer = auditor.post(address, {"file": wrong}, headers={"accept-language": "en"})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "not “x”" in page
        assert "not “y”" in page
        right = SimpleUploadedFile("a.csv", f"{head}{JANUARY},MS,11,gross,8000,,\n".encode())
        assert auditor.post(address, {"file": right}).status_code == 302
        assert [each.found_cents for each in schedules.lines(case_id)] == [800_000]

    def test_records_and_waivers_are_kept(self) -> None:
        auditor = browser(choices.GroupName.AUDITOR)
        case_id = opened(auditor, filer())
        today = timezone.localdate()

        asked = {"words": "Register tapes", "due_on": today}
        assert auditor.post(f"/audits/{case_id}/records/", asked).status_code == 302
        (record,) = schedules.records(case_id)
        came = {"request_id": record.request_id, "received_on": today}
        assert auditor.post(f"/audits/{case_id}/came/", came).status_code == 302
        waived = {
            "signed_by": "Ana Ruiz",
            "signed_on": today,
            "extends_to": today + datetime.timedelta(days=3_650),
            "periods": [JANUARY.isoformat()],
        }
        assert auditor.post(f"/audits/{case_id}/waivers/", waived).status_code == 302

        page = auditor.get(f"/audits/{case_id}/").content.decode()
        assert "Ana Ruiz" in page
        assert "Register tapes" in page


class TestStatements:
    @pytest.mark.parametrize("months", [1, 2])
    def test_are_few_however_many_periods(self, months: int) -> None:
        auditor = browser(choices.GroupName.AUDITOR)
        made = filer()
        case_id = opened(auditor, made, months=months)
        for address in (f"/audits/{case_id}/", "/audits/", "/disclosures/", "/audits/scores/"):
            auditor.get(address)

            with utils.CaptureQueriesContext(connection) as asked:
                connection.force_debug_cursor = True
                answer = auditor.get(address)

            assert answer.status_code == 200
            assert 0 < len(asked.captured_queries) <= STATEMENTS, address

    def test_of_an_assessment_do_not_grow_with_its_periods(self) -> None:
        auditor = browser(choices.GroupName.AUDITOR)
        counted = []
        for months in (1, 2):
            case_id = opened(auditor, filer(), months=months)
            stepped(auditor, case_id, "proposed")
            auditor.get(f"/audits/{case_id}/")
            with utils.CaptureQueriesContext(connection) as asked:
                connection.force_debug_cursor = True
                auditor.get(f"/audits/{case_id}/")
            counted.append(len(asked.captured_queries))

        assert counted[0] == counted[1]


class TestLetters:
    def test_of_an_engagement_is_the_same_bytes_again(self) -> None:
        auditor = browser(choices.GroupName.AUDITOR)
        case_id = opened(auditor, filer())
        address = f"/audits/{case_id}/letters/engaged/"

        first = auditor.get(address).content

        assert first.startswith(b"%PDF-")
        assert auditor.get(address).content == first
