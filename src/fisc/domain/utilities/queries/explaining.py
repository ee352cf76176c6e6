"""Explaining one line of a bill: replayed from what was kept, with the version that made it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.calculations import replaying
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.queries import bills

_LINK = re.compile(r"https?://\S+")

# Where a fact came from, as calculations/bills.py names it, in the languages of the city.
_ORIGINS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "": "sum of this bill's lines",
        "read": "meter {meter}, read {day}: {reading} ({kind})",
        "service agreement": "service agreement {id}",
        "water bills of the winter months of account": "water bills of the winter months",
    },
    "es": {
        "": "suma de las líneas de esta factura",
        "read": "medidor {meter}, lectura del {day}: {reading} ({kind})",
        "service agreement": "contrato de servicio {id}",
        "water bills of the winter months of account": "facturas de agua de los meses de invierno",
    },
}
_READ_KINDS: Mapping[str, tuple[str, ...]] = {
    "en": ("", "actual", "estimated", "customer's", "final", "first"),
    "es": ("", "real", "estimada", "del cliente", "final", "inicial"),
}
_ADOPTED: Mapping[str, str] = {
    "en": "{book}, version {number}, for the days from {day}; approved by {approver} on {approved}",
    "es": "{book}, versión {number}, para los días desde {day}; aprobada por {approver} el "
    "{approved}",
}
# A line of a piece of the billed period: without these words its arithmetic does not add up.
_PART: Mapping[str, str] = {
    "en": "for {part} of the {whole} days",
    "es": "por {part} de los {whole} días",
}
_YES: Mapping[str, tuple[str, str]] = {"en": ("no", "yes"), "es": ("no", "sí")}


class NoSuchLine(Exception):
    """A bill has no line of that number."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One decision on the way to an amount: what it is called, how it came out, what it gave."""

    words: str
    how: str
    gives: str


@dataclass(frozen=True, slots=True)
class RowUsed:
    """A table row that matched, and the law or published rate that it cites."""

    words: str
    citation: str
    link: str


@dataclass(frozen=True, slots=True)
class InputUsed:
    """A fact that went in, and where it came from."""

    words: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Why:
    """The explanation of one line of a bill."""

    bill_number: int
    line_no: int
    words: str
    amount_cents: int
    # What to say on the telephone.
    sentence: str
    steps: tuple[StepTaken, ...]
    rows: tuple[RowUsed, ...]
    inputs: tuple[InputUsed, ...]
    version: str
    version_id: int
    is_equal: bool


_LINE = """
select bill.id, line.code_id, line.amount_cents, line.block_id, line.block_row
from utilities_bill bill
join utilities_bill_line line on line.bill_id = bill.id
where bill.number = %(number)s and line.line_no = %(line_no)s
"""

_READ = """
select meter.number, read.read_on, read.reading, read.kind
from utilities_read read
join utilities_register register on register.id = read.register_id
join utilities_meter meter on meter.id = register.meter_id
where read.id = %(read)s
"""


def explain_line(*, number: int, line_no: int, language: str = "en") -> Why:
    """Explain a line of a bill by computing it again from what was kept.

    Raises bills.NoSuchBill, NoSuchLine, rule_tables.NoSuchEvaluation.
    """
    found = _row(_LINE, number=number, line_no=line_no)
    if found is None:
        bills.bill(number=number)
        raise NoSuchLine(f"Bill {number} has no line {line_no}.")
    _, code_id, cents, block_id, block_row = found
    code = code_lists.codes_by_id("bill line")[code_id]
    replay = rule_tables.replay(block_id, block_row)
    answer = replay.answer(code.code)
    rules = answer.steps[-1].rules if answer.steps else ()
    said = [rule.text(language) for rule in rules if rule.text(language)]
    said += _part(replay, language=language)
    amount = f"${money.formatted(cents)}"
    return Why(
        bill_number=number,
        line_no=line_no,
        words=code.label(language),
        amount_cents=cents,
        sentence=f"{code.label(language)}: {amount}{_tail(said)}",
        steps=tuple(_step(step, answer=answer, language=language) for step in answer.steps),
        rows=_rows_used(answer, language=language),
        inputs=_inputs(replay, answer=answer, language=language),
        version=_version(replay.version_id, language=language),
        version_id=replay.version_id,
        is_equal=answer.is_equal and _in_cents(answer.kept) == cents,
    )


