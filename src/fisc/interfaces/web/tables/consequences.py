"""What a version does to the world: the bills it would change, and the notice of the change."""

from __future__ import annotations

from typing import Final

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.views.decorators import http as verbs

from fisc.dmn.columns import types
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables.operations import evidence
from fisc.domain.rule_tables.queries import notices, versions
from fisc.domain.utilities.queries import corrections
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.tables import showing
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions

BILLS_SHOWN: Final = 200
# Why there is no list; said on the page.
CANNOT = (
    corrections.MakesNoBillLines,
    versions.NoVersionForDate,
    xml_problems.ModelIsRefused,
    types.DeclarationIsWrong,
)


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def affected(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """List the bills whose days a version touches, each with its correction in cents.

    Who looked is kept: a second approval of days that have begun needs it.
    """
    draft = showing.found(version_id)
    found, problem, now = None, "", timezone.now()
    try:
        found = corrections.affected_bills(version_id=version_id, known_at=now)
    except CANNOT as wrong:
        problem = str(wrong)
    evidence.note_bills_seen(
        version_id=version_id,
        by=showing.username(request),
        at=now,
        bills=len(found.corrections) if found else 0,
        difference_cents=found.difference_cents if found else 0,
        problem=problem,
        where=request.path,
    )
    return shortcuts.render(
        request,
        "tables/affected.html",
        {
            "draft": draft,
            "found": found,
            "problem": problem,
            "listed": found.corrections[:BILLS_SHOWN] if found else (),
            "may": showing.may(request, draft),
        },
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def notice(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Give the printed notice of a change as PDF, in the language of the page."""
    draft = showing.found(version_id)
    try:
        content = notices.change_notice(
            version_id, language=languages.current(), made_at=timezone.now()
        )
    except (notices.NoticeNotMade, typesetter.LetterDoesNotTypeset) as problem:
        messages.error(request, str(problem))
        return shortcuts.redirect("table_version", version_id=version_id)
    name = f"{draft.file_name.removesuffix('.dmn')}.pdf"
    return http.HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
