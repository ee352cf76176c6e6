"""Bad files on the pages of tables: refused in words, at once, and nothing half kept."""

from __future__ import annotations

import base64
import datetime
import io
import re
import time
import zipfile
from collections.abc import Mapping

import pytest
import xlsxwriter
from django.core.files import uploadedfile
from django.test import Client
from django.utils import timezone

from fisc.basics import periods
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.interfaces.web.tables.sheets import ROWS_SHOWN
from fisc.plumbing.users import choices as groups
from fisc.plumbing.users import queries as users
from tests import databases
from tests.browser import city
from tests.factories import users as people

AUTHOR, _ = city.SIGN_INS[groups.GroupName.PROJECTS_COORDINATOR.value]
SECONDS = 5
HEAD = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="x" namespace="x">'
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><definitions>&a11;</definitions>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<definitions>&a;</definitions>"
)
NO_XML = {
    "malformed": b"<definitions><decision>",
    "an entity bomb": BOMB,
    "an external entity": OUTSIDE,
    "ten thousand deep": HEAD + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</definitions>",
}


@pytest.fixture
def projects(lived_in_city: databases.CityDatabase) -> Client:
    """A browser in which the projects coordinator is signed in."""
    assert lived_in_city.name
    return people.browser_of(users.user_id(username=AUTHOR))


@pytest.fixture
def draft(projects: Client) -> reading.Draft:
    """A draft of the taxes."""
    assert projects is not None
    version_id = drafts.start_draft(
        book=models.Book.objects.get(decision_point="utilities.taxes").name,
        effective=periods.Period(starts_on=timezone.localdate() + datetime.timedelta(days=30)),
        by=AUTHOR,
        reason="The council asks",
        citation="Ordinance 40",
        at=timezone.now(),
    )
    return reading.draft(version_id)


def is_untouched(draft: reading.Draft) -> bool:
    now = reading.draft(draft.version_id)
    return (now.content, now.case_sheet, now.revision) == (
        draft.content,
        draft.case_sheet,
        draft.revision,
    )


def refused(browser: Client, address: str, sent: Mapping[str, object], *, status: int = 422) -> str:
    """Send something bad; returns the page or the words that refuse it, in time."""
    began = time.monotonic()
    answer = browser.post(address, sent)
    took = time.monotonic() - began
    text = answer.content.decode()
    assert answer.status_code == status, text[:2000]
    assert "Traceback" not in text
    assert took < SECONDS, took
    return text


class TestATableFile:
    @pytest.mark.parametrize("what", NO_XML)
    def test_that_is_no_xml_is_kept_by_no_page(
        self, projects: Client, draft: reading.Draft, what: str
    ) -> None:
        at = f"/tables/{draft.version_id}"
        content = NO_XML[what]

        by_form = refused(
            projects,
            f"{at}/save/",
            {"content": base64.b64encode(content).decode(), "based_on": draft.sha256},
        )
        by_editor = refused(
            projects,
            f"{at}/edit/save/",
            {"xml": content.decode(), "based_on": draft.sha256},
        )

        assert "root:" not in by_form + by_editor
        assert "<h1>" in by_form
        assert is_untouched(draft)

    def test_of_fifty_megabytes_is_refused_in_words(
        self, projects: Client, draft: reading.Draft
    ) -> None:
        content = HEAD + b"<!--" + b"x" * 50_000_000 + b"--></definitions>"

        sent = {"xml": content.decode(), "based_on": draft.sha256}
        words = refused(projects, f"/tables/{draft.version_id}/edit/save/", sent, status=413)

        assert "larger than 32 MB" in words
        assert is_untouched(draft)

    def test_of_more_than_ten_megabytes_says_how_many_are_read(
        self, projects: Client, draft: reading.Draft
    ) -> None:
        content = HEAD + b"<!--" + b"x" * 11_000_000 + b"--></definitions>"

        sent = {"xml": content.decode(), "based_on": draft.sha256}
        words = refused(projects, f"/tables/{draft.version_id}/edit/save/", sent)

        assert "10,000,000" in words
        assert is_untouched(draft)

    def test_with_an_unknown_function_says_where(
        self, projects: Client, draft: reading.Draft
    ) -> None:
        content = draft.content.replace(b"<text>", b"<text>foo(1) + ", 1)
        assert content != draft.content

        projects.post(
            f"/tables/{draft.version_id}/edit/save/",
            {"xml": content.decode(), "based_on": draft.sha256},
        )
        page = projects.get(f"/tables/{draft.version_id}/").content.decode()
        tested = projects.post(f"/tables/{draft.version_id}/test/").content.decode()

        assert "foo" in page
        assert "foo" in tested
        assert reading.draft(draft.version_id).status == "draft"

    def test_whose_decisions_need_each_other_says_which(
        self, projects: Client, draft: reading.Draft
    ) -> None:
        decision = (
            b'<decision id="d_a" name="A"><variable name="A"/><informationRequirement>'
            b'<requiredDecision href="#d_b"/></informationRequirement>'
            b"<literalExpression><text>B</text></literalExpression></decision>"
        )
        other = decision.replace(b"d_b", b"d_c").replace(b"d_a", b"d_b").replace(b"d_c", b"d_a")
        other = other.replace(b'"A"', b'"B"').replace(b">B<", b">A<")
        content = draft.content.replace(b"<decision ", decision + other + b"<decision ", 1)

        projects.post(
            f"/tables/{draft.version_id}/edit/save/",
            {"xml": content.decode(), "based_on": draft.sha256},
        )
        page = projects.get(f"/tables/{draft.version_id}/")

        assert page.status_code == 200
        assert "It needs its own result" in page.content.decode()

    def test_of_another_kind_opens_every_page_and_says_so(
        self, projects: Client, draft: reading.Draft
    ) -> None:
        answer = projects.post(
            f"/tables/{draft.version_id}/edit/save/",
            {"xml": "<html/>", "based_on": draft.sha256},
        )

        at = f"/tables/{draft.version_id}"
        for page in ("", "cases/", "checks/", "values/", "workbook/", "edit/", "changes/"):
            assert projects.get(f"{at}/{page}").status_code == 200, page
        for page in ("xlsx/", "notice/", "affected/", "studies/"):
            assert projects.get(f"{at}/{page}", follow=True).status_code == 200, page
        assert answer.status_code == 200


