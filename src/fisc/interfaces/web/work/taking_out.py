"""The work queue as a file: my items, then what waits, one line a cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django import http
from django.utils.translation import gettext as _

from fisc.domain.work_items import queries
from fisc.interfaces.web import exports, sentences
from fisc.interfaces.web.work import showing


def work(
    *, file_format: str, mine: Sequence[queries.ItemSeen], causes: Sequence[queries.Cause]
) -> http.HttpResponseBase:
    """Return what the page of the queue shows."""
    kind = exports.Kind
    columns = (
        exports.Column(_("State")),
        exports.Column(_("What")),
        exports.Column(_("Kind")),
        exports.Column(_("About")),
        exports.Column(_("Items"), kind.COUNT),
        exports.Column(_("Due"), kind.DAY),
        exports.Column(_("Last word")),
    )
    return exports.answer(
        file_format=file_format, name="work", columns=columns, rows=_rows(mine, causes)
    )


def _rows(
    mine: Sequence[queries.ItemSeen], causes: Sequence[queries.Cause]
) -> Iterator[Sequence[object]]:
    accounts = showing.names(mine)
    said, city = sentences.in_language, showing.city_words()
    for item in showing.in_city_words(mine):
        about = f"{item.subject_kind} {item.subject_id}"
        if item.subject_kind == "account" and item.subject_id in accounts:
            number, name = accounts[item.subject_id]
            about = f"{name}, {number}"
        kind, reason = said(item.kind), said(item.reason)
        yield _("mine"), reason, kind, about, 1, item.due_on, item.last_word
    for cause in causes:
        kind, reason = said(cause.kind), said(city.get(cause.reason, cause.reason))
        yield _("waiting"), reason, kind, None, cause.count, cause.due_on, None
