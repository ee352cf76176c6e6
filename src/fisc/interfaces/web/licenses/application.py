"""The page of an application: where it stands, what comes next, and all that it says."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

from django import http, shortcuts
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices
from fisc.domain.licensing.queries import (
    applications,
    coverages,
    hindrances,
    licenses,
    requirements,
)
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.businesses import showing
from fisc.interfaces.web.licenses import application_forms as forms
from fisc.interfaces.web.licenses import quoting, words
from fisc.plumbing.users import permissions

_Status = choices.ApplicationStatus


@dataclasses.dataclass(frozen=True)
class Step:
    """A step on the way to a license: done, the one that is next, or later."""

    words: str
    state: str


@dataclasses.dataclass(frozen=True)
class Paper:
    """A paper that is asked for, and where it is once it came."""

    words: str
    where: Sequence[str]
    must_be_in_force: bool


@dataclasses.dataclass(frozen=True)
class SignOff:
    """What a department said, or by when it must."""

    sign_off_id: int
    department: str
    step: int
    due_on: datetime.date | None
    is_overdue: bool
    outcome: str
    reason: str
    decided_on: datetime.date | None
    decided_by: str
    may_be_asked_again: bool


@dataclasses.dataclass(frozen=True)
class Event:
    words: str
    on: datetime.date
    at: datetime.datetime
    who: str
    why: str


@doors.opens_with(permissions.SEE_LICENSES, shows="license application")
@code_lists.at_one_generation()
def application(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show an application with what comes next."""
    return page(request, words.application(number))


def page(
    request: http.HttpRequest, found: applications.Application, **bound: Any
) -> http.HttpResponse:
    """Show an application with forms for what this person may do; `bound` are those with errors."""
    today = timezone.localdate()
    fee = quoting.of_application(found, today=today)
    context = {
        **_about(found, today=today),
        "fee": fee,
        "next": _next(found, fee, today=today),
        "steps": _steps(found, fee),
        "problems": _problems(found, today=today),
        "events": _events(found),
        "sign_offs": _sign_offs(found, today=today),
        **_forms(found),
        **bound,
    }
    return shortcuts.render(
        request,
        "licenses/application.html",
        context,
        status=words.UNPROCESSABLE if bound else None,
    )


def _about(found: applications.Application, *, today: datetime.date) -> dict[str, Any]:
    status_words, tone = words.STATUSES[found.status]
    number, _name = accounts.names(account_ids=[found.account_id])[found.account_id]
    return {
        "head": showing.head(found.business_id, as_of=today),
        "number": found.business_id,
        "tab": "licenses",
        "found": found,
        "type_words": words.called(found.license_type),
        "place": words.place(found.premise_id),
        "status_words": status_words,
        "tone": tone,
        "event_last_day": words.last_day(found.event_ends_before),
        "account_number": number,
        "license_id": found.license_id or licenses.of_application(found.application_id),
        "may_appeal": _may_appeal(found, today=today),
        "is_final": found.appeal_until is not None and today > found.appeal_until,
    }


def _forms(found: applications.Application) -> dict[str, Any]:
    """Return what may be entered, empty; the template shows what the state allows."""
    asked = requirements.attachments(found.asking)
    brought = applications.attachments(found.application_id)
    in_force = [each.code for each in asked if each.must_be_in_force]
    missing = [each.code.code for each in asked if each.code.code not in brought]
    return {
        "papers": [
            Paper(words.called(each.code), brought.get(each.code.code, ()), each.must_be_in_force)
            for each in asked
        ],
        "coverages": _coverages(found, in_force),
        "asks_coverage": bool(in_force),
        "tell": forms.TellForm(None, found=found),
        "attach": forms.AttachForm(None, asked=asked, missing=missing) if asked else None,
        "coverage": forms.CoverageForm(None, kinds=in_force) if in_force else None,
        "deny": forms.WhyForm(prefix="deny"),
        "withdraw": forms.NoteForm(prefix="withdraw"),
        "reopen": forms.WhyForm(prefix="reopen"),
        "appeal": forms.WhyForm(prefix="appeal"),
        "decide": forms.AppealForm(prefix="decide"),
    }


