"""What the page of a case shows, and what the reader may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.operations import keeping
from fisc.domain.tax_audits.queries import assessing, cases, schedules
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.queries import audited
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.audits import forms
from fisc.plumbing.users import permissions

UNPROCESSABLE: Final = 422
_KIND = choices.EventKind


@dataclass(frozen=True)
class Step:
    """A button of the page."""

    kind: str
    is_main: bool = False


def found(case_id: int) -> cases.Case:
    """Return a case, or show that there is none."""
    try:
        return cases.case(case_id)
    except cases.NoSuchCase as problem:
        raise http.Http404(str(problem)) from problem


def by(request: http.HttpRequest, why: str = "") -> keeping.By:
    """Return who does something, now."""
    return keeping.By(
        user_id=doors.person(request), on=timezone.localdate(), at=timezone.now(), why=why
    )


def page(request: http.HttpRequest, seen: cases.Case, **bound: Any) -> http.HttpResponse:
    """Show a case with forms for what this person may do; `bound` are those with errors."""
    assessment = assessing.newest(seen.case_id)
    context: dict[str, Any] = {
        "seen": seen,
        "lines": schedules.lines(seen.case_id),
        "records": schedules.records(seen.case_id),
        "waivers": schedules.waivers(seen.account_id),
        "assessment": assessment,
        "cause": _cause(assessment),
        "letters": letters(seen, assessment),
        "party_id": accounts.party_id(account_id=seen.account_id),
        **_protest(seen, assessment),
        **_forms(request, seen, assessment),
    }
    if seen.is_in_work and "now" in request.GET:
        context["now"] = _now(seen)
    context.update(bound)
    return shortcuts.render(
        request, "audits/case.html", context, status=UNPROCESSABLE if bound else None
    )


def _cause(of: assessing.Assessment | None) -> str:
    if of is None:
        return ""
    return code_lists.codes(audited.CAUSES)[of.cause].label(languages.current())


def _now(seen: cases.Case) -> list[assessing.Period]:
    """What the schedules come to today, before anything was computed for good."""
    try:
        return assessing.computed(
            seen, cause="NONE", on=timezone.localdate(), known_at=timezone.now()
        )
    except (versions.NoVersionForDate, asking.NoAnswer):
        return []


def letters(seen: cases.Case, of: assessing.Assessment | None) -> list[str]:
    """Return the letters that a case has by now."""
    kinds = {each.kind for each in seen.events}
    made = [_KIND.ENGAGED] if _KIND.ENGAGED in kinds else []
    if of is not None:
        made += [each for each in (_KIND.PRELIMINARY, _KIND.APPROVED, _KIND.FINAL) if each in kinds]
    if _KIND.CLOSED in kinds:
        made.append(_KIND.CLOSED)
    return [each.value for each in made]


def _protest(seen: cases.Case, of: assessing.Assessment | None) -> dict[str, Any]:
    if of is None or seen.last(_KIND.APPROVED) is None:
        return {}
    held = assessing.protested(of.assessment_id)
    held_cents = sum(each.held_cents for each in held.values())
    is_decided = seen.last(_KIND.DECIDED) is not None
    return {
        "until": assessing.protested_until(seen, is_more_tax=of.tax_cents > 0),
        "protest_lines": assessing.protest_lines(of.assessment_id),
        "held_cents": 0 if is_decided else held_cents,
        "lost_cents": held_cents if is_decided else 0,
    }


def _forms(
    request: http.HttpRequest, seen: cases.Case, of: assessing.Assessment | None
) -> dict[str, Any]:
    may, mine = request.user.has_perm, doors.person(request)
    keeps, approves = may(permissions.KEEP_AUDITS), may(permissions.APPROVE_AUDITS)
    proposed = seen.last(_KIND.PROPOSED)
    is_own = proposed is not None and proposed.by_id == mine
    shown: dict[str, Any] = {
        "steps": _steps(seen, keeps=keeps, approves=approves, is_own=is_own),
        "step": forms.StepForm(),
        "is_own": is_own,
    }
    if keeps and seen.is_in_work:
        records = schedules.records(seen.case_id)
        shown |= {
            "schedule": forms.ScheduleForm(seen, auto_id="line_%s"),
            "file": forms.ScheduleFileForm(),
            "asks": forms.RecordsForm(auto_id="ask_%s"),
            "came": forms.CameForm(records, auto_id="came_%s")
            if any(each.received_on is None for each in records)
            else None,
            "waiver": forms.WaiverForm(seen, auto_id="waiver_%s"),
        }
    if keeps and seen.state not in choices.OVER:
        initial = {"auditor": seen.auditor_id}
        shown["assigns"] = forms.AuditorForm(initial=initial, auto_id="assign_%s")
    if keeps and seen.state == _KIND.APPROVED and of is not None:
        shown["protests"] = forms.ProtestForm(of, auto_id="protest_%s")
    if approves and seen.state == _KIND.PROTESTED and of is not None and not is_own:
        lines = assessing.protest_lines(of.assessment_id)
        shown["decides"] = forms.DecisionForm(lines, auto_id="decide_%s")
    return shown


def _steps(seen: cases.Case, *, keeps: bool, approves: bool, is_own: bool) -> list[Step]:
    """Return the steps that this person may take now; protests and decisions have forms."""
    wanted = []
    for kind in choices.FOLLOWS[seen.state]:
        if kind in (_KIND.PROTESTED, _KIND.DECIDED, _KIND.CLOSED):
            continue
        is_allowed = approves and not is_own if kind in choices.BY_ANOTHER else keeps
        if kind == _KIND.FINAL:
            is_allowed = approves
        if is_allowed:
            is_main = kind in (_KIND.ENGAGED, _KIND.PROPOSED, _KIND.APPROVED, _KIND.FINAL)
            wanted.append(Step(kind.value, is_main))
    return wanted
