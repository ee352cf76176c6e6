"""Charging what an application costs, and giving back what the table of refunds says.

A fee is evaluated once more in columns and kept; its items name the kept row, so that each can be
explained by the tables that made it for good.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.licensing import choices, decision_points, models
from fisc.domain.licensing.operations import keeping
from fisc.domain.licensing.queries import applications, fees, penalties, quotes
from fisc.domain.receivables import calculations as sums
from fisc.domain.receivables.operations import charges, credits
from fisc.domain.rule_tables.calculations import blocks, values, wording
from fisc.domain.rule_tables.operations import evaluations
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.plumbing import transactions

By = keeping.By


class IsCharged(Exception):
    """The fee of an application was charged before."""


class LineHasNoCharge(Exception):
    """A line of a fee does not say which charge code it is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an evaluation of one row is kept, and its answers in whole cents by output line."""

    block_id: int
    cents: Mapping[str, int]


@transactions.starts_transaction
def charge(application_id: int, *, on: datetime.date, by: By) -> quotes.Quote:
    """Charge a complete application's fee, and any penalty, to its account; due on the day.

    Raises IsCharged, LineHasNoCharge, keeping.IsNotSo and what quotes.quote raises.
    """
    found = keeping.locked(application_id)
    keeping.require(found, choices.ApplicationStatus.COMPLETE)
    return add_charges(found, on=on, by=by)


@transactions.needs_transaction
def add_charges(found: applications.Application, *, on: datetime.date, by: By) -> quotes.Quote:
    """As charge, of a locked application, as a part of something."""
    if found.term is not None:
        raise IsCharged(
            f"Application {found.number} ({found.license_type.label_en}) was charged before. Its "
            "items are on the account."
        )
    quoted = quotes.quote(found, on=on, known_at=by.at)
    term = quoted.fee.term
    models.Application.objects.filter(id=found.application_id).update(
        term_starts_on=term.starts_on, term_ends_before=term.ends_before
    )
    lines = {each.code.code: each.amount_cents for each in quoted.fee.lines}
    _charge(found, quoted.fee.version, quoted.fee.facts, lines, on=on, by=by)
    if quoted.penalty is not None and quoted.penalty.amount_cents:
        late = {penalties.LATE_PENALTY: quoted.penalty.amount_cents}
        _charge(found, quoted.penalty.version, quoted.penalty.facts, late, on=on, by=by)
    keeping.record(
        verb="charge license",
        application_id=found.application_id,
        by=by,
        total_cents=quoted.total_cents,
    )
    return quoted


def _charge(
    found: applications.Application, version: rule_tables.LoadedVersion,
    facts: Mapping[str, values.Value], lines: Mapping[str, int], *, on: datetime.date, by: By,
) -> None:  # fmt: skip
    """Charge the lines of one evaluation and keep it; a line of nothing makes no item."""
    kept = _keep(version, facts, application_id=found.application_id, by=by)
    differing = [name for name, cents in lines.items() if kept.cents[name] != cents]
    assert not differing, f"case and columns differ in {differing} of {facts}"
    codes = code_lists.codes(fees.LICENSE_LINES)
    charged = {name: cents for name, cents in lines.items() if cents}
    if not charged:
        return
    written = charges.add_charges(
        charges=[
            sums.Charge(
                account_id=found.account_id,
                code_id=_charge_code(codes[name]),
                amount_cents=cents,
                arises_on=on,
                due_on=on,
            )
            for name, cents in charged.items()
        ],
        origin=_origin(found, on=on, by=by),
    )
    models.FeeItem.objects.bulk_create(
        models.FeeItem(
            application_id=found.application_id,
            line_id=codes[name].id,
            item_id=item_id,
            amount_cents=cents,
            output=name,
            block_id=kept.block_id,
            block_row=0,
        )
        for (name, cents), item_id in zip(charged.items(), written.item_ids, strict=True)
    )


@transactions.needs_transaction
def give_back(found: applications.Application, *, outcome: str, on: datetime.date, by: By) -> int:
    """Give back of each charged line what the table says for an outcome; returns whole cents.

    What was not paid of it is settled by it; what was, stays as a credit of the account. Raises
    rule_tables.NoVersionForDate.
    """
    version = rule_tables.in_force(decision_points.LICENSE_REFUNDS.name, day=on, known_at=by.at)
    given = 0
    lines = applications.charged(found.application_id)
    done = {each.credits_id for each in lines}
    for each in lines:
        if each.credits_id is not None or each.fee_item_id in done:
            continue
        facts: dict[str, values.Value] = {
            "license_type": found.license_type.code,
            "line": each.line.code,
            "outcome": outcome,
            "amount": Decimal(each.amount_cents).scaleb(-2),
        }
        kept = _keep(version, facts, application_id=found.application_id, by=by)
        cents = min(kept.cents["refund"], each.amount_cents)
        if cents > 0:
            _give_back(found, each, kept, cents=cents, on=on, by=by)
            given += cents
    return given


def _give_back(
    found: applications.Application, of: applications.Charged, kept: Kept, *, cents: int,
    on: datetime.date, by: By,
) -> None:  # fmt: skip
    origin = _origin(found, on=on, by=by)
    if cents == of.amount_cents:
        written = charges.reverse_charge(item_id=of.item_id, origin=origin)
    else:
        written = _credit(found, of, cents=cents, on=on, origin=origin)
    models.FeeItem.objects.create(
        application_id=found.application_id,
        line_id=of.line.id,
        item_id=written.item_ids[0],
        amount_cents=cents,
        credits_id=of.fee_item_id,
        output="refund",
        block_id=kept.block_id,
        block_row=0,
    )


def _credit(
    found: applications.Application, of: applications.Charged, *, cents: int, on: datetime.date,
    origin: sums.Origin,
) -> sums.Written:  # fmt: skip
    """Credit a part of a charge; first it settles what the charge has open."""
    credit = sums.Charge(
        account_id=found.account_id,
        code_id=_charge_code(of.line),
        amount_cents=cents,
        arises_on=on,
        due_on=None,
    )
    written = charges.add_credits(credits_=[credit], origin=origin)
    if settled := min(cents, of.open_cents):
        open_charge = sums.OpenCharge(
            of.item_id, found.account_id, credit.code_id, None, of.open_cents
        )
        part = sums.Part(charge=open_charge, cents=settled)
        credits.apply_credit(credit_item_id=written.item_ids[0], parts=[part], origin=origin)
    return written


def _keep(
    version: rule_tables.LoadedVersion, facts: Mapping[str, values.Value], *, application_id: int,
    by: By,
) -> Kept:  # fmt: skip
    """Evaluate one row in columns and keep it with where its facts are from."""
    tables = version.tables
    columns: dict[str, types.Column] = {
        each.name: values.to_column([facts[each.name]], declared=each)
        for each in tables.program.inputs
    }
    result = tables.evaluate(columns, rows=1)
    origin = blocks.PlainOrigin(
        "license application", ids=np.array([application_id], dtype=np.int64)
    )
    block_id = evaluations.keep_evaluation(
        version_id=version.version_id,
        inputs=columns,
        result=result,
        origins=dict.fromkeys(columns, origin),
        made_at=by.at,
    )
    answers = {
        line.name: values.from_column(result.outputs[line.decision], 0, declared=line.declared())
        for line in tables.lines
    }
    return Kept(block_id, {name: wording.in_cents(value) for name, value in answers.items()})


def _charge_code(line: code_lists.Code) -> int:
    name = str(line.attributes.get("charge") or "")
    charge = code_lists.codes("charge").get(name)
    if charge is None:
        raise LineHasNoCharge(
            f"The line “{line.code}” of “{fees.LICENSE_LINES}” names the charge code “{name}”, "
            "which is none. Name one of the list “charge” in its column charge."
        )
    return charge.id


def _origin(found: applications.Application, *, on: datetime.date, by: By) -> sums.Origin:
    return sums.Origin(
        posting_day=on,
        source_kind=ledger_choices.SourceKind.LICENSE,
        source_id=found.application_id,
        made_by_id=by.user_id,
        made_at=by.at,
    )
