"""What an account owes of its returns, period by period, as it stands in the books, and why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.queries import postings

_PARTS: Mapping[int, Mapping[str, str]] = {
    choices.Part.TAX: {"en": "Privilege tax", "es": "Impuesto de privilegio"},
    choices.Part.EXCESS_TAX: {"en": "Excess tax collected", "es": "Impuesto cobrado en exceso"},
    choices.Part.ACCOUNTING_CREDIT: {"en": "Accounting credit", "es": "Crédito contable"},
    choices.Part.AUDITED: {"en": "Found by an audit", "es": "Hallado en una auditoría"},
    choices.Part.CIVIL_PENALTY: {"en": "Civil penalty", "es": "Multa civil"},
    choices.Part.PENALTY: {"en": "Penalty", "es": "Multa"},
    choices.Part.INTEREST: {"en": "Interest", "es": "Interés"},
    choices.Part.WAIVED_PENALTY: {"en": "Penalty waived", "es": "Multa condonada"},
    choices.Part.WAIVED_INTEREST: {"en": "Interest waived", "es": "Interés condonado"},
}
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Owed for the period from {day}",
        "said": "of {charged} charged for the period from {day}, {settled} is settled and "
        "{value} is open",
        "settled": "settled by payments and credits",
    },
    "es": {
        "title": "Adeudado por el período desde el {day}",
        "said": "de {charged} cargados por el período desde el {day}, {settled} están saldados y "
        "{value} quedan por pagar",
        "settled": "saldado con pagos y créditos",
    },
}


@dataclass(frozen=True, slots=True)
class PeriodOwed:
    """What is open of a period, in whole cents; below zero is the account's."""

    starts_on: datetime.date
    # The newest return that something was posted for.
    return_id: int
    charged_cents: int
    tax_cents: int
    penalty_cents: int
    interest_cents: int

    @property
    def open_cents(self) -> int:
        """Tax, penalty and interest together."""
        return self.tax_cents + self.penalty_cents + self.interest_cents


def by_period(account_id: int) -> tuple[PeriodOwed, ...]:
    """Return the periods of which something is open, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select posted.starts_on, max(posted.tax_return_id), sum(posted.cents)::bigint,
                coalesce(sum(sign(posted.cents) * item.open_cents)
                    filter (where posted.part = any(%(tax)s)), 0)::bigint,
                coalesce(sum(sign(posted.cents) * item.open_cents)
                    filter (where posted.part = any(%(penalty)s)), 0)::bigint,
                coalesce(sum(sign(posted.cents) * item.open_cents)
                    filter (where posted.part = any(%(interest)s)), 0)::bigint
            from tax_returns_posted as posted
            join receivables_openitem as item on item.item_id = posted.item_id
            where posted.account_id = %(account_id)s
            group by posted.starts_on having bool_or(item.open_cents > 0)
            order by posted.starts_on
            """,
            {
                "account_id": account_id,
                "tax": [int(each) for each in choices.TAX_PARTS],
                "penalty": [int(each) for each in choices.PENALTY_PARTS],
                "interest": [int(each) for each in choices.INTEREST_PARTS],
            },
        )
        return tuple(PeriodOwed(*row) for row in cursor.fetchall())


def why_open(account_id: int, *, starts_on: datetime.date, language: str) -> explanations.Why:
    """Explain what is open of a period: every item of it, less what is settled.

    Raises postings.NoSuchPosting.
    """
    items = postings.standing(account_id, starts_on=starts_on).items
    if not items:
        raise postings.NoSuchPosting(f"Nothing was posted for a period from {starts_on}.")
    said, day = _SAYINGS[language], wording.day(starts_on, language=language)
    charged = sum(each.cents for each in items)
    is_open = sum(each.open_cents for each in items)
    pieces = [
        explanations.Piece(
            part_words(each.key.part, language=language),
            each.cents,
            refers=explanations.Reference("item", (each.item_id,)),
        )
        for each in items
    ]
    if charged != is_open:
        pieces.append(explanations.Piece(said["settled"], is_open - charged))
    open_now = {each.starts_on: each.open_cents for each in by_period(account_id)}
    return explanations.Why(
        title=said["title"].format(day=day),
        value=wording.dollars(is_open),
        sentence=wording.sentence(
            said["said"].format(
                charged=wording.dollars(charged),
                day=day,
                settled=wording.dollars(charged - is_open),
                value=wording.dollars(is_open),
            )
        ),
        is_equal=open_now.get(starts_on, 0) == is_open,
        pieces=tuple(pieces),
        account_id=account_id,
    )


def part_words(part: int, *, language: str) -> str:
    """Return what a part of a period is called."""
    return _PARTS[part][language]
