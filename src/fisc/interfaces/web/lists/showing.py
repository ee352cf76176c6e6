"""What the page of a change of a list shows, and what may be done with it there."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Final

from django import forms as fields
from django import http, shortcuts

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes import choices
from fisc.domain.list_changes.calculations import differences, sheets
from fisc.domain.list_changes.queries import changes, effects
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.tables import forms
from fisc.interfaces.web.tables import showing as tables
from fisc.plumbing.users import permissions

UNPROCESSABLE: Final = tables.UNPROCESSABLE
username = tables.username
reviewers = tables.reviewers


@dataclasses.dataclass(frozen=True)
class May:
    """What this person may do with the change as it stands."""

    write: bool
    take_back: bool
    approve: bool
    confirm: bool
    roll_back: bool


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of a list as it is shown: its number in the file, and its cells by column."""

    number: int
    code: str
    label: str
    cells: tuple[tuple[str, str], ...]
    citation: str


@dataclasses.dataclass(frozen=True)
class Days:
    """Days that something governs; from nothing on where it always did."""

    starts_on: datetime.date | None
    ends_before: datetime.date | None


def found(change_id: int) -> changes.Change:
    """Return a change, or show that there is none."""
    try:
        return changes.change(change_id)
    except changes.NoSuchChange as problem:
        raise http.Http404(str(problem)) from problem


def page(
    request: http.HttpRequest,
    change: changes.Change,
    *,
    given: Mapping[str, fields.Form] | None = None,
) -> http.HttpResponse:
    """Draw the page of a change; with forms that came back, it is an answer to an error."""
    given = given or {}
    allowed = may(request, change)
    language = languages.current()
    return shortcuts.render(
        request,
        "lists/change.html",
        {
            "change": change,
            "before": code_lists.edition(change.started_from_id),
            "rows": rows(change.sheet, language=language),
            "columns": columns(change.sheet, language=language),
            "differences": as_read(changes.what_changes(change, language=language)),
            "agreed": changes.agreed(change.change_id),
            "trial": changes.trial(change.change_id),
            "history": changes.history(change.change_id),
            "takes_place_of": effects.takes_place_of(change)
            if change.status in {choices.Status.DRAFT, choices.Status.IN_TEST}
            else (),
            "may": allowed,
            "reason_form": forms.ReasonForm(),
            "approve_form": forms.ApproveForm(
                sha256=change.sha256, reviewers=reviewers() if allowed.approve else []
            ),
            **given,
        },
        status=UNPROCESSABLE if given else None,
    )


def may(request: http.HttpRequest, change: changes.Change) -> May:
    """Return what this person may do with a change as it stands."""
    can_write = request.user.has_perm(permissions.WRITE_TABLES)
    can_approve = request.user.has_perm(permissions.APPROVE_TABLES)
    is_in_test = change.status == choices.Status.IN_TEST
    agreed = changes.agreed(change.change_id)
    me = doors.person(request)
    is_mine = any(each.user_id == me for each in agreed)
    is_reviewed = any(each.part == choices.Approving.REVIEW for each in agreed)
    return May(
        write=can_write and change.status == choices.Status.DRAFT,
        take_back=can_write and is_in_test,
        approve=can_approve and is_in_test and not is_mine,
        confirm=bool(change.reviewer)
        and not is_reviewed
        and change.status == choices.Status.APPROVED
        and change.reviewer.endswith(f"({username(request)})"),
        roll_back=can_approve and change.governs,
    )


def rows(sheet: sheets.Sheet, *, language: str) -> Sequence[Row]:
    """Return the rows of a list to read, attributes apart from what every list has."""
    named = [each for each in sheet.columns if each not in {"code", "citation"}]
    named = [each for each in named if not each.startswith("label_")]
    return [
        Row(
            number=number,
            code=row["code"],
            label=row["label_es" if language == "es" else "label_en"],
            cells=tuple(
                (
                    differences.column_words(each, language=language),
                    differences.said(each, row[each]),
                )
                for each in named
            ),
            citation=row["citation"],
        )
        for number, row in enumerate(sheet.rows, start=sheets.FIRST_ROW)
    ]


def columns(sheet: sheets.Sheet, *, language: str) -> list[str]:
    """Return what the columns of `rows` are called, beside code, name and source."""
    named = [each for each in sheet.columns if each not in {"code", "citation"}]
    named = [each for each in named if not each.startswith("label_")]
    return [differences.column_words(each, language=language) for each in named]


def as_read(found: Sequence[differences.Difference]) -> list[differences.Difference]:
    """Return differences with their texts as they are read."""
    return [
        dataclasses.replace(
            each,
            before=differences.said(each.column, each.before),
            after=differences.said(each.column, each.after),
        )
        for each in found
    ]


def days(period: periods.Period) -> Days:
    """Return days as they are shown."""
    is_always = period.starts_on == datetime.date.min
    return Days(None if is_always else period.starts_on, period.ends_before)
