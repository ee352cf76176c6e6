"""Making a case for a draft from a line of a bill: its exact facts and what it came to."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.rule_tables.calculations import case_sheets
from fisc.domain.rule_tables.operations import drafts, people
from fisc.domain.rule_tables.queries import books, versions
from fisc.domain.rule_tables.queries import drafts as written
from fisc.domain.utilities.queries import bills, table_cases
from fisc.interfaces.web import doors
from fisc.interfaces.web.tables import case_pages, forms, showing
from fisc.plumbing.users import permissions

CANNOT = (
    case_sheets.CaseIsWrong,
    case_sheets.SheetIsWrong,
    drafts.DraftChangedMeanwhile,
    drafts.NotADraft,
    people.NotPermitted,
)


@dataclasses.dataclass(frozen=True)
class Source:
    """A line of a bill as a case, and the drafts that it may become a case of."""

    number: int
    line_no: int
    book: str
    point: str
    case: case_sheets.Case
    drafts: Sequence[versions.VersionSummary]


@doors.opens_with(permissions.WRITE_TABLES, shows="bill")
@verbs.require_http_methods(["GET", "POST"])
def case_from_line(request: http.HttpRequest, number: int, line_no: int) -> http.HttpResponse:
    """Ask which draft gets the case and what it is called, then add it and run them all."""
    source = _source(number, line_no)
    form = forms.CaseFromForm(
        request.POST if request.method == "POST" else None,
        drafts=[(each.version_id, f"{each.book} {each.number}") for each in source.drafts],
        words=source.case.words,
    )
    if form.is_valid():
        version_id = form.cleaned_data["draft"]
        try:
            _add(request, version_id, source.case, words=form.cleaned_data["words"])
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The case is added, and the cases were run."))
            return shortcuts.redirect("table_cases", version_id=version_id)
    point = versions.decision_point(source.point)
    return shortcuts.render(
        request,
        "tables/case_from.html",
        {
            "source": source,
            "form": form,
            "facts": case_pages.texts(source.case.inputs, point),
            "expected": case_pages.texts(source.case.expected, point),
        },
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )


def _source(number: int, line_no: int) -> Source:
    name = _("bill %(number)s, line %(line)s") % {"number": number, "line": line_no}
    try:
        made = table_cases.case_of_line(number=number, line_no=line_no, name=name)
    except (bills.NoSuchBill, table_cases.NoSuchLine) as problem:
        raise http.Http404(str(problem)) from problem
    shelf = books.books(day=timezone.localdate(), known_at=timezone.now())
    book = next(each for each in shelf if each.name == made.book)
    return Source(
        number=number,
        line_no=line_no,
        book=book.name,
        point=book.decision_point,
        case=made.case,
        drafts=book.drafts,
    )


def _add(request: http.HttpRequest, version_id: int, case: case_sheets.Case, *, words: str) -> None:
    draft = showing.found(version_id)
    drafts.save_cases(
        version_id=version_id,
        cases=[*written.cases(version_id), dataclasses.replace(case, words=words)],
        based_on_sha256=draft.case_sheet_sha256,
        by=showing.username(request),
        at=timezone.now(),
    )
