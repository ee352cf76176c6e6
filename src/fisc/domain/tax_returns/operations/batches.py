"""Keying a batch of returns: counted first, keyed, keyed again by another, balanced, filed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.db.models import Max

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking, returns
from fisc.domain.tax_returns.operations import filing, filing_in_bulk, holding
from fisc.domain.tax_returns.queries import batches as queries
from fisc.domain.tax_returns.queries import returns as kept_returns
from fisc.domain.tax_returns.queries import trials
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries as work
from fisc.plumbing import office_days, transactions
from fisc.plumbing.action_log import operations as action_log

_SETTLED = ("gross_cents", "tax_cents", "net_cents", "remitted_cents", "settled_by_id",
            "settled_at")  # fmt: skip
HELD = "a return of a keyed batch cannot be filed"

_CONTROLS = ("count", "gross_cents", "tax_cents", "net_cents", "remitted_cents")
By = filing.By
Came = filing.Came


class BatchIsClosed(Exception):
    """A batch is being filed or was: nothing of it changes any more."""


class BatchDoesNotBalance(Exception):
    """A batch cannot be filed yet; everything that keeps it is said at once."""


class IsKeyedAlready(Exception):
    """The return is in the batch, or was keyed a second time, already."""


class NotByTheSame(Exception):
    """Nobody keys their own return a second time, nor settles it where two keyed differently."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of the returns of a batch."""

    filed: int
    held: int


@transactions.starts_transaction
def open_batch(*, words: str, controls: queries.Controls, by: By) -> int:
    """Open a batch with what was counted of the paper; returns its number."""
    assert by.user_id is not None, "a batch is keyed by people"
    row = models.Batch.objects.create(
        words=words,
        **_columns(controls),
        made_by_id=by.user_id,
        made_at=by.at,
    )
    _log("open batch of returns", row.id, _said(controls), by=by)
    return row.id


@transactions.starts_transaction
def correct_controls(*, batch_id: int, controls: queries.Controls, by: By) -> None:
    """Write other control totals where the paper was counted wrong. Raises BatchIsClosed."""
    row = _locked(batch_id)
    columns = _columns(controls)
    for name, number in columns.items():
        setattr(row, name, number)
    row.save(update_fields=list(columns))
    _log("correct totals of batch", batch_id, _said(controls), by=by)


@transactions.starts_transaction
@code_lists.at_one_generation()
def key_return(came: Came, *, batch_id: int, by: By, remitted_cents: int = 0) -> int:
    """Key a return into a batch; returns its number there. The table says if it is keyed again.

    `remitted_cents` came along with it: it is balanced, and posted when it is paid in.

    Raises BatchIsClosed, IsKeyedAlready, and what filing.file_return raises of a wrong return.
    """
    assert by.user_id is not None, "a batch is keyed by people"
    _locked(batch_id)
    computed = _computed(came, by=by)
    rows = models.BatchReturn.objects.filter(batch_id=batch_id)
    place = (rows.aggregate(last=Max("place"))["last"] or 0) + 1
    gross_cents = sum(line.gross_cents for line in came.lines)
    try:
        with transactions.savepoint():
            row = models.BatchReturn.objects.create(
                batch_id=batch_id,
                place=place,
                account_id=came.account_id,
                starts_on=came.starts_on,
                came=_content(came, remitted_cents, why=by.why),
                gross_cents=gross_cents,
                tax_cents=computed.tax_due_cents,
                remitted_cents=remitted_cents,
                net_cents=computed.net_due_cents,
                keyed_by_id=by.user_id,
                keyed_at=by.at,
                needs_second=_is_keyed_again(
                    gross_cents, computed.net_due_cents, place=place, by=by
                ),
            )
    except IntegrityError as problem:
        raise IsKeyedAlready(
            f"The return from {came.starts_on} of this account is in the batch already. Take that "
            "one out first if this is the right one."
        ) from problem
    return row.id


@transactions.starts_transaction
@code_lists.at_one_generation()
def key_again(came: Came, *, keyed_id: int, by: By, remitted_cents: int = 0) -> queries.Keyed:
    """Key a return of a batch a second time; two that say the same are settled.

    Raises BatchIsClosed, NotByTheSame, IsKeyedAlready, and what filing.file_return raises of a
    wrong return.
    """
    row = _locked_return(keyed_id)
    if row.keyed_by_id == by.user_id:
        raise NotByTheSame("You keyed this return. Another person keys it the second time.")
    if row.second_at is not None:
        raise IsKeyedAlready("This return was keyed a second time already.")
    _same_period(came, row)
    _computed(came, by=by)
    row.second = _content(came, remitted_cents, why=by.why)
    row.second_by_id, row.second_at = by.user_id, by.at
    if not queries.differences(row.came, row.second):
        row.settled_by_id, row.settled_at = by.user_id, by.at
    row.save(update_fields=["second", "second_by_id", "second_at", "settled_by_id", "settled_at"])
    return queries.keyed(keyed_id)


