"""What someone who signed in may do: the permissions of their groups, read in one statement."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth import backends

from fisc.plumbing.users import models, queries

_KEPT: Final = "permissions_of_groups"


class GroupBackend(backends.ModelBackend):
    """Django's own sign-in with names and passwords; permissions by group only (decision 0070)."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return every permission, asked once a request: the user is made anew for each."""
        if not user_obj.is_active or not isinstance(user_obj, models.User) or obj is not None:
            return set()
        kept: set[str] | None = getattr(user_obj, _KEPT, None)
        if kept is None:
            kept = queries.permissions_of(user_id=user_obj.pk)
            setattr(user_obj, _KEPT, kept)
        return kept
