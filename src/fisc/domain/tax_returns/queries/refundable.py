"""What keeps a credit of a tax account from being paid out, in the words of the city's table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

from fisc.basics import calendars
from fisc.domain.disbursements.queries import guards
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import values
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import asking, obligations
from fisc.domain.tax_returns.queries import limitation, returns

_CONTROLS = ("missing_returns_hold", "limitation_holds")


def hindrances(asked: guards.Asked) -> Sequence[str]:
    """Return why credits of an account may not be paid out on a day; none where they may.

    An account without anything against it asks no table, and neither does one that files no
    returns. Raises versions.NoVersionForDate.
    """
    try:
        facts = facts_of(asked)
    except (asking.NoAnswer, calendars.CalendarRunsOut, obligations.PeriodsDoNotFitAYear) as odd:
        return [f"Which returns the account owes cannot be said: {odd}"]
    if not any(facts.values()):
        return []
    version = versions.in_force(points.REFUND_CONTROLS.name, day=asked.on, known_at=asked.known_at)
    answers = tables.asked(version, facts, names=_CONTROLS)
    return [
        f"{'; '.join(said)[:1].upper()}{'; '.join(said)[1:]}."
        for answer in answers.values()
        if answer.value is True and (said := tables.said_of(answer, language=asked.language))
    ]


def facts_of(asked: guards.Asked) -> Mapping[str, values.Value]:
    """Return the facts of credits that the table of controls asks for.

    Raises what returns.standings raises.
    """
    return {
        "missing_returns": Decimal(_missing(asked)),
        "is_past_limitation": any(
            _is_past(each, asked)
            for each in models.Posted.objects.filter(item_id__in=asked.credit_item_ids)
        ),
    }


def _missing(asked: guards.Asked) -> int:
    """Count the returns that did not come and can be in time no more, however they are sent."""
    if not models.FilingTerm.objects.filter(account_id=asked.account_id).exists():
        return 0
    standings = returns.standings(asked.account_id, before=asked.on, known_at=asked.known_at)
    return sum(
        each.kept is None
        and asked.on
        > max(each.owed.obligation.paper_received_by, each.owed.obligation.electronic_received_by)
        for each in standings
    )


def _is_past(posted: models.Posted, asked: guards.Asked) -> bool:
    """Tell whether a credit was claimed too late: by the return that it came of, of its period."""
    last = claimed_by(posted.account_id, starts_on=posted.starts_on, known_at=asked.known_at)
    return last is not None and returns.one(posted.tax_return_id).received_on > last


def claimed_by(
    account_id: int, *, starts_on: datetime.date, known_at: datetime.datetime
) -> datetime.date | None:
    """Return the last day on which less tax of a period may be claimed; None without a limit.

    So many months after the return was due or came, whichever is later, or as was agreed.
    """
    first = returns.versions_of(account_id, starts_on=starts_on)[0]
    return limitation.last_day(first, is_more_tax=False, known_at=known_at)
