"""The versions of the rule tables as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django import http
from django.utils.translation import gettext as _

from fisc.domain.rule_tables.queries import versions as queries
from fisc.interfaces.web import exports


def versions(
    *, file_format: str, versions: Sequence[queries.VersionSummary]
) -> http.HttpResponseBase:
    """Return every version of every book, by book and number."""
    kind = exports.Kind
    columns = (
        exports.Column(_("Book")),
        exports.Column(_("Version"), kind.COUNT),
        exports.Column(_("State")),
        exports.Column(_("From"), kind.DAY),
        exports.Column(_("Until before"), kind.DAY),
        exports.Column(_("Written by")),
        exports.Column(_("Approved by")),
        exports.Column(_("Approved"), kind.INSTANT),
        exports.Column(_("Reason")),
        exports.Column(_("Source")),
        exports.Column("SHA-256"),
    )
    rows = (
        (
            *(each.book, each.number, each.status),
            *(each.effective.starts_on, each.effective.ends_before),
            *(each.author, each.approver, each.approved_at),
            *(each.reason, each.citation, each.sha256),
        )
        for each in versions
    )
    return exports.answer(file_format=file_format, name="tables", columns=columns, rows=rows)
