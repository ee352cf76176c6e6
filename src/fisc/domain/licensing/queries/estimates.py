"""What renewals of many licenses cost, lateness with it, before their holders apply.

The tables are asked in columns, each version once: the same answers as `fees.fee` and
`penalties.penalty` give one by one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import calculations, decision_points
from fisc.domain.licensing.queries import fees, renewals
from fisc.domain.rule_tables.queries import versions as rule_tables

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_A_DAY = datetime.timedelta(days=1)
_LICENSE_FEE = "License fee"
_LATE_PENALTY = "Late penalty"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a version was asked of some rows, and what it answered; ready to be kept."""

    version: rule_tables.LoadedVersion
    # The places of its rows among all that an estimate is of.
    rows: Numbers
    inputs: dict[str, types.Column]
    result: types.Result


@dataclass(frozen=True, slots=True)
class Estimates:
    """What each of some renewals costs on a day, in whole cents, and how it was asked."""

    # False where the facts do not say what it costs: units are not known, or no row fits.
    is_known: Flags
    fee_cents: Numbers
    penalty_cents: Numbers
    fees: tuple[Asked, ...]
    penalties: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is asked of each pair of a type and the first day of a term."""

    counts_units: bool
    asks_receipts: bool
    left: calculations.Left


def estimate(
    due: dict[str, Numbers], *, on: datetime.date, known_at: datetime.datetime
) -> Estimates:
    """Return what the renewals that `renewals.due` gave cost if they are asked for on a day.

    Raises fees.NoTermsOfType, rule_tables.NoVersionForDate.
    """
    count = len(due["license_id"])
    is_known, inputs = _facts(due, known_at=known_at)
    fee, own, penalty = (np.zeros(count, dtype=np.int64) for _ in range(3))
    asked_fees, has_line = [], np.zeros(count, dtype=np.bool_)
    places = np.flatnonzero(is_known)
    governing, of_row = rule_tables.in_force_by_row(
        decision_points.LICENSE_FEE.name, days=due["ends_before"][places], known_at=known_at
    )
    for number, version in enumerate(governing):
        asked = _ask(version, places[of_row == number], inputs)
        asked_fees.append(asked)
        for line in version.tables.lines:
            cents, is_null = _cents(asked.result, line.decision, asked.rows)
            fee[asked.rows] += cents
            has_line[asked.rows] |= ~is_null
            if line.decision == _LICENSE_FEE:
                own[asked.rows] = cents
    is_known &= has_line
    late = np.flatnonzero(is_known & (due["ends_before"] <= (on - renewals.EPOCH).days))
    asked_penalties = []
    if len(late):
        asked = _ask_penalty(due, late, fee=fee, own=own, on=on, known_at=known_at)
        penalty[late], _nulls = _cents(asked.result, _LATE_PENALTY, late)
        asked_penalties.append(asked)
    return Estimates(
        is_known=is_known,
        fee_cents=fee,
        penalty_cents=penalty,
        fees=tuple(asked_fees),
        penalties=tuple(asked_penalties),
    )


def _facts(
    due: dict[str, Numbers], *, known_at: datetime.datetime
) -> tuple[Flags, dict[str, types.Column]]:
    """Return the inputs of the fee of every row, and which rows tell all that it counts."""
    pairs, of_row = np.unique(
        np.stack([due["type_id"], due["ends_before"]], axis=1), axis=0, return_inverse=True
    )
    of_row = of_row.reshape(-1)
    codes = code_lists.codes_by_id(fees.LICENSE_TYPES)
    found = [
        _facts_of(codes[type_id].code, _day(number), known_at=known_at)
        for type_id, number in pairs.tolist()
    ]

    def spread(fact: Callable[[_Facts], int]) -> Numbers:
        return np.array([fact(each) for each in found], dtype=np.int64)[of_row]

    count = len(of_row)
    no = types.Column(np.zeros(count, dtype=np.bool_))
    counts, asks = spread(lambda each: each.counts_units), spread(lambda each: each.asks_receipts)
    has_receipts = (asks > 0) & (due["receipts_cents"] >= 0)
    inputs = {
        "license_type": types_of(due["type_id"]),
        "is_new": no,
        "began_unlicensed": no,
        "units": types.Column(np.where(counts > 0, np.maximum(due["units"], 0), 0)),
        "gross_receipts": types.Column(
            np.where(has_receipts, due["receipts_cents"], 0), nulls=~has_receipts
        ),
        "months_begun": types.Column(spread(lambda each: each.left.months_begun)),
        "months_nearest": types.Column(spread(lambda each: each.left.months_nearest)),
        "quarters_begun": types.Column(spread(lambda each: each.left.quarters_begun)),
        # Nobody hears of the renewal of a license for an event.
        "event_days": types.Column(np.zeros(count, dtype=np.int64)),
        "days_ahead": types.Column(np.zeros(count, dtype=np.int64)),
        "days_left": types.Column(spread(lambda each: each.left.days_left)),
        "days_in_term": types.Column(spread(lambda each: each.left.days_in_term)),
        "issued_on": types.Column(due["ends_before"]),
    }
    # Who was asked for receipts and kept silent is not who was never asked, as a license moved in.
    is_known = ((counts == 0) | (due["units"] >= 0)) & ((asks == 0) | (due["application_id"] > 0))
    return is_known, inputs


def _facts_of(license_type: str, day: datetime.date, *, known_at: datetime.datetime) -> _Facts:
    terms = fees.terms(license_type=license_type, day=day, known_at=known_at)
    term = fees.term_of(terms, license_type=license_type, day=day, event_ends_before=None)
    return _Facts(
        terms.unit is not None, terms.asks_receipts, calculations.left(day=day, term=term)
    )


def types_of(type_ids: Numbers) -> types.Column:
    """Return license types, given by the ids of their codes, as a column of codes."""
    codes = code_lists.codes_by_id(fees.LICENSE_TYPES)
    used, place = np.unique(type_ids, return_inverse=True)
    texts = tuple(codes[each].code for each in used.tolist())
    return types.Column(place.reshape(-1).astype(np.int64), texts=texts or ("",))


def _ask_penalty(
    due: dict[str, Numbers], late: Numbers, *, fee: Numbers, own: Numbers, on: datetime.date,
    known_at: datetime.datetime,
) -> Asked:  # fmt: skip
    version = rule_tables.in_force(decision_points.LICENSE_PENALTY.name, day=on, known_at=known_at)
    ends, place = np.unique(due["ends_before"], return_inverse=True)
    lasts = [_day(number) - _A_DAY for number in ends.tolist()]
    days = np.array([(on - last).days for last in lasts], dtype=np.int64)
    months = np.array([calculations.months_begun(last, on) for last in lasts], dtype=np.int64)
    inputs = {
        "license_type": types_of(due["type_id"]),
        "license_fee": types.Column(own),
        "all_fees": types.Column(fee),
        "days_late": types.Column(days[place]),
        "months_late": types.Column(months[place]),
        "renewed_on": types.Column(np.full(len(place), (on - renewals.EPOCH).days, dtype=np.int64)),
    }
    return _ask(version, late, inputs)


def _ask(
    version: rule_tables.LoadedVersion, rows: Numbers, inputs: dict[str, types.Column]
) -> Asked:
    given = {each.name: _picked(inputs[each.name], rows) for each in version.tables.program.inputs}
    return Asked(version, rows, given, version.tables.evaluate(given, rows=len(rows)))


def _picked(column: types.Column, rows: Numbers) -> types.Column:
    nulls = None if column.nulls is None else column.nulls[rows]
    return types.Column(column.values[rows], nulls=nulls, texts=column.texts)


def _cents(result: types.Result, decision: str, rows: Numbers) -> tuple[Numbers, Flags]:
    """Return an answer in whole cents, 0 where there is none, and where there is none."""
    answer = result.outputs[decision]
    nulls = np.zeros(len(rows), dtype=np.bool_) if answer.nulls is None else answer.nulls
    return np.where(nulls, 0, answer.values).astype(np.int64), nulls


def _day(number: int) -> datetime.date:
    return renewals.EPOCH + number * _A_DAY
