"""Rate studies: start one, watch it, read it, take it along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.rule_tables.operations import people
from fisc.domain.rule_tables.operations import studies as operations
from fisc.domain.rule_tables.queries import drafts, studies, versions
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.studies import drawing, forms
from fisc.plumbing.users import permissions
from fisc.processes.rate_studies import naming, papers, workbooks
from fisc.processes.rate_studies import operations as studying

UNPROCESSABLE: Final = 422
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What the person can put right, said on the page; anything else is our mistake.
CANNOT = (studying.MakesNoBillLines, people.NotPermitted)


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def start(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show a version's studies and ask for another one."""
    try:
        draft = drafts.draft(version_id)
    except versions.NoSuchVersion as problem:
        raise http.Http404(str(problem)) from problem
    may_start = request.user.has_perm(permissions.WRITE_TABLES)
    form = forms.StudyForm(
        request.POST if request.method == "POST" else None,
        initial={"data_day": timezone.localdate()},
    )
    if form.is_bound and not may_start:
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    if form.is_valid():
        try:
            study_id = studying.ask_for_study(
                version_id=version_id,
                data_day=form.cleaned_data["data_day"],
                at=timezone.now(),
                by=request.user.get_username(),
            )
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Asked. The study begins as soon as a worker is free."))
            return shortcuts.redirect("study", study_id=study_id)
    return shortcuts.render(
        request,
        "studies/start.html",
        {
            "draft": draft,
            "form": form,
            "studies": studies.studies_of(version_id),
            "may_start": may_start,
        },
        status=UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.SEE_TABLES, shows="rate study")
@verbs.require_GET
def study(request: http.HttpRequest, study_id: int) -> http.HttpResponse:
    """Show how far a study is, or what it found."""
    found = _found(study_id)
    partial = "HX-Request" in request.headers and not found.is_over
    given: dict[str, Any] = {
        "study": found,
        "may_cancel": request.user.has_perm(permissions.WRITE_TABLES) and not found.is_over,
    }
    if found.result is not None:
        given |= _figures(found.result)
    response = shortcuts.render(
        request, "studies/_progress.html" if partial else "studies/study.html", given
    )
    if "HX-Request" in request.headers and found.is_over:
        # What was a bar becomes a page of its own: the browser shows it whole.
        response.headers["HX-Refresh"] = "true"
    return response


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def cancel(request: http.HttpRequest, study_id: int) -> http.HttpResponse:
    """Ask a study to stop."""
    try:
        operations.ask_to_cancel(study_id=study_id, by=request.user.get_username())
    except studies.NoSuchStudy as problem:
        raise http.Http404(str(problem)) from problem
    except (operations.StudyIsOver, people.NotPermitted) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("It stops at its next step. Nothing of it counts."))
    return shortcuts.redirect("study", study_id=study_id)


@doors.opens_with(permissions.SEE_TABLES, shows="rate study")
@verbs.require_GET
def xlsx(request: http.HttpRequest, study_id: int) -> http.HttpResponse:
    """Give a study as a workbook."""
    found = _done(study_id)
    content = workbooks.written(found, language=languages.current())
    return _file(content, kind=_XLSX, name=f"rate-study-{study_id}.xlsx")


@doors.opens_with(permissions.SEE_TABLES, shows="rate study")
@verbs.require_GET
def pdf(request: http.HttpRequest, study_id: int) -> http.HttpResponse:
    """Give a study as an accessible PDF."""
    content = papers.paper(_done(study_id), language=languages.current())
    name = f"rate-study-{study_id}.pdf"
    return _file(content, kind="application/pdf", name=name)


def _found(study_id: int) -> studies.Study:
    try:
        return studies.study(study_id)
    except studies.NoSuchStudy as problem:
        raise http.Http404(str(problem)) from problem


def _done(study_id: int) -> studies.Study:
    found = _found(study_id)
    if found.result is None:
        raise http.Http404(f"Study {study_id} has no figures.")
    return found


def _file(content: bytes, *, kind: str, name: str) -> http.HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return http.HttpResponse(content, content_type=kind, headers=headers)


def _figures(result: Mapping[str, Any]) -> dict[str, Any]:
    language = languages.current()
    names = naming.names(language)
    return {
        "result": result,
        "revenue": [
            {
                **row,
                "class_words": names.rate_class(row["class"]),
                "charge_words": names.charge(row["charge"]),
            }
            for row in result["revenue"]
        ],
        "total": {
            f"{name}_cents": sum(row[f"{name}_cents"] for row in result["revenue"])
            for name in ("before", "after", "difference")
        },
        "picture": drawing.histogram(
            result["histogram"], label=_("Accounts by how much their average bill changes.")
        ),
        "users": [
            {**row, "percent": papers.percent(row["percent_milli"])} for row in result["users"]
        ],
        "largest": [_compared(each, names, language) for each in result["largest"]],
    }


def _compared(change: Mapping[str, Any], names: naming.Names, language: str) -> dict[str, Any]:
    """Return a change with its two ways of reckoning, line beside line."""
    return {
        **change,
        "class_words": names.rate_class(change["class"]),
        "parts": [
            {
                "facts": part["facts"],
                "before_version": part["before_version"],
                "lines": _beside(part["before"], part["after"], language),
            }
            for part in change["parts"]
        ],
    }


def _beside(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], language: str
) -> list[dict[str, Any]]:
    was = {each["line"]: each for each in before}
    becomes = {each["line"]: each for each in after}
    return [
        {
            "line": line,
            "before": was.get(line, {}).get("value", ""),
            "after": becomes.get(line, {}).get("value", ""),
            "before_why": _why(was.get(line), language),
            "after_why": _why(becomes.get(line), language),
        }
        for line in dict.fromkeys([*was, *becomes])
    ]


def _why(line: Mapping[str, Any] | None, language: str) -> str:
    """Return the words of the rules that gave a line, in their order."""
    if line is None:
        return ""
    words = [rule[language] or rule["en"] for step in line["steps"] for rule in step["rules"]]
    return "; ".join(dict.fromkeys(each for each in words if each))
