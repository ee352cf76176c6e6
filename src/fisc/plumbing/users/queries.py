"""What others may ask about the people who sign in."""

import dataclasses

from django.db import connection

from fisc.plumbing.users import models


class UnknownUser(Exception):
    """No person signs in under this name."""


@dataclasses.dataclass(frozen=True)
class Person:
    user_id: int
    username: str
    full_name: str
    language: str


def user_id(*, username: str) -> int:
    """Return the id of the person who signs in under this name, or raise UnknownUser."""
    found = models.User.objects.filter(username=username).values_list("id", flat=True).first()
    if found is None:
        raise UnknownUser(f"Nobody signs in as {username!r}. Check the spelling.")
    return found


def names(*, user_ids: set[int]) -> dict[int, str]:
    """Return the full name of each of these people."""
    rows = models.User.objects.filter(id__in=user_ids).values_list("id", "full_name")
    return dict(rows)


def permissions_of(*, user_id: int) -> set[str]:
    """Return the permissions that a person's groups give, as `app.name`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select distinct content.app_label || '.' || permission.codename
            from users_user_groups as member
            join auth_group_permissions as given on given.group_id = member.group_id
            join auth_permission as permission on permission.id = given.permission_id
            join django_content_type as content on content.id = permission.content_type_id
            where member.user_id = %s
            """,
            [user_id],
        )
        return {name for (name,) in cursor.fetchall()}


def staff() -> list[Person]:
    """List the active staff by name."""
    rows = models.User.objects.filter(is_active=True, kind="staff").order_by("full_name")
    return [
        Person(row.id, row.username, row.full_name, row.language)
        for row in rows.only("id", "username", "full_name", "language")
    ]


def person(*, username: str) -> Person:
    """Return the active person who signs in under this name, or raise UnknownUser."""
    row = models.User.objects.filter(username=username, is_active=True).first()
    if row is None:
        raise UnknownUser(f"Nobody signs in as {username!r}. Check the spelling.")
    return Person(row.id, row.username, row.full_name, row.language)
