"""The printed notice of a change of tables: what changes, from when, by which law, by whom."""

from __future__ import annotations

import datetime
import pathlib
import tomllib
from typing import Any

from django.conf import settings
from django.utils import dateformat, translation

from fisc.dmn.differences import comparing, wording
from fisc.dmn.xml import problems
from fisc.domain.rule_tables.queries import approving, drafts, studies
from fisc.plumbing import office_days
from fisc.plumbing.typesetting import typesetter

# How days are written; the words around them are the letter's.
_DAYS_WRITTEN = {"en": "F j, Y", "es": r"j \d\e F \d\e Y"}


class NoticeNotMade(Exception):
    """A notice cannot be printed; the words say why."""


def template() -> pathlib.Path:
    """Return the city's letter for changes of tables."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "change_notice.typ"


def change_notice(version_id: int, *, language: str, made_at: datetime.datetime) -> bytes:
    """Return the notice of a version as an accessible PDF (PDF/UA-1), in English or Spanish.

    The same version in the same state gives, at the same instant, the same bytes. Raises
    versions.NoSuchVersion, NoticeNotMade, typesetter.LetterDoesNotTypeset.
    """
    return typesetter.typeset(
        template=template(), data=notice_data(version_id, language=language), made_at=made_at
    )


def notice_data(version_id: int, *, language: str) -> dict[str, Any]:
    """Return everything that the notice prints. Raises versions.NoSuchVersion, NoticeNotMade."""
    if language not in _DAYS_WRITTEN:
        raise NoticeNotMade(f"Notices are written in {' and '.join(_DAYS_WRITTEN)}.")
    version = drafts.draft(version_id)
    results = drafts.case_results(version_id)
    with translation.override(language):
        return {
            "language": language,
            "city": city(),
            "book": version.book,
            "number": version.number,
            "status": version.status,
            "starts_on": written_day(version.effective.starts_on, language),
            "last_day": ""
            if version.effective.ends_before is None
            else written_day(version.effective.ends_before - datetime.timedelta(days=1), language),
            "reason": version.reason,
            "citation": version.citation,
            "author": version.author,
            "approvals": _approvals(version, language=language),
            "compared_with": _number_before(version),
            "changes": _changes(version, language=language),
            "cases_passed": 0 if results is None else results.passed,
            "sha256": version.sha256,
        }


def city() -> dict[str, Any]:
    """Return the city's name and office, as the head of a letter has them."""
    described = pathlib.Path(settings.FISC_CITY) / "city.toml"
    about = tomllib.loads(described.read_text(encoding="utf-8"))
    return {"name": about["name"], **about["office"]}


def written_day(day: datetime.date, language: str) -> str:
    """Return a day as a letter in a language writes it."""
    return dateformat.format(day, _DAYS_WRITTEN[language])


# --- Inside --------------------------------------------------------------------------------------


def _approvals(version: drafts.Draft, *, language: str) -> list[dict[str, Any]]:
    agreed = [
        {
            "part": each.part,
            "person": each.person,
            "on": written_day(office_days.office_day(each.at), language),
            "reason": each.reason,
            "study": _study(each.study_id, language=language),
        }
        for each in approving.agreed(version.version_id)
    ]
    if agreed or version.approved_at is None:
        return agreed
    # A file that came in signed names its approver in approvals.csv.
    return [
        {
            "part": "approval",
            "person": version.approver,
            "on": written_day(office_days.office_day(version.approved_at), language),
            "reason": version.reason,
            "study": None,
        }
    ]


def _study(study_id: int | None, *, language: str) -> dict[str, Any] | None:
    """Return what names the study that an approval rests on; None where there is none."""
    if study_id is None:
        return None
    study = studies.study(study_id)
    return {
        "number": study.study_id,
        "through": written_day(study.data_day, language),
        "sha256": study.result_sha256,
    }


def _number_before(version: drafts.Draft) -> int:
    """Return the number of the version that this one was started from; 0 for a first one."""
    if version.started_from_id is None:
        return 0
    return drafts.draft(version.started_from_id).number


def _changes(version: drafts.Draft, *, language: str) -> list[str]:
    if version.started_from_id is None:
        return []
    try:
        before, after = (
            drafts.tables(each).model for each in (version.started_from_id, version.version_id)
        )
    except problems.ModelIsRefused as refused:
        raise NoticeNotMade(f"Its file cannot be read, so nothing can be said: {refused}") from (
            refused
        )
    return [
        wording.words(each, language=language)
        for each in comparing.between(before, after)
        if not each.is_same_meaning
    ]
