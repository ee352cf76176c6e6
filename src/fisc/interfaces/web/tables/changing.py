"""Changing a draft by a form or a spreadsheet: every changed cell is shown before it is kept."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.dmn.differences import comparing, findings, wording
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import choices
from fisc.domain.rule_tables.calculations import policy_values
from fisc.domain.rule_tables.calculations.workbooks import proposing, writing
from fisc.domain.rule_tables.operations import drafts, people
from fisc.domain.rule_tables.queries import drafts as written
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.tables import forms, showing
from fisc.plumbing.users import permissions

LARGEST_WORKBOOK = 20_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

CANNOT = (
    drafts.DraftChangedMeanwhile,
    drafts.FileIsUnreadable,
    drafts.NotADraft,
    people.NotPermitted,
)


@dataclasses.dataclass(frozen=True)
class Changed:
    """One cell or part that differs: where, in words, and both texts."""

    words: str
    before: str
    after: str


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def changes(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show what a version changes of the one it started from, cell by cell and in words."""
    draft = showing.found(version_id)
    if draft.started_from_id is None:
        raise http.Http404(f"Version {version_id} was started from no other.")
    before = showing.found(draft.started_from_id)
    try:
        found = comparing.between(
            written.tables(before.version_id).model, written.tables(version_id).model
        )
        problem = ""
    except xml_problems.ModelIsRefused as refused:
        found, problem = (), str(refused)
    return shortcuts.render(
        request,
        "tables/changes.html",
        {"draft": draft, "before": before, "changes": in_words(found), "problem": problem},
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def values(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show constants and policy values as a form; with new ones, show what they would change."""
    draft = _draft(version_id)
    point = showing.point(draft)
    listed = policy_values.listed(draft.content, point=point)
    if request.method == "POST":
        given = {
            each.key: request.POST[f"value_{each.key}"]
            for each in listed
            if f"value_{each.key}" in request.POST
        }
        proposed = policy_values.changed(
            draft.content, values=given, imported=showing.imported(draft)
        )
        return _proposal(request, draft, proposed)
    return shortcuts.render(
        request, "tables/values.html", {"draft": draft, "values": listed, "problems": ()}
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def workbook_file(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Give a version as a spreadsheet."""
    draft = showing.found(version_id)
    try:
        content = writing.written(
            draft.content,
            book=draft.book,
            file_name=draft.file_name,
            at=timezone.now(),
            language=languages.current(),
        )
    except (writing.CannotBeAWorkbook, xml_problems.UnreadableXml) as problem:
        messages.error(request, str(problem))
        return shortcuts.redirect("table_version", version_id=version_id)
    name = f"{draft.file_name.removesuffix('.dmn')}.xlsx"
    return http.HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def workbook(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Take a spreadsheet back, and show every changed cell before anything is kept."""
    draft = _draft(version_id)
    form = forms.WorkbookForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if form.is_valid():
        given = form.cleaned_data["workbook"]
        if given.size <= LARGEST_WORKBOOK:
            imported = showing.imported(draft)
            proposed = proposing.proposed(draft.content, given.read(), imported=imported)
            return _proposal(request, draft, proposed)
        form.add_error("workbook", _("The file is too large for a spreadsheet of tables."))
    return shortcuts.render(
        request,
        "tables/workbook.html",
        {"draft": draft, "form": form},
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def save(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Keep what was shown, if the draft is still the one that it was made from."""
    draft = _draft(version_id)
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
        saved = drafts.save_draft(
            version_id=version_id,
            content=content,
            based_on_sha256=request.POST.get("based_on", ""),
            by=showing.username(request),
            at=timezone.now(),
        )
    except binascii.Error as problem:
        raise http.Http404("The changes that were sent cannot be read.") from problem
    except CANNOT as problem:
        messages.error(request, str(problem))
        return showing.page(request, draft, given={"refused_form": forms.ReasonForm()})
    messages.success(request, _("The changes are kept, and the cases were run."))
    if saved.cases.failed or saved.cases.problem:
        messages.warning(request, _("Some cases do not come out as expected. Look at them."))
    return shortcuts.redirect("table_version", version_id=version_id)


def in_words(found: Sequence[findings.Difference]) -> list[Changed]:
    """Return differences as they are read, in the language of the page."""
    language = languages.current()
    return [
        Changed(wording.words(each, language=language), each.before or "", each.after or "")
        for each in found
    ]


def _proposal(
    request: http.HttpRequest, draft: written.Draft, proposed: proposing.Proposed
) -> http.HttpResponse:
    return shortcuts.render(
        request,
        "tables/proposal.html",
        {
            "draft": draft,
            "changes": in_words(proposed.differences),
            "problems": [str(each) for each in proposed.problems],
            "content": base64.b64encode(proposed.content).decode("ascii"),
        },
        status=showing.UNPROCESSABLE if proposed.problems else None,
    )


def _draft(version_id: int) -> written.Draft:
    draft = showing.found(version_id)
    if draft.status != choices.Status.DRAFT:
        raise http.Http404(f"Version {draft.number} is {draft.status}; only a draft is changed.")
    return draft