@transactions.starts_transaction
@code_lists.at_one_generation()
def settle(came: Came, *, keyed_id: int, by: By, remitted_cents: int = 0) -> None:
    """Say what a return says that two people keyed differently; whoever keyed it first does not.

    Raises BatchIsClosed, NotByTheSame, IsKeyedAlready, and what filing.file_return raises.
    """
    row = _locked_return(keyed_id)
    if row.keyed_by_id == by.user_id:
        raise NotByTheSame("You keyed this return first. Another person settles what differs.")
    if row.second is None or row.settled_at is not None:
        raise IsKeyedAlready("Nothing of this return waits to be settled.")
    _same_period(came, row)
    computed = _computed(came, by=by)
    detail = {
        "return": row.place,
        "first": row.came,
        "second": row.second,
    }
    row.came = _content(came, remitted_cents, why=row.came.get("why", ""))
    row.gross_cents = sum(line.gross_cents for line in came.lines)
    row.tax_cents, row.net_cents = computed.tax_due_cents, computed.net_due_cents
    row.remitted_cents = remitted_cents
    row.settled_by_id, row.settled_at = by.user_id, by.at
    row.save(update_fields=["came", *_SETTLED])
    _log("settle keyed return", row.batch_id, detail, by=by)


@transactions.starts_transaction
def take_out(*, keyed_id: int, by: By) -> None:
    """Take a return out of a batch, with a word why. Raises BatchIsClosed, NoReasonGiven."""
    if not by.why.strip():
        raise work_items.NoReasonGiven("Say why the return is taken out, in a few words.")
    row = _locked_return(keyed_id)
    row.taken_out_why = by.why
    row.save(update_fields=["taken_out_why"])
    _log("take return out of batch", row.batch_id, {"return": row.place}, by=by)


def file_batch(*, batch_id: int, by: By, posting_day: datetime.date) -> Filed:
    """File the returns of a batch that balances, each once; killed, the same call goes on.

    One that cannot be filed any more, such as a period that was filed meanwhile, is held as a
    work item. Raises queries.NoSuchBatch, BatchDoesNotBalance.
    """
    _close(batch_id, by=by)
    for each in queries.batch(batch_id).returns:
        _file_one(each.keyed_id, by=by, posting_day=posting_day)
    _finish(batch_id, by=by)
    rows = queries.batch(batch_id).returns
    held = sum(each.item_id is not None for each in rows)
    return Filed(filed=len(rows) - held, held=held)


@transactions.starts_transaction
def _close(batch_id: int, *, by: By) -> None:
    """Let nothing of a batch change any more, once it balances."""
    row = models.Batch.objects.select_for_update().filter(id=batch_id).first()
    seen = queries.batch(batch_id)
    assert row is not None
    if row.filing_at is not None:
        return
    if seen.hindrances:
        raise BatchDoesNotBalance(" ".join(seen.hindrances))
    row.filing_at, row.filing_by_id = by.at, by.user_id
    row.save(update_fields=["filing_at", "filing_by_id"])
    _log("file batch of returns", batch_id, _said(seen.controls), by=by)


@transactions.starts_transaction
@code_lists.at_one_generation()
def _file_one(keyed_id: int, *, by: By, posting_day: datetime.date) -> None:
    """File a return of a batch, unless that was done: the row says so in the same transaction."""
    row = models.BatchReturn.objects.select_for_update(of=("self",)).get(id=keyed_id)
    if row.filed_id is not None or row.held_item_id is not None:
        return
    came = came_of(row.came, account_id=row.account_id)
    try:
        with transactions.savepoint():
            row.filed_id = filing.take_in(
                came, by=replace(by, why=row.came.get("why") or by.why), posting_day=posting_day
            ).return_id
    except filing_in_bulk.CANNOT_BE_TAKEN as problem:
        row.held_item_id = _hold(row, came, problem, by=by, due_on=posting_day)
    row.save(update_fields=["filed_id", "held_item_id"])


def _hold(
    row: models.BatchReturn, came: Came, problem: Exception, *, by: By, due_on: datetime.date
) -> int:
    held = filing_in_bulk.Held(
        place=row.place,
        came=came,
        is_amendment=row.came["is_amendment"],
        problems=getattr(problem, "problems", ()),
        words=str(problem),
    )
    cause = f"batch of returns {row.batch_id}"
    item = work_items.NewItem(
        kind=holding.KIND,
        reason=HELD,
        cause_key=cause,
        subject_kind="batch return",
        subject_id=row.id,
        due_on=due_on,
        urgency=holding.URGENCY,
        detail={
            "batch": row.batch_id,
            **holding.said(held),
            "words": f"Batch {row.batch_id}, return {row.place}: {problem}",
        },
    )
    work_items.raise_items(items=[item], at=by.at)
    (found,) = work.of_subject(kind=holding.KIND, subject_kind="batch return", subject_id=row.id)
    return found.item_id


