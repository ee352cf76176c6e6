"""Consolidated filers: the locations and businesses that they file for, and what is of which."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from fisc.basics import periods
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import returns

# Whether an account's returns of a period are filed by others on every day of it: for queries in
# which `{account}`, `{starts}` and `{ends}` stand for columns.
RESTS = """
    daterange({starts}, {ends}) <@ coalesce((
        select range_agg(daterange(member.starts_on, member.ends_before))
        from tax_returns_member as member where member.member_account_id = {account}
    ), '{{}}'::datemultirange)
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A location, or a business with an account of its own, that an account files for."""

    member_id: int
    account_id: int
    code: str
    name: str
    member_account_id: int | None
    days: periods.Period


@dataclass(frozen=True, slots=True)
class Placed:
    """What returns said of one location over some days, in whole cents."""

    code: str
    name: str
    gross_cents: int
    deducted_cents: int
    tax_cents: int


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What an account files for, and whom it is filed by, each by first day."""

    members: tuple[Member, ...]
    filed_by: tuple[Member, ...]

    def locations(self, days: periods.Period) -> tuple[Member, ...]:
        """Return what is to be on the schedule of a period: members on some day of it."""
        found = {each.code: each for each in self.members if each.days.overlap(days) is not None}
        return tuple(found[code] for code in sorted(found))

    def own_days(self, days: periods.Period) -> tuple[periods.Period, ...]:
        """Return the days of a period that the account files for itself; none where it rests."""
        found: tuple[periods.Period, ...] = (days,)
        for each in self.filed_by:
            found = tuple(left for own in found for left in own.without(each.days))
        return found


def consolidated(account_id: int) -> Consolidated:
    """Return what an account files for, and whom it is filed by."""
    rows = models.Member.objects.filter(Q(account_id=account_id) | Q(member_account_id=account_id))
    found = [_member(row) for row in rows.order_by("starts_on", "code")]
    return Consolidated(
        members=tuple(each for each in found if each.account_id == account_id),
        filed_by=tuple(each for each in found if each.account_id != account_id),
    )


def has_some() -> Exists:
    """Tell of a row's account, in a query, whether it files for others or is filed by others."""
    own = Q(account_id=OuterRef("account_id")) | Q(member_account_id=OuterRef("account_id"))
    return Exists(models.Member.objects.filter(own))


def one(member_id: int) -> Member | None:
    """Return a member; None where there is none of that number."""
    row = models.Member.objects.filter(id=member_id).first()
    return None if row is None else _member(row)


def among(account_ids: Sequence[int]) -> list[int]:
    """Return which accounts file for others, or are filed by others, on whatever day."""
    rows = models.Member.objects.filter(
        Q(account_id__in=account_ids) | Q(member_account_id__in=account_ids)
    )
    return [
        each for row in rows.values_list("account_id", "member_account_id") for each in row if each
    ]


def schedules(line_ids: Collection[int]) -> dict[int, tuple[returns.AtLocation, ...]]:
    """Return the schedules by location of lines that have one, by line."""
    if not line_ids:
        return {}
    found: dict[int, list[returns.AtLocation]] = {}
    rows = models.ReturnLocation.objects.filter(line_id__in=line_ids).order_by("id")
    for line_id, code, gross, deducted in rows.values_list(
        "line_id", "member__code", "gross_cents", "deducted_cents"
    ):
        found.setdefault(line_id, []).append(returns.AtLocation(code, gross, deducted))
    return {line_id: tuple(each) for line_id, each in found.items()}


def placed(account_id: int, *, days: periods.Period) -> tuple[Placed, ...]:
    """Return what the newest returns of an account say of each location, by its code.

    Of the returns whose periods begin on some days.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select member.code, max(member.name), sum(at.gross_cents)::bigint,
                sum(at.deducted_cents)::bigint, sum(at.tax_cents)::bigint
            from tax_returns_return_location as at
            join tax_returns_member as member on member.id = at.member_id
            join tax_returns_return_line as line on line.id = at.line_id
            join tax_returns_return as kept on kept.id = line.tax_return_id
            where kept.account_id = %(account_id)s and kept.starts_on >= %(first)s
                and (%(end)s::date is null or kept.starts_on < %(end)s)
                and not exists (
                    select from tax_returns_return as later where later.replaces_id = kept.id)
            group by member.code order by member.code
            """,
            {"account_id": account_id, "first": days.starts_on, "end": days.ends_before},
        )
        return tuple(Placed(*row) for row in cursor.fetchall())


def of_return(return_id: int) -> tuple[Placed, ...]:
    """Return what one return says of each location, by its code."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select member.code, max(member.name), sum(at.gross_cents)::bigint,
                sum(at.deducted_cents)::bigint, sum(at.tax_cents)::bigint
            from tax_returns_return_location as at
            join tax_returns_member as member on member.id = at.member_id
            join tax_returns_return_line as line on line.id = at.line_id
            where line.tax_return_id = %s group by member.code order by member.code
            """,
            [return_id],
        )
        return tuple(Placed(*row) for row in cursor.fetchall())


def filed_since(account_id: int, day: datetime.date, *, member_id: int | None = None) -> bool:
    """Tell whether a return of a period that begins on a day or later is here.

    With a member, one whose schedule has it.
    """
    if member_id is None:
        rows = models.TaxReturn.objects.filter(account_id=account_id, starts_on__gte=day)
        missing = models.NonFiling.objects.filter(account_id=account_id, starts_on__gte=day)
        return rows.exists() or missing.exists()
    of_member = models.ReturnLocation.objects.filter(member_id=member_id)
    return of_member.filter(line__tax_return__starts_on__gte=day).exists()


def _member(row: models.Member) -> Member:
    return Member(
        member_id=row.id,
        account_id=row.account_id,
        code=row.code,
        name=row.name,
        member_account_id=row.member_account_id,
        days=periods.Period(starts_on=row.starts_on, ends_before=row.ends_before),
    )
