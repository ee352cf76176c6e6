"""A bill is cancelled and billed again, and a receipt is voided, each with a reason and once."""

from __future__ import annotations

import re

from django.test import Client

from fisc.domain.utilities import models
from tests.browser import city

KEY = re.compile(r'name="key" value="([^"]+)"')
PAYS = re.compile(r'name="(pays_\d+)"')
SEEN = re.compile(r'name="(seen_\d+)"')
SEEN_CENTS = re.compile(r'name="seen_\d+" value="(-?\d+)"')
ACCOUNT = re.compile(r'href="/accounts/(\d+)/"')
RECEIPT = re.compile(r'name="number" value="(\d+)"')
REASON = re.compile(r'name="reason"[^>]*>.*?<option value="(\d+)"', re.DOTALL)


def newest_bill() -> models.Bill:
    """Return a bill that nobody cancelled and that none follows."""
    cancelled = models.BillCancellation.objects.values("bill_id")
    bill = models.Bill.objects.exclude(id__in=cancelled).order_by("-ends_before", "number").first()
    assert bill is not None
    return bill


def said(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found is not None, pattern.pattern
    return found[1]


class TestCancellingABill:
    def test_bills_the_period_again_and_shows_the_new_bill(self, supervisor: Client) -> None:
        old = newest_bill()

        answer = supervisor.post(
            f"/bills/{old.number}/cancel/", {"why": "wrong meter", "rebill": "on"}
        )

        new = models.Bill.objects.get(rebills_id=old.id)
        assert answer["Location"] == f"/bills/{new.number}/"
        assert (new.starts_on, new.ends_before) == (old.starts_on, old.ends_before)
        assert "wrong meter" in supervisor.get(f"/bills/{old.number}/").content.decode()

    def test_is_done_once_when_it_is_asked_twice(self, supervisor: Client) -> None:
        old = newest_bill()
        supervisor.post(f"/bills/{old.number}/cancel/", {"why": "wrong meter"})

        again = supervisor.post(f"/bills/{old.number}/cancel/", {"why": "wrong meter"})

        assert again.status_code == 422
        assert "was cancelled before" in again.content.decode()
        assert models.BillCancellation.objects.filter(bill_id=old.id).count() == 1

    def test_asks_for_a_reason(self, supervisor: Client) -> None:
        old = newest_bill()

        answer = supervisor.post(f"/bills/{old.number}/cancel/", {"why": ""})

        assert answer.status_code == 422
        assert "Say what was wrong." in answer.content.decode()
        assert not models.BillCancellation.objects.filter(bill_id=old.id).exists()


class TestVoidingAReceipt:
    def test_marks_it_void_and_refuses_a_second_time(self, supervisor: Client) -> None:
        supervisor.post("/till/open/", {"name": "8", "float_cents": "100"})
        account = said(ACCOUNT, supervisor.get(f"/search/?q={city.STREET}").content.decode())
        supervisor.post("/till/scan/", {"scanned": account})
        page = supervisor.get("/till/").content.decode()
        supervisor.post(
            "/till/take/",
            {
                "key": said(KEY, page),
                said(PAYS, page): "3.00",
                said(SEEN, page): said(SEEN_CENTS, page),
                "tender_cash": "3",
            },
        )
        page = supervisor.get("/till/").content.decode()
        form = {"number": said(RECEIPT, page), "reason": said(REASON, page)}

        once = supervisor.post("/till/void/", form, follow=True)
        again = supervisor.post("/till/void/", form)

        assert "The receipt is void." in once.content.decode()
        assert again.status_code == 422
