"""A study on paper: an accessible PDF (PDF/UA-1) for those who decide."""

from __future__ import annotations

import datetime
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import dateformat, translation

from fisc.basics import money
from fisc.domain.rule_tables.queries import drafts, studies
from fisc.plumbing import office_days
from fisc.plumbing.typesetting import typesetter
from fisc.processes.rate_studies import naming

_DAYS_WRITTEN = {"en": "F j, Y", "es": r"j \d\e F \d\e Y"}
_MINUS = "\N{MINUS SIGN}"
_THOUSANDTHS = 1000


class StudyIsNotDone(Exception):
    """A study without figures was to be exported."""


def template() -> pathlib.Path:
    """Return the city's letter for rate studies."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "rate_study.typ"


def paper(study: studies.Study, *, language: str) -> bytes:
    """Return a study as an accessible PDF; the same study gives the same bytes.

    Raises StudyIsNotDone, typesetter.LetterDoesNotTypeset.
    """
    return typesetter.typeset(
        template=template(), data=data(study, language=language), made_at=study.asked_at
    )


def data(study: studies.Study, *, language: str) -> dict[str, Any]:
    """Return everything that the paper prints. Raises StudyIsNotDone."""
    result = figures(study)
    version = drafts.draft(study.version_id)
    names = naming.names(language)
    with translation.override(language):
        return {
            "language": language,
            "city": _city(),
            "book": study.book,
            "number": study.number,
            "reason": version.reason,
            "citation": version.citation,
            "data_day": _day(study.data_day, language),
            "asked_by": study.asked_by,
            "asked_on": _day(office_days.office_day(study.asked_at), language),
            "sha256": study.sha256,
            "result_sha256": study.result_sha256,
            "bills": f"{result['bills']:,}",
            "changed_bills": f"{result['changed_bills']:,}",
            "accounts": {name: f"{count:,}" for name, count in result["accounts"].items()},
            "revenue": [_revenue(each, names) for each in result["revenue"]],
            "total": _total(result),
            "histogram": [
                {
                    "from": _dollars(each["from_cents"]),
                    "to": _dollars(each["to_cents"]),
                    "accounts": f"{each['accounts']:,}",
                }
                for each in result["histogram"]
            ],
            "users": [_users(each) for each in result["users"]],
            "largest": [_largest(each, names) for each in result["largest"]],
            "exceptions": [
                {
                    "reason": each["reason"],
                    "bills": f"{each['bills']:,}",
                    "billed": _dollars(each["billed_cents"]),
                }
                for each in result["exceptions"]
            ],
        }


def figures(study: studies.Study) -> Mapping[str, Any]:
    """Return a study's figures. Raises StudyIsNotDone."""
    if study.result is None:
        raise StudyIsNotDone(
            f"Study {study.study_id} is {study.status}: it has no figures to write down."
        )
    return study.result


def percent(milli: int | None) -> str:
    """Write thousandths of a percent: 9323 becomes 9.323%."""
    if milli is None:
        return ""
    whole, part = divmod(abs(milli), _THOUSANDTHS)
    return f"{_MINUS if milli < 0 else ''}{whole:,}.{part:03}%"


def _revenue(row: Mapping[str, Any], names: naming.Names) -> dict[str, str]:
    return {
        "class": names.rate_class(row["class"]),
        "charge": names.charge(row["charge"]),
        "before": _dollars(row["before_cents"]),
        "after": _dollars(row["after_cents"]),
        "difference": _dollars(row["difference_cents"]),
    }


def _total(result: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: _dollars(sum(row[f"{name}_cents"] for row in result["revenue"]))
        for name in ("before", "after", "difference")
    }


def _users(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "tenth": str(row["tenth"]),
        "accounts": f"{row['accounts']:,}",
        "from": quantity(row["usage_milli_from"]),
        "to": quantity(row["usage_milli_to"]),
        "before": _dollars(row["bill_before_cents"]),
        "after": _dollars(row["bill_after_cents"]),
        "percent": percent(row["percent_milli"]),
    }


def _largest(row: Mapping[str, Any], names: naming.Names) -> dict[str, str]:
    return {
        "number": str(row["number"]),
        "month": row["month"],
        "class": names.rate_class(row["class"]),
        "before": _dollars(row["before_cents"]),
        "after": _dollars(row["after_cents"]),
        "difference": _dollars(row["difference_cents"]),
    }


def quantity(milli: int) -> str:
    """Write thousandths of a unit without idle zeros: 5250 becomes 5.25."""
    whole, part = divmod(milli, _THOUSANDTHS)
    return f"{whole:,}.{part:03}".rstrip("0").rstrip(".")


def _dollars(cents: int | None) -> str:
    if cents is None:
        return ""
    return f"{_MINUS if cents < 0 else ''}${money.formatted(abs(cents))}"


def _day(day: datetime.date, language: str) -> str:
    return dateformat.format(day, _DAYS_WRITTEN[language])


def _city() -> dict[str, Any]:
    described = pathlib.Path(settings.FISC_CITY) / "city.toml"
    city = tomllib.loads(described.read_text(encoding="utf-8"))
    return {"name": city["name"], **city["office"]}
