"""A write that is asked twice with one key is done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from django import http
from django.utils import timezone
from ninja import Header, Schema

from fisc.interfaces.api import doors
from fisc.plumbing.idempotency import calculations
from fisc.plumbing.idempotency import operations as idempotency

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Made up by the program for this write. Asked again with it, nothing is done "
        "twice and the first answer is given.",
    ),
]


def once(
    request: http.HttpRequest, *, key: str, body: Schema | None, do: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Do something once for a key of a person; the address and body are what is asked.

    Raises idempotency.KeyUsedForOtherContent.
    """
    content = {"address": request.path, "body": None if body is None else body.model_dump()}
    return idempotency.once(
        key=f"api {doors.person(request)} {key}",
        content_sha256=calculations.content_sha256(content),
        do=do,
        at=timezone.now(),
    )
