"""What waits, line by line, and until when an item may sleep."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.work_items import operations as work_items
from fisc.interfaces.web.work import forms
from fisc.plumbing import transactions


class TestTheQueue:
    def test_is_one_line_a_reason_that_names_who_it_is_about(self, supervisor: Client) -> None:
        today = timezone.localdate()
        with transactions.started():
            work_items.raise_items(
                items=[
                    work_items.NewItem(
                        kind="read",
                        reason="the dial was hidden",
                        cause_key=f"hidden dial {days}",
                        subject_kind="read file row",
                        subject_id=days,
                        due_on=today + datetime.timedelta(days=days),
                        detail={"meter": f"W77{days}"},
                    )
                    for days in range(3)
                ],
                at=timezone.now(),
            )

        page = supervisor.get("/work/").content.decode()

        assert page.count('">the dial was hidden</a>') == 1
        assert "3 in all" in page
        assert [f"Meter W77{days}" in page for days in range(3)] == [True, True, True]


class TestSnoozing:
    @pytest.mark.parametrize(("days", "is_taken"), [(-1, False), (0, False), (1, True)])
    def test_is_until_a_day_to_come(self, supervisor: Client, days: int, is_taken: bool) -> None:
        del supervisor
        until = timezone.localdate() + datetime.timedelta(days=days)
        form = forms.MoveForm(
            user_id=0, data={"action": "snooze", "reason": "waits", "until": until.isoformat()}
        )

        assert form.is_valid() is is_taken
        assert ("until" in form.errors) is not is_taken
