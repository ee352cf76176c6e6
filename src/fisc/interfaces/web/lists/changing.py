"""Changing a draft of a list by a form or a file: what changes is shown before it is kept."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Mapping, Sequence

from django import forms as fields
from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes import choices
from fisc.domain.list_changes.calculations import differences, sheets, spreadsheets
from fisc.domain.list_changes.operations import drafts
from fisc.domain.list_changes.queries import changes, effects
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.lists import drafting, showing
from fisc.interfaces.web.tables import forms
from fisc.plumbing.users import permissions

LONG = frozenset({"citation", "text_en", "text_es"})
CELL_MAX = 4_000


class FileForm(fields.Form):
    """A list's file, changed."""

    based_on = fields.CharField(max_length=64, widget=fields.HiddenInput)
    file = fields.FileField(
        label=gettext_lazy("File (CSV or xlsx)"),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


@dataclasses.dataclass(frozen=True)
class Cell:
    """One cell of a row as a form has it."""

    column: str
    words: str
    text: str
    is_day: bool
    is_long: bool
    # A code that the city has keeps its name and its first day.
    is_fixed: bool
    choices: tuple[str, ...]
    # What an amount of cents is in dollars.
    amount: str
    problems: tuple[str, ...] = ()


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def row(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Show one row of a draft as a form, or an empty one; with cells, what they would change."""
    change = _draft(change_id)
    number = _row_number(request)
    try:
        present = change.sheet.row(number) if number else {}
    except sheets.NoSuchRow as problem:
        raise http.Http404(str(problem)) from problem
    if request.method == "POST":
        return _row_given(request, change, number, present)
    return _row_page(request, change, number, present, ())


def _row_given(
    request: http.HttpRequest, change: changes.Change, number: int, present: Mapping[str, str]
) -> http.HttpResponse:
    """Show what a row as given would change, or what is wrong with it."""
    if request.POST.get("was", "") != present.get("code", ""):
        messages.error(request, _("The rows have moved since you opened this one. Open it again."))
        return showing.page(request, change, given={"refused_form": forms.ReasonForm()})
    based_on = request.POST.get("based_on", "")
    if "remove" in request.POST:
        after = sheets.without_row(change.sheet, number)
    else:
        given = {
            each: request.POST.get(f"cell_{each}", present.get(each, ""))[:CELL_MAX]
            for each in change.sheet.columns
        }
        after = (
            sheets.with_row(change.sheet, number, given)
            if number
            else sheets.with_new_row(change.sheet, given)
        )
        place = number or sheets.FIRST_ROW + len(after.rows) - 1
        problems = effects.problems_of(change.list, after)
        if mine := [each for each in problems if each.row == place]:
            return _row_page(request, change, number, given, mine)
    return _proposal(request, change, after, based_on=based_on)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def bring_in(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Take a list's file back, CSV or a spreadsheet, and show what it would change."""
    change = _draft(change_id)
    form = FileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"based_on": change.sha256},
    )
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            after = spreadsheets.read(given.read(sheets.LARGEST_FILE + 1))
        except sheets.NotASheet as problem:
            form.add_error("file", str(problem))
        else:
            based_on = form.cleaned_data["based_on"]
            return _proposal(request, change, after, based_on=based_on)
    return shortcuts.render(
        request,
        "lists/bring_in.html",
        {"change": change, "form": form},
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def save(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Keep what was shown, if the draft is still the one that it was made from."""
    change = _draft(change_id)
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
    except binascii.Error as problem:
        raise http.Http404("The changes that were sent cannot be read.") from problem
    try:
        drafts.save_draft(
            change_id=change_id,
            content=content,
            based_on_sha256=request.POST.get("based_on", ""),
            by=showing.username(request),
            at=timezone.now(),
        )
    except drafts.DraftChangedMeanwhile as conflict:
        messages.error(request, str(conflict))
        # Theirs is what the draft is now; the answer shows what mine would change of it.
        return _proposal(request, showing.found(change_id), sheets.read(content))
    except drafting.CANNOT as problem:
        messages.error(request, str(problem))
        return showing.page(request, change, given={"refused_form": forms.ReasonForm()})
    messages.success(request, _("The changes are kept."))
    return shortcuts.redirect("list_change", change_id=change_id)


# --- Inside --------------------------------------------------------------------------------------


def _proposal(
    request: http.HttpRequest,
    change: changes.Change,
    after: sheets.Sheet,
    *,
    based_on: str = "",
) -> http.HttpResponse:
    problems = effects.problems_of(change.list, after)
    language = languages.current()
    return shortcuts.render(
        request,
        "lists/proposal.html",
        {
            "change": change,
            "changes": showing.as_read(differences.between(change.sheet, after, language=language)),
            "problems": [_said(each, language=language) for each in problems],
            "content": base64.b64encode(sheets.written(after)).decode("ascii"),
            "based_on": based_on or change.sha256,
        },
        status=showing.UNPROCESSABLE if problems else None,
    )


def _said(problem: sheets.Problem, *, language: str) -> str:
    places = [_("Row %(number)s") % {"number": problem.row}] if problem.row else []
    if problem.column:
        places.append(differences.column_words(problem.column, language=language))
    return f"{', '.join(places)}: {problem.words}" if places else problem.words


def _row_page(
    request: http.HttpRequest,
    change: changes.Change,
    number: int,
    texts: Mapping[str, str],
    problems: Sequence[sheets.Problem],
) -> http.HttpResponse:
    expected = effects.expected(change.list)
    language = languages.current()
    code = change.sheet.row(number)["code"] if number else ""
    return shortcuts.render(
        request,
        "lists/row.html",
        {
            "change": change,
            "number": number,
            "code": code,
            "may_remove": number and code not in expected.must_stay,
            "cells": [
                Cell(
                    column=column,
                    words=differences.column_words(column, language=language),
                    text=texts.get(column, ""),
                    is_day=column in {"starts_on", "ends_before"},
                    is_long=column in LONG,
                    is_fixed=column in {"code", "starts_on"} and code in expected.first_days,
                    choices=_choices(expected.columns.get(column)),
                    amount=_amount(column, texts.get(column, "")),
                    problems=tuple(each.words for each in problems if each.column == column),
                )
                for column in change.sheet.columns
            ],
            "problems": [each.words for each in problems if not each.column],
        },
        status=showing.UNPROCESSABLE if problems else None,
    )


def _amount(column: str, text: str) -> str:
    said = differences.said(column, text)
    return "" if said == text else said


def _choices(column: sheets.Column | None) -> tuple[str, ...]:
    """Return what may stand in a cell, where that is a choice of few."""
    if column is None:
        return ()
    if column.names_list:
        found = tuple(code_lists.codes(column.names_list))
    elif column.holds is sheets.Holds.YES_OR_NO:
        found = ("true", "false")
    else:
        return ()
    return found if column.must_be_filled else ("", *found)


def _draft(change_id: int) -> changes.Change:
    change = showing.found(change_id)
    if change.status != choices.Status.DRAFT:
        raise http.Http404(f"Change {change.number} is {change.status}; only a draft is changed.")
    return change


def _row_number(request: http.HttpRequest) -> int:
    text = request.GET.get("row", "") or request.POST.get("row", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 7):
        raise http.Http404(f"“{text}” is no row.")
    return int(text or 0)
