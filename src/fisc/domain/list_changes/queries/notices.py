"""The printed notice of a change of a code list: what, from when, by which law, by whom."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import translation

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes.calculations import differences
from fisc.domain.list_changes.queries import changes
from fisc.domain.rule_tables.queries import notices
from fisc.plumbing import office_days
from fisc.plumbing.typesetting import typesetter

NoticeNotMade = notices.NoticeNotMade
LANGUAGES = ("en", "es")


def change_notice(change_id: int, *, language: str, made_at: datetime.datetime) -> bytes:
    """Return the notice of a change as an accessible PDF (PDF/UA-1), in English or Spanish.

    The same change in the same state gives, at the same instant, the same bytes. Raises
    changes.NoSuchChange, NoticeNotMade, typesetter.LetterDoesNotTypeset.
    """
    return typesetter.typeset(
        template=notices.template(),
        data=notice_data(change_id, language=language),
        made_at=made_at,
    )


def notice_data(change_id: int, *, language: str) -> dict[str, Any]:
    """Return everything that the notice prints. Raises changes.NoSuchChange, NoticeNotMade."""
    if language not in LANGUAGES:
        raise NoticeNotMade(f"Notices are written in {' and '.join(LANGUAGES)}.")
    found = changes.change(change_id)
    trial = changes.trial(change_id)
    before = code_lists.edition(found.started_from_id)
    with translation.override(language):
        return {
            "kind": "list",
            "language": language,
            "city": notices.city(),
            "book": found.list,
            "number": found.number,
            "status": found.standing,
            "starts_on": notices.written_day(found.effective.starts_on, language),
            "last_day": ""
            if found.effective.ends_before is None
            else notices.written_day(
                found.effective.ends_before - datetime.timedelta(days=1), language
            ),
            "reason": found.reason,
            "citation": found.citation,
            "author": found.author,
            "approvals": [
                {
                    "part": each.part,
                    "person": each.person,
                    "on": notices.written_day(office_days.office_day(each.at), language),
                    "reason": each.reason,
                    "study": None,
                }
                for each in changes.agreed(change_id)
            ],
            "compared_with": before.number,
            "changes": [
                differences.in_a_sentence(each, language=language)
                for each in changes.what_changes(found, language=language)
            ],
            "cases_passed": 0 if trial is None else trial.passed,
            "sha256": found.sha256,
        }
