"""An audit from its selection to its payment, by two people; a voluntary disclosure."""

from __future__ import annotations

import contextlib
import datetime
import os
import pathlib

import pytest
from django.db import connection
from django.utils import timezone
from playwright import sync_api as playwright

from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing, reckoning
from fisc.plumbing.users import choices
from tests import databases
from tests.browser import test_accessibility, windows
from tests.factories import money, tax_pages

AUDITOR = choices.GroupName.AUDITOR.value
SUPERVISOR = choices.GroupName.SUPERVISOR.value
JANUARY = tax_pages.FIRST
SIZES = {"desk": windows.DESK, "telephone": windows.TELEPHONE}


def look(page: playwright.Page, name: str) -> None:
    """Check a page, and keep a picture of it where somebody asked for one."""
    width = page.evaluate("document.documentElement.clientWidth")
    if folder := os.environ.get("FISC_SCREENSHOTS"):
        page.screenshot(path=pathlib.Path(folder) / f"audit-{name}-{width}.png", full_page=True)
    assert test_accessibility.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def paid_filer(city_copy: databases.CityDatabase) -> tax_pages.TaxAccount:
    """An account whose return of last January, of $5,000.00 at 1.8%, is paid with its lateness."""
    assert city_copy.name
    with contextlib.closing(connection):
        made = tax_pages.one_month()
        came = filing.Came(
            account_id=made.account_id,
            starts_on=JANUARY,
            received_on=JANUARY + datetime.timedelta(days=40),
            is_electronic=False,
            lines=(Line(region="MS", business_class="11", gross_cents=500_000),),
        )
        filing.file_return(came, by=tax_pages.by(), posting_day=timezone.localdate())
        pay_all(made.account_id)
        return made


def balance(account_id: int) -> int:
    today = timezone.localdate()
    return receivables.account_balance(account_id, as_of=today).balance_cents


def pay_all(account_id: int) -> None:
    """Pay what an account owes, and reckon its lateness to today."""
    today = timezone.localdate()
    money.pay({account_id: balance(account_id)}, day=today, at=timezone.now())
    reckoning.bring_up_to_date(
        account_id=account_id, starts_on=JANUARY, on=today, posting_day=today, by=tax_pages.by()
    )


def proposed(page: playwright.Page, number: int, language: str) -> str:
    """As the auditor: select, engage, find more, and propose; gives the case's address."""
    page.goto("/audits/")
    look(page, f"1-board-{language}")
    page.goto("/audits/scores/")
    look(page, f"2-scores-{language}")
    page.goto(f"/audits/new/{number}/?how=score")
    page.locator("input[name=first]").fill(JANUARY.isoformat())
    page.locator("input[name=before]").fill(JANUARY.replace(month=2).isoformat())
    page.locator("textarea[name=why]").fill("Receipts look low.")
    look(page, f"3-select-{language}")
    page.locator("button[data-key=e]").click()
    page.locator(".say--good").wait_for()
    address = "/audits/" + page.url.partition("/audits/")[2]
    page.locator("button[value=engaged]").click()
    schedule = page.locator("form[action$='/schedule/']")
    schedule.locator("select[name=business_class]").select_option("11")
    schedule.locator("select[name=region]").select_option("MS")
    schedule.locator("input[name=found]").fill("8,000.00")
    schedule.locator("input[name=note]").fill("Register tapes")
    schedule.locator("button").click()
    page.get_by_text("$3,000.00").first.wait_for()
    page.goto(f"{address}?now")
    page.get_by_text("$54.00").first.wait_for()
    look(page, f"4-work-{language}")
    page.locator("select[name=cause]").select_option("NEGLIGENCE")
    page.locator("button[value=proposed]").click()
    page.locator("#why-period-1").wait_for(state="attached")
    assert page.locator("button[value=approved]").count() == 0
    return address


def decided(page: playwright.Page, address: str, language: str) -> None:
    """As the supervisor: approve, take a protest of a part in, reduce it, and make it final."""
    page.goto(address)
    page.locator("a.why").first.click()
    page.locator("#why-period-1 .explained").wait_for()
    look(page, f"5-proposed-{language}")
    page.locator("button[value=approved]").click()
    protest = page.locator("form[action$='/protest/']")
    protest.locator("input[name=received_on]").fill(timezone.localdate().isoformat())
    protest.locator("input[name^=tax_]").fill("36.00")
    protest.locator("textarea").fill("Catering was for resale.")
    look(page, f"6-protest-{language}")
    page.locator("button[data-key=p]").click()
    decision = page.locator("form[action$='/decide/']")
    decision.locator("input[name^=upheld_]").wait_for()
    look(page, f"7-held-{language}")
    decision.locator("input[name^=upheld_]").fill("10.00")
    decision.locator("textarea").fill("Invoices were shown.")
    page.locator("button[data-key=d]").click()
    page.locator("button[value=final]").click()
    page.locator(f"a[href='{address}letters/final/']").wait_for()
    look(page, f"8-final-{language}")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_an_audit_is_selected_protested_made_final_and_paid(
    opened: windows.Open, paid_filer: tax_pages.TaxAccount, size: dict[str, int], language: str
) -> None:
    page = opened("/audits/", as_whom=AUDITOR, size=size, language=language)
    address = proposed(page, paid_filer.number, language)

    page = opened(address, as_whom=SUPERVISOR, size=size, language=language)
    decided(page, address, language)
    letter = page.request.get(f"{address}letters/final/")

    assert letter.body().startswith(b"%PDF-")
    with contextlib.closing(connection):
        # 54.00 less 26.00 of tax, with what its lateness and negligence cost.
        assert balance(paid_filer.account_id) > 2_800
        pay_all(paid_filer.account_id)
        assert balance(paid_filer.account_id) == 0
    page.goto(f"/accounts/{paid_filer.number}/")
    look(page, f"9-account-{language}")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_disclosure_is_taken_in_named_and_agreed(
    opened: windows.Open, city_copy: databases.CityDatabase, size: dict[str, int]
) -> None:
    assert city_copy.name
    with contextlib.closing(connection):
        made = tax_pages.one_month()
    page = opened("/disclosures/", as_whom=AUDITOR, size=size)
    page.goto("/disclosures/")
    page.locator("input[name=representative]").fill("Okonkwo & Pratt, CPAs")
    page.locator("textarea[name=words]").fill("A restaurant that filed nothing.")
    look(page, "disclosures")
    page.locator("button[data-key=e]").click()
    page.locator("input[name=account]").fill(str(made.number))
    page.locator("button[value=named]").click()
    page.locator("input[name=signed_by]").fill("Ana Ruiz")
    page.locator("button[value=agreed]").click()
    page.locator("button[value=fulfilled]").wait_for()
    look(page, "disclosure-agreed")
    page.locator("button[value=fulfilled]").click()
    page.locator(".say--bad").wait_for()
    look(page, "disclosure-not-kept")
