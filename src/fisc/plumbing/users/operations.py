"""Every write on the people who sign in and on the groups they belong to."""

import datetime
from collections.abc import Sequence

from django.contrib.auth import models as auth

from fisc.plumbing.users import choices, models, permissions


class PermissionsNotMade(Exception):
    """The migrations that make the permissions have not run."""


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
