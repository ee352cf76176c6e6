"""The one way that bills are calculated: a quote, a preview, one bill and a whole cycle.

Facts and tables in, bills out, all as columns. Code joins, cuts and sums; every rate, percent and
rounding is the tables'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fisc.dmn.columns import types
from fisc.domain.utilities.calculations import facts as known
from fisc.domain.utilities.calculations import parts as cutting
from fisc.domain.utilities.calculations.facts import Flags, Numbers

Columns = Mapping[str, types.Column]
Evaluate = Callable[[Columns], types.Result]

SEGMENTS, TAXES, MINIMUM = 1, 2, 3


@dataclass(frozen=True, slots=True)
class LineCode:
    """An output line of a bill: the decision that gives it and what it is kept as."""

    decision: str
    code_id: int
    # Place in `Rates.charges`.
    charge: int


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One version of a book, ready to compute, and the day from which it governs."""

    starts_on: int
    version_id: int
    evaluate: Evaluate


@dataclass(frozen=True, slots=True)
class Book:
    """A book that a calculation asks, with what its decision point declares."""

    point: str
    inputs: frozenset[str]
    lines: tuple[LineCode, ...]
    versions: tuple[TableVersion, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """Every book that a calculation asks."""

    services: Mapping[str, Book]
    taxes: Book
    minimum: Book | None
    bill_edit: Book
    charges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an input came from: in words, and for each row the number of that thing."""

    words: str
    ids: Numbers


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a version was asked and what it answered, row for row."""

    point: str
    version_id: int
    inputs: Columns
    origins: Mapping[str, Origin]
    result: types.Result
    # The bill that each row is part of.
    bill: Numbers


@dataclass(frozen=True, slots=True)
class Lines:
    """One row a bill line; `evaluation` and `evaluation_row` say what gave it."""

    bill: Numbers
    # The agreement's row in the facts, or NONE for a line of the whole bill.
    agreement: Numbers
    code_id: Numbers
    charge: Numbers
    amount_cents: Numbers
    stage: Numbers
    evaluation: Numbers
    evaluation_row: Numbers


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a bill could not be calculated."""

    bill: int
    reason: str


@dataclass(frozen=True, slots=True)
class Calculated:
    """The bills of some facts: one an account, in the order of the facts."""

    facts: known.Facts
    # First row of each bill's account in the facts.
    first_row: Numbers
    # The bill of each agreement's row.
    bill_of_row: Numbers
    lines: Lines
    total_cents: Numbers
    # Class of each bill, as a place in the facts' code texts.
    rate_class: Numbers
    # Why a bill is held, as texts; NONE where it passes.
    hold: Numbers
    hold_texts: tuple[str, ...]
    evaluations: tuple[Evaluation, ...]
    failures: tuple[Failure, ...]


class _Work:
    """What piles up while the stages of a calculation run."""

    def __init__(self, *, bills: int, charges: Sequence[str]) -> None:
        self.bills = bills
        self.charges = tuple(charges)
        self.sums = np.zeros((len(charges), bills), dtype=np.int64)
        self.evaluations: list[Evaluation] = []
        self.failures: dict[int, str] = {}
        self.lines: list[tuple[Numbers, Numbers]] = []
        self.pieces: list[Lines] = []

    def ask(
        self, *, book: Book, version: TableVersion, bill: Numbers, columns: Columns,
        origins: Mapping[str, Origin],
    ) -> types.Result:  # fmt: skip
        """Ask a version, keep what it answered and note the bills that it could not compute."""
        inputs = {name: columns[name] for name in columns if name in book.inputs}
        result = version.evaluate(inputs)
        for problem in result.problems:
            for row in problem.rows.tolist():
                words = f"{book.point}, {problem.where}: {problem.reason}"
                self.failures.setdefault(int(bill[row]), words)
        self.evaluations.append(
            Evaluation(
                point=book.point,
                version_id=version.version_id,
                inputs=inputs,
                origins={name: origins[name] for name in origins if name in book.inputs},
                result=result,
                bill=bill,
            )
        )
        return result

    def add_lines(
        self, *, book: Book, result: types.Result, stage: int, bill: Numbers,
        agreement: Numbers | None = None, order: Numbers | None = None,
    ) -> None:  # fmt: skip
        """Turn the answers of a version into lines; a null one is no line."""
        for place, line in enumerate(book.lines):
            amounts = result.outputs.get(line.decision)
            if amounts is None:
                continue
            rows = np.arange(len(bill)) if amounts.nulls is None else np.flatnonzero(~amounts.nulls)
            cents = amounts.values[rows].astype(np.int64)
            np.add.at(self.sums[line.charge], bill[rows], cents)
            self.pieces.append(
                Lines(
                    bill=bill[rows],
                    agreement=_constant(rows, known.NONE) if agreement is None else agreement[rows],
                    code_id=_constant(rows, line.code_id),
                    charge=_constant(rows, line.charge),
                    amount_cents=cents,
                    stage=_constant(rows, stage),
                    evaluation=_constant(rows, len(self.evaluations) - 1),
                    evaluation_row=rows,
                )
            )
            first = (bill if order is None else order)[rows]
            self.lines.append((first, _constant(rows, place)))

    def ordered_lines(self) -> Lines:
        """Return the lines as a bill shows them: by bill, stage, part and output line."""
        if not self.pieces:
            none = np.empty(0, dtype=np.int64)
            return Lines(none, none, none, none, none, none, none, none)
        whole = {
            name: np.concatenate([getattr(piece, name) for piece in self.pieces])
            for name in Lines.__slots__
        }
        first = np.concatenate([each for each, _ in self.lines])
        place = np.concatenate([each for _, each in self.lines])
        order = np.lexsort((place, first, whole["stage"], whole["bill"]))
        return Lines(**{name: column[order] for name, column in whole.items()})


def _constant(like: Numbers, value: int) -> Numbers:
    return np.full(len(like), value, dtype=np.int64)


def calculate(*, facts: known.Facts, rates: Rates) -> Calculated:
    """Return the bills of the accounts in the facts, whether they pass, and what gave each line."""
    first_row, bill_of_row = known.account_rows(facts.agreements)
    work = _Work(bills=len(first_row), charges=rates.charges)
    starts = {
        service: tuple(version.starts_on for version in book.versions)
        for service, book in rates.services.items()
    }
    parts = cutting.cut(facts, version_starts=starts)
    _calculate_segments(work, facts=facts, parts=parts, bill_of_row=bill_of_row, rates=rates)
    of_bill = np.flatnonzero(parts.is_last)[first_row]
    rate_class = facts.terms.rate_class[parts.term[of_bill]] if len(facts.terms.row) else first_row
    _calculate_whole_bills(
        work, facts=facts, rates=rates,
        rate_class=rate_class, inside_city=parts.inside_city[of_bill],
    )  # fmt: skip
    total = work.sums.sum(axis=0)
    hold = _edit(work, facts=facts, rates=rates, rate_class=rate_class, total=total)
    return Calculated(
        facts=facts,
        first_row=first_row,
        bill_of_row=bill_of_row,
        lines=work.ordered_lines(),
        total_cents=total,
        rate_class=rate_class,
        hold=_held(hold, len(first_row)),
        hold_texts=hold.texts or (),
        evaluations=tuple(work.evaluations),
        failures=tuple(Failure(bill, reason) for bill, reason in sorted(work.failures.items())),
    )


def _held(hold: types.Column, bills: int) -> Numbers:
    reasons = hold.values.astype(np.int64) if len(hold) else np.full(bills, known.NONE)
    return reasons if hold.nulls is None else np.where(hold.nulls, known.NONE, reasons)


def _calculate_segments(
    work: _Work, *, facts: known.Facts, parts: cutting.Parts, bill_of_row: Numbers, rates: Rates
) -> None:
    service_of_part = facts.agreements.service[parts.row]
    for bill in bill_of_row[parts.row[parts.term == known.NONE]].tolist():
        work.failures.setdefault(bill, "The agreement has no rate class on a day of its period.")
    for place, service in enumerate(facts.services):
        book = rates.services.get(service)
        if book is None:
            continue
        for number, version in enumerate(book.versions):
            chosen = np.flatnonzero(
                (service_of_part == place) & (parts.version == number) & (parts.term != known.NONE)
            )
            if not len(chosen):
                continue
            bill = bill_of_row[parts.row[chosen]]
            result = work.ask(
                book=book, version=version, bill=bill,
                columns=_part_columns(facts, parts, chosen),
                origins=_part_origins(facts, parts, chosen),
            )  # fmt: skip
            work.add_lines(
                book=book, result=result, stage=SEGMENTS, bill=bill,
                agreement=parts.row[chosen], order=chosen,
            )  # fmt: skip


def _part_columns(facts: known.Facts, parts: cutting.Parts, chosen: Numbers) -> Columns:
    agreements, row, term = facts.agreements, parts.row[chosen], parts.term[chosen]
    usage = types.Column(parts.usage[chosen])
    period_usage = types.Column(parts.period_usage[chosen])
    size = types.Column(facts.terms.size[term], texts=facts.code_texts)
    average = agreements.winter_average[row]
    return {
        "part_starts_on": types.Column(parts.starts_on[chosen]),
        "days_in_part": types.Column(parts.days[chosen]),
        "days_in_period": types.Column((agreements.ends_before - agreements.starts_on)[row]),
        "is_first_part": types.Column(parts.is_first[chosen]),
        "is_last_part": types.Column(parts.is_last[chosen]),
        "inside_city": types.Column(parts.inside_city[chosen]),
        "rate_class": types.Column(facts.terms.rate_class[term], texts=facts.code_texts),
        "meter_size": size,
        "phase": size,
        "usage_kgal": usage,
        "usage_kwh": usage,
        "period_usage_kgal": period_usage,
        "period_usage_kwh": period_usage,
        "winter_average_kgal": types.Column(np.maximum(average, 0), nulls=average == known.NONE),
    }


def _part_origins(
    facts: known.Facts, parts: cutting.Parts, chosen: Numbers
) -> Mapping[str, Origin]:
    agreements, row = facts.agreements, parts.row[chosen]
    read = Origin("read", agreements.to_read[row])
    agreement = Origin("service agreement", agreements.agreement_id[row])
    winter = Origin("water bills of the winter months of account", agreements.account_id[row])
    by_agreement = ("part_starts_on", "days_in_part", "days_in_period", "inside_city", "rate_class",
                    "meter_size", "phase")  # fmt: skip
    by_read = ("usage_kgal", "usage_kwh", "period_usage_kgal", "period_usage_kwh")
    return {
        **dict.fromkeys(by_agreement, agreement),
        **dict.fromkeys(by_read, read),
        "winter_average_kgal": winter,
    }


def _calculate_whole_bills(
    work: _Work, *, facts: known.Facts, rates: Rates, rate_class: Numbers, inside_city: Flags
) -> None:
    """Add the taxes over sums of charge codes, then what a minimum adds."""
    bill = np.arange(work.bills, dtype=np.int64)
    for book, stage in ((rates.taxes, TAXES), (rates.minimum, MINIMUM)):
        if book is None or not work.bills:
            continue
        columns = {
            "inside_city": types.Column(inside_city),
            "rate_class": types.Column(rate_class, texts=facts.code_texts),
            "total_before_minimum": types.Column(work.sums.sum(axis=0)),
        } | {
            f"{charge}_charges": types.Column(work.sums[place].copy())
            for place, charge in enumerate(work.charges)
        }
        result = work.ask(
            book=book, version=book.versions[-1], bill=bill, columns=columns, origins={}
        )
        work.add_lines(book=book, result=result, stage=stage, bill=bill)


def _edit(
    work: _Work, *, facts: known.Facts, rates: Rates, rate_class: Numbers, total: Numbers
) -> types.Column:
    agreements = facts.agreements
    _, bill_of_row = known.account_rows(agreements)
    days = np.zeros(work.bills, dtype=np.int64)
    np.maximum.at(days, bill_of_row, agreements.ends_before - agreements.starts_on)
    is_estimated = np.zeros(work.bills, dtype=np.int64)
    np.maximum.at(is_estimated, bill_of_row, agreements.is_estimated.astype(np.int64))
    columns = {
        "bill_total": types.Column(total),
        "previous_total": types.Column(facts.previous_total, nulls=~facts.has_previous),
        "days_billed": types.Column(days),
        "estimated_reads": types.Column(facts.estimates_before + is_estimated),
        "rate_class": types.Column(rate_class, texts=facts.code_texts),
    }
    book = rates.bill_edit
    result = work.ask(
        book=book, version=book.versions[-1], bill=np.arange(work.bills, dtype=np.int64),
        columns=columns, origins={},
    )  # fmt: skip
    return result.outputs["Hold reason"]
