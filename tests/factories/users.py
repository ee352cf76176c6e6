"""People who sign in, by group."""

from __future__ import annotations

import datetime

from django.test import Client

from fisc.plumbing.users import choices, models
from fisc.plumbing.users import operations as users

MADE_AT = datetime.datetime(2026, 1, 2, 15, 0, tzinfo=datetime.UTC)
PASSWORD = "a long enough word"  # Opens nothing but a test's database.


def person(username: str, *groups: choices.GroupName, full_name: str = "") -> int:
    """Make someone of these groups and return their id."""
    users.make_groups()
    return users.make_user(
        username=username,
        full_name=full_name or username.title(),
        password=PASSWORD,
        groups=groups,
        made_at=MADE_AT,
    )


def browser_of(user_id: int) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(
        models.User.objects.get(id=user_id), backend="fisc.plumbing.users.backends.GroupBackend"
    )
    return client
