"""Who may pass: a program shows the key of a person, and may do what that person may."""

from __future__ import annotations

from typing import Final

from django import http
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.users import models
from fisc.plumbing.users import queries as users

FORBIDDEN: Final = 403
#: Opens to every key that is in force, whatever its person may do.
ANY: Final = ""


class Opens(HttpBearer):
    """The key in the header `Authorization: Bearer …`, of a person who has a permission."""

    openapi_scheme = "bearer"

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission

    def authenticate(self, request: http.HttpRequest, token: str) -> models.User | None:
        """Return the person as whom the program acts, or None, which answers 401."""
        user = users.user_of_api_key(token, at=timezone.now())
        if user is None:
            return None
        if self.permission != ANY and not user.has_perm(self.permission):
            raise HttpError(FORBIDDEN, "The person whose key this is may not do that.")
        request.user = user
        return user


class Closed(HttpBearer):
    """What opens to nobody: the door of an operation that forgot to say who may pass."""

    def authenticate(self, _request: http.HttpRequest, _token: str) -> None:
        """Let nobody in."""


def person(request: http.HttpRequest) -> int:
    """Return as whom the program acts."""
    signed_in = request.user.pk
    assert signed_in is not None, "an operation behind no door asked who is there"
    return int(signed_in)


def shown(request: http.HttpRequest, *, what: str, number: int) -> None:
    """Keep in the action log that a program was shown something of a subject."""
    with transactions.started(by="keeping what was seen"):
        # Nobody waits for the disk to look at something (decision 0074).
        transactions.need_not_wait_for_the_disk()
        action_log.record(
            user_id=person(request),
            verb="see",
            subject_kind=what,
            subject_id=number,
            why="",
            detail={"page": request.path},
            at=timezone.now(),
        )