@transactions.starts_transaction
def _finish(batch_id: int, *, by: By) -> None:
    models.Batch.objects.filter(id=batch_id, done_at__isnull=True).update(done_at=by.at)


def came_of(content: Mapping[str, Any], *, account_id: int) -> Came:
    """Return a keyed return as it comes to be filed."""
    return Came(
        account_id=account_id,
        starts_on=datetime.date.fromisoformat(content["starts_on"]),
        received_on=datetime.date.fromisoformat(content["received_on"]),
        is_electronic=content["is_electronic"],
        lines=tuple(
            returns.Line(
                region=line["region"],
                business_class=line["business_class"],
                gross_cents=line["gross_cents"],
                deductions=tuple(
                    returns.Deduction(each["code"], each["cents"]) for each in line["deductions"]
                ),
                includes_tax=line["includes_tax"],
                land_cents=line["land_cents"],
                units=Decimal(line["units"]),
                item_price_cents=line["item_price_cents"],
                as_filed=_figures(line["as_filed"]),
                # Returns that were keyed before there were schedules have none.
                by_location=tuple(
                    returns.AtLocation(**each) for each in line.get("by_location", ())
                ),
            )
            for line in content["lines"]
        ),
        excess_tax_cents=content["excess_tax_cents"],
        credit_carried_cents=content["credit_carried_cents"],
        estimated_payments_cents=content["estimated_payments_cents"],
        amends_id=content["amends_id"],
        form=content["form"],
        as_filed=_figures(content["as_filed"]),
    )


def _figures(said: Sequence[Mapping[str, Any]]) -> tuple[returns.Filed, ...]:
    return tuple(returns.Filed(each["key"], each["cents"]) for each in said)


def _content(came: Came, remitted_cents: int, *, why: str) -> Mapping[str, Any]:
    said = holding.came_said(came, is_amendment=came.amends_id is not None)
    more = {"amends_id": came.amends_id, "remitted_cents": remitted_cents, "why": why}
    return {**said, **more}


def _computed(came: Came, *, by: By) -> returns.Computed:
    """Try a return as filing it would; raises what is wrong with it."""
    owed = filing.owed_for(came, by=by)
    before = kept_returns.versions_of(came.account_id, starts_on=came.starts_on)
    filing.refuse_another(came, before)
    tried = trials.tried(came, owed=owed, before=before, known_at=by.at)
    if tried.computed is None:
        raise filing.ReturnIsWrong(tried.problems)
    return tried.computed


def _same_period(came: Came, row: models.BatchReturn) -> None:
    assert (came.account_id, came.starts_on) == (row.account_id, row.starts_on), (
        "a return is keyed again for its own account and period"
    )


def _is_keyed_again(gross_cents: int, net_cents: int, *, place: int, by: By) -> bool:
    version = versions.in_force(
        points.SECOND_KEYING.name, day=office_days.office_day(by.at), known_at=by.at
    )
    facts: asking.Facts = {
        "net_due": asking.money(max(net_cents, 0)),
        "gross": asking.money(gross_cents),
        "place_in_batch": asking.number(place),
    }
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "is_keyed_again", tables=version.tables, facts=facts)
    return bool(answers["is_keyed_again"])


def _locked(batch_id: int) -> models.Batch:
    row = models.Batch.objects.select_for_update().filter(id=batch_id).first()
    if row is None:
        raise queries.NoSuchBatch(f"There is no batch {batch_id}.")
    if row.filing_at is not None:
        raise BatchIsClosed(f"Batch {batch_id} balanced and was given to be filed.")
    return row


def _locked_return(keyed_id: int) -> models.BatchReturn:
    _locked(queries.keyed(keyed_id).batch_id)
    return models.BatchReturn.objects.select_for_update(of=("self",)).get(id=keyed_id)


def _said(controls: queries.Controls) -> dict[str, int | None]:
    return {name: getattr(controls, name) for name in _CONTROLS}


def _columns(controls: queries.Controls) -> dict[str, int | None]:
    """Return control totals as the columns that keep them."""
    return {f"control_{name}": number for name, number in _said(controls).items()}


def _log(verb: str, batch_id: int, detail: Mapping[str, Any], *, by: By) -> None:
    action_log.record(
        user_id=by.user_id,
        verb=verb,
        subject_kind="batch of returns",
        subject_id=batch_id,
        why=by.why,
        detail=dict(detail),
        at=by.at,
    )
