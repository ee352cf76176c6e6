"""Every write on the people who sign in and on the groups they belong to."""

import datetime
import hashlib
import secrets
from collections.abc import Sequence

from django.contrib.auth import models as auth

from fisc.plumbing.users import choices, models, permissions, queries


class PermissionsNotMade(Exception):
    """The migrations that make the permissions have not run."""


class KeyEndsTooSoon(Exception):
    """A key for a program would end before it could be used."""


class KeyHasNoName(Exception):
    """A key for a program says what uses it."""


class NoSuchKey(Exception):
    """There is no key of that number that was not revoked before."""


def make_groups() -> None:
    """Make the office's groups and give each exactly its permissions; harmless twice."""
    known = {
        f"{app}.{name}": key
        for key, app, name in auth.Permission.objects.values_list(
            "id", "content_type__app_label", "codename"
        )
    }
    for group_name, wanted in permissions.BY_GROUP.items():
        missing = [name for name in wanted if name not in known]
        if missing:
            raise PermissionsNotMade(
                f"The group {group_name.value!r} needs {', '.join(missing)}, which the database "
                "does not have. Run the migrations, then try again."
            )
        group, _ = auth.Group.objects.get_or_create(name=group_name.value)
        group.permissions.set([known[name] for name in wanted])


def make_user(
    *,
    username: str,
    full_name: str,
    password: str,
    groups: Sequence[choices.GroupName],
    made_at: datetime.datetime,
    kind: choices.Kind = choices.Kind.STAFF,
    language: choices.Language = choices.Language.ENGLISH,
) -> int:
    """Make someone who can sign in, as a member of these groups, and return the id."""
    user = models.User(
        username=username,
        full_name=full_name,
        kind=kind,
        language=language,
        made_at=made_at,
    )
    user.set_password(password)
    user.save()
    user.groups.set(auth.Group.objects.filter(name__in=[group.value for group in groups]))
    return user.id


def set_language(*, user_id: int, language: choices.Language) -> None:
    """Set the language in which this person sees the pages."""
    models.User.objects.filter(id=user_id).update(language=language)


def make_api_key(
    *, user_id: int, name: str, at: datetime.datetime, ends_at: datetime.datetime
) -> str:
    """Make a key with which a program acts as a person, and return it; it is not shown again.

    Raises KeyEndsTooSoon, KeyHasNoName.
    """
    if not name.strip():
        raise KeyHasNoName("A key has a name. Say which program uses it.")
    if ends_at <= at:
        raise KeyEndsTooSoon("The key would have ended already. Give a day that is to come.")
    secret = secrets.token_urlsafe(32)
    row = models.ApiKey.objects.create(
        user_id=user_id,
        name=name.strip(),
        secret_sha256=hashlib.sha256(secret.encode()).digest(),
        made_at=at,
        ends_at=ends_at,
    )
    return f"{queries.KEY_PREFIX}{row.id}_{secret}"


def revoke_api_key(*, key_id: int, at: datetime.datetime) -> None:
    """Have a key open nothing any more. Raises NoSuchKey."""
    if not models.ApiKey.objects.filter(id=key_id, revoked_at=None).update(revoked_at=at):
        raise NoSuchKey(f"There is no key {key_id}, or it was revoked before. List the keys.")
