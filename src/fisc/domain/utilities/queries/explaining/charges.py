"""Explaining a late charge, and an item of an account by the record that made it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements.queries import requisitions
from fisc.domain.ledger import choices as ledger
from fisc.domain.receivables import choices as receivable
from fisc.domain.receivables import queries as receivables
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, values, wording
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.queries.explaining import bills, facts, words


class NoSuchLateCharge(Exception):
    """There is no late charge of that number."""


@dataclass(frozen=True, slots=True)
class _Item:
    item_id: int
    account_id: int
    kind: int
    code_id: int
    amount_cents: int
    arises_on: datetime.date
    source_kind: int
    source_id: int
    open_cents: int
    made_at: datetime.datetime

    @property
    def as_of(self) -> code_lists.AsOf:
        """When the city's lists count: on its day, as known when it was made."""
        return code_lists.AsOf(day=self.arises_on, known_at=self.made_at)


_ITEM = """
select item.id, item.account_id, item.kind, item.code_id, item.amount_cents, item.arises_on,
    item.source_kind, item.source_id, open.open_cents, entry.made_at
from receivables_item item join receivables_openitem open on open.item_id = item.id
join ledger_journalentry entry on entry.id = item.entry_id
where item.id = %(item)s
"""

_BILL = "select number from utilities_bill where id = %(bill)s and account_id = %(account)s"

# What settled an item, or what a credit was spent on: taken away from what it was.
_SETTLED = """
select part.amount_cents, part.posting_day, tender.payment_id, part.credit_item_id, part.item_id,
    part.entry_id
from receivables_allocation part
left join payments_tendershare share on share.id = part.share_id
left join payments_tender tender on tender.id = share.tender_id
where part.account_bucket = %(account)s %% 4096 and part.account_id = %(account)s
    and (part.item_id = %(item)s or part.credit_item_id = %(item)s)
order by part.id
"""
_WAYS = {
    "en": {"payment": "payment of {day}", "credit": "credit applied {day}", "spent": "spent {day}"},
    "es": {"payment": "pago del {day}", "credit": "crédito aplicado el {day}",
           "spent": "usado el {day}"},
}  # fmt: skip


def explain_item(*, item_id: int, language: str = "en") -> explanations.Why:
    """Explain a charge or credit: what made it, and what of it is settled.

    Raises receivables.NoSuchItem.
    """
    rows = _rows(_ITEM, item=item_id)
    if not rows:
        raise receivables.NoSuchItem(f"There is no item {item_id}.")
    item = _Item(*rows[0])
    made_of, number = _made_of(item, language=language)
    settled = _settled(item, language=language)
    is_charge = item.kind == receivable.ItemKind.CHARGE
    sign = 1 if is_charge else -1
    left = item.amount_cents + sign * sum(each.amount_cents for each in settled)
    label = code_lists.codes_by_id("charge", as_of=item.as_of)[item.code_id].label(language)
    key = "item_other" if is_charge else "credit"
    if number:
        key = "item_bill"
    elif item.source_kind == ledger.SourceKind.LATE_CHARGE and is_charge:
        key = "item_late"
    return explanations.Why(
        title=label,
        value=wording.dollars(sign * item.open_cents),
        sentence=wording.sentence(
            words.SAYINGS[language][key].format(
                charge=label,
                number=number,
                day=wording.day(item.arises_on, language=language),
                amount=wording.dollars(item.amount_cents),
                open=wording.dollars(item.open_cents),
            )
        ),
        is_equal=left == item.open_cents
        and sign * item.amount_cents == sum(each.amount_cents for each in made_of),
        pieces=(*made_of, *settled),
        account_id=item.account_id,
    )


def _made_of(item: _Item, *, language: str) -> tuple[tuple[explanations.Piece, ...], int]:
    """Return what made an item, and the number of its bill if it is of one."""
    is_charge = item.kind == receivable.ItemKind.CHARGE
    code = code_lists.codes_by_id("charge", as_of=item.as_of)[item.code_id]
    if is_charge and item.source_kind == ledger.SourceKind.BILL:
        found = _rows(_BILL, bill=item.source_id, account=item.account_id)
        if found:
            return _lines_of_charge(found[0][0], charge=code.code, language=language)
    kinds = {
        ledger.SourceKind.LATE_CHARGE: "late charge",
        ledger.SourceKind.PAYMENT: "payment",
    }
    kind = kinds.get(ledger.SourceKind(item.source_kind))
    keys = (item.source_id,) if kind == "late charge" else (item.source_id, item.account_id)
    if item.source_kind == ledger.SourceKind.DISBURSEMENT:
        kind, keys = "requisition", (requisitions.number_of(item.source_id),)
    whole = explanations.Piece(
        words=code.label(language),
        amount_cents=item.amount_cents if is_charge else -item.amount_cents,
        note=wording.day(item.arises_on, language=language),
        refers=explanations.Reference(kind, keys) if kind else None,
    )
    return (whole,), 0


def _lines_of_charge(
    number: int, *, charge: str, language: str
) -> tuple[tuple[explanations.Piece, ...], int]:
    known = facts.of_bill(number)
    lines = tuple(
        bills.piece(line, known, language=language)
        for line in known.lines
        if known.codes[line.code_id].attributes.get("charge") == charge
    )
    return lines, number