def _part(replay: replaying.Replay, *, language: str) -> list[str]:
    """Say of a line of a part how many days that is, or nothing of a whole period's."""
    days = {fact.name: fact.value for fact in replay.facts}
    part, whole = days.get("days_in_part"), days.get("days_in_period")
    if part is None or part == whole:
        return []
    return [_PART[language].format(part=part, whole=whole)]


def _tail(said: list[str]) -> str:
    """Return the words of the rows behind a dash, the whole ending as a sentence does."""
    return f" — {'; '.join(said)}." if said else "."


def _in_cents(value: object) -> int | None:
    if not isinstance(value, Decimal):
        return None
    return int(value.scaleb(2).to_integral_value())


def _step(step: replaying.Step, *, answer: replaying.Answer, language: str) -> StepTaken:
    texts = [rule.text(language) for rule in step.rules if rule.text(language)]
    looked = [
        f"{name.replace('_', ' ')} {_shown(value, language=language)}"
        for name, value in step.inputs.items()
    ]
    is_line = step.decision == answer.decision
    return StepTaken(
        words=step.decision,
        how="; ".join(texts) or ", ".join(looked),
        gives=_shown(step.value, language=language, is_money=is_line),
    )


def _rows_used(answer: replaying.Answer, *, language: str) -> tuple[RowUsed, ...]:
    found = []
    for step in answer.steps:
        if step.citation:
            found.append(_row_used(step.decision, step.citation))
        found += [
            _row_used(f"{rule.decision}, {rule.number}: {rule.text(language)}", rule.citation)
            for rule in step.rules
        ]
    return tuple(found)


def _row_used(words: str, citation: str) -> RowUsed:
    link = _LINK.search(citation)
    return RowUsed(
        words=words.rstrip(": "),
        citation=citation,
        link=link.group().rstrip(".,;") if link else "",
    )


def _inputs(
    replay: replaying.Replay, *, answer: replaying.Answer, language: str
) -> tuple[InputUsed, ...]:
    """Return the facts that the answer looked at, directly or on the way."""
    used = {name for step in answer.steps for name in step.inputs}
    return tuple(
        InputUsed(
            words=fact.words,
            value=f"{_shown(fact.value, language=language)} {fact.unit}".rstrip(),
            origin=_origin(fact, language=language),
        )
        for fact in replay.facts
        if fact.name in used
    )


def _origin(fact: replaying.Fact, *, language: str) -> str:
    words = _ORIGINS[language].get(fact.origin, fact.origin)
    if fact.origin == "read" and fact.origin_id is not None:
        found = _row(_READ, read=fact.origin_id)
        if found is None:
            return ""
        meter, day, reading, kind = found
        return words.format(
            meter=meter, day=day, reading=f"{reading:,}", kind=_READ_KINDS[language][kind]
        )
    return words.format(id=fact.origin_id)


def _shown(value: object, *, language: str, is_money: bool = False) -> str:
    """Write a value as a person reads it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _YES[language][value]
    if isinstance(value, Decimal):
        if is_money:
            return f"${money.formatted(_in_cents(value) or 0)}"
        return f"{value.normalize():,f}"
    return str(value)


def _version(version_id: int, *, language: str) -> str:
    version = rule_tables.version(version_id)
    return _ADOPTED[language].format(
        book=version.book,
        number=version.number,
        day=version.effective.starts_on,
        approver=version.approver,
        approved=_day(version.approved_at),
    )


def _day(instant: datetime.datetime) -> datetime.date:
    return instant.date()


def _row(sql: str, **given: Any) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found
