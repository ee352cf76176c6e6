"""Why a credit that is given back bears so much interest."""

from __future__ import annotations

from collections.abc import Mapping

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements.queries import requisitions
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns.calculations import owing
from fisc.domain.tax_returns.decision_points import credit_points
from fisc.domain.tax_returns.queries import credit_interest

_START = ("bears_interest", "from_payment", "from_claim", "months_before", "days_before")
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Interest on {code} given back",
        "said": "{of} bears {value} on the days after {after}, up to and with {through}: {start}",
        "part": "{first} to {last}, {of} not back",
        "note": "days {days}, months begun {months}",
    },
    "es": {
        "title": "Interés sobre {code} que se devuelve",
        "said": "{of} devengan {value} en los días después del {after}, hasta el {through}: "
        "{start}",
        "part": "del {first} al {last}, {of} sin devolver",
        "note": "días {days}, meses comenzados {months}",
    },
}
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "credit_code": "the credit is of",
        "is_claimed": "claimed",
        "days_since_claim": "days since the claim",
        "is_offset": "settles a debt",
        "is_carried": "carried forward",
        "credit": "credit",
    },
    "es": {
        "credit_code": "el crédito es de",
        "is_claimed": "solicitado",
        "days_since_claim": "días desde la solicitud",
        "is_offset": "cubre una deuda",
        "is_carried": "espera el siguiente cargo",
        "credit": "crédito",
    },
}


class NoSuchInterest(Exception):
    """A requisition bears no such interest."""


def why_borne(*, number: int, interest_id: int, language: str) -> explanations.Why:
    """Explain what part of a requisition's credits bears, by the tables known when it was made.

    Raises requisitions.NoSuchRequisition, NoSuchInterest, versions.NoVersionForDate.
    """
    found = requisitions.requisition(number)
    of = next((each for each in found.interest if each.interest_id == interest_id), None)
    if of is None:
        raise NoSuchInterest(f"Requisition {number} bears no interest {interest_id}.")
    said, known_at = _SAYINGS[language], found.prepared_at
    source = next(each for each in found.sources if each.credit_item_id == of.credit_item_id)
    code = code_lists.codes_by_id("charge")[source.code_id]
    start = _start(found, of, code.code)
    parts = credit_interest.bearings(
        of.of_cents, after=of.runs_after, through=of.through, known_at=known_at
    )
    asked = [_asked(each, found) for each in parts]
    by_id = {each.version.version_id: each for each in (*start.values(), *asked)}
    # What is not asked for, as a wait of no days, needs no words.
    words = [tables.said_of(each, language=language) for each in start.values() if each.value]
    value = wording.dollars(of.amount_cents)
    return explanations.Why(
        title=said["title"].format(code=code.label(language)),
        value=value,
        sentence=wording.sentence(
            said["said"].format(
                of=wording.dollars(of.of_cents),
                value=value,
                after=wording.day(of.runs_after, language=language),
                through=wording.day(of.through, language=language),
                start="; ".join(dict.fromkeys(each for group in words for each in group)),
            )
        ),
        is_equal=start["bears_interest"].value is True
        and sum(each.interest_cents for each in parts) == of.amount_cents,
        rows=tuple(
            row
            for each in (*start.values(), *asked[:1])
            for row in explanations.rows_used(each.steps, vocabulary=_vocabulary(language))
        ),
        pieces=tuple(_piece(each, language=language) for each in parts),
        versions=tuple(
            used
            for each in by_id.values()
            for used in tables.versions_used(each.version, language=language)
        ),
        account_id=of.account_id,
    )


def _start(
    found: requisitions.Requisition, of: requisitions.Interest, code: str
) -> dict[str, tables.Answered]:
    claimed_on = credit_interest.claim(of.credit_item_id, claimed_on=found.claimed_on)
    facts = credit_interest.start_facts(
        code,
        claimed_on=claimed_on,
        on=found.prepared_on,
        is_offset=of.is_offset,
        is_carried=False,
    )
    version = versions.in_force(
        credit_points.CREDIT_INTEREST_START.name, day=found.prepared_on, known_at=found.prepared_at
    )
    return tables.asked(version, facts, names=_START)


def _asked(bearing: owing.Bearing, found: requisitions.Requisition) -> tables.Answered:
    version = versions.in_force(
        credit_points.CREDIT_INTEREST.name,
        day=bearing.part.starts_on,
        known_at=found.prepared_at,
    )
    return tables.asked(version, bearing.facts, names=["interest"])["interest"]


def _vocabulary(language: str) -> explanations.Vocabulary:
    return tables.vocabulary(
        credit_points.DECISION_POINTS, language=language, facts=_FACTS[language]
    )


def _piece(bearing: owing.Bearing, *, language: str) -> explanations.Piece:
    part, said = bearing.part, _SAYINGS[language]
    return explanations.Piece(
        words=said["part"].format(
            first=wording.day(part.starts_on, language=language),
            last=wording.day(part.ends_on, language=language),
            of=wording.dollars(part.unpaid_cents),
        ),
        amount_cents=bearing.interest_cents,
        note=said["note"].format(days=part.days, months=part.months_begun),
    )