def _coverages(
    found: applications.Application, kinds: Sequence[code_lists.Code]
) -> list[tuple[str, coverages.Coverage, datetime.date | None, bool]]:
    """Return the insurances and bonds of the asked kinds, and whether each holds when needed."""
    if not kinds:
        return []
    day = max(timezone.localdate(), found.begins_on)
    asked = {each.id for each in kinds}
    return [
        (words.called(each.kind), each, words.last_day(each.ends_before), each.holds(day))
        for each in coverages.of_business(found.business_id)
        if each.kind.id in asked
    ]


def _problems(found: applications.Application, *, today: datetime.date) -> list[str]:
    """Return all that is missing, or that keeps the license from being issued, in words."""
    if found.status == _Status.STARTED:
        said = hindrances.missing(found)
    elif found.status == _Status.COMPLETE:
        said = hindrances.hindrances(found, on=today)
    else:
        return []
    return [each.said(languages.current()) for each in said]


def _next(found: applications.Application, fee: quoting.Fee, *, today: datetime.date) -> str:
    """Return the name of what comes next; the template has its words and its button."""
    if found.status == _Status.STARTED:
        return "tell" if hindrances.missing(found) else "complete"
    if found.status == _Status.COMPLETE:
        if not fee.is_charged:
            return "fact" if fee.problem else "charge"
        if fee.open_cents:
            return "pay"
        return "wait" if hindrances.hindrances(found, on=today) else "issue"
    if found.status == _Status.DENIED:
        if _may_appeal(found, today=today):
            return "denied"
        is_settled = not fee.is_charged or any(each.amount_cents < 0 for each in fee.lines)
        return "over" if is_settled else "settle"
    return str(found.status)


def _may_appeal(found: applications.Application, *, today: datetime.date) -> bool:
    return (
        found.status == _Status.DENIED
        and found.appeal_until is not None
        and today <= found.appeal_until
    )


def _steps(found: applications.Application, fee: quoting.Fee) -> list[Step]:
    """Return the way to a license, step by step, with the one that comes next."""
    signed = all(
        each.outcome == choices.SignOffOutcome.APPROVED
        for each in applications.standing_sign_offs(found.application_id)
    )
    is_told = found.status in (_Status.COMPLETE, _Status.ISSUED)
    done = [
        (_("Filled in"), is_told),
        (_("Fee charged"), is_told and fee.is_charged),
        (_("Fee paid"), is_told and fee.is_charged and not fee.open_cents),
        (_("Signed off"), is_told and signed),
        (_("License issued"), found.status == _Status.ISSUED),
    ]
    if found.status in (_Status.DENIED, _Status.APPEALED, _Status.WITHDRAWN):
        return []
    first = next((name for name, is_done in done if not is_done), "")
    return [
        Step(name, "done" if is_done else "next" if name == first else "later")
        for name, is_done in done
    ]


def _sign_offs(found: applications.Application, *, today: datetime.date) -> list[SignOff]:
    rows = applications.sign_offs(found.application_id)
    names = words.people(each.decided_by_id for each in rows)
    last = {each.department.code: each.sign_off_id for each in rows}
    return [
        SignOff(
            sign_off_id=each.sign_off_id,
            department=words.called(each.department),
            step=each.step,
            due_on=each.due_on,
            is_overdue=not each.outcome and each.due_on is not None and each.due_on < today,
            outcome=each.outcome,
            reason=each.reason,
            decided_on=each.decided_on,
            decided_by=names.get(each.decided_by_id, "") if each.decided_by_id else "",
            may_be_asked_again=each.outcome == choices.SignOffOutcome.REFUSED
            and found.status == _Status.COMPLETE
            and last[each.department.code] == each.sign_off_id,
        )
        for each in rows
    ]


def _events(found: applications.Application) -> list[Event]:
    """Return what happened, the newest first."""
    events = applications.events(found.application_id)
    names = words.people(each.made_by_id for each in events)
    return [
        Event(
            words=str(words.STEPS[each.status]),
            on=each.happened_on,
            at=each.made_at,
            who=names.get(each.made_by_id, ""),
            why=each.why,
        )
        for each in reversed(events)
    ]
