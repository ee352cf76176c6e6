"""Why a figure of a return, a penalty or an interest is what it is, in English or Spanish."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from fisc.basics import periods
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, values, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking, lateness, owing
from fisc.domain.tax_returns.queries import governing

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
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "region": "region",
        "business_class": "business class",
        "gross": "gross receipts",
        "deductions": "deductions",
        "is_electronic": "sent electronically",
        "tax": "tax",
        "line_credits": "accounting credit of the lines",
        "excess_tax": "excess tax collected",
        "credit_taken_in_year": "accounting credit taken in the year",
        "credit_carried": "credit carried",
        "estimated_payments": "estimated payments",
        "is_on_time": "filed and paid in time",
        "tax_paid_late": "tax paid late",
        "money_months": "amounts paid late times their months late",
        "months_filed_late": "months or fractions filed late",
        "months_paid_late": "months or fractions paid late",
        "units": "units",
        "item_price": "price of the item",
        "months_in_period": "months in the period",
        "period_starts_on": "first day of the period",
        "taxable": "taxable amount",
        "land": "price of land",
        "limited_deductions": "deductions with a limit",
    },
    "es": {
        "region": "región",
        "business_class": "clase de negocio",
        "gross": "ingresos brutos",
        "deductions": "deducciones",
        "is_electronic": "enviada por vía electrónica",
        "tax": "impuesto",
        "line_credits": "crédito contable de las líneas",
        "excess_tax": "impuesto cobrado en exceso",
        "credit_taken_in_year": "crédito contable tomado en el año",
        "credit_carried": "crédito de períodos anteriores",
        "estimated_payments": "pagos estimados",
        "is_on_time": "declarada y pagada a tiempo",
        "tax_paid_late": "impuesto pagado tarde",
        "money_months": "montos pagados tarde por sus meses de atraso",
        "months_filed_late": "meses o fracciones declarados tarde",
        "months_paid_late": "meses o fracciones pagados tarde",
        "units": "unidades",
        "item_price": "precio del artículo",
        "months_in_period": "meses del período",
        "period_starts_on": "primer día del período",
        "taxable": "monto gravable",
        "land": "precio del terreno",
        "limited_deductions": "deducciones con límite",
    },
}
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "figure": "{title}: {value}",
        "interest": "Interest to {day}",
        "interest_said": "interest to {day} is {value}, over {count} parts of the time unpaid",
        "part": "{first} to {last}, {unpaid} unpaid",
        "note": "days {days}, months begun {months}",
    },
    "es": {
        "figure": "{title}: {value}",
        "interest": "Interés al {day}",
        "interest_said": "el interés al {day} es {value}, en {count} partes del tiempo sin pagar",
        "part": "del {first} al {last}, {unpaid} sin pagar",
        "note": "días {days}, meses comenzados {months}",
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
    return _why(version, found.penalty_facts, name=name, language=language)


def why_interest(
    owed: lateness.Owed, *, on: datetime.date, known_at: datetime.datetime, language: str
) -> explanations.Why:
    """Explain the interest to a day, past or to come, part by part. Raises DayIsBeforeDue."""
    found = governing.owing_on(owed, on=on, known_at=known_at)
    said = _SAYINGS[language]
    day = wording.day(on, language=language)
    asked = [(each, _asked_again(each, known_at=known_at)) for each in found.bearings]
    vocabulary = tables.vocabulary([points.INTEREST], language=language, facts=_FACTS[language])
    by_id = {answer.version.version_id: answer for _, answer in asked}
    return explanations.Why(
        title=said["interest"].format(day=day),
        value=wording.dollars(found.interest_cents),
        sentence=wording.sentence(
            said["interest_said"].format(
                day=day, value=wording.dollars(found.interest_cents), count=len(asked)
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
    version: versions.LoadedVersion, facts: asking.Facts, *, name: str, language: str
) -> explanations.Why:
    known = [each.name for each in version.tables.lines]
    if name not in known:
        raise NoSuchFigure(f"There is no figure “{name}” here; there are: {', '.join(known)}.")
    (computed,) = asking.ask(version.tables, [facts])
    answer = tables.asked(version, facts, names=[name])[name]
    vocabulary = tables.vocabulary([version.point], language=language, facts=_FACTS[language])
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
        origins={},
    )


def _money(answer: tables.Answered) -> values.Value:
    value = answer.value
    assert value is None or isinstance(value, Decimal)
    return value
