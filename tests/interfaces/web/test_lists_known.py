"""Pages after a list has changed: amounts keep the words that they were made with."""

from __future__ import annotations

import datetime
import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from fisc.basics import periods
from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.code_lists import queries as code_lists
from fisc.interfaces.jobs import tasks
from fisc.plumbing import transactions
from tests.browser import city
from tests.factories import list_people


def page(browser: Client, address: str) -> str:
    return html.unescape(browser.get(address).content.decode())


@pytest.mark.usefixtures("lived_in_city")
class TestADay:
    def test_begins_with_the_day_by_the_worker(self) -> None:
        today = timezone.localdate()
        reasons = next(iter(code_lists.codes("return reason").values()))
        edition_id = code_lists.governing("return reason", as_of=code_lists.AsOf(today))
        assert edition_id is not None
        renamed = code_lists.content(edition_id).decode().replace(reasons.label_en, "Renamed")
        with transactions.started():
            code_list_writes.adopt(
                of=list_people.adoption("return reason", renamed, periods.Period(starts_on=today)),
                at=timezone.now(),
                today=today - datetime.timedelta(days=1),
            )
        assert code_lists.code("return reason", reasons.code).label_en == reasons.label_en

        tasks.begin_day(timestamp=0)

        assert code_lists.code("return reason", reasons.code).label_en == "Renamed"


class TestWhatWasKnown:
    def test_a_bill_keeps_the_words_it_was_made_with(self, supervisor: Client) -> None:
        account = re.search(
            r'href="/accounts/(\d+)/"', page(supervisor, f"/search/?q={city.STREET}")
        )
        assert account is not None
        bill = re.search(
            r'href="/bills/(\d+)/"', page(supervisor, f"/accounts/{account[1]}/bills/")
        )
        assert bill is not None
        why = f"/bills/{bill[1]}/lines/1/why/"
        before = page(supervisor, why)
        lines = code_lists.codes("bill line").values()
        label = next(each.label_en for each in lines if each.label_en in before)
        edition_id = code_lists.governing("bill line", as_of=code_lists.AsOf(city.today()))
        assert edition_id is not None
        content = code_lists.content(edition_id).decode()
        renamed = content.replace(f",{label},", ",Renamed since,")
        if f'"{label}"' in content:
            renamed = content.replace(f'"{label}"', "Renamed since")
        assert renamed != content

        with transactions.started():
            code_list_writes.adopt(
                of=list_people.adoption(
                    "bill line", renamed, periods.Period(starts_on=datetime.date(2020, 1, 1))
                ),
                at=timezone.now(),
                today=timezone.localdate(),
            )

        after = page(supervisor, why)
        assert "Renamed since" in {each.label_en for each in code_lists.codes("bill line").values()}
        assert label in after
        assert "Renamed since" not in after
        assert "Renamed since" not in page(supervisor, f"/bills/{bill[1]}/")
