"""Why a period comes to what it does under audit: tax, its lateness, its civil penalty."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_audits.queries import assessing
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import explaining as tax
from fisc.domain.tax_returns.calculations import postings as tax_sums
from fisc.domain.tax_returns.queries import audited, postings

_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Audit of the period from {day}",
        "said": "{found} of tax was found and {filed} was filed; with penalty and interest of the "
        "difference to {to}, and a civil penalty for {cause}, that is {value}",
        "found": "tax found, region {region}",
        "filed": "tax filed, region {region}",
        "none": "none",
        "penalty": "penalty of the difference",
        "interest": "interest of the difference to {to}",
        "civil": "civil penalty for {cause}",
    },
    "es": {
        "title": "Auditoría del período desde el {day}",
        "said": "se hallaron {found} de impuesto y se declararon {filed}; con multa e interés de "
        "la diferencia al {to}, y una multa civil por {cause}, son {value}",
        "found": "impuesto hallado, región {region}",
        "filed": "impuesto declarado, región {region}",
        "none": "ninguna",
        "penalty": "multa de la diferencia",
        "interest": "interés de la diferencia al {to}",
        "civil": "multa civil por {cause}",
    },
}

_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {"cause": "cause", "deficiency": "tax not reported"},
    "es": {"cause": "causa", "deficiency": "impuesto no declarado"},
}


class NotAssessed(Exception):
    """A period is not of an assessment."""


def why_period(
    of: assessing.Assessment, *, starts_on: datetime.date, language: str
) -> explanations.Why:
    """Explain what a period of an assessment comes to. Raises NotAssessed."""
    period = next((each for each in of.periods if each.starts_on == starts_on), None)
    if period is None:
        raise NotAssessed(f"The period from {starts_on} is not of this assessment.")
    said = _SAYINGS[language]
    to = wording.day(of.computed_to, language=language)
    cause = code_lists.codes(audited.CAUSES)[of.cause].label(language).lower()
    pieces = [
        *_regions(period, language=language),
        explanations.Piece(said["penalty"], period.penalty_cents),
        explanations.Piece(said["interest"].format(to=to), period.interest_cents),
        explanations.Piece(said["civil"].format(cause=cause), period.civil_cents),
    ]
    by_table = audited.civil_penalty(
        cause=of.cause,
        deficiency_cents=max(period.tax_cents, 0),
        day=period.rests_on.due_on,
        known_at=of.known_at,
    )
    rows, used = _laws(of, period, language=language)
    sentence = said["said"].format(
        found=wording.dollars(period.found_cents),
        filed=wording.dollars(period.filed_cents),
        to=to,
        cause=cause,
        value=wording.dollars(period.total_cents),
    )
    return explanations.Why(
        title=said["title"].format(day=wording.day(starts_on, language=language)),
        value=wording.dollars(period.total_cents),
        sentence=wording.sentence(sentence),
        is_equal=by_table == period.civil_cents
        and sum(each.amount_cents for each in pieces) == period.total_cents,
        rows=rows,
        pieces=tuple(each for each in pieces if each.amount_cents),
        versions=used,
        account_id=period.rests_on.account_id,
    )


def _regions(period: assessing.Period, *, language: str) -> list[explanations.Piece]:
    said, names = _SAYINGS[language], code_lists.codes_by_id("tax region")
    pieces = []
    for region_id, (filed, found) in period.by_region.items():
        region = names.get(region_id)
        name = said["none"] if region is None else region.label(language)
        pieces.append(explanations.Piece(said["found"].format(region=name), found))
        pieces.append(explanations.Piece(said["filed"].format(region=name), -filed))
    return pieces


def _laws(
    of: assessing.Assessment, period: assessing.Period, *, language: str
) -> tuple[tuple[explanations.RowUsed, ...], tuple[explanations.VersionUsed, ...]]:
    """The rows of the tables of penalties and interest that the found tax was late by."""
    kept = period.rests_on
    rows, versions_used = _civil(of, period, language=language)
    if not period.penalty_cents and not period.interest_cents:
        return rows, versions_used
    filed = tax_sums.by_region(postings.filed_amounts(kept))
    wanted = sum(tax_sums.audited(period.by_region, filed=filed).values())
    owed = postings.lateness_of(kept, audited_cents=wanted)
    whys = (
        tax.why_penalty(
            owed, on=of.computed_to, name="penalty", known_at=of.known_at, language=language
        ),
        tax.why_interest(owed, on=of.computed_to, known_at=of.known_at, language=language),
    )
    return (
        (*(row for why in whys for row in why.rows), *rows),
        (*(version for why in whys for version in why.versions), *versions_used),
    )


def _civil(
    of: assessing.Assessment, period: assessing.Period, *, language: str
) -> tuple[tuple[explanations.RowUsed, ...], tuple[explanations.VersionUsed, ...]]:
    """The row of the table of civil penalties, in a city that has one."""
    if not period.civil_cents:
        return (), ()
    version = versions.in_force(
        points.CIVIL_PENALTIES.name, day=period.rests_on.due_on, known_at=of.known_at
    )
    facts = audited.civil_facts(cause=of.cause, deficiency_cents=max(period.tax_cents, 0))
    answer = tables.asked(version, facts, names=["civil_penalty"])["civil_penalty"]
    vocabulary = tables.vocabulary([version.point], language=language, facts=_FACTS[language])
    return (
        explanations.rows_used(answer.steps, vocabulary=vocabulary),
        tables.versions_used(version, language=language),
    )
