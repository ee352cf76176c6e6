"""Why an audit adds to a period, or takes off it, and what it adds for negligence or fraud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import postings as sums
from fisc.domain.tax_returns.queries import audited, postings, returns

Part = choices.Part
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {"cause": "cause", "deficiency": "tax not reported"},
    "es": {"cause": "causa", "deficiency": "impuesto no declarado"},
}
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tax": "Found by audit case {number}",
        "said": "{value} is the tax that audit case {number} found, less what version {version} of "
        "the return filed and what was posted before",
        "found": "tax found, region {region}",
        "filed": "tax filed, version {version}",
        "stands": "filed beyond what was found",
        "before": "posted before",
        "none": "none",
        "civil": "Civil penalty of audit case {number}",
        "civil_said": "{value} is added to {tax} of tax that was not reported, for {cause}",
        "less": "not asked for after a protest",
    },
    "es": {
        "tax": "Hallado en la auditoría {number}",
        "said": "{value} es el impuesto que halló la auditoría {number}, menos lo declarado en la "
        "versión {version} y lo asentado antes",
        "found": "impuesto hallado, región {region}",
        "filed": "impuesto declarado, versión {version}",
        "stands": "declarado más allá de lo hallado",
        "before": "asentado antes",
        "none": "ninguna",
        "civil": "Multa civil de la auditoría {number}",
        "civil_said": "se suman {value} a {tax} de impuesto no declarado, por {cause}",
        "less": "no se pide tras una impugnación",
    },
}


def why_item(item: postings.PostedItem, *, language: str) -> explanations.Why:
    """Explain an item that an audit, or an amendment after it, made."""
    assert item.audited_id is not None
    of = audited.one(item.audited_id)
    if item.key.part == Part.CIVIL_PENALTY:
        return _why_civil(of, item, language=language)
    return _why_tax(of, item, language=language)


def _earlier(of: audited.Audited, item: postings.PostedItem) -> int:
    """What stood of the same before the item, in cents."""
    there = postings.standing(of.account_id, starts_on=of.starts_on).items
    return sum(each.cents for each in there if each.key == item.key and each.item_id < item.item_id)


def _why_tax(of: audited.Audited, item: postings.PostedItem, *, language: str) -> explanations.Why:
    said, region_id = _SAYINGS[language], item.key.region_id
    kept = returns.one(item.return_id)
    filed = sums.by_region(postings.filed_amounts(kept))
    whole = sums.audited(of.by_region, filed=filed)[item.key]
    _, found = of.by_region.get(region_id, (0, 0))
    region = code_lists.codes_by_id("tax region").get(region_id)
    name = said["none"] if region is None else region.label(language)
    before = _earlier(of, item)
    pieces = [
        explanations.Piece(said["found"].format(region=name), found),
        explanations.Piece(said["filed"].format(version=kept.version), -filed.get(region_id, 0)),
    ]
    if rest := whole - found + filed.get(region_id, 0):
        pieces.append(explanations.Piece(said["stands"], rest))
    if before:
        pieces.append(explanations.Piece(said["before"], -before))
    value = wording.dollars(item.cents)
    return explanations.Why(
        title=said["tax"].format(number=of.case_number),
        value=value,
        sentence=wording.sentence(
            said["said"].format(value=value, number=of.case_number, version=kept.version)
        ),
        is_equal=whole - before == item.cents,
        pieces=tuple(pieces),
        account_id=of.account_id,
    )


def _why_civil(
    of: audited.Audited, item: postings.PostedItem, *, language: str
) -> explanations.Why:
    kept, said = returns.one(of.return_id), _SAYINGS[language]
    version = versions.in_force(points.CIVIL_PENALTIES.name, day=kept.due_on, known_at=of.known_at)
    facts = audited.civil_facts(cause=of.cause, deficiency_cents=of.deficiency_cents)
    answer = tables.asked(version, facts, names=["civil_penalty"])["civil_penalty"]
    by_table = audited.civil_penalty(
        cause=of.cause, deficiency_cents=of.deficiency_cents, day=kept.due_on, known_at=of.known_at
    )
    vocabulary = tables.vocabulary([version.point], language=language, facts=_FACTS[language])
    before, title = _earlier(of, item), said["civil"].format(number=of.case_number)
    pieces = [explanations.Piece(title, by_table)]
    if less := of.civil_penalty_cents - by_table:
        pieces.append(explanations.Piece(said["less"], less))
    if before:
        pieces.append(explanations.Piece(said["before"], -before))
    value = wording.dollars(item.cents)
    cause = code_lists.codes(audited.CAUSES)[of.cause].label(language)
    sentence = said["civil_said"].format(
        value=value, tax=wording.dollars(of.deficiency_cents), cause=cause.lower()
    )
    why = tables.why_of(
        answer,
        title=title,
        value=value,
        sentence="; ".join([sentence, *tables.said_of(answer, language=language)]),
        is_equal=of.civil_penalty_cents - before == item.cents,
        vocabulary=vocabulary,
        origins={},
    )
    return replace(why, pieces=tuple(pieces), account_id=of.account_id)
