"""Why an account owes what it owes: the open items of a balance, and credits that were spent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.receivables import choices, queries
from fisc.domain.rule_tables.calculations import explanations, wording

_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "balance": "Balance",
        "past_due": "Past due",
        "credit": "Credit",
        "owes": "You owe {amount} as of {day}: {charges} of open charges less {credits} of credit",
        "is_past_due": "{amount} was due before {day} and is not paid",
        "nothing_past_due": "Nothing that was due before {day} is unpaid",
        "has_credit": "{amount} of credit is not spent yet as of {day}",
        "due": "due {day}",
        "past": "past due since {day}",
        "of_credit": "credit of {day}",
        "applied": "Credit applied",
        "was_applied": "On {day} {amount} of credit settled charges in the order of the city's "
        "allocation table",
    },
    "es": {
        "balance": "Saldo",
        "past_due": "Vencido",
        "credit": "Crédito",
        "owes": "Usted debe {amount} al {day}: {charges} de cargos abiertos menos {credits} de "
        "crédito",
        "is_past_due": "{amount} venció antes del {day} y no está pagado",
        "nothing_past_due": "Nada de lo que venció antes del {day} está sin pagar",
        "has_credit": "{amount} de crédito no se ha usado todavía al {day}",
        "due": "vence el {day}",
        "past": "vencido desde el {day}",
        "of_credit": "crédito del {day}",
        "applied": "Crédito aplicado",
        "was_applied": "El {day} se pagaron cargos con {amount} de crédito, en el orden de la "
        "tabla de asignación de la ciudad",
    },
}


class NothingWasApplied(Exception):
    """An entry spent no credit of an account."""


def explain_balance(
    *, account_id: int, as_of: datetime.date, language: str = "en"
) -> explanations.Why:
    """Explain what an account owes by its open items, added up again and compared."""
    balance = queries.account_balance(account_id, as_of=as_of)
    items = queries.open_items(account_id)
    said = _SAYINGS[language]
    pieces = _pieces(items, as_of=as_of, language=language)
    return _why(
        said["balance"],
        balance.balance_cents,
        said["owes"].format(
            amount=wording.dollars(balance.balance_cents),
            day=wording.day(as_of, language=language),
            charges=wording.dollars(balance.open_charges_cents),
            credits=wording.dollars(balance.unapplied_cents),
        ),
        pieces,
    )


def explain_past_due(
    *, account_id: int, as_of: datetime.date, language: str = "en"
) -> explanations.Why:
    """Explain what of a balance was due before a day, by its open charges."""
    balance = queries.account_balance(account_id, as_of=as_of)
    late = [
        item
        for item in queries.open_items(account_id)
        if item.kind == choices.ItemKind.CHARGE and item.due_on is not None and item.due_on < as_of
    ]
    said = _SAYINGS[language]
    sentence = said["is_past_due" if late else "nothing_past_due"].format(
        amount=wording.dollars(balance.past_due_cents), day=wording.day(as_of, language=language)
    )
    pieces = _pieces(late, as_of=as_of, language=language)
    return _why(said["past_due"], balance.past_due_cents, sentence, pieces)


def explain_credit(
    *, account_id: int, as_of: datetime.date, language: str = "en"
) -> explanations.Why:
    """Explain what an account is owed, by its open credits."""
    balance = queries.account_balance(account_id, as_of=as_of)
    own = [item for item in queries.open_items(account_id) if item.kind == choices.ItemKind.CREDIT]
    said = _SAYINGS[language]
    sentence = said["has_credit"].format(
        amount=wording.dollars(balance.unapplied_cents), day=wording.day(as_of, language=language)
    )
    pieces = _pieces(own, as_of=as_of, language=language)
    return _why(said["credit"], -balance.unapplied_cents, sentence, pieces)


def explain_credit_applied(
    *, account_id: int, entry_id: int, language: str = "en"
) -> explanations.Why:
    """Explain which charges an entry settled with credit. Raises NothingWasApplied."""
    rows = _rows(_APPLIED, account=account_id, entry=entry_id)
    if not rows:
        raise NothingWasApplied(f"Entry {entry_id} spent no credit of this account.")
    said = _SAYINGS[language]
    codes = code_lists.codes_by_id("charge")
    pieces = tuple(
        explanations.Piece(
            words=codes[code_id].label(language),
            amount_cents=cents,
            note=_due(due_on, before=posting_day, language=language),
            refers=explanations.Reference("item", (item_id,)),
        )
        for item_id, code_id, due_on, cents, posting_day, _ in rows
    )
    total_cents = sum(each.amount_cents for each in pieces)
    # What left the credits is in the books of the entry on the side of the credits' account.
    moved_cents = rows[0][5]
    return explanations.Why(
        title=said["applied"],
        value=wording.dollars(total_cents),
        sentence=wording.sentence(
            said["was_applied"].format(
                day=wording.day(rows[0][4], language=language), amount=wording.dollars(total_cents)
            )
        ),
        is_equal=total_cents == moved_cents,
        pieces=pieces,
        account_id=account_id,
    )


_APPLIED = """
    select part.item_id, item.code_id, item.due_on, part.amount_cents, part.posting_day,
        (select sum(posting.amount_cents)::bigint from ledger_posting as posting
         where posting.entry_id = part.entry_id and posting.amount_cents > 0)
    from receivables_allocation as part join receivables_item as item on item.id = part.item_id
    where part.account_bucket = %(account)s %% 4096 and part.account_id = %(account)s
        and part.entry_id = %(entry)s and part.credit_item_id is not null
    order by part.id
"""


def _why(
    title: str, cents: int, sentence: str, pieces: Sequence[explanations.Piece]
) -> explanations.Why:
    return explanations.Why(
        title=title,
        value=wording.dollars(cents),
        sentence=wording.sentence(sentence),
        is_equal=cents == sum(each.amount_cents for each in pieces),
        pieces=tuple(pieces),
    )


def _pieces(
    items: Sequence[queries.OpenItem], *, as_of: datetime.date, language: str
) -> list[explanations.Piece]:
    codes = code_lists.codes_by_id("charge")
    said = _SAYINGS[language]
    return [
        explanations.Piece(
            words=codes[item.code_id].label(language),
            amount_cents=item.open_cents
            if item.kind == choices.ItemKind.CHARGE
            else -item.open_cents,
            note=_due(item.due_on, before=as_of, language=language)
            if item.kind == choices.ItemKind.CHARGE
            else said["of_credit"].format(day=wording.day(item.arises_on, language=language)),
            refers=explanations.Reference("item", (item.item_id,)),
        )
        for item in items
    ]


def _due(due_on: datetime.date | None, *, before: datetime.date, language: str) -> str:
    if due_on is None:
        return ""
    return _SAYINGS[language]["past" if due_on < before else "due"].format(
        day=wording.day(due_on, language=language)
    )


def _rows(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
