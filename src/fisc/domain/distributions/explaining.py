"""Why a fund receives what it does of a month, in English or Spanish."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.distributions import calculations
from fisc.domain.distributions import decision_points as points
from fisc.domain.distributions.queries import distributions as queries
from fisc.domain.distributions.queries import laws
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions

_ASKED = ("whole", "parts", "odd_cents")
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "{fund}: share of {charge} by “{basis}”",
        "sentence": "of {collected} collected, {parts} parts of {whole} go to {fund}: {said}",
        "piece": "{parts} of {whole} parts of {collected}",
        "odd": "odd cents to {fund}",
        "largest": "odd cents one each, to the funds whose fractions lost most",
    },
    "es": {
        "title": "{fund}: parte de {charge} según “{basis}”",
        "sentence": "de {collected} cobrados, {parts} partes de {whole} van a {fund}: {said}",
        "piece": "{parts} de {whole} partes de {collected}",
        "odd": "los centavos sueltos a {fund}",
        "largest": "los centavos sueltos uno a uno, a los fondos que más perdieron",
    },
}
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {"basis": "basis", "fund": "fund"},
    "es": {"basis": "base", "fund": "fondo"},
}


class NoSuchShare(ValueError):
    """A fund receives nothing of that charge and basis in that month."""


def why_share(
    *, month: datetime.date, charge: str, basis: str, fund: str, language: str
) -> explanations.Why:
    """Explain what a fund receives of a charge on a basis in a month, by each version that governs.

    The tables are asked again, and the share computed. Raises queries.NoSuchDistribution,
    NoSuchShare.
    """
    shares = [
        each
        for each in queries.of_month(month).amounts
        if (each.key.charge, each.key.basis) == (charge, basis) and fund in each.shares
    ]
    if not shares:
        raise NoSuchShare(
            f"“{fund}” receives nothing of “{charge}” on the basis “{basis}” in {month:%Y-%m}. "
            "Choose a share on the page of the month."
        )
    parts = [_Part(each, fund, _asked(each, fund)) for each in shares]
    vocabulary = tables.vocabulary([points.SHARES], language=language, facts=_FACTS[language])
    named = _named(charge, basis, fund, language=language)
    return explanations.Why(
        title=_SAYINGS[language]["title"].format(**named),
        value=wording.dollars(sum(each.cents for each in parts)),
        sentence=wording.sentence("; ".join(_spoken(each, named, language) for each in parts)),
        is_equal=all(_again(each.share)[fund] == each.cents for each in parts),
        rows=tuple(
            row
            for each in parts
            for name in _ASKED
            for row in explanations.rows_used(each.answers[name].steps, vocabulary=vocabulary)
        ),
        pieces=tuple(_piece(each, language) for each in parts),
        versions=tuple(
            used
            for each in parts
            for used in tables.versions_used(each.answers["parts"].version, language=language)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What a fund receives by one version, and what that version answers."""

    share: calculations.Amount
    fund: str
    answers: Mapping[str, tables.Answered]

    @property
    def cents(self) -> int:
        return self.share.shares[self.fund]

    def said(self) -> dict[str, object]:
        """Return what a sentence about it may say."""
        return {
            "collected": wording.dollars(self.share.collected_cents),
            "parts": self.answers["parts"].value,
            "whole": self.answers["whole"].value,
        }


def _spoken(part: _Part, named: Mapping[str, str], language: str) -> str:
    said = ", ".join(tables.said_of(part.answers["parts"], language=language))
    return _SAYINGS[language]["sentence"].format(**named, **part.said(), said=said)


def _piece(part: _Part, language: str) -> explanations.Piece:
    return explanations.Piece(
        words=_SAYINGS[language]["piece"].format(**part.said()),
        amount_cents=part.cents,
        note=_odd_cents(part.answers["odd_cents"].value, language=language),
    )


def _asked(share: calculations.Amount, fund: str) -> dict[str, tables.Answered]:
    version = versions.version(share.key.version_id)
    return tables.asked(version, {"basis": share.key.basis, "fund": fund}, names=_ASKED)


def _again(share: calculations.Amount) -> dict[str, int]:
    funds = tuple(code_lists.codes(points.FUNDS))
    law = laws.law_of(versions.version(share.key.version_id), share.key.basis, funds=funds)
    return calculations.shared(share.collected_cents, law)


def _named(charge: str, basis: str, fund: str, *, language: str) -> dict[str, str]:
    return {
        "charge": code_lists.codes(laws.CHARGES)[charge].label(language),
        "basis": code_lists.codes(points.BASES)[basis].label(language),
        "fund": code_lists.codes(points.FUNDS)[fund].label(language),
    }


def _odd_cents(fund: object, *, language: str) -> str:
    said = _SAYINGS[language]
    if fund is None:
        return said["largest"]
    return said["odd"].format(fund=code_lists.codes(points.FUNDS)[str(fund)].label(language))
