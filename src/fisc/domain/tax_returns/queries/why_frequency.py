"""Why a review would have an account file more or less often."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import liabilities as sums
from fisc.domain.tax_returns.decision_points import accounts as account_points
from fisc.domain.tax_returns.queries import liabilities, reviews

_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "estimated_annual_tax": "tax of a year",
        "is_more_often": "whether that is more often",
        "new_frequency": "how often by that",
        "months_known": "months known",
        "missing_returns": "returns missing",
    },
    "es": {
        "estimated_annual_tax": "impuesto de un año",
        "is_more_often": "si eso es más a menudo",
        "new_frequency": "frecuencia según eso",
        "months_known": "meses conocidos",
        "missing_returns": "declaraciones que faltan",
    },
}
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Files {to} from {day}",
        "year": "tax of {tax} in {months} known months from {first} to {last} makes {annual} a "
        "year",
        "change": "by that the account files {to} instead of {before}",
        "period": "Period from {day}",
    },
    "es": {
        "title": "Declara con frecuencia {to} desde el {day}",
        "year": "un impuesto de {tax} en {months} meses conocidos desde el {first} hasta el {last} "
        "hace {annual} al año",
        "change": "según eso la cuenta declara con frecuencia {to} en lugar de {before}",
        "period": "Período desde el {day}",
    },
}


def why(of: reviews.Proposal, *, language: str) -> explanations.Why:
    """Explain a proposal, by the tables as known when the review was asked for."""
    on, known_at = of.review.posting_day, of.review.recorded_at
    version = versions.in_force(points.FILING_FREQUENCY.name, day=on, known_at=known_at)
    facts = reviews.frequency_facts(of.annual_cents)
    answer = tables.asked(version, facts, names=["frequency"])["frequency"]
    said = _SAYINGS[language]
    looked = liabilities.looked_at(of.account_id, days=of.looked, known_at=known_at)
    tax_cents = sum(cents for _, _, cents in looked)
    annual = sums.annual_cents(tax_cents, months_known=of.months_known)
    found = tables.why_of(
        answer,
        title=said["title"].format(
            to=_label(of.frequency, language), day=wording.day(of.from_day, language=language)
        ),
        value=_label(of.frequency, language),
        sentence="; ".join(
            [
                *_said(of, language),
                *tables.said_of(answer, language=language),
                *_policy(of, language),
            ]
        ),
        is_equal=answer.value == of.frequency and annual == of.annual_cents,
        vocabulary=tables.vocabulary([version.point], language=language, facts=_FACTS[language]),
        origins={},
        account_id=of.account_id,
    )
    pieces = tuple(
        explanations.Piece(said["period"].format(day=wording.day(first, language=language)), cents)
        for first, _, cents in looked
    )
    return dataclasses.replace(found, pieces=pieces)


def _said(of: reviews.Proposal, language: str) -> list[str]:
    said = _SAYINGS[language]
    assert of.looked.ends_before is not None
    return [
        said["year"].format(
            tax=wording.dollars(of.tax_cents),
            months=of.months_known,
            first=wording.day(of.looked.starts_on, language=language),
            last=wording.day(of.looked.ends_before - datetime.timedelta(days=1), language=language),
            annual=wording.dollars(of.annual_cents),
        ),
        said["change"].format(
            to=_label(of.frequency, language), before=_label(of.before, language)
        ),
    ]


def _policy(of: reviews.Proposal, language: str) -> list[str]:
    """Say what the table of the review does about the change."""
    version = versions.in_force(
        account_points.FREQUENCY_REVIEW.name,
        day=of.review.posting_day,
        known_at=of.review.recorded_at,
    )
    facts = reviews.treatment_facts(
        before=of.before,
        to=of.frequency,
        months_known=of.months_known,
        missing_returns=of.missing_returns,
    )
    answer = tables.asked(version, facts, names=["treatment"])["treatment"]
    return list(tables.said_of(answer, language=language))


def _label(frequency: str, language: str) -> str:
    return code_lists.code("filing frequency", frequency).label(language).lower()
