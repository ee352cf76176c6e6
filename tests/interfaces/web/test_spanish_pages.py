"""A clerk who works in Spanish meets no English sentence of the program."""

from __future__ import annotations

import datetime
import html

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.cashiering import queries as cashiering
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions
from tests.browser import city


def in_spanish(browser: Client) -> Client:
    browser.post("/language/", {"language": "es"})
    return browser


def shown(browser: Client, address: str) -> str:
    return html.unescape(browser.get(address).content.decode())


@transactions.starts_transaction
def raise_held(*, reason: str) -> None:
    """Raise an item as a bill run does for a bill that the city's table holds."""
    work_items.raise_items(
        items=[
            work_items.NewItem(
                kind="bill held",
                reason=reason,
                cause_key="a test in Spanish",
                subject_kind="till",
                subject_id=1,
                due_on=datetime.date(2026, 1, 1),
                detail={"words": "Look at the reads and the bill, then release it or correct it."},
            )
        ],
        at=timezone.now(),
    )


class TestPageInSpanish:
    def test_says_an_error_of_a_form(self, cashier: Client) -> None:
        page = html.unescape(
            in_spanish(cashier)
            .post("/till/open/", {"name": "9", "float_cents": "999999.00"})
            .content.decode()
        )

        assert "Un fondo de $999,999.00 es más de aquello con que empieza un cajón" in page
        assert "Look at the amount" not in page

    def test_says_that_something_is_not_there(self, supervisor: Client) -> None:
        page = shown(in_spanish(supervisor), "/bills/10000000000/")

        assert (
            "10000000000 no es un número de 11 dígitos con un dígito verificador correcto." in page
        )

    def test_names_the_steps_of_a_run_and_what_they_count(self, supervisor: Client) -> None:
        page = shown(in_spanish(supervisor), f"/runs/{city.today()}/")

        assert "Calcular las facturas" in page
        assert "recargos por pago tardío" in page
        assert "Calculate bills" not in page

    def test_says_the_invariants(self, supervisor: Client) -> None:
        page = shown(in_spanish(supervisor), "/")

        assert "La huella de cada día sellado sigue siendo válida." in page

    def test_says_a_work_item_in_the_city_s_own_words(self, supervisor: Client) -> None:
        raise_held(reason="Too many estimated reads")

        page = shown(in_spanish(supervisor), "/work/")

        assert "Demasiadas lecturas estimadas" in page
        assert "factura retenida" in page
        assert "Too many estimated reads" not in page

    def test_says_what_a_book_decides(self, supervisor: Client) -> None:
        page = shown(in_spanish(supervisor), "/tables/")

        assert "Cargos de agua" in page
        assert "Cuánto cuesta el agua de una parte de un período facturado" in page

    def test_answers_a_script_in_spanish(
        self, supervisor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_till(**_: object) -> None:
            raise cashiering.NoSuchTill("There is no till 7.")

        monkeypatch.setattr("fisc.domain.cashiering.queries.till_of", no_till)

        said = in_spanish(supervisor).get("/till/", headers={"Accept": "application/json"})

        assert said.json() == {"words": "No existe la caja 7."}


class TestPageInEnglish:
    def test_stays_as_it_was(self, supervisor: Client) -> None:
        supervisor.post("/language/", {"language": "en"})

        page = shown(supervisor, f"/runs/{city.today()}/")

        assert "Calculate bills" in page
