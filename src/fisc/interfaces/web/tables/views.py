"""The rule tables: what is in force, what comes, what is written, and each version to read."""

from __future__ import annotations

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.rule_tables.queries import approving, books, versions
from fisc.interfaces.web import as_of, doors, exports
from fisc.interfaces.web.tables import showing, taking_out
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.SEE_TABLES)
def tables(request: http.HttpRequest) -> http.HttpResponseBase:
    """List the books with what is in force, comes and is written; as a file, every version."""
    if file_format := exports.wanted(request):
        return taking_out.versions(file_format=file_format, versions=versions.versions())
    today, now = timezone.localdate(), timezone.now()
    form = as_of.AsOfForm(request.GET if "day" in request.GET else None)
    asked = form.as_of() if form.is_valid() else None
    try:
        running_out, unsaid = books.running_out(day=today, known_at=now), ""
    except books.NoPolicy as problem:
        running_out, unsaid = (), str(problem)
    return shortcuts.render(
        request,
        "tables/tables.html",
        {
            "books": books.books(
                day=asked.day if asked else today,
                known_at=asked.known_at or now if asked else now,
            ),
            "form": form,
            "asked": asked,
            "running_out": running_out,
            "unsaid": unsaid,
            "unconfirmed": approving.unconfirmed(today),
        },
        status=422 if form.errors else 200,
    )


@doors.opens_with(permissions.SEE_TABLES)
def version(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show one version, table by table, with what each row cites and what may be done with it."""
    return showing.page(request, showing.found(version_id))


@doors.opens_with(permissions.SEE_TABLES)
def file(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Give the file of a version, byte for byte."""
    del request
    try:
        content = versions.dmn(version_id)
    except versions.NoSuchVersion as problem:
        raise http.Http404(str(problem)) from problem
    return http.HttpResponse(
        content,
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="version-{version_id}.dmn"'},
    )