def _settled(item: _Item, *, language: str) -> tuple[explanations.Piece, ...]:
    """Return what was taken away from an item; of a credit the payment that made it is not."""
    is_charge = item.kind == receivable.ItemKind.CHARGE
    found = []
    for cents, day, payment_id, credit_id, settled_id, entry_id in _rows(
        _SETTLED, account=item.account_id, item=item.item_id
    ):
        if not is_charge and credit_id != item.item_id:
            continue
        said = wording.day(day, language=language)
        if not is_charge:
            way, refers = "spent", explanations.Reference("item", (settled_id,))
        elif payment_id is not None:
            way = "payment"
            refers = explanations.Reference("payment", (payment_id, item.account_id))
        else:
            way = "credit"
            refers = explanations.Reference("credit applied", (entry_id, item.account_id))
        found.append(
            explanations.Piece(
                words=_WAYS[language][way].format(day=said),
                amount_cents=-cents if is_charge else cents,
                refers=refers,
            )
        )
    return tuple(found)


_LATE = """
select late.account_id, late.charged_on, late.due_on, late.amount_cents, late.block_id,
    late.block_row, entry.made_at
from utilities_late_charge late join ledger_journalentry entry on entry.id = late.entry_id
where late.id = %(late)s
"""

# The charges of the due day, as late.past_due sums them, with what of each was settled before a
# day and what on it: the run of a day comes after some of that day's payments.
_DUE_THEN = """
select item.code_id, item.amount_cents,
    coalesce(sum(part.amount_cents) filter (where part.posting_day < %(charged)s), 0)::bigint,
    coalesce(sum(part.amount_cents) filter (where part.posting_day = %(charged)s), 0)::bigint
from receivables_item item
left join receivables_allocation part on part.account_bucket = item.account_bucket
    and part.account_id = item.account_id and part.item_id = item.id
where item.account_bucket = %(account)s %% 4096 and item.account_id = %(account)s
    and item.kind = 1 and item.due_on = %(due)s and item.code_id <> %(late_code)s
group by item.id, item.code_id, item.amount_cents order by item.id
"""


def explain_late_charge(*, late_charge_id: int, language: str = "en") -> explanations.Why:
    """Explain a charge for paying late, computed again from what was kept.

    Raises NoSuchLateCharge, rule_tables.NoSuchEvaluation.
    """
    rows = _rows(_LATE, late=late_charge_id)
    if not rows:
        raise NoSuchLateCharge(f"There is no late charge {late_charge_id}.")
    account_id, charged_on, due_on, cents, block_id, block_row, made_at = rows[0]
    as_of = code_lists.AsOf(day=charged_on, known_at=made_at)
    kept = tables.kept([(block_id, block_row)])[block_id, block_row]
    (line,) = points.LATE_CHARGE.outputs
    answer = tables.replayed(kept, names=[line.name])[line.name]
    was = next((each.value for each in kept.row.outputs if each.name == line.decision), None)
    past_due_cents = wording.in_cents(answer.facts.get("past_due"))
    items = _due_then(
        account_id,
        due_on=due_on,
        charged_on=charged_on,
        past_due_cents=past_due_cents,
        language=language,
    )
    days = {
        "due": wording.day(due_on, language=language),
        "charged": wording.day(charged_on, language=language),
    }
    origins = words.ORIGINS[language]
    return tables.why_of(
        answer,
        title=code_lists.code("charge", "late_charge", as_of=as_of).label(language),
        value=wording.dollars(cents),
        sentence=words.SAYINGS[language]["late"].format(
            amount=wording.dollars(cents),
            past_due=wording.dollars(past_due_cents),
            said=words.behind(tables.said_of(answer, language=language)),
            **days,
        ),
        is_equal=values.agree(was, answer.value) and wording.in_cents(answer.value) == cents,
        vocabulary=tables.vocabulary(
            [answer.version.point], language=language, facts=words.FACTS[language], as_of=as_of
        ),
        origins={
            "days_late": origins["days_late"].format(**days),
            "past_due": origins["items"].format(due=days["due"], items=items),
        },
        account_id=account_id,
    )


def _due_then(
    account_id: int, *, due_on: datetime.date, charged_on: datetime.date, past_due_cents: int,
    language: str,
) -> str:  # fmt: skip
    """Name the charges that were past due and what of each was open then."""
    codes = code_lists.codes_by_id("charge")
    rows = _rows(
        _DUE_THEN,
        account=account_id,
        due=due_on,
        charged=charged_on,
        late_code=code_lists.code("charge", "late_charge").id,
    )
    after = [(code_id, cents - before - that_day) for code_id, cents, before, that_day in rows]
    before = [(code_id, cents - before) for code_id, cents, before, _ in rows]
    then = after if sum(cents for _, cents in after) == past_due_cents else before
    return ", ".join(
        f"{codes[code_id].label(language)} {wording.dollars(cents)}"
        for code_id, cents in then
        if cents > 0
    )


def _rows(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
