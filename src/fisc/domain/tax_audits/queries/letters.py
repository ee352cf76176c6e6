"""What the letters of an audit print, as plain data for the city's letter."""

from __future__ import annotations

import datetime
import pathlib
import tomllib
from typing import Any

from django.conf import settings

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.calculations import wording
from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.queries import assessing, cases, schedules
from fisc.domain.tax_returns.queries import audited

_LANGUAGES = frozenset({"en", "es"})
_KIND = choices.EventKind


class NoSuchLetter(Exception):
    """A case has no letter of that kind yet."""


def template() -> pathlib.Path:
    """Return the city's letter about an audit."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "audit.typ"


def letter(of: cases.Case, kind: choices.EventKind) -> tuple[dict[str, Any], datetime.datetime]:
    """Return what a letter prints, and the instant of the step that it tells of.

    It is the same whenever it is asked for: everything in it is only added to. Raises NoSuchLetter.
    """
    event = of.last(kind)
    if event is None:
        raise NoSuchLetter(f"Audit case {of.case_id} was not “{kind.value}” yet.")
    account = accounts.account(account_id=of.account_id, as_of=event.on)
    language = account.language if account.language in _LANGUAGES else "en"
    stage = choices.Stage.PRELIMINARY if kind == _KIND.PRELIMINARY else choices.Stage.PROPOSED
    assessment = None if kind == _KIND.ENGAGED else assessing.newest(of.case_id, stage=stage)
    until = None
    if kind == _KIND.APPROVED and assessment is not None:
        until = assessing.protested_until(of, is_more_tax=assessment.tax_cents > 0)
    described = pathlib.Path(settings.FISC_CITY) / "city.toml"
    city = tomllib.loads(described.read_text(encoding="utf-8"))
    asked = schedules.records(of.case_id) if kind == _KIND.ENGAGED else []
    data = {
        "language": language,
        "kind": kind.value,
        "city": {"name": city["name"], **city["office"]},
        "written_on": _day(event.on, language),
        "filer": {"name": account.name, "address_lines": list(account.mailing_lines)},
        "account_number": str(account.number),
        "case_number": str(of.case_id),
        "auditor": of.auditor,
        "first": _day(of.periods[0], language),
        "last": _day(of.periods[-1], language),
        "count": str(len(of.periods)),
        "records": [{"words": each.words, "due_on": _day(each.due_on, language)} for each in asked],
        "until": _day(until, language) if until else "",
        **_figures(assessment, language=language),
    }
    return data, event.at


def _figures(of: assessing.Assessment | None, *, language: str) -> dict[str, Any]:
    if of is None:
        return {"periods": [], "total": "", "computed_to": "", "cause": "", "held": ""}
    held = sum(each.held_cents for each in assessing.protested(of.assessment_id).values())
    return {
        "periods": [
            {
                "first": _day(each.starts_on, language),
                "filed": wording.dollars(each.filed_cents),
                "found": wording.dollars(each.found_cents),
                "tax": wording.dollars(each.tax_cents),
                "penalty": wording.dollars(each.penalty_cents),
                "interest": wording.dollars(each.interest_cents),
                "civil": wording.dollars(each.civil_cents),
                "total": wording.dollars(each.total_cents),
            }
            for each in of.periods
            if each.is_changed
        ],
        "total": wording.dollars(of.total_cents),
        "computed_to": _day(of.computed_to, language),
        "cause": code_lists.codes(audited.CAUSES)[of.cause].label(language),
        "held": wording.dollars(held) if held else "",
    }


def _day(day: datetime.date, language: str) -> str:
    return wording.day(day, language=language)
