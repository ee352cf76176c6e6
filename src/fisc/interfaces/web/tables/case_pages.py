"""A version's case sheet: how each case came out, and changing, adding and bringing in cases."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.rule_tables import choices, declarations
from fisc.domain.rule_tables.calculations import case_runs, case_sheets, values
from fisc.domain.rule_tables.operations import drafts, people
from fisc.domain.rule_tables.queries import drafts as written
from fisc.interfaces.web import doors
from fisc.interfaces.web.tables import case_forms, forms, showing
from fisc.plumbing.users import permissions

LARGEST_SHEET = 2_000_000

CANNOT = (
    case_sheets.CaseIsWrong,
    case_sheets.SheetIsWrong,
    drafts.DraftChangedMeanwhile,
    drafts.NotADraft,
    people.NotPermitted,
    values.ValueIsWrong,
)


@dataclasses.dataclass(frozen=True)
class CaseShown:
    """A case with its facts and what it expects, and how it came out."""

    # Its place on the sheet, from 1.
    number: int
    name: str
    facts: Sequence[tuple[str, str]]
    expected: Sequence[tuple[str, str]]
    outcome: case_runs.CaseOutcome | None


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def cases(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """List a version's cases with how each came out."""
    return _page(request, showing.found(version_id))


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def sheet(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Give the case sheet, byte for byte."""
    del request
    draft = showing.found(version_id)
    return http.HttpResponse(
        draft.case_sheet,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{draft.case_sheet_name}"'},
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def trace(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show the steps that lead to a case's answers."""
    draft = showing.found(version_id)
    name = request.GET.get("case", "")
    try:
        answers = written.case_trace(version_id, name)
    except written.NoSuchCase as problem:
        raise http.Http404(str(problem)) from problem
    return shortcuts.render(
        request, "tables/trace.html", {"draft": draft, "case": name, "answers": answers}
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def edit(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Write a case, or change the one that is named, and run them all."""
    draft = showing.found(version_id)
    point = written.point_of_draft(draft)
    name = request.GET.get("case", "")
    try:
        before = list(written.cases(version_id))
    except case_sheets.SheetIsWrong as wrong:
        return _page(request, draft, problem=str(wrong))
    found = next((each for each in before if each.words == name), None)
    form = case_forms.CaseForm(
        request.POST if request.method == "POST" else None,
        point=point,
        case=found,
        based_on=draft.case_sheet_sha256,
    )
    if form.is_valid():
        try:
            _save(request, version_id, _with(before, form.case(), instead_of=name), form.based_on())
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("table_cases", version_id=version_id)
    return shortcuts.render(
        request,
        "tables/case.html",
        {"draft": draft, "form": form, "case": name, "point": point},
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def remove(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Take a case off the sheet."""
    draft = showing.found(version_id)
    name = request.POST.get("case", "")
    left = [each for each in written.cases(version_id) if each.words != name]
    try:
        _save(request, version_id, left, request.POST.get("based_on", ""))
    except CANNOT as problem:
        return _page(request, draft, problem=str(problem))
    return shortcuts.redirect("table_cases", version_id=version_id)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def bring_in(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Take a CSV file as the draft's case sheet, byte for byte."""
    draft = showing.found(version_id)
    form = forms.SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, draft, sheet_form=form)
    given = form.cleaned_data["sheet"]
    if given.size > LARGEST_SHEET:
        return _page(request, draft, problem=_("The file is too large for a case sheet."))
    try:
        drafts.import_cases(
            version_id=version_id,
            content=given.read(),
            based_on_sha256=form.cleaned_data["based_on"],
            by=showing.username(request),
            at=timezone.now(),
        )
    except CANNOT as problem:
        return _page(request, draft, problem=str(problem))
    messages.success(request, _("The case sheet is kept, and its cases were run."))
    return shortcuts.redirect("table_cases", version_id=version_id)


def _page(
    request: http.HttpRequest,
    draft: written.Draft,
    *,
    problem: str = "",
    sheet_form: forms.SheetForm | None = None,
) -> http.HttpResponse:
    results = written.case_results(draft.version_id)
    try:
        listed = _shown(draft, written.cases(draft.version_id), results)
    except case_sheets.SheetIsWrong as wrong:
        listed, problem = [], str(wrong)
    return shortcuts.render(
        request,
        "tables/cases.html",
        {
            "draft": draft,
            "cases": listed,
            "differing": [each for each in listed if each.outcome and not each.outcome.passed],
            "results": results,
            "problem": problem,
            "may_write": draft.status == choices.Status.DRAFT
            and request.user.has_perm(permissions.WRITE_TABLES),
            "sheet_form": sheet_form
            or forms.SheetForm(initial={"based_on": draft.case_sheet_sha256}),
        },
        status=showing.UNPROCESSABLE if problem or sheet_form else None,
    )


def _shown(
    draft: written.Draft,
    listed: Sequence[case_sheets.Case],
    results: written.CaseResults | None,
) -> list[CaseShown]:
    point = written.point_of_draft(draft)
    outcomes = {each.case: each for each in results.outcomes} if results else {}
    return [
        CaseShown(
            number=number,
            name=each.words,
            facts=texts(each.inputs, point),
            expected=texts(each.expected, point),
            outcome=outcomes.get(each.words),
        )
        for number, each in enumerate(listed, start=1)
    ]


def texts(
    given: Mapping[str, values.Value], point: declarations.DecisionPoint
) -> list[tuple[str, str]]:
    """Return the facts or answers of a case as they are read, those without a value left out."""
    words = {each.name: each.words or each.name.replace("_", " ") for each in point.inputs}
    return [
        (words.get(name, name), _said(value)) for name, value in given.items() if value is not None
    ]


def _said(value: values.Value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return case_sheets.text_of(value)


def _with(
    before: Sequence[case_sheets.Case], case: case_sheets.Case, *, instead_of: str
) -> list[case_sheets.Case]:
    if any(each.words == instead_of for each in before):
        return [case if each.words == instead_of else each for each in before]
    return [*before, case]


def _save(
    request: http.HttpRequest,
    version_id: int,
    listed: Sequence[case_sheets.Case],
    based_on: str,
) -> None:
    saved = drafts.save_cases(
        version_id=version_id,
        cases=listed,
        based_on_sha256=based_on,
        by=showing.username(request),
        at=timezone.now(),
    )
    said = _("The cases are kept and were run: %(passed)s as expected, %(failed)s otherwise.")
    tell = messages.warning if saved.cases.failed or saved.cases.problem else messages.success
    tell(request, said % {"passed": saved.cases.passed, "failed": saved.cases.failed})
