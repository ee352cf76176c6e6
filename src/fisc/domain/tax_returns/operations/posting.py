"""Writing what a return, or its lateness, makes of an account's items: always the difference."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements.queries import credits as disbursements
from fisc.domain.ledger import choices as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.receivables import calculations as receivables_sums
from fisc.domain.receivables import choices as receivables_choices
from fisc.domain.receivables import queries as receivables
from fisc.domain.receivables.operations import charges, credits, shares
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import postings as sums
from fisc.domain.tax_returns.queries import audited, returns
from fisc.domain.tax_returns.queries import postings as queries
from fisc.plumbing import transactions

Part = choices.Part
CODES: Mapping[int, str] = {
    Part.TAX: "privilege_tax",
    Part.EXCESS_TAX: "excess_tax",
    Part.ACCOUNTING_CREDIT: "privilege_tax",
    Part.AUDITED: "privilege_tax",
    Part.PENALTY: "tax_penalty",
    Part.INTEREST: "tax_interest",
    Part.CIVIL_PENALTY: "tax_penalty",
    Part.WAIVED_PENALTY: "tax_penalty",
    Part.WAIVED_INTEREST: "tax_interest",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What differences are posted under: the return, and whose books, by whom and when.

    New charges are due on `due_on`; charges and credits arise on `arises_on`.
    """

    kept: returns.Kept
    due_on: datetime.date
    arises_on: datetime.date
    posting_day: datetime.date
    user_id: int | None
    at: datetime.datetime
    reckoning_id: int | None = None
    waiver_id: int | None = None
    audited_id: int | None = None

    @property
    def origin(self) -> receivables_sums.Origin:
        """What every entry is marked with."""
        source = ledger.SourceKind
        return receivables_sums.Origin(
            posting_day=self.posting_day,
            source_kind=source.TAX_RETURN if self.waiver_id is None else source.WAIVER,
            source_id=self.waiver_id or self.kept.return_id,
            made_by_id=self.user_id,
            made_at=self.at,
        )


@transactions.needs_transaction
def post_return(
    kept: returns.Kept, *, posting_day: datetime.date, user_id: int | None, at: datetime.datetime
) -> None:
    """Post what a return owes beyond what the versions before it posted; less becomes credits.

    A credit first settles what of the period's own tax is open; what is left is the account's.
    Raises ledger.DayIsSealed, code_lists.NoSuchCode, writing.CodeMovesNoGL.
    """
    wanted = queries.filed_amounts(kept)
    found = audited.newest(kept.account_id, starts_on=kept.days.starts_on)
    if found is not None:
        wanted.update(sums.audited(found.by_region, filed=sums.by_region(wanted)))
    amounts = queries.standing(kept.account_id, starts_on=kept.days.starts_on).amounts
    there = {key: cents for key, cents in amounts.items() if key.part in choices.TAX_PARTS}
    post_differences(
        sums.differences(wanted, there),
        of=Posting(
            kept=kept,
            due_on=kept.due_on,
            arises_on=kept.received_on,
            posting_day=posting_day,
            user_id=user_id,
            at=at,
            audited_id=found.audited_id if found else None,
        ),
    )


@transactions.needs_transaction
def post_differences(found: Mapping[sums.Key, int], *, of: Posting) -> None:
    """Charge what is above zero, credit what is below, and settle the period's own with credits."""
    # All at once and first: no later step locks an item out of the order of ids.
    shares.lock_open_items(account_ids=[of.kept.account_id])
    if more := {key: cents for key, cents in found.items() if cents > 0}:
        written = charges.add_charges(charges=_items(more, of=of), origin=of.origin)
        _link(more, written.item_ids, of=of)
    if less := {key: cents for key, cents in found.items() if cents < 0}:
        written = charges.add_credits(credits_=_items(less, of=of), origin=of.origin)
        _link(less, written.item_ids, of=of)
        _settle_own(less, of=of)


