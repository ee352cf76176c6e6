"""The rule tables, to read: what is in force, which versions there were, what each row cites."""

import dataclasses
import itertools
from collections.abc import Sequence

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.rule_tables.queries import versions as queries
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.tables import sheets
from fisc.plumbing.users import permissions


@dataclasses.dataclass(frozen=True)
class BookShown:
    """A book with the question it answers, the version that governs today, and all the others."""

    name: str
    question: str
    governing: queries.VersionSummary | None
    versions: Sequence[queries.VersionSummary]


@doors.opens_with(permissions.SEE_TABLES)
def tables(request: http.HttpRequest) -> http.HttpResponse:
    """List the books with what is in force today."""
    points = queries.decision_points()
    books = []
    for name, versions in itertools.groupby(queries.versions(), key=lambda each: each.book):
        listed = list(versions)
        point = points.get(listed[0].decision_point)
        books.append(
            BookShown(
                name=name,
                question=point.words if point else listed[0].decision_point,
                governing=_governing(listed),
                versions=listed[::-1],
            )
        )
    return shortcuts.render(request, "tables/tables.html", {"books": books})


@doors.opens_with(permissions.SEE_TABLES)
def version(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show one version, table by table, with what each row cites."""
    try:
        loaded = queries.version(version_id)
    except queries.NoSuchVersion as problem:
        raise http.Http404(str(problem)) from problem
    return shortcuts.render(
        request,
        "tables/version.html",
        {
            "version": loaded,
            "sheets": sheets.of_model(loaded.tables.model, language=languages.current()),
        },
    )


@doors.opens_with(permissions.SEE_TABLES)
def file(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Give the file of a version, byte for byte."""
    del request
    try:
        content = queries.dmn(version_id)
    except queries.NoSuchVersion as problem:
        raise http.Http404(str(problem)) from problem
    return http.HttpResponse(
        content,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="version-{version_id}.dmn"'},
    )


def _governing(versions: Sequence[queries.VersionSummary]) -> queries.VersionSummary | None:
    point = versions[0].decision_point
    try:
        found = queries.in_force(point, day=timezone.localdate(), known_at=timezone.now())
    except (queries.NoVersionForDate, queries.NoSuchDecisionPoint):
        return None
    return next((each for each in versions if each.version_id == found.version_id), None)
