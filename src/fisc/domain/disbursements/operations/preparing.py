"""Preparing a requisition: which credits, for whom, what of them settles debts first."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.domain.accounts import operations as account_writes
from fisc.domain.accounts import queries as accounts
from fisc.domain.accounts.operations import rows as account_rows
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements import choices, models
from fisc.domain.disbursements.calculations import offsets
from fisc.domain.disbursements.operations import checking, interest_rows
from fisc.domain.disbursements.queries import bearing, policies
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import calculations as receivable_sums
from fisc.domain.receivables.operations import writing
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.idempotency import calculations as askings
from fisc.plumbing.idempotency import operations as idempotency

_COUNTER = "requisition"
_FIRST_NUMBER = 1


Take = offsets.Take


class CannotBePrepared(Exception):
    """A requisition is refused; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True, slots=True)
class Payee:
    """The name and the address that the money goes to."""

    name: str
    mailing: account_writes.Mailing


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks to be paid out; without a payee, to the account's holder."""

    takes: tuple[Take, ...]
    # A code of the list "disbursement purpose".
    purpose: str
    w9_on_file: bool
    was_asked_for: bool
    why: str
    payee: Payee | None = None
    # Charges of the payee, on any account, that are settled though no table brings them first.
    settles: tuple[int, ...] = ()
    # The day a written claim came, where no return of the payee's makes it.
    claimed_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A requisition as it was kept."""

    number: int
    offset_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a requisition would do: shown before it is asked, kept when it is."""

    party_id: int
    payee: Payee
    language: str
    takes: tuple[Take, ...]
    account_of: Mapping[int, int]
    debts: tuple[offsets.Debt, ...]
    offsets: tuple[offsets.Part, ...]
    approvals: int
    taken_cents: int
    interest: tuple[bearing.Interest, ...] = ()

    @property
    def interest_cents(self) -> int:
        """What the credits bear; it is given back with them."""
        return sum(each.cents for each in self.interest)

    @property
    def offset_cents(self) -> int:
        """What settles debts."""
        return sum(each.cents for each in self.offsets)

    @property
    def paid_cents(self) -> int:
        """What is left to pay out."""
        return self.taken_cents + self.interest_cents - self.offset_cents


@transactions.starts_transaction
def plan(
    *, asked: Asked, on: datetime.date, known_at: datetime.datetime, language: str = "en"
) -> Plan:
    """Return what a requisition would do, and keep nothing. Raises what prepare raises."""
    return _planned(asked, on=on, known_at=known_at, language=language)


@transactions.starts_transaction
def prepare(
    *, key: str, asked: Asked, on: datetime.date, by_id: int, at: datetime.datetime,
    language: str = "en",
) -> Prepared:  # fmt: skip
    """Prepare a requisition of open credits of one party; asked twice with one key, it is one.

    What a table says against it is said in `language`.

    Raises CannotBePrepared, rule_tables.NoVersionForDate, idempotency.KeyUsedForOtherContent.
    """
    return prepare_part(key=key, asked=asked, on=on, by_id=by_id, at=at, language=language)


@transactions.needs_transaction
def prepare_part(
    *, key: str, asked: Asked, on: datetime.date, by_id: int, at: datetime.datetime,
    language: str = "en",
) -> Prepared:  # fmt: skip
    """Prepare a requisition as a part of something larger; see `prepare`."""
    content = askings.content_sha256({"asked": repr(asked), "on": on, "by": by_id})
    first = idempotency.first_result(key=key, content_sha256=content)
    if first is not None:
        return Prepared(first["number"], first["offset_cents"], first["paid_cents"])
    planned = _planned(asked, on=on, known_at=at, language=language)
    row = _add_requisition(planned, asked, on=on, by_id=by_id, at=at)
    _add_parts(row, planned)
    models.Event.objects.create(
        requisition=row,
        number=1,
        kind=choices.EventKind.PREPARED,
        by_id=by_id,
        on=on,
        at=at,
        why=asked.why,
    )
    action_log.record(
        user_id=by_id,
        verb="prepare",
        subject_kind="requisition",
        subject_id=row.number,
        why=asked.why,
        detail={"taken_cents": row.taken_cents, "paid_cents": row.paid_cents},
        at=at,
    )
    kept = Prepared(row.number, row.offset_cents, row.paid_cents)
    idempotency.keep(
        key=key,
        content_sha256=content,
        result={
            "number": kept.number,
            "offset_cents": kept.offset_cents,
            "paid_cents": kept.paid_cents,
        },
        made_at=at,
    )
    return kept


def _planned(
    asked: Asked, *, on: datetime.date, known_at: datetime.datetime, language: str
) -> Plan:
    if not asked.takes:
        raise CannotBePrepared(["Nothing is taken. Choose a credit and say how much of it."])
    locked = writing.locked_items(each.credit_item_id for each in asked.takes)
    account_ids = sorted({each.account_id for each in locked.values()})
    holders = accounts.holders(account_ids=account_ids)
    problems = [
        *checking.wrong_takes(asked.takes, locked),
        *checking.wrong_accounts(holders, on=on),
        *checking.guarded(asked.takes, locked, on=on, known_at=known_at, language=language),
    ]
    if asked.claimed_on is not None and asked.claimed_on > on:
        problems.append("The claim came on a day that is still to come. Enter the day it came.")
    payee = asked.payee or _payee_of(holders[account_ids[0]])
    if not payee.name.strip() or not payee.mailing.line_1.strip():
        problems.append("The payee has no name or no address. Say whom the money goes to.")
    party_id = holders[account_ids[0]].party_id
    if problems or party_id is None:
        raise CannotBePrepared(problems)
    debts = policies.debts(party_id=party_id, credit_accounts=account_ids, on=on, known_at=known_at)
    debts = _with_chosen(debts, asked.settles)
    taken_cents = sum(each.cents for each in asked.takes)
    interest = _interest(asked, locked, debts=debts, on=on, known_at=known_at)
    given_cents = taken_cents + sum(each.cents for each in interest)
    parts = offsets.settled(given_cents, debts=debts)
    facts = policies.Facts(
        purpose=asked.purpose,
        paid_cents=given_cents - sum(each.cents for each in parts),
        w9_on_file=asked.w9_on_file,
        was_asked_for=asked.was_asked_for,
        on=on,
    )
    approvals = policies.approvals(facts, known_at=known_at, language=language)
    if approvals.needed is None:
        said = "; ".join(approvals.words) or "no row of the table of approvals allows it"
        raise CannotBePrepared([f"This may not be paid out: {said}."])
    return Plan(
        party_id=party_id,
        payee=payee,
        language=holders[account_ids[0]].language,
        takes=asked.takes,
        account_of={each: locked[each].account_id for each in locked},
        debts=debts,
        offsets=parts,
        approvals=approvals.needed,
        taken_cents=taken_cents,
        interest=interest,
    )


