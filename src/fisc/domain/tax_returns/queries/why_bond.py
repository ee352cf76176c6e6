"""Why an account needs a bond of so much on account of a class."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.decision_points import accounts as account_points
from fisc.domain.tax_returns.queries import bonds

_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "business_class": "business class",
        "months_registered": "whole months since it was first registered",
        "annual_tax": "tax of a year by its newest months",
        "delinquent_periods": "periods of a year whose return came late or never",
    },
    "es": {
        "business_class": "clase de negocio",
        "months_registered": "meses enteros desde su primer registro",
        "annual_tax": "impuesto de un año según sus meses más recientes",
        "delinquent_periods": "períodos de un año cuya declaración llegó tarde o nunca",
    },
}
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Bond that class {code} asks for",
        "said": "class {code}, {words}, asks for a bond of {value} on {day}",
    },
    "es": {
        "title": "Fianza que pide la clase {code}",
        "said": "la clase {code}, {words}, pide una fianza de {value} el {day}",
    },
}


def why(
    of: bonds.Needed, *, on: datetime.date, known_at: datetime.datetime, language: str
) -> explanations.Why:
    """Explain an amount by the table of a day. Raises versions.NoVersionForDate."""
    version = versions.in_force(account_points.BOND.name, day=on, known_at=known_at)
    answer = tables.asked(version, of.facts, names=["amount"])["amount"]
    (computed,) = asking.ask(version.tables, [of.facts])
    said = _SAYINGS[language]
    words = code_lists.code("business class", of.business_class).label(language)
    return tables.why_of(
        answer,
        title=said["title"].format(code=of.business_class),
        value=wording.dollars(of.amount_cents),
        sentence="; ".join(
            [
                said["said"].format(
                    code=of.business_class,
                    words=words,
                    value=wording.dollars(of.amount_cents),
                    day=wording.day(on, language=language),
                ),
                *tables.said_of(answer, language=language),
            ]
        ),
        is_equal=computed["amount"] == answer.value
        and asking.cents(computed["amount"]) == of.amount_cents,
        vocabulary=tables.vocabulary([version.point], language=language, facts=_FACTS[language]),
        origins={},
    )
