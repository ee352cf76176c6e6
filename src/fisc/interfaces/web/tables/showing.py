"""What the page of a version shows, whatever its status, and what may be done with it there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms as fields
from django import http, shortcuts
from django.utils import timezone

from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import choices, declarations
from fisc.domain.rule_tables.calculations import shared
from fisc.domain.rule_tables.queries import approving, drafts, importing, uses, versions
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.tables import evidence, forms, sheets
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE: Final = 422


@dataclasses.dataclass(frozen=True)
class May:
    """What this person may do with the version as it stands."""

    write: bool = False
    take_back: bool = False
    approve: bool = False
    confirm: bool = False
    roll_back: bool = False
    start_from: bool = False


def found(version_id: int) -> drafts.Draft:
    """Return a version, or show that there is none."""
    try:
        return drafts.draft(version_id)
    except versions.NoSuchVersion as problem:
        raise http.Http404(str(problem)) from problem


def page(
    request: http.HttpRequest,
    draft: drafts.Draft,
    *,
    given: Mapping[str, fields.Form] | None = None,
) -> http.HttpResponse:
    """Draw the page of a version; with forms that came back, it is an answer to an error."""
    shown, unreadable = laid_out(draft)
    given = given or {}
    allowed = may(request, draft)
    asking = point(draft)
    agreed = approving.agreed(draft.version_id)
    stage = asking.stage if asking else 0
    proof = evidence.of(request, draft, stage=stage, agreed=agreed)
    return shortcuts.render(
        request,
        "tables/version.html",
        {
            "draft": draft,
            "point": asking,
            "evidence": proof,
            **shared_tables(draft),
            "sheets": shown,
            "unreadable": unreadable,
            "cases": drafts.case_results(draft.version_id),
            "agreed": agreed,
            "history": approving.history(draft.version_id),
            "may": allowed,
            "reason_form": forms.ReasonForm(),
            "approve_form": forms.ApproveForm(
                sha256=draft.sha256,
                reviewers=reviewers() if allowed.approve else [],
                study_id=proof.headline.study_id if proof and proof.headline else None,
            ),
            **given,
        },
        status=UNPROCESSABLE if given else None,
    )


def laid_out(draft: drafts.Draft) -> tuple[Sequence[sheets.Sheet], Sequence[str]]:
    """Return a version's tables to read, or why its file cannot be read."""
    try:
        tables = drafts.tables(draft.version_id)
    except xml_problems.ModelIsRefused as refused:
        return [], [str(each) for each in refused.problems]
    return sheets.of_model(tables.model, language=languages.current()), []


def point(draft: drafts.Draft) -> declarations.DecisionPoint | None:
    """Return what a version is asked; None where nothing asks it any more."""
    try:
        return drafts.point_of_draft(draft)
    except versions.NoSuchDecisionPoint:
        return None


def imported(draft: drafts.Draft) -> tuple[bytes, ...]:
    """Return the shared files that a version imports; where one is missing, none.

    Reading the version then says so, with its place.
    """
    try:
        return importing.files(drafts.imported(draft))
    except xml_problems.ModelIsRefused:
        return ()


def shared_tables(draft: drafts.Draft) -> dict[str, Any]:
    """Return what a version imports, what imports it, and the cases of that run with a draft."""
    try:
        imports: Sequence[importing.Imported] = drafts.imported(draft)
    except xml_problems.ModelIsRefused:
        imports = ()
    is_shared = shared.is_shared(draft.decision_point)
    runs = drafts.importer_runs(draft.version_id) if is_shared and _is_written(draft) else ()
    return {
        "imports": imports,
        "is_shared": is_shared,
        "importers": uses.importers(draft.decision_point) if is_shared else (),
        "importer_runs": runs,
    }


def may(request: http.HttpRequest, draft: drafts.Draft) -> May:
    """Return what this person may do with the version as it stands."""
    can_write = request.user.has_perm(permissions.WRITE_TABLES)
    can_approve = request.user.has_perm(permissions.APPROVE_TABLES)
    is_draft = draft.status == choices.Status.DRAFT
    is_in_test = draft.status == choices.Status.IN_TEST
    # What was issued anew goes back with the shared table that brought it about.
    governs = draft.status == choices.Status.APPROVED and draft.reissue_of_id is None
    waiting = {each.version_id: each for each in approving.unconfirmed(timezone.localdate())}
    reviewer = waiting.get(draft.version_id)
    return May(
        write=can_write and is_draft,
        take_back=can_write and is_in_test,
        approve=can_approve and is_in_test and not _agreed(request, draft),
        confirm=reviewer is not None and reviewer.reviewer == _signature(request),
        roll_back=can_approve and governs,
        start_from=can_write and not is_draft,
    )


def reviewers() -> list[tuple[str, str]]:
    """Return who may be named to confirm a version that its author approved."""
    return [
        (each.username, each.full_name)
        for each in users.staff()
        if permissions.APPROVE_TABLES in users.permissions_of(user_id=each.user_id)
    ]


def username(request: http.HttpRequest) -> str:
    """Return the name under which the person behind a door signs in."""
    return request.user.get_username()


def _agreed(request: http.HttpRequest, draft: drafts.Draft) -> bool:
    me = doors.person(request)
    return any(each.user_id == me for each in approving.agreed(draft.version_id))


def _signature(request: http.HttpRequest) -> str:
    return drafts.signature(users.person(username=username(request)))


def _is_written(draft: drafts.Draft) -> bool:
    return draft.status in {choices.Status.DRAFT, choices.Status.IN_TEST}
