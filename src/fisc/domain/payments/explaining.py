"""Why a payment was spent as it was: the rows of the allocation table that put it there."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.payments import decision_points, queries
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, values, wording
from fisc.domain.rule_tables.queries import versions as rule_tables

_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Payment of {day}",
        "spent": "Of the {amount} received on {day}: {parts}",
        "credit": "left over as a credit",
        "due": "due {day}",
        "past": "past due since {day}",
        "priority": "priority {number}",
    },
    "es": {
        "title": "Pago del {day}",
        "spent": "De los {amount} recibidos el {day}: {parts}",
        "credit": "sobra como crédito",
        "due": "vence el {day}",
        "past": "vencido desde el {day}",
        "priority": "prioridad {number}",
    },
}
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {"charge_code": "charge", "past_due": "past due"},
    "es": {"charge_code": "cargo", "past_due": "vencido"},
}


class NothingForThisAccount(Exception):
    """A payment settled nothing of an account."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a payment did to one item, and what the allocation table says of such a charge."""

    settled: queries.Settled
    due_on: datetime.date | None
    is_past_due: bool
    answer: tables.Answered | None


def explain_payment(*, payment_id: int, account_id: int, language: str = "en") -> explanations.Why:
    """Explain how a payment was spread over an account's charges, in the order of the table.

    The table is asked again as it was known when the payment came. Raises queries.NoSuchPayment
    and NothingForThisAccount.
    """
    made = queries.payment(payment_id)
    mine = [each for each in made.settled if each.account_id == account_id]
    if not mine:
        raise NothingForThisAccount(f"Payment {payment_id} settled nothing of this account.")
    version = rule_tables.in_force(
        decision_points.ALLOCATION_ORDER.name, day=made.received_on, known_at=made.made_at
    )
    parts = _asked(mine, made=made, version=version)
    vocabulary = tables.vocabulary(
        [version.point], language=language, facts=_FACTS[language], as_of=_as_of(made)
    )
    cents = sum(each.cents for each in mine)
    said = _SAYINGS[language]
    day = wording.day(made.received_on, language=language)
    answers = {each.answer.facts["charge_code"]: each.answer for each in parts if each.answer}
    steps = [step for each in answers.values() for step in each.steps]
    return explanations.Why(
        title=said["title"].format(day=day),
        value=wording.dollars(cents),
        sentence=wording.sentence(
            said["spent"].format(
                amount=wording.dollars(cents),
                day=day,
                parts="; ".join(_spoken(each, made, language=language) for each in parts),
            )
        ),
        is_equal=_is_in_order(parts),
        steps=tuple(
            taken
            for answer in answers.values()
            for taken in explanations.steps_taken(
                answer.steps, point=version.point, vocabulary=vocabulary
            )
        ),
        rows=explanations.rows_used(steps, vocabulary=vocabulary),
        pieces=tuple(_piece(each, made, language=language) for each in parts),
        versions=tables.versions_used(version, language=language),
        account_id=account_id,
    )


def _asked(
    mine: list[queries.Settled], *, made: queries.Payment, version: rule_tables.LoadedVersion
) -> list[_Part]:
    due_days = _due_days([each.item_id for each in mine])
    codes = code_lists.codes_by_id("charge", as_of=_as_of(made))
    (line,) = decision_points.ALLOCATION_ORDER.outputs
    parts = []
    for each in mine:
        due_on = due_days[each.item_id]
        is_past_due = due_on is not None and due_on < made.received_on
        answer = None
        if not each.is_credit:
            facts: dict[str, values.Value] = {
                "charge_code": codes[each.code_id].code,
                "past_due": is_past_due,
            }
            answer = tables.asked(version, facts, names=[line.name])[line.name]
        parts.append(_Part(each, due_on, is_past_due, answer))
    return parts


def _is_in_order(parts: list[_Part]) -> bool:
    """Tell whether the charges were settled as the table, asked again, would have it."""
    charges = {each.settled.item_id: each for each in parts if each.answer is not None}
    settled = [
        receivables_sums.OpenCharge(
            item_id=each.settled.item_id,
            account_id=each.settled.account_id,
            code_id=each.settled.code_id,
            due_on=each.due_on,
            open_cents=each.settled.cents,
        )
        for each in charges.values()
    ]

    def priority(charge: receivables_sums.OpenCharge) -> int:
        answer = charges[charge.item_id].answer
        assert answer is not None
        return int(str(answer.value))

    return settled == receivables_sums.in_order(settled, priority=priority)


def _as_of(made: queries.Payment) -> code_lists.AsOf:
    """Say when the city's lists count: on the day of the payment, as known when it was made."""
    return code_lists.AsOf(day=made.received_on, known_at=made.made_at)


def _spoken(part: _Part, made: queries.Payment, *, language: str) -> str:
    amount = wording.dollars(part.settled.cents)
    if part.answer is None:
        return f"{_SAYINGS[language]['credit']}, {amount}"
    said = explanations.said(
        part.answer.steps,
        decision=part.answer.decision,
        lines=part.answer.lines,
        language=language,
    )
    code = code_lists.codes_by_id("charge", as_of=_as_of(made))[part.settled.code_id]
    return f"{'; '.join(said) or code.label(language)}, {amount}"


def _piece(part: _Part, made: queries.Payment, *, language: str) -> explanations.Piece:
    said = _SAYINGS[language]
    notes = []
    if part.due_on is not None:
        day = wording.day(part.due_on, language=language)
        notes.append(said["past" if part.is_past_due else "due"].format(day=day))
    if part.answer is not None:
        notes.append(said["priority"].format(number=part.answer.value))
    code = code_lists.codes_by_id("charge", as_of=_as_of(made))[part.settled.code_id]
    return explanations.Piece(
        words=code.label(language),
        amount_cents=part.settled.cents,
        note=", ".join(notes),
        refers=explanations.Reference("item", (part.settled.item_id,)),
    )


def _due_days(item_ids: list[int]) -> dict[int, datetime.date | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, due_on from receivables_item where id = any(%(ids)s)", {"ids": item_ids}
        )
        return dict(cursor.fetchall())
