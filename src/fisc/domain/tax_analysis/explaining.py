"""Why something is on a list of what is worth a look, in English or Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.tax_analysis import choices
from fisc.domain.tax_analysis import decision_points as points
from fisc.domain.tax_analysis.queries import discovery

_D = choices.Discovery
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "{name} ({code})",
        _D.UNREGISTERED.value: "licensed as “{code}” since {since}, and on {day} registered for no "
        "tax: {said}",
        _D.UNLICENSED.value: "registered for “{code}” since {since}, and on {day} without a "
        "license in force: {said}",
        _D.DROPS.value: "receipts of {year} were {part} below those of the same periods of the "
        "year before; listed is {said}",
        _D.DEDUCTIONS.value: "{part} of the receipts of {year} were deducted; the norm of {filers} "
        "filers is {norm}; listed is {said}",
        "before": "receipts of the same periods of the year before",
        "gross": "receipts",
        "deducted": "deducted",
        "listed": "listed",
    },
    "es": {
        "title": "{name} ({code})",
        _D.UNREGISTERED.value: "con licencia de “{code}” desde el {since}, y el {day} sin "
        "inscripción en ningún impuesto: {said}",
        _D.UNLICENSED.value: "con inscripción en “{code}” desde el {since}, y el {day} sin "
        "licencia vigente: {said}",
        _D.DROPS.value: "los ingresos de {year} fueron {part} menores que los de los mismos "
        "períodos del año anterior; se lista {said}",
        _D.DEDUCTIONS.value: "de los ingresos de {year} se dedujo {part}; la norma de {filers} "
        "declarantes es {norm}; se lista {said}",
        "before": "ingresos de los mismos períodos del año anterior",
        "gross": "ingresos",
        "deducted": "deducido",
        "listed": "en la lista",
    },
}
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {"business_class": "class", "license_type": "license type"},
    "es": {"business_class": "clase", "license_type": "tipo de licencia"},
}


class IsNotListed(ValueError):
    """What is asked about is not on the list."""


def why_listed(
    asked: discovery.Asked, *, subject_id: int, code: str, language: str
) -> explanations.Why:
    """Explain why something is on a list: its figures, and the rows that say what is listed.

    Raises IsNotListed, versions.NoVersionForDate.
    """
    listed = discovery.one(asked, subject_id=subject_id, code=code)
    if listed is None:
        raise IsNotListed("This is not on the list any more. Look at the list again.")
    version = discovery.version_of(asked)
    names = discovery.LIMITS[asked.of]
    answers = tables.asked(version, discovery.facts_of(asked, code), names=names)
    said = _SAYINGS[language]
    rows = {each.decision: tables.said_of(each, language=language) for each in answers.values()}
    label = discovery.codes_of(asked)[code].label(language)
    point = points.DISCOVERY_FIGURES
    if asked.of is choices.Discovery.UNREGISTERED:
        point = points.DISCOVERY_LICENSES
    vocabulary = tables.vocabulary([point], language=language, facts=_FACTS[language])
    sentence = said[asked.of.value].format(
        code=label,
        since=wording.day(listed.since, language=language) if listed.since else "",
        day=wording.day(asked.day, language=language),
        year=asked.year,
        part=percent(listed.part),
        norm=percent(listed.norm),
        filers=listed.filers,
        said="; ".join(each for name in names for each in rows[answers[name].decision]),
    )
    return explanations.Why(
        title=said["title"].format(name=listed.name, code=label),
        value=said["listed"] if listed.part is None else percent(listed.part),
        sentence=wording.sentence(sentence),
        is_equal=_again(listed, of=asked.of),
        rows=tuple(
            row
            for name in names
            for row in explanations.rows_used(answers[name].steps, vocabulary=vocabulary)
        ),
        pieces=_pieces(listed, of=asked.of, said=said),
        versions=tables.versions_used(version, language=language),
    )


def percent(hundredths: int | None) -> str:
    """Write hundredths of a percent."""
    return "" if hundredths is None else f"{Decimal(hundredths).scaleb(-2)}%"


def _again(listed: discovery.Listed, *, of: choices.Discovery) -> bool | None:
    if listed.part is None or listed.beside_cents is None or listed.gross_cents is None:
        return None
    whole, part = listed.gross_cents, listed.beside_cents
    if of is choices.Discovery.DROPS:
        whole, part = listed.beside_cents, listed.beside_cents - listed.gross_cents
    return abs(listed.part * whole - part * discovery.WHOLE) * 2 <= whole


def _pieces(
    listed: discovery.Listed, *, of: choices.Discovery, said: Mapping[str, str]
) -> tuple[explanations.Piece, ...]:
    if listed.beside_cents is None or listed.gross_cents is None:
        return ()
    beside = "before" if of is choices.Discovery.DROPS else "deducted"
    return (
        explanations.Piece(words=said[beside], amount_cents=listed.beside_cents),
        explanations.Piece(words=said["gross"], amount_cents=listed.gross_cents),
    )