def xlsx(fill: str) -> bytes:
    """A workbook from elsewhere, with merged cells or a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Rates")
        if fill == "merged":
            sheet.merge_range("A1:C2", "Base charge")
        else:
            sheet.write_formula("B2", "=1+1", value=2)
    return out.getvalue()


def with_merged_cells(taken: bytes) -> bytes:
    """The workbook of a version whose first visible sheet has two cells made one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(taken)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                merged = b'</sheetData><mergeCells count="1"><mergeCell ref="B3:C4"/></mergeCells>'
                content = content.replace(b"</sheetData>", merged)
            new.writestr(part, content)
    return out.getvalue()


class TestASpreadsheet:
    @pytest.mark.parametrize("fill", ["merged", "formula"])
    def test_from_elsewhere_is_refused(
        self, projects: Client, draft: reading.Draft, fill: str
    ) -> None:
        given = uploadedfile.SimpleUploadedFile("rates.xlsx", xlsx(fill))

        page = refused(projects, f"/tables/{draft.version_id}/workbook/", {"workbook": given})

        assert "It does not come from Fisc" in page or "B2" in page
        assert "Nothing was taken" in page
        assert is_untouched(draft)

    def test_with_merged_cells_names_them(self, projects: Client, draft: reading.Draft) -> None:
        at = f"/tables/{draft.version_id}"
        taken = with_merged_cells(projects.get(f"{at}/xlsx/").content)

        page = refused(
            projects,
            f"{at}/workbook/",
            {"workbook": uploadedfile.SimpleUploadedFile("taxes.xlsx", taken)},
        )

        assert "B3" in page
        assert is_untouched(draft)

    def test_of_fifty_megabytes_is_refused(self, projects: Client, draft: reading.Draft) -> None:
        given = uploadedfile.SimpleUploadedFile("rates.xlsx", b"PK" + b"x" * 50_000_000)

        page = refused(projects, f"/tables/{draft.version_id}/workbook/", {"workbook": given})

        assert "too large" in page
        assert is_untouched(draft)


class TestASheetOfCases:
    def test_with_errors_in_many_rows_names_each(
        self, projects: Client, draft: reading.Draft
    ) -> None:
        columns = draft.case_sheet.decode().splitlines()[0].split(",")
        rows = [
            ",".join([f"case {n}", *["many" if n % 2 else ""] * (len(columns) - 1)])
            for n in range(2_000)
        ]
        content = "\n".join([",".join(columns), *rows, "short,1"])

        page = refused(
            projects,
            f"/tables/{draft.version_id}/cases/bring-in/",
            {
                "sheet": uploadedfile.SimpleUploadedFile("cases.csv", content.encode()),
                "based_on": draft.case_sheet_sha256,
            },
        )

        assert "line 3, " in page
        assert "line 5, " in page
        assert " more." in page
        assert is_untouched(draft)

    @pytest.mark.parametrize("bad", ["NaN", "Infinity", "perhaps"])
    def test_takes_no_value_that_is_none(
        self, projects: Client, draft: reading.Draft, bad: str
    ) -> None:
        first, second, *_ = draft.case_sheet.decode().splitlines()
        answer = second.rpartition(",")[0] + f",{bad}"

        page = refused(
            projects,
            f"/tables/{draft.version_id}/cases/bring-in/",
            {
                "sheet": uploadedfile.SimpleUploadedFile(
                    "cases.csv", f"{first}\n{answer}\n".encode()
                ),
                "based_on": draft.case_sheet_sha256,
            },
        )

        assert f"line 2, {first.rpartition(',')[2]}: “{bad}” is not" in page


class TestATableOfVeryManyRules:
    def test_is_shown_from_its_beginning_and_taken_whole(
        self, projects: Client, draft: reading.Draft
    ) -> None:
        rule = re.search(rb"<rule .*?</rule>", draft.content, re.DOTALL)
        assert rule is not None
        more = [
            rule[0].replace(b' id="', b' id="more_%d_' % number) for number in range(2 * ROWS_SHOWN)
        ]
        content = draft.content.replace(rule[0], rule[0] + b"".join(more), 1)
        projects.post(
            f"/tables/{draft.version_id}/edit/save/",
            {"xml": content.decode(), "based_on": draft.sha256},
        )

        page = projects.get(f"/tables/{draft.version_id}/").content.decode()

        assert reading.draft(draft.version_id).content == content
        assert f"The first {ROWS_SHOWN} of " in page
        assert page.count('<tr><td class="number">') < 2 * ROWS_SHOWN
        assert f"/tables/{draft.version_id}/xlsx/" in page
