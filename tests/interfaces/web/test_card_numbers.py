"""A card's number typed at the till is refused in a sentence, and is nowhere afterwards."""

from __future__ import annotations

import logging
import pathlib
import re

import pytest
from django.db import connection
from django.test import Client

from fisc.plumbing import problem_log
from tests.browser import city

CARD = "4111 1111 1111 1111"
SAID = "looks like the number of a card"
SPELLINGS = (CARD, CARD.replace(" ", ""))


@pytest.fixture
def till(cashier: Client) -> Client:
    """A cashier with an account in the basket."""
    cashier.post("/till/open/", {"name": "7", "float_cents": "100"})
    found = cashier.get(f"/search/?q={city.STREET}").content.decode()
    account = re.search(r'href="/accounts/(\d+)/"', found)
    assert account is not None
    cashier.post("/till/scan/", {"scanned": account[1]})
    return cashier


def form_of(browser: Client) -> dict[str, str]:
    page = browser.get("/till/").content.decode()
    fields = dict(re.findall(r'name="(pays_\d+|key)"[^>]* value="([^"]*)"', page))
    seen = dict(re.findall(r'type="hidden" form="take" name="(seen_\d+)" value="(-?\d+)"', page))
    paid = {name: value if name == "key" else "1" for name, value in fields.items()}
    return {**paid, **seen}


def everything_kept() -> str:
    """Return all that the database keeps, table by table, and the log of problems, as one text."""
    kept = []
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t")
            kept.append(str(cursor.fetchone()[0]))
    for handler in logging.getLogger().handlers:
        if isinstance(handler, problem_log.File):
            path = pathlib.Path(handler.baseFilename)
            kept.append(path.read_text(encoding="utf-8") if path.exists() else "")
    return "\n".join(kept)


def is_nowhere(browser: Client) -> bool:
    session = str(dict(browser.session.items()))
    return not any(each in text for each in SPELLINGS for text in (everything_kept(), session))


class TestAReference:
    @pytest.mark.parametrize("kind", ["check", "card"])
    def test_that_is_a_cards_number_is_refused_and_kept_nowhere(
        self, till: Client, kind: str
    ) -> None:
        form = {**form_of(till), f"tender_{kind}": "1", f"reference_{kind}": CARD}

        till.post("/till/figures/", form)
        answer = till.post("/till/take/", form)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert SAID in page
        assert not any(each in page for each in SPELLINGS)
        assert is_nowhere(till)

    def test_that_the_terminal_printed_is_taken(self, till: Client) -> None:
        form = {**form_of(till), "tender_card": "1", "reference_card": "A-10023"}

        assert till.post("/till/take/", form).status_code == 302


class TestAScan:
    def test_of_a_cards_number_is_refused_and_kept_nowhere(self, till: Client) -> None:
        answer = till.post("/till/scan/", {"scanned": CARD})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert SAID in page
        assert not any(each in page for each in SPELLINGS)
        assert is_nowhere(till)
