"""What the domain refuses becomes a page that says so, whichever view asked.

A view catches what its form can show beside a field. Everything else that an operation or a query
raises on purpose comes here, so that foreseeable input never answers 500. What is no error of ours
in words (an assertion, a database's error) is not caught: it breaks, and is logged as broken.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from django import http, shortcuts
from django.utils.translation import gettext as _

from fisc.interfaces import refusing
from fisc.interfaces.web import sentences
from fisc.interfaces.web.middleware import Next

#: Words that are longer than this are no sentence.
_WORDS_MAX: Final = 2_000

#: What a number of PostgreSQL's largest kind holds.
_NUMBER_MAX: Final = 2**63 - 1

_log = logging.getLogger("fisc.refusals")


class Refusals:
    """Answer an error of the domain with its words and the right status."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: http.HttpRequest) -> http.HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: http.HttpRequest,
        _view: object,
        _args: tuple[object, ...],
        numbers: Mapping[str, object],
    ) -> None:
        """Refuse a number in an address that nothing can have, before the database does."""
        for each in numbers.values():
            if isinstance(each, int) and each > _NUMBER_MAX:
                raise http.Http404(_("Nothing has the number %(number)s.") % {"number": each})

    def process_exception(
        self, request: http.HttpRequest, problem: Exception
    ) -> http.HttpResponse | None:
        """Return the page of a refusal; None for what is broken."""
        problem = refusing.readable(problem)
        if not refusing.is_refusal(problem):
            return None
        # Kept by its kind and place, without its words: a view that could say it better is found.
        _log.warning("a page was refused", exc_info=problem, extra={"request": request})
        return answer(request, problem)


def answer(request: http.HttpRequest, problem: Exception) -> http.HttpResponse:
    """Say what was refused: to a script as JSON, to htmx as a part, else as a page."""
    status = refusing.status_of(problem)
    words = str(problem).strip()[:_WORDS_MAX]
    if "application/json" in request.headers.get("Accept", ""):
        return http.JsonResponse({"words": sentences.in_language(words)}, status=status)
    in_place = request.headers.get("HX-Request")
    template = "shell/_refused.html" if in_place else "shell/refused.html"
    return shortcuts.render(
        request,
        template,
        {
            "words": words,
            "is_missing": status == refusing.NOT_FOUND,
            "is_read": request.method == "GET",
        },
        status=status,
    )
