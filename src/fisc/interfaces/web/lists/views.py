"""The code lists: what governs today, what comes, every edition, every change, where-used."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes import choices
from fisc.domain.list_changes.calculations import differences, sheets, spreadsheets
from fisc.domain.list_changes.queries import changes, effects, notices
from fisc.interfaces.web import as_of, doors, languages
from fisc.interfaces.web.lists import showing
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def lists(request: http.HttpRequest) -> http.HttpResponse:
    """List the city's code lists, with what is being written and what waits for a reviewer."""
    today = timezone.localdate()
    open_states = {choices.Status.DRAFT, choices.Status.IN_TEST}
    everything = [each for each in changes.changes() if each.status in open_states]
    return shortcuts.render(
        request,
        "lists/lists.html",
        {
            "lists": [
                {
                    "name": each.name,
                    "codes": each.current,
                    "ended": each.ended,
                    "edition": each.edition,
                    "coming": each.coming,
                    "written": [one for one in everything if one.list == each.name],
                }
                for each in changes.lists(day=today)
            ],
            "unconfirmed": [
                {"change": each, "is_overdue": each.review_by and each.review_by < today}
                for each in changes.unconfirmed()
            ],
            "calendars": code_lists.calendar_names(),
        },
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def code_list(request: http.HttpRequest, name: str) -> http.HttpResponse:
    """Show one list as it governs a day, its editions, its changes, and where it is used.

    Today as is known now, or a day that is asked for as was known at the end of another.
    """
    editions = _editions(name)
    form = as_of.AsOfForm(request.GET or None)
    asked = form.as_of() if form.is_valid() else code_lists.AsOf(timezone.localdate())
    edition_id = code_lists.governing(name, as_of=asked)
    content = b"" if edition_id is None else code_lists.content(edition_id)
    sheet = sheets.read(content) if content else sheets.Sheet((), ())
    return shortcuts.render(
        request,
        "lists/list.html",
        {
            "name": name,
            "edition_id": edition_id,
            "number": next((e["number"] for e in editions if e["edition_id"] == edition_id), 0),
            "form": form,
            "as_of": asked if form.is_valid() else None,
            "rows": showing.rows(sheet, language=languages.current()),
            "columns": showing.columns(sheet, language=languages.current()),
            "editions": editions,
            "changes": changes.changes(list_name=name),
            "tables": effects.tables_of(name),
        },
        status=showing.UNPROCESSABLE if form.is_bound and not form.is_valid() else None,
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def code(request: http.HttpRequest, name: str) -> http.HttpResponse:
    """Show where one code is used: tables, other lists, records."""
    try:
        used = effects.use_of_code(name, request.GET.get("code", ""))
    except (code_lists.NoSuchCodeList, code_lists.NoSuchCode) as problem:
        raise http.Http404(str(problem)) from problem
    found = code_lists.code(name, used.code)
    return shortcuts.render(
        request,
        "lists/code.html",
        {
            "name": name,
            "code": found,
            "label": found.label(languages.current()),
            "attributes": [
                (
                    differences.column_words(column, language=languages.current()),
                    differences.said(column, str(value)),
                )
                for column, value in found.attributes.items()
            ],
            "used": used,
        },
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def edition(request: http.HttpRequest, edition_id: int) -> http.HttpResponse:
    """Show a list as one edition has it, whenever that governs or governed."""
    found = _edition(edition_id)
    sheet = sheets.read(code_lists.content(edition_id))
    language = languages.current()
    return shortcuts.render(
        request,
        "lists/edition.html",
        {
            "edition": found,
            "governs": [showing.days(each) for each in found.governs],
            "rows": showing.rows(sheet, language=language),
            "columns": showing.columns(sheet, language=language),
        },
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def edition_file(request: http.HttpRequest, edition_id: int) -> http.HttpResponse:
    """Give an edition's file, byte for byte."""
    del request
    found = _edition(edition_id)
    return _file(code_lists.content(edition_id), name=changes.file_name(found.list))


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def change(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Show one change of a list: its rows, what differs, how it stands, what may be done."""
    return showing.page(request, showing.found(change_id))


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def csv_file(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Give a change's rows as CSV, byte for byte."""
    del request
    found = showing.found(change_id)
    return _file(found.content, name=found.file_name)


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def xlsx_file(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Give a change's rows as a spreadsheet."""
    del request
    found = showing.found(change_id)
    content = spreadsheets.written(found.sheet, name=found.list, at=timezone.now())
    return _file(content, name=f"{found.file_name.removesuffix('.csv')}.xlsx", kind=XLSX)


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def consequences(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Show what a change touches: the cases of every book that uses its list, run now."""
    found = showing.found(change_id)
    tried = effects.tried(found)
    return shortcuts.render(
        request,
        "lists/effects.html",
        {
            "change": found,
            "tables": effects.tables_of(found.list),
            "tried": tried,
            "stops": any(each.failures for each in tried),
            "places": effects.takes_place_of(found),
        },
    )


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def notice(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Give the printed notice of a change as PDF, in the language of the page."""
    found = showing.found(change_id)
    try:
        content = notices.change_notice(
            change_id, language=languages.current(), made_at=timezone.now()
        )
    except (notices.NoticeNotMade, typesetter.LetterDoesNotTypeset) as problem:
        messages.error(request, str(problem))
        return shortcuts.redirect("list_change", change_id=change_id)
    name = f"{found.file_name.removesuffix('.csv')}-{found.number}.pdf"
    return http.HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _editions(name: str) -> list[dict[str, Any]]:
    if name not in code_lists.list_names():
        raise http.Http404(f"The city has no code list “{name}”.")
    return [
        {**dataclasses.asdict(each), "governs": [showing.days(days) for days in each.governs]}
        for each in code_lists.editions(name)
    ]


def _edition(edition_id: int) -> code_lists.Edition:
    try:
        return code_lists.edition(edition_id)
    except code_lists.NoSuchEdition as problem:
        raise http.Http404(str(problem)) from problem


def _file(content: bytes, *, name: str, kind: str = "text/csv; charset=utf-8") -> http.HttpResponse:
    return http.HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
