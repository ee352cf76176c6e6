"""The rows of many returns, one COPY a table."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fisc.basics import identifiers
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.calculations import (
    columns,
    many,
    owing_columns,
    posting_columns,
)
from fisc.domain.tax_returns.queries import many as queries
from fisc.domain.tax_returns.queries import many_forms
from fisc.domain.tax_returns.queries import returns as kept_returns
from fisc.plumbing import bulk_copy, transactions

Numbers = many.Numbers


class Ids:
    """Numbers of new rows: of a run's chunk where there is one, or drawn from the tables' own."""

    def __init__(self, *, run_id: int | None = None, chunk: int | None = None) -> None:
        self._run_id, self._chunk = run_id, chunk
        self._used: dict[str, int] = {}

    def __call__(self, table: str, count: int) -> Numbers:
        """Draw numbers for a table's next rows."""
        if self._run_id is None or self._chunk is None:
            return bulk_copy.drawn_ids(table=table, count=count)
        first = self._used.get(table, 0)
        self._used[table] = first + count
        return identifiers.bulk_ids(run=self._run_id, chunk=self._chunk, count=count, first=first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """Returns with nothing wrong, each the first of its period, and all that is computed of them.

    `tax` and `lateness` are what of each becomes items.
    """

    of: many.Returns
    owed: queries.Owed
    is_on_time: many.Flags
    credit_taken_cents: Numbers
    figures: columns.Figures
    tax: posting_columns.Parts
    cost: owing_columns.Cost
    lateness: posting_columns.Parts

    @property
    def is_odd(self) -> many.Flags:
        """Tell which a table has no answer for, or become a credit of the account."""
        found = self.figures.unanswered | self.cost.unanswered
        for parts in (self.tax, self.lateness):
            found[parts.of[parts.cents < 0]] = True
        return found


@transactions.needs_transaction
def write(done: Computed, *, ids: Callable[[str, int], Numbers], at: datetime.datetime) -> Numbers:
    """Write returns with their lines and deductions; returns the returns' ids."""
    return_ids = ids("tax_returns_return", len(done.of))
    _write_returns(done, return_ids=return_ids, at=at)
    line_ids = ids("tax_returns_return_line", len(done.of.lines))
    _write_lines(done, return_ids=return_ids, line_ids=line_ids)
    deductions = done.of.deductions
    bulk_copy.write_columns(
        table="tax_returns_return_deduction",
        columns={
            "id": ids("tax_returns_return_deduction", len(deductions)),
            "line_id": line_ids[deductions.of],
            "code_id": _code_ids("deduction code", deductions.code),
            "amount_cents": deductions.cents,
        },
    )
    return return_ids


def _write_returns(done: Computed, *, return_ids: Numbers, at: datetime.datetime) -> None:
    of, figures = done.of, done.figures
    bulk_copy.write_columns(
        table="tax_returns_return",
        columns={
            "id": return_ids,
            "account_id": of.account_ids,
            "starts_on": of.starts_on,
            "ends_before": done.owed.ends_before,
            "version": bulk_copy.Constant(1),
            "replaces_id": bulk_copy.Constant(None),
            "received_on": of.received_on,
            "is_electronic": of.is_electronic,
            "is_on_time": done.is_on_time,
            "due_on": done.owed.due_on,
            "timely_until": done.owed.timely_until,
            "excess_tax_cents": of.excess_tax_cents,
            "credit_taken_in_year_cents": done.credit_taken_cents,
            "credit_carried_cents": of.credit_carried_cents,
            "estimated_payments_cents": of.estimated_payments_cents,
            "total_tax_cents": figures.total_tax_cents,
            "accounting_credit_cents": figures.accounting_credit_cents,
            "tax_due_cents": figures.tax_due_cents,
            "net_due_cents": figures.net_due_cents,
            "recorded_at": bulk_copy.Constant(at),
            **_forms(done.owed.forms),
        },
    )


def _forms(of: many_forms.Chosen) -> dict[str, bulk_copy.Written]:
    """The columns of a return that name its form; empty where the city has none."""
    known = code_lists.code_ids(kept_returns.FORMS)
    form_ids = np.array([*(known[each.code] for each in of.forms), 0], dtype=np.int64)[of.place]
    return {
        "form_id": bulk_copy.Nullable(form_ids, of.place < 0),
        "form_sha256": bulk_copy.Texts(of.place, (*(each.sha256 for each in of.forms), "")),
    }


def _write_lines(done: Computed, *, return_ids: Numbers, line_ids: Numbers) -> None:
    lines, figures = done.of.lines, done.figures
    firsts = np.searchsorted(lines.of, np.arange(len(done.of)))
    bulk_copy.write_columns(
        table="tax_returns_return_line",
        columns={
            "id": line_ids,
            "tax_return_id": return_ids[lines.of],
            "number": np.arange(len(lines)) - firsts[lines.of] + 1,
            "region_id": region_ids(lines),
            "business_class_id": _code_ids("business class", lines.business_class),
            "gross_cents": lines.gross_cents,
            "taxable_cents": figures.taxable_cents,
            "rate": bulk_copy.Decimals(figures.rate, columns.RATE_SCALE),
            "tax_cents": figures.tax_cents,
            "credit_cents": figures.credit_cents,
        },
    )


def region_ids(lines: many.Lines) -> Numbers:
    """Return the id of each line's region."""
    return _code_ids("tax region", lines.region)


def _code_ids(name: str, column: many.Coded) -> Numbers:
    return column.told(code_lists.code_ids(name), none=0)
