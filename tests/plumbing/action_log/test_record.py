"""What was done is written down with who, why and to what."""

from __future__ import annotations

import datetime

import pytest

from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.action_log import queries
from tests.factories import users

AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)


@pytest.mark.usefixtures("db")
def test_actions_on_a_thing_come_newest_first_and_in_pages() -> None:
    user_id = users.person("ana")
    ids = [
        action_log.record(
            user_id=user_id,
            verb=verb,
            subject_kind="till",
            subject_id=7,
            why="because",
            detail={"cents": 5},
            at=AT,
        )
        for verb in ("open till", "close till")
    ]

    newest, oldest = queries.actions_on(subject_kind="till", subject_id=7)

    assert (newest.verb, newest.user_id, newest.why, newest.detail) == (
        "close till",
        user_id,
        "because",
        {"cents": 5},
    )
    assert oldest.id == ids[0]
    assert queries.actions_on(subject_kind="till", subject_id=7, before_id=newest.id) == [oldest]
    assert queries.actions_on(subject_kind="account", subject_id=7) == []
