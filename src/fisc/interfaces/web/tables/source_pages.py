"""The files that a version's look-up tables were taken from: given, compared, and filled from."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from typing import Any

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.dmn import model as dmn
from fisc.dmn.checks import coverage, findings, reconciliation, source_files
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import choices
from fisc.domain.rule_tables.calculations import sources
from fisc.domain.rule_tables.operations import drafts, people
from fisc.domain.rule_tables.operations import sources as operations
from fisc.domain.rule_tables.queries import drafts as written
from fisc.domain.rule_tables.queries import filled
from fisc.domain.rule_tables.queries import sources as queries
from fisc.interfaces.web import doors
from fisc.interfaces.web.tables import changing, forms, showing
from fisc.plumbing.users import permissions

# Of the cells that filling a table changes, on a page.
CHANGES_SHOWN = 300
# More rows take longer to put into a table than a page may: the command does it.
MOST_FILLED = 10_000

CANNOT = (
    drafts.DraftChangedMeanwhile,
    drafts.NotADraft,
    operations.CannotBeFilled,
    people.NotPermitted,
    queries.NoSuchSource,
    source_files.SourceIsWrong,
    sources.NoSuchTable,
    xml_problems.ModelIsRefused,
)


@dataclasses.dataclass(frozen=True)
class Listed:
    """A table, how many rules it has, and its source."""

    decision: str
    rules: int
    kept: queries.Kept | None

    @property
    def is_wanted(self) -> bool:
        """Whether it has too many rules to be without."""
        return self.kept is None and self.rules > reconciliation.MANY_RULES


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a table, and which of the file's it is, if somebody said."""

    field: str
    heading: str
    chosen: str
    is_result: bool


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def listed(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """List a version's tables with the source of each."""
    draft = showing.found(version_id)
    kept = queries.of_version(version_id)
    found: Sequence[Listed] = ()
    problem = ""
    try:
        found = [
            Listed(each.name, len(table.rules), kept.get(each.name))
            for each, table in coverage.tables_of(filled.model(version_id))
        ]
    except xml_problems.ModelIsRefused as refused:
        problem = str(refused)
    return shortcuts.render(
        request,
        "tables/sources.html",
        {"draft": draft, "tables": found, "problem": problem, "many": reconciliation.MANY_RULES},
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def source(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show a table beside its source: rows, totals, what differs, and what does from last time."""
    return _page(request, showing.found(version_id), request.GET.get("decision", ""))


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def give(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Take a file as a table's source, with the columns that are called as the table's are."""
    draft, decision = _draft(version_id), request.POST.get("decision", "")
    form = forms.SourceForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            operations.give_source(
                version_id=version_id,
                given=_given(version_id, decision, file),
                by=showing.username(request),
                at=timezone.now(),
            )
        except CANNOT as problem:
            return _page(request, draft, decision, problem=str(problem))
        messages.success(request, _("The file is kept. Look whether its columns are right."))
        return _back(draft, decision)
    return _page(request, draft, decision, form=form)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def columns(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Say which column of the file each column of the table is."""
    draft, decision = _draft(version_id), request.POST.get("decision", "")
    kept = _kept(version_id, decision)
    try:
        table = filled.table(version_id, decision)
        fields = _columns(decision, table, kept)
        chosen = tuple(request.POST.get(each.field, "") for each in fields)
        operations.give_source(
            version_id=version_id,
            given=dataclasses.replace(kept.given, columns=chosen),
            by=showing.username(request),
            at=timezone.now(),
        )
    except CANNOT as problem:
        return _page(request, draft, decision, problem=str(problem))
    messages.success(request, _("The columns are kept."))
    return _back(draft, decision)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def leave_out(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Say that a table was taken from no file after all."""
    draft, decision = _draft(version_id), request.POST.get("decision", "")
    operations.leave_source_out(
        version_id=version_id,
        decision=decision,
        by=showing.username(request),
        at=timezone.now(),
    )
    messages.success(request, _("The table has no source file now."))
    return shortcuts.redirect("table_sources", version_id=draft.version_id)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def rows(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show every cell that taking the file's rows changes; then, asked again, keep it."""
    draft = _draft(version_id)
    decision = request.POST.get("decision", "") or request.GET.get("decision", "")
    kept = _kept(version_id, decision)
    given: dict[str, object] = {"draft": draft, "decision": decision, "kept": kept}
    try:
        if request.method == "POST":
            saved = operations.fill_from_source(
                version_id=version_id,
                decision=decision,
                based_on_sha256=request.POST.get("based_on", ""),
                source_sha256=request.POST.get("source", ""),
                by=showing.username(request),
                at=timezone.now(),
            )
            messages.success(request, _("The table has the rows of the file now."))
            if saved.cases.failed or saved.cases.problem:
                words = _("Some cases do not come out as expected. Look at them.")
                messages.warning(request, words)
            return _back(draft, decision)
        given |= _proposal(version_id, kept)
    except CANNOT as problem:
        given["problems"] = [str(problem)]
    return shortcuts.render(
        request,
        "tables/source_rows.html",
        given,
        status=showing.UNPROCESSABLE if given.get("problems") else None,
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def file(request: http.HttpRequest, version_id: int) -> http.HttpResponseBase:
    """Give the file, byte for byte."""
    kept = _kept(showing.found(version_id).version_id, request.GET.get("decision", ""))
    return http.FileResponse(
        io.BytesIO(kept.given.content),
        as_attachment=True,
        filename=kept.given.name,
        content_type="text/csv; charset=utf-8",
    )


# --- Inside --------------------------------------------------------------------------------------


def _page(
    request: http.HttpRequest,
    draft: written.Draft,
    decision: str,
    *,
    form: forms.SourceForm | None = None,
    problem: str = "",
) -> http.HttpResponse:
    try:
        table = filled.table(draft.version_id, decision)
    except sources.NoSuchTable as unknown:
        raise http.Http404(str(unknown)) from unknown
    kept = queries.of_version(draft.version_id).get(decision)
    beside, differing = _beside(draft.version_id, decision, table)
    can_write = request.user.has_perm(permissions.WRITE_TABLES)
    return shortcuts.render(
        request,
        "tables/source.html",
        {
            "draft": draft,
            "decision": decision,
            "rules": len(table.rules),
            "is_wanted": Listed(decision, len(table.rules), kept).is_wanted,
            "kept": kept,
            "columns": _columns(decision, table, kept) if kept else (),
            "names": _names(kept) if kept else (),
            "reconciled": [beside] if beside else [],
            "differing": differing,
            "may_write": can_write and draft.status == choices.Status.DRAFT,
            "form": form or forms.SourceForm(),
            "problem": problem,
        },
        status=showing.UNPROCESSABLE if form is not None or problem else None,
    )


def _beside(
    version_id: int, decision: str, table: dmn.DecisionTable
) -> tuple[findings.Reconciled | None, tuple[findings.Finding, ...]]:
    found = queries.for_checks(written.version_row(version_id)).get(decision)
    return (None, ()) if found is None else reconciliation.check(decision, table, found)


def _columns(decision: str, table: dmn.DecisionTable, kept: queries.Kept | None) -> list[Column]:
    chosen = kept.given.columns if kept else ()
    return [
        Column(
            field=f"column_{number}",
            heading=heading,
            chosen=chosen[number] if number < len(chosen) else "",
            is_result=number >= len(table.inputs),
        )
        for number, heading in enumerate(sources.headings(decision, table))
    ]


def _names(kept: queries.Kept) -> Sequence[str]:
    return [each for each in source_files.read(kept.given.content, kept.given.name).names if each]


def _given(version_id: int, decision: str, file: Any) -> sources.Given:
    name = file.name or "source.csv"
    if (file.size or 0) > source_files.MOST_BYTES:
        raise source_files.SourceIsWrong(source_files.too_large(name))
    content = file.read()
    table = filled.table(version_id, decision)
    names = source_files.read(content, name).names
    return sources.Given(decision, name, content, sources.proposed(decision, table, names))


def _proposal(version_id: int, kept: queries.Kept) -> dict[str, object]:
    rows = len(source_files.read(kept.given.content, kept.given.name).rows)
    if rows > MOST_FILLED:
        words = _(
            "%(name)s has %(rows)s rows; a page takes at most %(most)s. Take them with the command "
            "“fisc tables source … --fill”."
        )
        given = {"name": kept.given.name, "rows": f"{rows:,}", "most": f"{MOST_FILLED:,}"}
        return {"problems": [words % given]}
    proposed = filled.from_source(version_id, kept.given.decision)
    return {
        "changes": changing.in_words(proposed.differences[:CHANGES_SHOWN]),
        "all_changes": len(proposed.differences),
        "problems": [str(each) for each in proposed.problems],
    }


def _kept(version_id: int, decision: str) -> queries.Kept:
    try:
        return queries.source(version_id, decision)
    except queries.NoSuchSource as problem:
        raise http.Http404(str(problem)) from problem


def _draft(version_id: int) -> written.Draft:
    draft = showing.found(version_id)
    if draft.status != choices.Status.DRAFT:
        raise http.Http404(f"Version {draft.number} is {draft.status}; only a draft is changed.")
    return draft


def _back(draft: written.Draft, decision: str) -> http.HttpResponse:
    address = shortcuts.resolve_url("table_source", version_id=draft.version_id)
    query = http.QueryDict(mutable=True)
    query["decision"] = decision
    return http.HttpResponseRedirect(f"{address}?{query.urlencode()}")
