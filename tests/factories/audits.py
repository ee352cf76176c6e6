"""Audits of the demonstration city: who audits, who approves, and a case with something found."""

from __future__ import annotations

import datetime
import uuid

from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.operations import keeping, posting, proposing, selecting, working
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing
from fisc.domain.tax_returns.queries import returns
from fisc.plumbing.users import choices as groups
from tests.factories import tax_returns, users

D = datetime.date
JULY, AUGUST, DUE, AUDITED = D(2026, 7, 1), D(2026, 8, 1), D(2026, 8, 20), D(2026, 10, 5)
AT = datetime.datetime(2026, 10, 5, 15, 0, tzinfo=datetime.UTC)
GROSS = sums.GROSS


def person(name: str, group: groups.GroupName) -> int:
    """Make somebody once, and return who it is."""
    return users.person(f"{name}-{uuid.uuid4().hex[:8]}", group, full_name=name.title())


def auditor() -> int:
    """Somebody who keeps audits."""
    return person("vera", groups.GroupName.AUDITOR)


def supervisor() -> int:
    """Somebody who approves them."""
    return person("sam", groups.GroupName.SUPERVISOR)


def by(user_id: int, *, on: datetime.date = AUDITED, why: str = "") -> keeping.By:
    """Somebody who does something on a day."""
    at = datetime.datetime.combine(on, datetime.time(15), tzinfo=datetime.UTC)
    return keeping.By(user_id=user_id, on=on, at=at, why=why)


def filed(
    account_id: int, gross_cents: int, *, starts_on: datetime.date = JULY,
    on: datetime.date = DUE, amends: int | None = None, posted: datetime.date | None = None,
) -> returns.Kept:  # fmt: skip
    """File a month's restaurant receipts, taxed at 1.8%."""
    came = filing.Came(
        account_id=account_id,
        starts_on=starts_on,
        received_on=on,
        is_electronic=False,
        lines=(Line(region="MS", business_class="11", gross_cents=gross_cents),),
        amends_id=amends,
    )
    return filing.file_return(came, by=tax_returns.BY, posting_day=posted or on)


def paid_filer(gross_cents: int = 500_000) -> int:
    """A filer whose July return of a restaurant came and was paid in time: $90.00 of $5,000.00."""
    account_id = tax_returns.filer()
    kept = filed(account_id, gross_cents)
    if kept.tax_due_cents:
        tax_returns.paid(account_id, kept.tax_due_cents, on=DUE, posted=DUE)
    return account_id


def engaged(account_id: int, auditor_id: int, *, before: datetime.date = AUGUST) -> int:
    """A case of July, selected by hand and engaged."""
    case_id = selecting.select(
        selecting.Selected(account_id=account_id, auditor_id=auditor_id, first=JULY, before=before),
        key=uuid.uuid4().hex,
        by=by(auditor_id, why="receipts look low"),
    )
    selecting.engage(case_id=case_id, by=by(auditor_id))
    return case_id


def found(
    cents: int, *, figure: str = GROSS, starts_on: datetime.date = JULY, of: str = "11"
) -> sums.Entry:
    """What was found of a figure of the restaurant."""
    return sums.Entry(
        starts_on=starts_on,
        key=sums.Key("MS", of, figure),
        found_cents=cents,
        note="register tapes",
        evidence="box 3",
    )


def approved(
    account_id: int, *, cents: int = 800_000, cause: str = "NEGLIGENCE"
) -> tuple[int, int, int]:
    """A case whose proposal was approved; gives its number, the auditor and the approver."""
    auditor_id, supervisor_id = auditor(), supervisor()
    case_id = engaged(account_id, auditor_id)
    working.enter_schedule(case_id=case_id, entries=[found(cents)], by=by(auditor_id))
    proposing.propose(case_id=case_id, cause=cause, by=by(auditor_id))
    proposing.approve(case_id=case_id, by=by(supervisor_id))
    return case_id, auditor_id, supervisor_id


def final(account_id: int, *, cents: int = 800_000, cause: str = "NEGLIGENCE") -> int:
    """A case whose assessment is final, by agreement."""
    case_id, _, supervisor_id = approved(account_id, cents=cents, cause=cause)
    posting.finish(case_id=case_id, is_agreed=True, by=by(supervisor_id, why="signed agreement"))
    return case_id