def _items(found: Mapping[sums.Key, int], *, of: Posting) -> list[charges.Charge]:
    return [
        charges.Charge(
            account_id=of.kept.account_id,
            code_id=code_lists.code("charge", CODES[key.part]).id,
            amount_cents=abs(cents),
            arises_on=of.arises_on,
            due_on=of.due_on if cents > 0 else None,
        )
        for key, cents in found.items()
    ]


def _link(found: Mapping[sums.Key, int], item_ids: Sequence[int], *, of: Posting) -> None:
    models.Posted.objects.bulk_create(
        models.Posted(
            item_id=item_id,
            account_id=of.kept.account_id,
            starts_on=of.kept.days.starts_on,
            tax_return_id=of.kept.return_id,
            part=key.part,
            region_id=key.region_id or None,
            reckoning_id=of.reckoning_id,
            waiver_id=of.waiver_id,
            audited_id=of.audited_id if key.part in choices.AUDIT_PARTS else None,
            cents=cents,
        )
        for item_id, (key, cents) in zip(item_ids, found.items(), strict=True)
    )


def _settle_own(found: Mapping[sums.Key, int], *, of: Posting) -> None:
    """Let credits of a period settle its open charges of the same kind, the same region first."""
    items = queries.standing(of.kept.account_id, starts_on=of.kept.days.starts_on).items
    open_cents = {each.item_id: each.open_cents for each in items}
    less = [each for each in items if each.open_cents < 0 and each.key in found]
    reserved = disbursements.reserved(each.item_id for each in less)
    for credit in less:
        kind = choices.together(credit.key.part)
        waiting = sorted(
            (each for each in items if each.cents > 0 and each.key.part in kind),
            key=lambda each: (each.key.region_id != credit.key.region_id, each.item_id),
        )
        parts = receivables_sums.settled_by(
            max(-credit.open_cents - reserved.get(credit.item_id, 0), 0),
            charges=[
                receivables_sums.OpenCharge(
                    each.item_id, of.kept.account_id, each.code_id, each.due_on,
                    open_cents[each.item_id],
                )
                for each in waiting
            ],
        )  # fmt: skip
        if parts:
            credits.apply_credit(credit_item_id=credit.item_id, parts=parts, origin=of.origin)
        for part in parts:
            open_cents[part.charge.item_id] -= part.cents


@transactions.needs_transaction
def settle_with_credits(account_id: int, *, origin: receivables_sums.Origin) -> int:
    """Settle an account's charges with its open credits, by the city's allocation table.

    The oldest credit settles first; what a requisition asked for is left. Returns cents. Raises
    payments.ChargeHasNoPriority, versions.NoVersionForDate.
    """
    # Locked first, in the order of ids, and read after: nothing of it moves until the end.
    locked = shares.lock_open_items(account_ids=[account_id])
    charged_cents = sum(each.open_cents for each in locked.charges)
    if locked.balance_cents[account_id] == charged_cents:
        return 0
    items = receivables.open_items(account_id)
    open_credits = sorted(
        (each for each in items if each.kind == receivables_choices.ItemKind.CREDIT),
        key=lambda each: each.item_id,
    )
    waiting = receivables_sums.in_order(
        [
            receivables_sums.OpenCharge(
                each.item_id, account_id, each.code_id, each.due_on, each.open_cents
            )
            for each in items
            if each.kind == receivables_choices.ItemKind.CHARGE
        ],
        priority=payments.priority_on(day=origin.posting_day, known_at=origin.made_at),
    )
    reserved = disbursements.reserved(each.item_id for each in open_credits)
    applied = 0
    for credit in open_credits:
        free_cents = max(credit.open_cents - reserved.get(credit.item_id, 0), 0)
        parts = receivables_sums.settled_by(free_cents, charges=waiting)
        if not parts:
            continue
        credits.apply_credit(credit_item_id=credit.item_id, parts=parts, origin=origin)
        settled = {part.charge.item_id: part.cents for part in parts}
        applied += sum(settled.values())
        waiting = [
            each._replace(open_cents=each.open_cents - settled.get(each.item_id, 0))
            for each in waiting
            if each.open_cents > settled.get(each.item_id, 0)
        ]
    return applied
