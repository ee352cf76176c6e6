"""What the monthly report of a distribution prints, as plain data for the city's letter."""

from __future__ import annotations

import datetime
import pathlib
import tomllib
from typing import Any

from django.conf import settings

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.distributions import calculations
from fisc.domain.distributions import decision_points as points
from fisc.domain.distributions.queries import distributions as queries
from fisc.domain.distributions.queries import laws
from fisc.domain.rule_tables.calculations import wording


def template() -> pathlib.Path:
    """Return the city's letter that reports a distribution."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "distribution.typ"


def data(found: queries.Month, *, language: str, on: datetime.date) -> dict[str, Any]:
    """Return everything that the letter prints."""
    funds = code_lists.codes(points.FUNDS)
    summed = queries.by_fund(found.amounts)
    described = pathlib.Path(settings.FISC_CITY) / "city.toml"
    city = tomllib.loads(described.read_text(encoding="utf-8"))
    return {
        "language": language,
        "city": {"name": city["name"], **city["office"]},
        "month": f"{found.month:%Y-%m}",
        "written_on": wording.day(on, language=language),
        "collected": wording.dollars(found.collected_cents),
        "distributed": wording.dollars(found.distributed_cents),
        "funds": [
            {"name": code.label(language), "amount": wording.dollars(summed[fund])}
            for fund, code in funds.items()
            if fund in summed
        ],
        "parts": [_part(each, language=language) for each in found.amounts],
        "made": [
            {
                "number": str(each.number),
                "day": wording.day(each.posting_day, language=language),
                "entry": "" if each.entry_id is None else str(each.entry_id),
                "amount": wording.dollars(each.collected_cents),
            }
            for each in found.made
        ],
    }


def _part(amount: calculations.Amount, *, language: str) -> dict[str, Any]:
    charges, bases, funds = (
        code_lists.codes(name) for name in (laws.CHARGES, points.BASES, points.FUNDS)
    )
    return {
        "charge": charges[amount.key.charge].label(language),
        "basis": bases[amount.key.basis].label(language),
        "collected": wording.dollars(amount.collected_cents),
        "shares": [
            {"fund": code.label(language), "amount": wording.dollars(amount.shares[fund])}
            for fund, code in funds.items()
            if fund in amount.shares
        ],
    }
