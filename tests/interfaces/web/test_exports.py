"""Lists as CSV and xlsx: typed, harmless, behind the same door, and kept in the action log."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from typing import Any

import pytest
import python_calamine
from django import http
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.domain.accounts import models as accounts
from fisc.domain.payments import queries as payments
from fisc.domain.utilities import models as utilities
from fisc.interfaces.web import exports
from fisc.interfaces.web.exports import Column, Kind
from fisc.plumbing.action_log import models as action_log
from tests.factories import users as people

COLUMNS = (
    Column("Who"),
    Column("Bills", Kind.COUNT),
    Column("Owed", Kind.MONEY),
    Column("Due", Kind.DAY),
    Column("Kept", Kind.INSTANT),
    Column("Late", Kind.YES_NO),
)
AT = datetime.datetime(2026, 7, 1, 17, 30, tzinfo=datetime.UTC)
LOCAL = timezone.localtime(AT)
ROWS: list[tuple[object, ...]] = [
    ("=HYPERLINK(1)", 3, 4095, datetime.date(2026, 7, 1), AT, True),
    ("Ruiz, Añó", 0, -5, None, None, False),
]


def content(response: http.HttpResponseBase) -> bytes:
    assert isinstance(response, http.StreamingHttpResponse)
    taken = b"".join(response)
    if isinstance(response, http.FileResponse) and response.file_to_stream is not None:
        # What the server does when the answer is out.
        response.file_to_stream.close()
    return taken


def csv_rows(response: http.HttpResponseBase) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"), newline="")))


def xlsx_rows(response: http.HttpResponseBase) -> list[list[Any]]:
    book = python_calamine.load_workbook(io.BytesIO(content(response)))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def answered(
    file_format: str, rows: Sequence[Sequence[object]], columns: Sequence[Column] = COLUMNS
) -> http.HttpResponseBase:
    return exports.answer(file_format=file_format, name="list", columns=columns, rows=rows)


class TestCsv:
    def test_holds_dollars_days_and_harmless_texts(self) -> None:
        rows = csv_rows(answered("csv", ROWS))

        assert rows == [
            ["Who", "Bills", "Owed", "Due", "Kept", "Late"],
            ["'=HYPERLINK(1)", "3", "40.95", "2026-07-01", LOCAL.isoformat(sep=" "), "yes"],
            ["Ruiz, Añó", "0", "-0.05", "", "", "no"],
        ]

    def test_leaves_row_by_row(self) -> None:
        response = answered("csv", ROWS)

        assert isinstance(response, http.StreamingHttpResponse)
        assert len(list(response)) == 3

    @settings(max_examples=60, deadline=None)
    @given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=10))
    def test_no_text_begins_like_a_formula_and_none_is_lost(self, text: str) -> None:
        ((found,),) = csv_rows(answered("csv", [(text,)], [Column("Who")]))[1:] or [[""]]

        assert found.removeprefix("'") == text.removeprefix("'")
        assert found[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b"}


class TestXlsx:
    def test_holds_numbers_days_and_texts_as_what_they_are(self) -> None:
        rows = xlsx_rows(answered("xlsx", ROWS))

        assert rows[1] == [
            "=HYPERLINK(1)", 3.0, 40.95, datetime.date(2026, 7, 1),
            LOCAL.replace(tzinfo=None), True,
        ]  # fmt: skip
        assert rows[2] == ["Ruiz, Añó", 0.0, -0.05, "", "", False]

    def test_a_text_too_long_for_a_cell_says_that_it_was_cut(self) -> None:
        rows = xlsx_rows(answered("xlsx", [("x" * 40_000,)], [Column("Who")]))

        assert rows[1][0] == "x" * 32_766 + "…"


def test_no_other_kind_of_file_is_given() -> None:
    with pytest.raises(http.Http404):
        exports.wanted(RequestFactory().get("/?format=pdf"))


class TestLists:
    def test_all_bills_of_an_account(self, supervisor: Client) -> None:
        account = accounts.Account.objects.filter(kind="utility").order_by("number").first()
        assert account is not None
        kept = utilities.Bill.objects.filter(account_id=account.subledger_id)
        address = f"/accounts/{account.number}/bills/"

        rows = csv_rows(supervisor.get(f"{address}?format=csv"))
        sheet = xlsx_rows(supervisor.get(f"{address}?format=xlsx"))

        assert [row[0] for row in rows[1:]] == [row[0] for row in sheet[1:]]
        assert len(rows) - 1 == kept.count() > 0
        cents = sum(round(row[5] * 100) for row in sheet[1:])
        assert cents == sum(kept.values_list("total_cents", flat=True))
        assert 'format=csv"' in supervisor.get(address).content.decode()

    def test_all_payments_of_an_account(self, supervisor: Client) -> None:
        account = accounts.Account.objects.filter(kind="utility").order_by("number").first()
        assert account is not None

        rows = csv_rows(supervisor.get(f"/accounts/{account.number}/payments/?format=csv"))

        assert (
            len(rows) - 1 == len(payments.payments_of_account(account.subledger_id, limit=None)) > 0
        )

    def test_the_work_queue_and_the_tables(self, supervisor: Client) -> None:
        work = csv_rows(supervisor.get("/work/?format=csv"))
        tables = csv_rows(supervisor.get("/tables/?format=csv"))

        assert work[0][:2] == ["State", "What"]
        assert {row[0] for row in work[1:]} <= {"mine", "waiting"}
        assert "utilities" in " ".join(row[0] for row in tables[1:]) or len(tables) > 10

    def test_who_took_a_list_out_is_kept(self, supervisor: Client) -> None:
        account = accounts.Account.objects.filter(kind="utility").order_by("number").first()
        assert account is not None
        address = f"/accounts/{account.number}/bills/"

        content(supervisor.get(f"{address}?format=xlsx"))
        seen = action_log.Action.objects.order_by("-id").first()
        assert seen is not None

        assert (seen.verb, seen.subject_kind, seen.subject_id) == ("see", "account", account.number)
        assert seen.detail == {"page": address, "taken_as": "xlsx"}

        supervisor.get("/work/?format=csv")
        queue = action_log.Action.objects.order_by("-id").first()
        assert queue is not None
        assert (queue.subject_kind, queue.detail["taken_as"]) == ("work queue", "csv")

    def test_the_same_door_stands_before_the_file(self, supervisor: Client) -> None:
        del supervisor
        nobody = people.browser_of(people.person("takes nothing out"))

        for address in ("/work/?format=csv", "/tables/?format=xlsx"):
            assert nobody.get(address).status_code == 403
            assert Client().get(address).status_code == 302
