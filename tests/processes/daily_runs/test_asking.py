"""A run that a page asks for: the job is deferred once, and the worker does the day."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from fisc.interfaces.jobs import tasks
from fisc.plumbing.runs import queries as runs
from fisc.plumbing.users import queries as users
from fisc.processes.daily_runs import operations, queries
from tests.processes.conftest import SmallCity


def jobs_waiting() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select task_name, args ->> 'posting_day' from procrastinate_jobs where status = 'todo'"
        )
        return list(cursor.fetchall())


class TestAsking:
    def test_defers_one_job_and_refuses_the_second(self, small_city: SmallCity) -> None:
        supervisor = users.user_id(username="supervisor")

        operations.ask_for_day(posting_day=small_city.day, user_id=supervisor)

        with pytest.raises(operations.AskedAlready, match="asked for already"):
            operations.ask_for_day(posting_day=small_city.day, user_id=supervisor)
        assert jobs_waiting() == [(operations.JOB, small_city.day.isoformat())]

    def test_the_job_runs_the_day_in_the_name_of_who_asked(
        self, small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        supervisor = users.user_id(username="supervisor")
        monkeypatch.setattr(timezone, "now", lambda: small_city.instant)

        tasks.run_day(posting_day=small_city.day.isoformat(), user_id=supervisor)

        run = runs.run_of_day(posting_day=small_city.day)
        assert (run.status, run.started_by_id) == ("done", supervisor)

    def test_a_day_that_cannot_begin_is_noted_and_not_tried_again(
        self, small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(timezone, "now", lambda: small_city.instant)
        tomorrow = small_city.day + datetime.timedelta(days=1)

        tasks.run_day(posting_day=tomorrow.isoformat(), user_id=None)

        with pytest.raises(runs.NoSuchRun):
            runs.run_of_day(posting_day=tomorrow)
        refusal = queries.last_refusal(posting_day=tomorrow)
        assert refusal is not None
        assert refusal.at == small_city.instant
        assert "2026-03-21 is yet to come" in refusal.why
        assert queries.last_refusal(posting_day=tomorrow + datetime.timedelta(days=1)) is None
