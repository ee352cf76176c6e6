"""What others may ask about the people who sign in."""

import dataclasses
import datetime
import hashlib
import hmac
from typing import Final

from django.db import connection

from fisc.plumbing.users import models

#: How every key of a program begins, so that one that lies about is known for what it is.
KEY_PREFIX: Final = "fisc_"
_ID_MAX: Final = 2**63 - 1


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


def staff_with(permission: str) -> list[Person]:
    """List the active staff whose groups give a permission, named as `app.name`, by name."""
    app_label, _, codename = permission.partition(".")
    rows = models.User.objects.filter(
        is_active=True,
        kind="staff",
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label=app_label,
    )
    return [
        Person(row.id, row.username, row.full_name, row.language)
        for row in rows.distinct().order_by("full_name", "id")
    ]


def person(*, username: str) -> Person:
    """Return the active person who signs in under this name, or raise UnknownUser."""
    row = models.User.objects.filter(username=username, is_active=True).first()
    if row is None:
        raise UnknownUser(f"Nobody signs in as {username!r}. Check the spelling.")
    return Person(row.id, row.username, row.full_name, row.language)


@dataclasses.dataclass(frozen=True)
class ApiKey:
    key_id: int
    username: str
    name: str
    made_at: datetime.datetime
    ends_at: datetime.datetime
    revoked_at: datetime.datetime | None


def user_of_api_key(key: str, *, at: datetime.datetime) -> models.User | None:
    """Return the active person as whom a program with this key acts, or None."""
    number, _, secret = key.removeprefix(KEY_PREFIX).partition("_")
    if not key.startswith(KEY_PREFIX) or not (number.isascii() and number.isdigit()):
        return None
    if int(number) > _ID_MAX:
        return None
    row = models.ApiKey.objects.select_related("user").filter(id=int(number)).first()
    if row is None or row.revoked_at is not None or row.ends_at <= at or not row.user.is_active:
        return None
    sha256 = hashlib.sha256(secret.encode()).digest()
    return row.user if hmac.compare_digest(sha256, bytes(row.secret_sha256)) else None


def api_keys() -> list[ApiKey]:
    """List every key, the newest first."""
    return [
        ApiKey(row.id, row.user.username, row.name, row.made_at, row.ends_at, row.revoked_at)
        for row in models.ApiKey.objects.select_related("user").order_by("-id")
    ]
