"""The editor of a draft: opening it, checking it while it is written, saving it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from typing import Final

from django import http, shortcuts, urls
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.dmn.differences import comparing, wording
from fisc.dmn.differences import findings as differences
from fisc.dmn.xml import problems, reader
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import choices, declarations
from fisc.domain.rule_tables.calculations import checking
from fisc.domain.rule_tables.operations import drafts as operations
from fisc.domain.rule_tables.queries import drafts, versions
from fisc.interfaces.web import doors, languages, middleware, sentences
from fisc.interfaces.web.editor import drawing_words, findings, opening, words
from fisc.interfaces.web.tables import sheets
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.users import permissions

CHANGED_MEANWHILE: Final = 409
NOT_SAVED: Final = 422


@doors.opens_with(permissions.WRITE_TABLES)
def edit(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Open a draft in the editor, or show it to read where the editor cannot open it."""
    draft = _draft(version_id)
    opened = opening.of_file(draft.content, imported=_imported(draft, draft.content))
    refused = opened.refused
    if draft.status != choices.Status.DRAFT:
        refused = (
            _("Version %(number)s is %(status)s; only a draft is edited.")
            % {"number": draft.number, "status": draft.status},
        )
    response = shortcuts.render(
        request,
        "editor/edit.html",
        {
            "draft": draft,
            "refused": refused,
            "comments": opened.comments,
            "sheets": _sheets(draft),
            "given": None if refused else _given(draft, opened),
        },
    )
    # dmn-js writes style attributes: on this page alone the policy lets them be.
    response.headers["Content-Security-Policy"] = middleware.policy(styles="'self' 'unsafe-inline'")
    return response


@doors.opens_with(permissions.WRITE_TABLES)
def check(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Say what is wrong with what stands in the editor; nothing is kept.

    With `unchanged`, say also whether the editor gave back what it was given.
    """
    draft = _draft(version_id)
    began = time.perf_counter()
    content = _content(request)
    sheet = checking.Sheet(draft.case_sheet_name, draft.case_sheet)
    imported = _imported(draft, content)
    point = drafts.point_of_file(draft.decision_point, content, day=draft.effective.starts_on)
    found = findings.of_draft(
        content, point=point, sheet=sheet, codes=_codes(point), imported=imported
    )
    answer = _said(found)
    if request.POST.get("unchanged"):
        answer["differs"] = opening.differs(draft.content, content, imported=imported)
    answer["milliseconds"] = round((time.perf_counter() - began) * 1000)
    return http.JsonResponse(answer)


@doors.opens_with(permissions.WRITE_TABLES)
def save(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Keep what stands in the editor, byte for byte, unless somebody saved meanwhile."""
    _draft(version_id)
    at = timezone.now()
    try:
        saved = operations.save_draft(
            version_id=version_id,
            content=_content(request),
            based_on_sha256=request.POST.get("based_on", ""),
            by=request.user.get_username(),
            at=at,
        )
    except operations.DraftChangedMeanwhile as problem:
        answer = {
            "words": sentences.in_language(problem),
            "sha256": problem.sha256,
            "who": problem.who,
            "when": figures.instant(problem.when),
        }
        return http.JsonResponse(answer, status=CHANGED_MEANWHILE)
    except (operations.NotADraft, operations.FileIsUnreadable) as problem:
        return http.JsonResponse({"words": sentences.in_language(problem)}, status=NOT_SAVED)
    return http.JsonResponse({"sha256": saved.sha256, "when": figures.instant(at)})


@doors.opens_with(permissions.WRITE_TABLES)
def difference(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Show where what stands in the editor differs from what is saved, cell by cell."""
    draft = _draft(version_id)
    problem, changes = "", []
    try:
        theirs, mine = (
            reader.read(each, imported=_imported(draft, each), is_strict=False)
            for each in (draft.content, _content(request))
        )
        changes = [_in_words(each) for each in comparing.between(theirs, mine)]
    except problems.ModelIsRefused as refused:
        problem = str(refused)
    return shortcuts.render(
        request,
        "editor/_difference.html",
        {"changes": changes, "problem": problem, "draft": draft},
    )


def _imported(draft: drafts.Draft, content: bytes) -> Sequence[bytes]:
    """Return the shared files that a draft's content imports; where one is missing, none.

    Reading the content then says so, with its place.
    """
    try:
        return drafts.files_imported(content, day=draft.effective.starts_on)
    except problems.ModelIsRefused:
        return ()


def _in_words(found: differences.Difference) -> dict[str, str]:
    place = wording.place(found, language=languages.current())
    return {"place": place, "theirs": found.before, "mine": found.after}


def _draft(version_id: int) -> drafts.Draft:
    try:
        return drafts.draft(version_id)
    except versions.NoSuchVersion as problem:
        raise http.Http404(str(problem)) from problem


def _codes(point: declarations.DecisionPoint) -> dict[str, list[str]]:
    """Return the codes that the city has for each code list of a decision point."""
    there = set(code_lists.list_names())
    asked = {each.code_list for each in point.inputs if each.code_list}
    return {name: list(code_lists.codes(name)) for name in sorted(asked & there)}


def _content(request: http.HttpRequest) -> bytes:
    """Return the bytes that the editor sent: XML in UTF-8."""
    return request.POST.get("xml", "").encode()


def _given(draft: drafts.Draft, opened: opening.Opening) -> dict[str, object]:
    """Return what the script of the page begins with."""
    return {
        "document": opened.document,
        "basedOn": draft.sha256,
        "fileName": draft.file_name,
        "addresses": {
            name: urls.reverse(f"table_edit_{name}", args=[draft.version_id])
            for name in ("check", "save", "difference")
        },
        "words": words.of_page(),
        "drawn": drawing_words.by_english(),
    }


def _said(found: findings.Found) -> dict[str, object]:
    ran = found.ran
    return {
        "findings": [
            {**dataclasses.asdict(each), "words": sentences.in_language(each.words)}
            for each in found.findings
        ],
        "passed": ran.passed,
        "failed": ran.failed,
        "notRun": sentences.in_language(ran.problem),
        "left": found.left,
        "failures": [
            {
                "case": each.case,
                "said": [
                    *(
                        _("%(line)s is %(found)s, expected %(expected)s")
                        % {"line": one.decision, "found": one.found, "expected": one.expected}
                        for one in each.differences
                    ),
                    *map(sentences.in_language, each.notes),
                ],
            }
            for each in ran.outcomes
            if not each.passed
        ],
    }


def _sheets(draft: drafts.Draft) -> list[sheets.Sheet]:
    imported = _imported(draft, draft.content)
    try:
        model = reader.read(draft.content, imported=imported, is_strict=False)
    except problems.ModelIsRefused:
        return []
    return sheets.of_model(model, language=languages.current())
