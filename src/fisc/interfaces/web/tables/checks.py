"""What the checks before publishing find of a version as it is now."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django import http, shortcuts
from django.views.decorators import http as verbs

from fisc.dmn.checks import findings
from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import choices
from fisc.domain.rule_tables.calculations import case_sheets
from fisc.domain.rule_tables.queries import drafts
from fisc.interfaces.web import doors
from fisc.interfaces.web.tables import forms, showing
from fisc.plumbing.users import permissions


@dataclasses.dataclass(frozen=True)
class Group:
    """The findings of one kind."""

    kind: findings.Kind
    listed: Sequence[findings.Finding]


@doors.opens_with(permissions.SEE_TABLES)
@verbs.require_GET
def checks(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Check a version and show what was found; as a part of its page, or as a page of its own."""
    draft = showing.found(version_id)
    report, problem = reported(draft)
    partial = "HX-Request" in request.headers
    return shortcuts.render(
        request,
        "tables/_checks.html" if partial else "tables/checks.html",
        {
            "draft": draft,
            "report": report,
            "problem": problem,
            "groups": grouped(report) if report else (),
            "may_accept": draft.status == choices.Status.DRAFT
            and request.user.has_perm(permissions.WRITE_TABLES),
            "accept_form": forms.AcceptForm(),
        },
    )


def reported(draft: drafts.Draft) -> tuple[findings.Report | None, str]:
    """Return what the checks find of a version, or why it cannot be checked."""
    try:
        return drafts.check(draft.version_id), ""
    except (xml_problems.ModelIsRefused, case_sheets.SheetIsWrong) as problem:
        return None, str(problem)


def grouped(report: findings.Report) -> list[Group]:
    """Return the findings by kind, what stops publishing first."""
    by_kind: dict[findings.Kind, list[findings.Finding]] = {}
    for each in sorted(report.findings, key=lambda each: (not each.stops, each.rule or 0)):
        by_kind.setdefault(each.kind, []).append(each)
    return [Group(kind, listed) for kind, listed in by_kind.items()]
