"""Why a license costs what it costs: the rows of the fee table behind each line."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.queries import charged, fees, notices, penalties, quotes
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording

_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "lead": "For a license valid from {first} through {last}: {said}, which is {amount}",
        "late": "Renewed on {day}: {said}, which is {amount}",
        "asked": "as asked",
        "charged": "Charged on {day}: {said}, which is {amount}",
        "told": "Told on {day}: {said}, which is {amount}",
        "license": "license {number}",
        "given back": "Given back on {day}: {said}, which is {amount}",
        "application": "application {number}",
        "term": "of the term from {first} through {last}",
    },
    "es": {
        "lead": "Por una licencia válida del {first} al {last}: {said}, o sea {amount}",
        "late": "Renovada el {day}: {said}, o sea {amount}",
        "asked": "según lo preguntado",
        "charged": "Cobrado el {day}: {said}, o sea {amount}",
        "told": "Avisado el {day}: {said}, o sea {amount}",
        "license": "licencia {number}",
        "given back": "Devuelto el {day}: {said}, o sea {amount}",
        "application": "solicitud {number}",
        "term": "del plazo del {first} al {last}",
    },
}
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "license_type": "license type",
        "is_new": "new license",
        "began_unlicensed": "began without a license",
        "units": "units",
        "gross_receipts": "gross receipts of a year",
        "months_begun": "months left, the month begun counted",
        "months_nearest": "months left, to the nearest",
        "quarters_begun": "quarters left, the quarter begun counted",
        "event_days": "days of the event",
        "days_ahead": "days before the event that it is asked for",
        "days_left": "days left",
        "days_in_term": "days of the term",
        "issued_on": "first day",
        "renewed_on": "renewed on",
        "license_fee": "license fee",
        "all_fees": "all lines of the fee",
        "days_late": "days late",
        "months_late": "months late, the month begun counted",
        "line": "line of the fee",
        "outcome": "outcome",
        "amount": "amount charged",
    },
    "es": {
        "license_type": "tipo de licencia",
        "is_new": "licencia nueva",
        "began_unlicensed": "empezó sin licencia",
        "units": "unidades",
        "gross_receipts": "ingresos brutos de un año",
        "months_begun": "meses restantes, contando el comenzado",
        "months_nearest": "meses restantes, al más cercano",
        "quarters_begun": "trimestres restantes, contando el comenzado",
        "event_days": "días del evento",
        "days_ahead": "días de antelación con que se solicita",
        "days_left": "días restantes",
        "days_in_term": "días del plazo",
        "issued_on": "primer día",
        "renewed_on": "renovada el",
        "license_fee": "tarifa de licencia",
        "all_fees": "todas las líneas de la tarifa",
        "days_late": "días de atraso",
        "months_late": "meses de atraso, contando el comenzado",
        "line": "línea de la tarifa",
        "outcome": "resultado",
        "amount": "monto cobrado",
    },
}
_OF_TERM = ("months_begun", "months_nearest", "quarters_begun", "days_left", "days_in_term")
_A_DAY = datetime.timedelta(days=1)


class NoSuchFeeLine(Exception):
    """A fee has no line of that name."""


def explain_fee_line(
    asked: fees.Asked, *, line: str, known_at: datetime.datetime, language: str = "en"
) -> explanations.Why:
    """Explain a line of a license's fee, by its code in the list "license line".

    Raises NoSuchFeeLine and what fees.fee raises.
    """
    fee = fees.fee(asked, known_at=known_at)
    found = next((each for each in fee.lines if each.code.code == line), None)
    if found is None:
        raise NoSuchFeeLine(f"This fee has no line “{line}”.")
    facts = {name: value for name, value in fee.facts.items() if name != "issued_on"}
    answer = tables.asked(fee.version, facts, names=[line])[line]
    said = _SAYINGS[language]
    amount = wording.dollars(found.amount_cents)
    vocabulary = tables.vocabulary(
        [fee.version.point],
        language=language,
        facts=_FACTS[language],
        lines=fees.LICENSE_LINES,
        as_of=code_lists.AsOf(day=asked.issued_on, known_at=known_at),
    )
    assert fee.term.ends_before is not None
    last = wording.day(fee.term.ends_before - _A_DAY, language=language)
    of_term = said["term"].format(
        first=wording.day(fee.term.starts_on, language=language), last=last
    )
    return tables.why_of(
        answer,
        title=found.code.label(language),
        value=amount,
        sentence=said["lead"].format(
            first=wording.day(asked.issued_on, language=language),
            last=last,
            said="; ".join(tables.said_of(answer, language=language)),
            amount=amount,
        ),
        is_equal=wording.in_cents(answer.value) == found.amount_cents,
        vocabulary=vocabulary,
        origins={name: of_term if name in _OF_TERM else said["asked"] for name in facts},
    )


def explain_penalty(
    quoted: quotes.Quote, *, on: datetime.date, known_at: datetime.datetime, language: str = "en"
) -> explanations.Why:
    """Explain what an application costs for being late on a day. Raises NoSuchFeeLine."""
    late = quoted.penalty
    if late is None:
        raise NoSuchFeeLine("This fee has no penalty.")
    name = penalties.LATE_PENALTY
    answer = tables.asked(late.version, late.facts, names=[name])[name]
    said = _SAYINGS[language]
    amount = wording.dollars(late.amount_cents)
    as_of = code_lists.AsOf(day=on, known_at=known_at)
    return tables.why_of(
        answer,
        title=code_lists.codes(fees.LICENSE_LINES, as_of=as_of)[name].label(language),
        value=amount,
        sentence=said["late"].format(
            day=wording.day(on, language=language),
            said="; ".join(tables.said_of(answer, language=language)),
            amount=amount,
        ),
        is_equal=wording.in_cents(answer.value) == late.amount_cents,
        vocabulary=tables.vocabulary(
            [late.version.point],
            language=language,
            facts=_FACTS[language],
            lines=fees.LICENSE_LINES,
            as_of=as_of,
        ),
        origins=dict.fromkeys(answer.facts, said["asked"]),
    )


def explain_charged(fee_item_id: int, *, language: str = "en") -> explanations.Why:
    """Explain an item that a license made, or gave back, by the kept rows that made it.

    Raises NoSuchFeeLine, blocks.BlockIsDamaged.
    """
    kept = charged.fee_item(fee_item_id)
    evaluation = tables.kept([kept.evaluation])[kept.evaluation]
    answer = tables.replayed(evaluation, names=[kept.output])[kept.output]
    said = _SAYINGS[language]
    amount = wording.dollars(kept.amount_cents)
    as_of = code_lists.AsOf(day=kept.arises_on, known_at=kept.made_at)
    vocabulary = tables.vocabulary(
        [evaluation.version.point],
        language=language,
        facts=_FACTS[language],
        lines=fees.LICENSE_LINES,
        as_of=as_of,
    )
    return tables.why_of(
        answer,
        title=kept.line.label(language),
        value=amount,
        sentence=said["given back" if kept.is_credit else "charged"].format(
            day=wording.day(kept.arises_on, language=language),
            said="; ".join(tables.said_of(answer, language=language)),
            amount=amount,
        ),
        is_equal=wording.in_cents(answer.value) == kept.amount_cents,
        vocabulary=vocabulary,
        origins={name: said["application"].format(number=kept.number) for name in answer.facts},
        account_id=kept.account_id,
    )


def explain_told(notice_id: int, *, line: str, language: str = "en") -> explanations.Why:
    """Explain a line of what a holder was told that a renewal costs, by the rows that made it.

    Raises notices.NoSuchNotice, NoSuchFeeLine, blocks.BlockIsDamaged.
    """
    notice = notices.notice(notice_id)
    found = next((each for each in notice.lines if each.code.code == line), None)
    if found is None:
        raise NoSuchFeeLine(f"This notice has no line “{line}”.")
    evaluation = tables.kept([found.evaluation])[found.evaluation]
    answer = tables.replayed(evaluation, names=[line])[line]
    said = _SAYINGS[language]
    amount = wording.dollars(found.amount_cents)
    vocabulary = tables.vocabulary(
        [evaluation.version.point],
        language=language,
        facts=_FACTS[language],
        lines=fees.LICENSE_LINES,
        as_of=code_lists.AsOf(day=notice.made_on, known_at=notice.made_at),
    )
    return tables.why_of(
        answer,
        title=found.code.label(language),
        value=amount,
        sentence=said["told"].format(
            day=wording.day(notice.made_on, language=language),
            said="; ".join(tables.said_of(answer, language=language)),
            amount=amount,
        ),
        is_equal=wording.in_cents(answer.value) == found.amount_cents,
        vocabulary=vocabulary,
        origins={
            name: said["license"].format(number=notice.license.number) for name in answer.facts
        },
        account_id=notice.license.account_id,
    )