def _interest(
    asked: Asked, locked: Mapping[int, receivable_sums.LockedItem], *,
    debts: Sequence[offsets.Debt], on: datetime.date, known_at: datetime.datetime,
) -> tuple[bearing.Interest, ...]:  # fmt: skip
    """Ask what the credits bear: what of them settles debts, and what of them is paid out."""
    taken_cents = sum(each.cents for each in asked.takes)
    settled = sum(each.cents for each in offsets.settled(taken_cents, debts=debts))
    before = bearing.borne_through(locked)
    taken = tuple(
        bearing.taken_of(
            locked[used.credit_item_id],
            cents=used.cents,
            is_offset=used.is_offset,
            borne_through=before.get(used.credit_item_id),
        )
        for used in offsets.uses(asked.takes, offset_cents=settled)
    )
    return bearing.borne(
        bearing.Asked(taken=taken, claimed_on=asked.claimed_on, on=on, known_at=known_at)
    )


def _with_chosen(debts: Sequence[offsets.Debt], chosen: Sequence[int]) -> tuple[offsets.Debt, ...]:
    """Mark the debts that the payee chose. Raises CannotBePrepared where one is not open."""
    if missing := set(chosen) - {each.item_id for each in debts}:
        named = ", ".join(str(each) for each in sorted(missing))
        raise CannotBePrepared(
            [f"The payee has no open charge {named}. Look again at what is open."]
        )
    return tuple(
        dataclasses.replace(each, is_chosen=each.item_id in chosen and not each.settled_first)
        for each in debts
    )


def _payee_of(holder: accounts.Holder) -> Payee:
    return Payee(
        name=holder.name or holder.party_name,
        mailing=account_writes.Mailing(
            line_1=holder.line_1,
            line_2=holder.line_2,
            city=holder.city,
            state=holder.state,
            zip=holder.zip,
        ),
    )


def _add_requisition(
    planned: Plan, asked: Asked, *, on: datetime.date, by_id: int, at: datetime.datetime
) -> models.Requisition:
    purpose = code_lists.code(policies.PURPOSES, asked.purpose)
    charge = code_lists.code("charge", str(purpose.attributes["charge"]))
    gl_account = ledger.gl_accounts()[str(charge.attributes["revenue_gl"])]
    mailing = planned.payee.mailing
    return models.Requisition.objects.create(
        number=account_rows.draw_numbers(name=_COUNTER, count=1) + _FIRST_NUMBER,
        party_id=planned.party_id,
        payee_name=planned.payee.name,
        remit_line_1=mailing.line_1,
        remit_line_2=mailing.line_2,
        remit_city=mailing.city,
        remit_state=mailing.state,
        remit_zip=mailing.zip,
        language=planned.language,
        w9_on_file=asked.w9_on_file,
        was_asked_for=asked.was_asked_for,
        purpose_id=purpose.id,
        charge_id=charge.id,
        gl_account_id=gl_account.id,
        claimed_on=asked.claimed_on,
        taken_cents=planned.taken_cents,
        interest_cents=planned.interest_cents,
        offset_cents=planned.offset_cents,
        paid_cents=planned.paid_cents,
        approvals_needed=planned.approvals,
        prepared_on=on,
        prepared_by_id=by_id,
        prepared_at=at,
    )


def _add_parts(row: models.Requisition, planned: Plan) -> None:
    """Keep what is taken and what it settles; the database refuses a credit asked for twice."""
    try:
        with transactions.savepoint():
            models.Source.objects.bulk_create(
                models.Source(
                    requisition=row,
                    account_id=planned.account_of[take.credit_item_id],
                    credit_item_id=take.credit_item_id,
                    amount_cents=take.cents,
                )
                for take in planned.takes
            )
    except IntegrityError as problem:
        diagnosis = getattr(problem.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != "credit_is_in_one_living_requisition":
            raise
        raise CannotBePrepared([_asked_before(planned)]) from problem
    models.Offset.objects.bulk_create(
        models.Offset(
            requisition=row,
            account_id=part.debt.account_id,
            charge_item_id=part.debt.item_id,
            amount_cents=part.cents,
            is_chosen=part.debt.is_chosen,
        )
        for part in planned.offsets
    )
    interest_rows.keep(planned.interest, requisition_id=row.id)


def _asked_before(planned: Plan) -> str:
    numbers = models.Source.objects.filter(
        credit_item_id__in=[each.credit_item_id for each in planned.takes], is_living=True
    ).values_list("requisition__number", flat=True)
    named = ", ".join(str(each) for each in sorted(set(numbers)))
    return (
        f"A credit is asked for in requisition {named} already. Decide or withdraw that one first."
    )
