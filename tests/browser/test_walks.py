"""The clerk's walks, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright import sync_api as playwright
from playwright.sync_api import expect

from tests.browser import city, windows

Page = playwright.Page


def find(page: Page, text: str) -> None:
    """Type into the search box and wait for the answers."""
    page.keyboard.press("/")
    page.keyboard.type(text)
    expect(page.locator("#find-answers a").first).to_be_visible()


class TestTheTelephoneCall:
    def test_goes_from_a_name_to_the_explanation_of_an_amount(self, opened: windows.Open) -> None:
        page = opened("/", as_whom="account coordinator")

        find(page, city.STREET)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".account-head h1")).to_be_visible()
        page.keyboard.press("2")
        page.locator('main a[href^="/bills/"]').first.click()
        expect(page.get_by_role("heading", name="Lines")).to_be_visible()
        page.wait_for_load_state()
        page.keyboard.press("y")

        explained = page.locator("#why-1")
        expect(explained).to_contain_text("recomputed just now: equal")
        expect(explained.locator("cite a").first).to_have_attribute("href", re.compile("^http"))

    def test_closes_an_explanation_with_escape(self, opened: windows.Open) -> None:
        page = opened("/", as_whom="account coordinator")
        find(page, city.STREET)
        page.locator("#find-answers a").first.click()
        page.locator('main a[href^="/bills/"]').first.click()
        page.locator(".bill-lines a.why").first.click()
        expect(page.locator("#why-1")).to_contain_text("Step by step")

        page.keyboard.press("Escape")

        expect(page.locator("#why-1")).to_be_empty()
        expect(page.locator(".bill-lines a.why").first).to_have_attribute("aria-expanded", "false")

    def test_opens_the_account_that_an_exact_number_names(self, opened: windows.Open) -> None:
        page = opened("/", as_whom="account coordinator")
        find(page, city.STREET)
        number = page.locator("#find-answers .strong").first.inner_text()

        page.locator("#find").fill(number)
        page.keyboard.press("Enter")

        page.wait_for_url(f"**/accounts/{number}/")

    def test_works_without_script(self, opened: windows.Open) -> None:
        page = opened("/", as_whom="account coordinator", script=False)

        page.locator("#find").fill(city.STREET)
        page.get_by_role("button", name="Find").click()
        page.locator("main .answers a").first.click()
        page.locator('main a[href^="/bills/"]').first.click()
        page.locator("a.why").first.click()

        expect(page.locator("main")).to_contain_text("recomputed just now: equal")

    def test_reads_in_spanish(self, opened: windows.Open) -> None:
        page = opened("/", as_whom="projects coordinator", language="es")

        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.get_by_role("heading", name="Los libros")).to_be_visible()


def open_drawer(page: Page, name: str) -> None:
    """Open a till with a float of $200, unless this cashier has one open."""
    if page.locator("#id_scanned").count():
        return
    page.get_by_label("Drawer", exact=True).fill(name)
    page.get_by_label("Float in the drawer").fill("200")
    page.get_by_role("button", name="Open the till").click()
    page.locator("#id_scanned").wait_for()


def scan(page: Page, text: str) -> None:
    page.locator("#id_scanned").fill(text)
    page.locator("#id_scanned").press("Enter")
    page.wait_for_load_state()


def an_account_that_owes(page: Page) -> str:
    """Return the number of an account with a balance; the window moves."""
    page.goto(f"/search/?q={city.STREET}")
    numbers = page.locator("main .answers .strong").all_inner_texts()
    for number in numbers:
        page.goto(f"/accounts/{number}/")
        balance = page.locator(".figure dd").first.inner_text()
        if balance not in ("$0.00",) and not balance.startswith("\u2212"):
            return number
    raise AssertionError("nobody owes anything")


class TestADayAtTheTill:
    def test_is_opened_paid_into_counted_and_closed(self, opened: windows.Open) -> None:
        page = opened("/till/", as_whom="cashier")
        open_drawer(page, "3")
        number = an_account_that_owes(page)

        # The key of the account page puts it in the basket.
        page.keyboard.press("t")
        page.wait_for_url("**/till/")
        page.locator("input[name^=pays_]").fill("90.00")
        page.get_by_label("Cash", exact=True).fill("50")
        page.get_by_label("Check", exact=True).fill("30.00")
        page.get_by_label("Check: number").fill("1042")
        page.get_by_label("Card", exact=True).fill("20")
        page.get_by_label("Card: number").fill("A77")
        expect(page.locator("#till-figures")).to_contain_text("$10.00")
        page.get_by_role("button", name="Take the payment").click()

        taken = page.locator(".say--good")
        expect(taken).to_contain_text("$90.00")
        expect(taken).to_contain_text("Change due $10.00")
        expect(page.locator("#id_scanned")).to_be_focused()
        taken.locator("a").click()
        expect(page.locator(".receipt")).to_contain_text(number)
        expect(page.locator(".receipt")).to_contain_text("1042")

        page.goto("/till/close/")
        expect(page.locator("main")).not_to_contain_text("Should be")
        page.get_by_label("$20 notes").fill("12")
        page.get_by_label("Check", exact=True).fill("30")
        page.get_by_role("button", name="Keep this count").click()
        expect(page.locator("tfoot").first).to_contain_text("$0.00")

        approving = opened("/", as_whom="supervisor")
        approving.get_by_role("link", name="Look and approve").click()
        approving.get_by_role("button", name="Approve and close").click()
        expect(approving.locator(".say--good")).to_contain_text("The till is closed.")

    def test_takes_money_once_however_often_it_is_sent(self, opened: windows.Open) -> None:
        page = opened("/till/", as_whom="supervisor")
        open_drawer(page, "7")
        number = an_account_that_owes(page)
        page.goto("/till/")
        scan(page, number)
        page.locator("input[name^=pays_]").fill("5.00")
        page.get_by_label("Cash", exact=True).fill("5")

        twice = page.evaluate(
            """async () => {
                const form = document.getElementById("take");
                const body = () => new URLSearchParams(new FormData(form));
                const send = () => fetch(form.action, {method: "POST", body: body()});
                const [first, second] = await Promise.all([send(), send()]);
                const third = await send();
                return [first.url, second.url, third.url];
            }"""
        )

        assert len(set(twice)) == 1
        page.goto("/till/")
        expect(page.locator(".page__head")).to_contain_text("one receipt")

    @pytest.mark.parametrize("field", ["input[name=tender_cash]", "input[name^=pays_]"])
    def test_takes_the_payment_once_on_enter_in_a_field(
        self, opened: windows.Open, field: str
    ) -> None:
        page = opened("/till/", as_whom="supervisor")
        open_drawer(page, "7")
        number = an_account_that_owes(page)
        page.goto("/till/")
        scan(page, number)
        page.locator("input[name^=pays_]").fill("5.00")
        page.locator("input[name=tender_cash]").fill("5")

        page.locator(field).press("Enter")
        page.wait_for_url("**/till/?taken=*")
        receipt = page.locator(".say--good a").inner_text()
        page.keyboard.press("Enter")
        page.reload()

        expect(page.locator(".say--good")).to_contain_text("$5.00")
        expect(page.locator(".say--good a")).to_have_text(receipt)
        expect(page.locator("input[name^=pays_]")).to_have_count(0)

    def test_takes_an_account_out_of_the_basket(self, opened: windows.Open) -> None:
        page = opened("/till/", as_whom="supervisor")
        open_drawer(page, "7")
        number = an_account_that_owes(page)
        page.goto("/till/")
        scan(page, number)

        page.get_by_role("button", name="Take out").click()

        expect(page.locator("main")).to_contain_text("The basket is empty.")

    def test_says_what_is_wrong_with_a_number(self, opened: windows.Open) -> None:
        page = opened("/till/", as_whom="supervisor")
        open_drawer(page, "7")

        scan(page, "1234567890")

        expect(page.get_by_role("alert")).to_contain_text(
            "No account, bill or meter has the number"
        )


class TestTheRunConsole:
    def test_shows_todays_steps_and_tomorrows_checklist(self, opened: windows.Open) -> None:
        page = opened("/runs/")

        page.locator(f'main a[href="/runs/{city.today()}/"]').first.click()
        expect(page.get_by_role("heading", name="Steps")).to_be_visible()
        expect(page.locator("tbody tr").first).to_contain_text("done")

        page.goto("/runs/2031-01-02/")
        expect(page.get_by_role("heading", name="Before it begins")).to_be_visible()
        expect(page.locator("main")).to_contain_text("2031-01-02 is yet to come")
        expect(page.get_by_role("button", name="Begin the run")).to_have_count(0)

    def test_proves_the_books_in_place(self, opened: windows.Open) -> None:
        page = opened("/")

        page.get_by_role("link", name="Prove now").click()

        expect(page.locator("#proofs")).to_contain_text("Proved just now", timeout=30_000)
        expect(page.locator("#proofs .mark--bad")).to_have_count(0)


class TestTheKeys:
    def test_are_listed_and_can_be_switched_off(self, opened: windows.Open) -> None:
        page = opened("/work/")

        page.keyboard.press("?")
        expect(page.locator("#keys-dialog")).to_be_visible()
        page.get_by_label("Switch the single-key shortcuts off on this computer").check()
        page.keyboard.press("Escape")
        page.keyboard.press("/")

        expect(page.locator("#find")).not_to_be_focused()

    def test_reach_the_page_past_the_band(self, opened: windows.Open) -> None:
        page = opened("/work/")

        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.locator("#main")).to_be_focused()


class TestATelephone:
    @pytest.mark.parametrize("tab", ["", "bills/", "payments/", "services/", "history/"])
    def test_shows_every_figure_of_an_account(self, opened: windows.Open, tab: str) -> None:
        page = opened("/", size=windows.TELEPHONE)
        number = an_account_that_owes(page)

        page.goto(f"/accounts/{number}/{tab}")

        beyond = page.evaluate(
            """() => [...document.querySelectorAll("main td, main tfoot th")]
                .filter(cell => cell.innerText.trim()
                    && (cell.getBoundingClientRect().right > innerWidth
                        || cell.getBoundingClientRect().height > 130))
                .map(cell => cell.innerText)"""
        )
        assert beyond == []

    @pytest.mark.parametrize("path", ["/", "/work/", "/till/", "/quote/"])
    def test_shows_the_page_without_sideways_scrolling(
        self, opened: windows.Open, path: str
    ) -> None:
        page = opened(path, size=windows.TELEPHONE)

        assert page.evaluate("document.documentElement.scrollWidth") <= 390
