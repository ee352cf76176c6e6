"""What a program is told when something was refused: RFC 9457, with every problem in words."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from typing import Final

from django import http
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from fisc.interfaces import refusing

UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
#: How every call may be refused, whatever it is.
REFUSED: Final = frozenset(
    {UNAUTHORIZED, FORBIDDEN, refusing.NOT_FOUND, refusing.UNPROCESSABLE, refusing.BUSY}
)
KIND: Final = "application/problem+json"

_log = logging.getLogger("fisc.refusals")


class Problem(Schema):
    """What went wrong, in a word that programs can tell apart and in sentences for people."""

    type: str
    title: str
    status: int
    problems: list[str]


def declare(api: NinjaAPI) -> None:
    """Have every refusal answered alike."""

    @api.exception_handler(AuthenticationError)
    def _no_key(_request: http.HttpRequest, _problem: AuthenticationError) -> http.HttpResponse:
        words = "Send a key that is in force: Authorization: Bearer fisc_… (`fisc api-keys make`)."
        return _answer("no-key", "No key opens this", UNAUTHORIZED, [words])

    @api.exception_handler(HttpError)
    def _forbidden(_request: http.HttpRequest, problem: HttpError) -> http.HttpResponse:
        return _answer("not-allowed", "Not allowed", problem.status_code, [str(problem)])

    @api.exception_handler(ValidationError)
    def _malformed(_request: http.HttpRequest, problem: ValidationError) -> http.HttpResponse:
        found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problem.errors]
        return _answer("malformed", "Not as described", refusing.UNPROCESSABLE, found)

    @api.exception_handler(Exception)
    def _refused(request: http.HttpRequest, problem: Exception) -> http.HttpResponse:
        if isinstance(problem, http.Http404):
            words = str(problem) or "Nothing has that number."
            return _answer("not-found", "Not found", refusing.NOT_FOUND, [words])
        problem = refusing.readable(problem)
        if not refusing.is_refusal(problem):
            raise problem
        _log.warning("a call was refused", exc_info=problem, extra={"request": request})
        said = [_words(each) for each in getattr(problem, "problems", ())] or [str(problem)]
        return _answer(_kind(problem), "Refused", refusing.status_of(problem), said)


def _answer(kind: str, title: str, status: int, problems: Sequence[str]) -> http.HttpResponse:
    body = Problem(type=kind, title=title, status=status, problems=list(problems))
    return http.JsonResponse(body.model_dump(), status=status, content_type=KIND)


def _words(problem: object) -> str:
    """Return a problem as people read it: those that are said in two languages, in English."""
    said: Callable[[str], str] | None = getattr(problem, "said", None)
    return str(problem) if said is None else said("en")


def _kind(problem: Exception) -> str:
    """Return an error's name with hyphens, as `return-is-wrong`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(problem).__name__).lower()
