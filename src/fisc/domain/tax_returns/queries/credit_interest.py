"""What interest credits of tax accounts bear by the city's tables when they are given back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements.queries import bearing
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.calculations import asking, crediting, lateness, owing
from fisc.domain.tax_returns.decision_points import credit_points
from fisc.domain.tax_returns.queries import postings, returns

_ONE_DAY = datetime.timedelta(days=1)
#: The charge code under which interest is credited.
CODE = "refund_interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What is known of a credit: its code, when its money came, and by which day it was claimed."""

    code: str
    money: Sequence[lateness.Paid]
    claimed_on: datetime.date | None


def borne(asked: bearing.Asked) -> Sequence[bearing.Interest]:
    """Return what credits of tax accounts bear; none where the city has no book that says so.

    Raises asking.NoAnswer, versions.NoVersionForDate.
    """
    try:
        version = versions.in_force(
            credit_points.CREDIT_INTEREST_START.name, day=asked.on, known_at=asked.known_at
        )
    except versions.NoVersionForDate:
        return ()
    taken = [
        each
        for each in asked.taken
        if models.FilingTerm.objects.filter(account_id=each.account_id).exists()
    ]
    spent: dict[int, int] = {}
    found: list[bearing.Interest] = []
    for each in taken:
        before = spent.setdefault(each.credit_item_id, each.spent_cents)
        spent[each.credit_item_id] += each.cents
        found += _borne(each, version, asked, after_cents=before)
    return found


def _borne(
    taken: bearing.Taken,
    version: versions.LoadedVersion,
    asked: bearing.Asked,
    *,
    after_cents: int,
) -> list[bearing.Interest]:
    credit = of(taken, claimed_on=asked.claimed_on)
    facts = start_facts(
        credit.code,
        claimed_on=credit.claimed_on,
        on=asked.on,
        is_offset=taken.is_offset,
        is_carried=taken.is_carried,
    )
    start = start_of(version, facts)
    found = []
    for money in crediting.between(credit.money, after_cents=after_cents, cents=taken.cents):
        after = crediting.runs_after(
            start,
            paid_on=money.day,
            claimed_on=credit.claimed_on,
            borne_through=taken.borne_through,
        )
        if after is None or after >= asked.on:
            continue
        parts = bearings(money.cents, after=after, through=asked.on, known_at=asked.known_at)
        found.append(
            bearing.Interest(
                credit_item_id=taken.credit_item_id,
                account_id=taken.account_id,
                code=CODE,
                is_offset=taken.is_offset,
                of_cents=money.cents,
                runs_after=after,
                through=asked.on,
                cents=sum(each.interest_cents for each in parts),
            )
        )
    return found


def of(taken: bearing.Taken, *, claimed_on: datetime.date | None) -> Credit:
    """Return what is known of a credit; a claim that a return made is the day it came.

    A day that is given counts before the return's.
    """
    code = code_lists.codes_by_id("charge")[taken.code_id].code
    posted = models.Posted.objects.filter(item_id=taken.credit_item_id).first()
    if posted is None:
        left_over = [lateness.Paid(taken.arises_on, taken.credit_cents)]
        return Credit(code=code, money=left_over, claimed_on=claimed_on)
    kept = returns.one(posted.tax_return_id)
    parts = choices.together(posted.part)
    earlier = models.Posted.objects.filter(
        account_id=posted.account_id,
        starts_on=posted.starts_on,
        part__in=parts,
        cents__lt=0,
        item_id__lt=posted.item_id,
    ).aggregate(cents=Sum("cents"))
    settled = postings.settlements(posted.account_id, starts_on=posted.starts_on, parts=parts)
    money = crediting.freed(
        [lateness.Paid(max(day, kept.due_on), cents) for day, cents in settled],
        before_cents=-(earlier["cents"] or 0),
        cents=taken.credit_cents,
        otherwise=taken.arises_on,
    )
    return Credit(code=code, money=money, claimed_on=claimed_on or kept.received_on)


def claim(credit_item_id: int, *, claimed_on: datetime.date | None) -> datetime.date | None:
    """Return the day a credit was claimed: the one given, or that its return came; None is none."""
    posted = models.Posted.objects.filter(item_id=credit_item_id).first()
    if claimed_on is not None or posted is None:
        return claimed_on
    return returns.one(posted.tax_return_id).received_on


def start_facts(
    code: str, *, claimed_on: datetime.date | None, on: datetime.date, is_offset: bool,
    is_carried: bool,
) -> asking.Facts:  # fmt: skip
    """Return what the table of the first day is asked with."""
    since = 0 if claimed_on is None else max((on - claimed_on).days, 0)
    return {
        "credit_code": code,
        "is_claimed": claimed_on is not None,
        "days_since_claim": asking.number(since),
        "is_offset": is_offset,
        "is_carried": is_carried,
    }


def start_of(version: versions.LoadedVersion, facts: asking.Facts) -> crediting.Start | None:
    """Return what the table says of a credit; None where it bears none. Raises asking.NoAnswer."""
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "bears_interest", tables=version.tables, facts=facts)
    if answers["bears_interest"] is not True:
        return None
    names = ("from_payment", "from_claim", "months_before", "days_before")
    asking.needed(answers, *names, tables=version.tables, facts=facts)
    return crediting.Start(
        from_payment=answers["from_payment"] is True,
        from_claim=answers["from_claim"] is True,
        months_before=asking.whole(answers["months_before"]),
        days_before=asking.whole(answers["days_before"]),
    )


def bearings(
    cents: int, *, after: datetime.date, through: datetime.date, known_at: datetime.datetime
) -> list[owing.Bearing]:
    """Return what money bears on some days, part by part, by the tables known at an instant.

    Raises asking.NoAnswer, versions.NoVersionForDate.
    """
    days = periods.Period(starts_on=after + _ONE_DAY, ends_before=through + _ONE_DAY)
    found = versions.versions_in(credit_points.CREDIT_INTEREST.name, days=days, known_at=known_at)
    laws = [owing.InterestLaw(each.days, each.version.tables) for each in found]
    return crediting.bearings(cents, after=after, through=through, laws=laws)
