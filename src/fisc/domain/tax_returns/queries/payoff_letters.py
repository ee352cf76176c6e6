"""What a pay-off letter prints, as plain data for the city's letter."""

from __future__ import annotations

import datetime
import pathlib
import tomllib
from typing import Any

from django.conf import settings

from fisc.domain.accounts import queries as accounts
from fisc.domain.rule_tables.calculations import wording
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.queries import forecasts, returns

_LANGUAGES = frozenset({"en", "es"})
_ONE_DAY = datetime.timedelta(days=1)


def template() -> pathlib.Path:
    """Return the city's pay-off letter."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "payoff.typ"


def letter_data(made: forecasts.Promise, *, language: str) -> dict[str, Any]:
    """Return everything that the letter prints, in a language; English where there is no other."""
    language = language if language in _LANGUAGES else "en"
    account = accounts.account(account_id=made.account_id, as_of=made.promised_on)

    def day(value: datetime.date) -> str:
        return wording.day(value, language=language)

    return {
        "language": language,
        "city": _city(),
        "customer": {"name": account.name, "address_lines": list(account.mailing_lines)},
        "account_number": str(account.number),
        "number": str(made.payoff_id),
        "written_on": day(made.promised_on),
        "good_through": day(made.good_through),
        "total": wording.dollars(made.total_cents),
        "periods": [
            _period(made, starts_on, language=language)
            for starts_on in sorted({each.starts_on for each in made.lines})
        ],
    }


def _period(made: forecasts.Promise, starts_on: datetime.date, *, language: str) -> dict[str, Any]:
    lines = {each.part: each for each in made.lines if each.starts_on == starts_on}
    ends_before = returns.one(next(iter(lines.values())).return_id).days.ends_before
    # Every filing period has an end.
    assert ends_before is not None
    return {
        "first": wording.day(starts_on, language=language),
        "last": wording.day(ends_before - _ONE_DAY, language=language),
        "tax": wording.dollars(lines[choices.Part.TAX].cents),
        "penalty": wording.dollars(lines[choices.Part.PENALTY].cents),
        "interest": wording.dollars(lines[choices.Part.INTEREST].cents),
        "sum": wording.dollars(sum(each.cents for each in lines.values())),
    }


def _city() -> dict[str, Any]:
    path = pathlib.Path(settings.FISC_CITY) / "city.toml"
    city = tomllib.loads(path.read_text(encoding="utf-8"))
    pay_to = city["remittance"]["address_lines"]
    return {"name": city["name"], **city["office"], "pay_to_lines": pay_to}
