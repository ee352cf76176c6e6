"""Until when a period's tax may be changed: more asked for, or claimed back."""

from __future__ import annotations

import datetime

from django.db.models import Max

from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking, months
from fisc.domain.tax_returns.queries import returns


def last_day(
    first: returns.Kept, *, is_more_tax: bool, known_at: datetime.datetime
) -> datetime.date | None:
    """Return the last day on which a period's tax may be changed; None where no table limits it.

    Counted from the due day, or from the day its first version `first` came where that is later, by
    the table in force on the due day; or the later day that filer and city agreed on. Raises
    asking.NoAnswer.
    """
    try:
        version = versions.in_force(points.LIMITATION.name, day=first.due_on, known_at=known_at)
    except versions.NoVersionForDate:
        # A city need not limit it.
        return None
    facts: asking.Facts = {"is_more_tax": is_more_tax}
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "months", tables=version.tables, facts=facts)
    since = max(first.due_on, first.received_on)
    by_law = months.after(since, asking.whole(answers["months"]))
    agreed = agreed_through(first.account_id, starts_on=first.days.starts_on)
    return by_law if agreed is None else max(by_law, agreed)


def agreed_through(account_id: int, *, starts_on: datetime.date) -> datetime.date | None:
    """Return the latest day until which filer and city agreed that a period may be changed."""
    found: datetime.date | None = models.LimitationWaiver.objects.filter(
        account_id=account_id, starts_on=starts_on
    ).aggregate(through=Max("through"))["through"]
    return found
