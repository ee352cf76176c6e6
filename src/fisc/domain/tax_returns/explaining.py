"""Why a figure of a return, a penalty or an interest is what it is, in English or Spanish."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, values, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking, lateness, owing
from fisc.domain.tax_returns.queries import (
    fact_words,
    forecasts,
    governing,
    postings,
    returns,
    waivers,
    why_audited,
    why_capped,
    why_missing,
)

_TITLES: Mapping[str, Mapping[str, str]] = {
    "taxable": {"en": "Taxable amount", "es": "Monto gravable"},
    "rate": {"en": "Tax rate", "es": "Tasa del impuesto"},
    "tax": {"en": "Tax of the line", "es": "Impuesto de la línea"},
    "line_credit": {"en": "Accounting credit of the line", "es": "Crédito contable de la línea"},
    "total_tax": {"en": "Total tax", "es": "Impuesto total"},
    "accounting_credit": {"en": "Accounting credit", "es": "Crédito contable"},
    "tax_due": {"en": "Tax due", "es": "Impuesto a pagar"},
    "net_due": {"en": "Net due", "es": "Saldo a pagar"},
    "tax_included": {"en": "Tax in the receipts", "es": "Impuesto incluido en los ingresos"},
    "late_filing": {"en": "Late filing penalty", "es": "Multa por declarar tarde"},
    "late_payment": {"en": "Late payment penalty", "es": "Multa por pagar tarde"},
    "penalty": {"en": "Penalty", "es": "Multa"},
}
_PARTS: Mapping[int, Mapping[str, str]] = {
    choices.Part.TAX: {"en": "Privilege tax", "es": "Impuesto de privilegio"},
    choices.Part.EXCESS_TAX: {
        "en": "Excess tax collected",
        "es": "Impuesto cobrado en exceso",
    },
    choices.Part.ACCOUNTING_CREDIT: {"en": "Accounting credit", "es": "Crédito contable"},
    choices.Part.WAIVED_PENALTY: {"en": "Penalty waived", "es": "Multa condonada"},
    choices.Part.WAIVED_INTEREST: {"en": "Interest waived", "es": "Interés condonado"},
}
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "figure": "{title}: {value}",
        "interest": "Interest to {day}",
        "interest_said": "interest to {day} is {value}, over the time unpaid ({count})",
        "part": "{first} to {last}, {unpaid} unpaid",
        "note": "days {days}, months begun {months}",
        "posted": "{title}: {value} is {whole} less the {before} posted before",
        "before": "posted before",
        "line": "class {code}, region {region}",
        "added": "by the table of totals",
        "by_letter": "{value} is not asked for: pay-off letter {number} of {day} promised that "
        "{total} received by {through} leaves nothing owed, and so much was received",
        "letter_broken": "{value} is asked for again: the money that pay-off letter {number} of "
        "{day} asked for, {total} by {through}, is not there",
    },
    "es": {
        "figure": "{title}: {value}",
        "interest": "Interés al {day}",
        "interest_said": "el interés al {day} es {value}, por el tiempo sin pagar ({count})",
        "part": "del {first} al {last}, {unpaid} sin pagar",
        "note": "días {days}, meses comenzados {months}",
        "posted": "{title}: {value} es {whole} menos {before} asentado antes",
        "before": "asentado antes",
        "line": "clase {code}, región {region}",
        "added": "según la tabla de totales",
        "by_letter": "no se piden {value}: la carta de liquidación {number} del {day} prometió que "
        "con {total} recibidos hasta el {through} no se debe nada más, y eso se recibió",
        "letter_broken": "se piden de nuevo {value}: el dinero que pedía la carta de liquidación "
        "{number} del {day}, {total} hasta el {through}, no está",
    },
}


class NoSuchFigure(ValueError):
    """The table gives no figure of that name."""


def why_line(
    facts: asking.Facts, *, name: str, days: periods.Period, known_at: datetime.datetime,
    language: str,
) -> explanations.Why:  # fmt: skip
    """Explain a figure of a line: `facts` are those of its ComputedLine. Raises NoSuchFigure."""
    version = governing.governing(days, known_at=known_at).lines
    return _why(version, facts, name=name, language=language)


def why_tax_included(
    facts: asking.Facts, *, days: periods.Period, known_at: datetime.datetime, language: str
) -> explanations.Why:
    """Explain how much of receipts is tax: `facts` are those of returns.factoring_facts.

    Raises NoSuchFigure where the city has no table of factoring.
    """
    version = governing.governing(days, known_at=known_at).factoring
    if version is None:
        raise NoSuchFigure("There is no table of factoring in this period.")
    return _why(version, facts, name="tax_included", language=language)


def why_total(
    facts: asking.Facts, *, name: str, days: periods.Period, known_at: datetime.datetime,
    language: str,
) -> explanations.Why:  # fmt: skip
    """Explain a figure of a return: `facts` are those of its Computed. Raises NoSuchFigure."""
    version = governing.governing(days, known_at=known_at).totals
    return _why(version, facts, name=name, language=language)


def why_penalty(
    owed: lateness.Owed, *, on: datetime.date, name: str, known_at: datetime.datetime,
    language: str,
) -> explanations.Why:  # fmt: skip
    """Explain a penalty on a day, past or to come. Raises NoSuchFigure, DayIsBeforeDue."""
    found = governing.owing_on(owed, on=on, known_at=known_at)
    version = governing.penalties(owed, known_at=known_at)
    why = _why(version, found.penalty_facts, name=name, language=language, owed=owed)
    if name != "penalty":
        return why
    return why_capped.capped(
        why, found, owed, is_penalty=True, known_at=known_at, language=language
    )


def why_interest(
    owed: lateness.Owed, *, on: datetime.date, known_at: datetime.datetime, language: str
) -> explanations.Why:
    """Explain the interest to a day, past or to come, part by part. Raises DayIsBeforeDue."""
    found = governing.owing_on(owed, on=on, known_at=known_at)
    said = _SAYINGS[language]
    day = wording.day(on, language=language)
    asked = [(each, _asked_again(each, known_at=known_at)) for each in found.bearings]
    vocabulary = tables.vocabulary(
        [points.INTEREST], language=language, facts=fact_words.FACTS[language]
    )
    by_id = {answer.version.version_id: answer for _, answer in asked}
    why = explanations.Why(
        title=said["interest"].format(day=day),
        value=wording.dollars(found.uncapped_interest_cents),
        sentence=wording.sentence(
            said["interest_said"].format(
                day=day, value=wording.dollars(found.uncapped_interest_cents), count=len(asked)
            )
        ),
        is_equal=all(asking.cents(_money(answer)) == each.interest_cents for each, answer in asked),
        rows=tuple(
            row
            for answer in by_id.values()
            for row in explanations.rows_used(answer.steps, vocabulary=vocabulary)
        ),
        pieces=tuple(_piece(each, language=language) for each in found.bearings),
        versions=tuple(
            used
            for answer in by_id.values()
            for used in tables.versions_used(answer.version, language=language)
        ),
    )
    return why_capped.capped(
        why, found, owed, is_penalty=False, known_at=known_at, language=language
    )


def why_item(item_id: int, *, language: str) -> explanations.Why:
    """Explain an item that a return, or its lateness, made: the whole, and what was posted before.

    Raises postings.NoSuchPosting.
    """
    assessed = why_missing.why_item(item_id, language=language)
    if assessed is not None:
        return assessed
    item = postings.posted_item(item_id)
    if item.audited_id is not None:
        return why_audited.why_item(item, language=language)
    if item.waiver_id is not None:
        return _why_waived(item, language=language)
    if item.reckoning_id is None:
        return _why_tax(item, language=language)
    found = postings.reckoning(item.reckoning_id)
    is_penalty = item.key.part == choices.Part.PENALTY
    if is_penalty:
        whole, before = found.penalty_cents, found.penalty_before_cents
        why = why_penalty(
            found.owed, on=found.on, name="penalty", known_at=found.known_at, language=language
        )
        pieces = why.pieces or (explanations.Piece(why.title, whole),)
    else:
        whole, before = found.interest_cents, found.interest_before_cents
        why = why_interest(found.owed, on=found.on, known_at=found.known_at, language=language)
        pieces = why.pieces
    is_equal = why.is_equal and why.value == wording.dollars(whole)
    return _less_before(
        replace(why, is_equal=is_equal), item, pieces, before=before, language=language
    )


def _why_waived(item: postings.PostedItem, *, language: str) -> explanations.Why:
    assert item.waiver_id is not None
    asked = waivers.of_posted(item.waiver_id)
    if asked is not None:
        return why_missing.why_waived(asked, cents=item.cents, language=language)
    made = forecasts.promise_of_waiver(item.waiver_id)
    said, value = _SAYINGS[language], wording.dollars(item.cents)
    sentence = said["by_letter" if item.cents < 0 else "letter_broken"].format(
        value=wording.dollars(abs(item.cents)),
        number=made.payoff_id,
        day=wording.day(made.promised_on, language=language),
        total=wording.dollars(made.total_cents),
        through=wording.day(made.good_through, language=language),
    )
    return explanations.Why(
        title=_PARTS[item.key.part][language],
        value=value,
        sentence=wording.sentence(sentence),
        is_equal=None,
    )


def _why_tax(item: postings.PostedItem, *, language: str) -> explanations.Why:
    kept = returns.one(item.return_id)
    said = _SAYINGS[language]
    found = code_lists.codes_by_id("tax region").get(item.key.region_id)
    region = None if found is None else found.code
    pieces = _tax_pieces(kept, item, region, language=language)
    title = _PARTS[item.key.part][language]
    before = sum(each.amount_cents for each in pieces) - item.cents
    there = postings.standing(kept.account_id, starts_on=kept.days.starts_on).items
    earlier = sum(
        each.cents
        for each in there
        if each.key == item.key and each.return_id != item.return_id and each.item_id < item.item_id
    )
    value = wording.dollars(item.cents)
    why = explanations.Why(
        title=title,
        value=value,
        sentence=wording.sentence(said["figure"].format(title=title, value=value)),
        is_equal=before == earlier and returns.recomputed(kept).tax_due_cents == kept.tax_due_cents,
    )
    return _less_before(why, item, pieces, before=before, language=language)


def _tax_pieces(
    kept: returns.Kept, item: postings.PostedItem, region: str | None, *, language: str
) -> tuple[explanations.Piece, ...]:
    part, said = item.key.part, _SAYINGS[language]
    if part == choices.Part.EXCESS_TAX:
        return (explanations.Piece(_PARTS[part][language], kept.filing.excess_tax_cents),)
    if part == choices.Part.ACCOUNTING_CREDIT:
        return (explanations.Piece(_PARTS[part][language], -kept.accounting_credit_cents),)
    lines = zip(kept.filing.lines, kept.taxes_cents, strict=True)
    if region is None:
        added = kept.tax_due_cents + kept.accounting_credit_cents
        added -= sum(kept.taxes_cents) + kept.filing.excess_tax_cents
        return (explanations.Piece(said["added"], added),)
    return tuple(
        explanations.Piece(said["line"].format(code=line.business_class, region=region), cents)
        for line, cents in lines
        if line.region == region
    )


def _less_before(
    why: explanations.Why, item: postings.PostedItem, pieces: tuple[explanations.Piece, ...], *,
    before: int, language: str,
) -> explanations.Why:  # fmt: skip
    said = _SAYINGS[language]
    whole = sum(each.amount_cents for each in pieces)
    if before:
        pieces = (*pieces, explanations.Piece(said["before"], -before))
    value = wording.dollars(item.cents)
    sentence = said["posted"].format(
        title=why.title,
        value=value,
        whole=wording.dollars(whole),
        before=wording.dollars(before),
    )
    return replace(
        why,
        value=value,
        sentence=wording.sentence(sentence) if before else why.sentence,
        is_equal=why.is_equal and whole - before == item.cents,
        pieces=pieces,
    )


def _asked_again(bearing: owing.Bearing, *, known_at: datetime.datetime) -> tables.Answered:
    version = versions.in_force(points.INTEREST.name, day=bearing.part.starts_on, known_at=known_at)
    return tables.asked(version, bearing.facts, names=["interest"])["interest"]


def _piece(bearing: owing.Bearing, *, language: str) -> explanations.Piece:
    part, said = bearing.part, _SAYINGS[language]
    return explanations.Piece(
        words=said["part"].format(
            first=wording.day(part.starts_on, language=language),
            last=wording.day(part.ends_on, language=language),
            unpaid=wording.dollars(part.unpaid_cents),
        ),
        amount_cents=bearing.interest_cents,
        note=said["note"].format(days=part.days, months=part.months_begun),
    )


def _why(
    version: versions.LoadedVersion, facts: asking.Facts, *, name: str, language: str,
    owed: lateness.Owed | None = None,
) -> explanations.Why:  # fmt: skip
    known = [each.name for each in version.tables.lines]
    if name not in known:
        raise NoSuchFigure(f"There is no figure “{name}” here; there are: {', '.join(known)}.")
    (computed,) = asking.ask(version.tables, [facts])
    answer = tables.asked(version, facts, names=[name])[name]
    vocabulary = tables.vocabulary(
        [version.point], language=language, facts=fact_words.FACTS[language]
    )
    title = _TITLES[name][language]
    value = vocabulary.value(answer.value, declared=answer.line)
    sentence = _SAYINGS[language]["figure"].format(title=title, value=value)
    return tables.why_of(
        answer,
        title=title,
        value=value,
        sentence="; ".join([sentence, *tables.said_of(answer, language=language)]),
        is_equal=computed[name] == answer.value,
        vocabulary=vocabulary,
        origins=fact_words.whence(answer.facts, language=language, owed=owed),
    )


def _money(answer: tables.Answered) -> values.Value:
    value = answer.value
    assert value is None or isinstance(value, Decimal)
    return value
