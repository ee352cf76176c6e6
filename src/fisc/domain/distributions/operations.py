"""Distributing what was collected: a month at a time, and what earlier months differ by."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.distributions import calculations, models
from fisc.domain.distributions import decision_points as points
from fisc.domain.distributions.queries import distributions as queries
from fisc.domain.distributions.queries import laws
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries as books
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log


class MonthIsNotOver(Exception):
    """A month can be distributed once it is over."""


class FundHasNoGL(Exception):
    """A fund, or a charge that is distributed, does not say which GL account it moves."""


@dataclass(frozen=True, slots=True)
class By:
    """Who distributes, and when; the run of a clock has no person."""

    user_id: int | None
    at: datetime.datetime


@transactions.starts_transaction
def distribute(
    *, month: datetime.date, posting_day: datetime.date, by: By
) -> tuple[queries.Made, ...]:
    """Distribute what was collected up to the end of a month and was not distributed, or wrongly.

    `month` is the first day of it. Each month with a difference gets a distribution of its own,
    posted on `posting_day`; run again it finds nothing and returns nothing. Raises
    MonthIsNotOver, FundHasNoGL, ledger.DayIsSealed and what laws.targets raises.
    """
    after = (month.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    if posting_day < after:
        raise MonthIsNotOver(
            f"{month:%Y-%m} ends the day before {after}; {posting_day} is too early to distribute "
            f"it. Give {after} or later as the posting day."
        )
    with connection.cursor() as cursor:
        # Two who distribute at once wait for each other; the second finds nothing left.
        cursor.execute("select pg_advisory_xact_lock(hashtext('distributions'))")
    found = queries.outstanding(before=after, known_at=by.at)
    if not found:
        return ()
    moves = _Moves()
    made = [
        _written(of, amounts, moves=moves, posting_day=posting_day, by=by)
        for of, amounts in found.items()
    ]
    action_log.record(
        user_id=by.user_id,
        verb="distribute",
        subject_kind="distribution",
        subject_id=made[0],
        why="",
        detail={"months": [f"{of:%Y-%m}" for of in found]},
        at=by.at,
    )
    return tuple(
        sorted((each for each in queries.made() if each.distribution_id in made), key=_order)
    )


def _order(made: queries.Made) -> tuple[datetime.date, int]:
    return made.month, made.number


class _Moves:
    """Which GL accounts charges and funds move, and the ids of their codes."""

    def __init__(self) -> None:
        self.charges = code_lists.codes(laws.CHARGES)
        self.bases = code_lists.codes(points.BASES)
        self.funds = code_lists.codes(points.FUNDS)
        self._accounts = books.gl_accounts()

    def lines(self, amounts: Sequence[calculations.Amount]) -> list[ledger.Line]:
        """Return what some amounts move: out of the account of the charge, into those of funds."""
        moved: Counter[int] = Counter()
        for each in amounts:
            moved[self._gl(self.charges, each.key.charge, laws.CHARGES)] += each.collected_cents
            for fund, cents in each.shares.items():
                moved[self._gl(self.funds, fund, points.FUNDS)] -= cents
        return [ledger.Line(gl_id, cents) for gl_id, cents in sorted(moved.items()) if cents]

    def _gl(self, codes: Mapping[str, code_lists.Code], code: str, name: str) -> int:
        gl_code = str(codes[code].attributes.get("revenue_gl") or "")
        if gl_code not in self._accounts:
            raise FundHasNoGL(
                f"The code “{code}” of the list “{name}” names “{gl_code}” as its revenue_gl, "
                "which is no GL account. Correct that list, or add the account to “gl account”."
            )
        return self._accounts[gl_code].id


def _written(
    month: datetime.date, amounts: Sequence[calculations.Amount], *, moves: _Moves,
    posting_day: datetime.date, by: By,
) -> int:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select nextval('distributions_distribution_id_seq')")
        (distribution_id,) = cursor.fetchone()
    lines = moves.lines(amounts)
    entry_id = None
    if lines:
        entry_id = ledger.post_entry(
            posting_day=posting_day,
            kind=ledger_choices.EntryKind.DISTRIBUTION,
            source_kind=ledger_choices.SourceKind.DISTRIBUTION,
            source_id=distribution_id,
            lines=lines,
            made_by_id=by.user_id,
            made_at=by.at,
        )
    models.Distribution.objects.create(
        id=distribution_id,
        month=month,
        number=models.Distribution.objects.filter(month=month).count() + 1,
        posting_day=posting_day,
        entry_id=entry_id,
        collected_cents=sum(each.collected_cents for each in amounts),
        made_by_id=by.user_id,
        made_at=by.at,
    )
    rows = models.Amount.objects.bulk_create(
        models.Amount(
            distribution_id=distribution_id,
            charge_id=moves.charges[each.key.charge].id,
            basis_id=moves.bases[each.key.basis].id,
            version_id=each.key.version_id,
            collected_cents=each.collected_cents,
        )
        for each in amounts
    )
    models.Share.objects.bulk_create(
        models.Share(amount_id=row.id, fund_id=moves.funds[fund].id, share_cents=cents)
        for row, each in zip(rows, amounts, strict=True)
        for fund, cents in each.shares.items()
    )
    return int(distribution_id)
