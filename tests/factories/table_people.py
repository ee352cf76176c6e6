"""The people who write and approve tables, and drafts of theirs."""

from __future__ import annotations

import datetime

from fisc.basics import periods
from fisc.domain.rule_tables.operations import approvals, drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.plumbing.users import choices
from tests.factories import tables, users

SHEET = b"case,past_due,Late charge\nA hundred dollars past due,100,%b\nNothing is due,0,\n"


def office() -> None:
    """Rosa and Noor write tables, Martin and Grace supervise, Ines keeps a till."""
    users.person("rosa", choices.GroupName.PROJECTS_COORDINATOR, full_name="Rosa Alvarez")
    users.person("noor", choices.GroupName.PROJECTS_COORDINATOR, full_name="Noor Haddad")
    users.person("martin", choices.GroupName.SUPERVISOR, full_name="Martin Okafor")
    users.person("grace", choices.GroupName.SUPERVISOR, full_name="Grace Whitfield")
    users.person("ines", choices.GroupName.CASHIER, full_name="Ines Calderon")


def draft(
    percent: str = "0.15",
    *,
    at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
    by: str = "rosa",
) -> int:
    """A draft of the late charge with its cases, written by one person."""
    drafts_id = drafts.start_draft(
        book="Late charge",
        effective=periods.Period(starts_on=effective_from, ends_before=effective_before),
        by=by,
        reason="The council raised it",
        citation="Ordinance 31",
        at=at,
        content=tables.late_charge_file(percent),
    )
    share = f"{100 * float(percent):.2f}".encode()
    drafts.import_cases(
        version_id=drafts_id,
        content=SHEET % share,
        based_on_sha256=reading.draft(drafts_id).case_sheet_sha256,
        by=by,
        at=at,
    )
    return drafts_id


def in_test(
    percent: str = "0.15",
    *,
    at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
) -> int:
    """The same, put in test."""
    version_id = draft(
        percent, at=at, effective_from=effective_from, effective_before=effective_before
    )
    approvals.put_in_test(version_id=version_id, by="rosa", at=at)
    return version_id
