"""Missing returns found as the day's run finds them, and a second person to decide."""

from __future__ import annotations

import datetime

from django.utils import timezone

from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns.operations import nonfilers, reckoning, registering
from fisc.domain.tax_returns.queries import postings, returns
from fisc.plumbing import transactions
from fisc.plumbing.runs import models as runs
from fisc.plumbing.users import models as users


def found(account_id: int) -> None:
    """Find what one account's range is missing today."""
    today, bucket = timezone.localdate(), account_id % 4096
    with transactions.started():
        # Numbered by hand, as the city's own runs are.
        last = runs.Run.objects.order_by("-id").values_list("id", flat=True).first() or 0
        run = runs.Run.objects.create(
            id=last + 1, kind="test", posting_day=today, instant=timezone.now()
        )
        nonfilers.find_chunk(
            bucket_from=bucket,
            bucket_before=bucket + 1,
            of=nonfilers.Of(run_id=run.id, chunk=1, posting_day=today, at=timezone.now()),
        )


def another() -> registering.By:
    """A person who is signed in nowhere."""
    person, _ = users.User.objects.get_or_create(
        username="ada", defaults={"full_name": "Ada", "made_at": timezone.now()}
    )
    return registering.By(user_id=person.pk, at=timezone.now(), why="no answer to two notices")


def penalized(account_id: int) -> datetime.date:
    """Bring an account's returns up to today; gives a period that has a penalty."""
    today = timezone.localdate()
    for kept in returns.newest(account_id):
        starts_on = kept.days.starts_on
        by = registering.By(user_id=None, at=timezone.now(), why="")
        reckoning.bring_up_to_date(
            account_id=account_id, starts_on=starts_on, on=today, posting_day=today, by=by
        )
        if postings.standing(account_id, starts_on=starts_on).charged(choices.Part.PENALTY):
            return starts_on
    raise AssertionError("no return of the account came late")
