"""What is looked at before a day's run begins. Only what can honestly be known is said."""

from __future__ import annotations

import dataclasses
import datetime
import os
import pathlib
import shutil
from collections.abc import Callable, Sequence

from django.conf import settings

from fisc.domain.cashiering import queries as cashiering
from fisc.domain.ledger import queries as ledger
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.queries import cycles
from fisc.plumbing import database, migrations, office_days
from fisc.processes.daily_runs import reading

# A run of the day before left this much behind at most; less than this is no place to begin.
FREE_BYTES_WANTED = 1 << 30
# Versions as they stand now, whenever that is.
LATEST_KNOWN = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing looked at: whether it holds, and whether the run may begin without it."""

    name: str
    holds: bool
    words: str
    is_needed: bool = True

    @property
    def blocks(self) -> bool:
        """Tell whether the run must not begin."""
        return self.is_needed and not self.holds


def checks(*, posting_day: datetime.date, today: datetime.date) -> Sequence[Check]:
    """Return every check in the order in which a person reads them."""
    return [_day_has_come(posting_day, today=today), *(look(posting_day) for _, look in CHECKS)]


def _day_has_come(posting_day: datetime.date, *, today: datetime.date) -> Check:
    if posting_day > today:
        words = f"{posting_day} is yet to come; today is {today}. Begin its run on that day."
        return Check(name="Calendar", holds=False, words=words)
    return Check(name="Calendar", holds=True, words=f"Today is {today}.")


def _role(_: datetime.date) -> Check:
    try:
        database.refuse_owner()
    except database.ServingAsOwner as problem:
        return Check(name="Rights", holds=False, words=str(problem))
    return Check(name="Rights", holds=True, words="The program cannot change tables or walls.")


def _tables_of_this_version(_: datetime.date) -> Check:
    missing = migrations.unapplied()
    if missing:
        words = f"{len(missing)} changes are missing. Run: fisc db migrate"
        return Check(name="Database", holds=False, words=words)
    return Check(name="Database", holds=True, words="It is of this version.")


def _day_is_open(posting_day: datetime.date) -> Check:
    last = ledger.last_seal()
    if last is not None and last.posting_day >= posting_day:
        sealed_on = office_days.office_day(last.sealed_at)
        words = f"It was sealed on {sealed_on}, and a sealed day takes no entry."
        return Check(name="Posting day", holds=False, words=words)
    return Check(name="Posting day", holds=True, words=f"{posting_day} takes entries.")


def _tables_in_force(posting_day: datetime.date) -> Check:
    """Look for books that stop short of the day; a book the city does not have is not missed."""
    missing = []
    for point in sorted(
        {each.decision_point for each in rule_tables.versions() if each.approved_at}
    ):
        try:
            rule_tables.in_force(point, day=posting_day, known_at=LATEST_KNOWN)
        except rule_tables.NoVersionForDate:
            missing.append(point)
    if missing:
        words = (
            f"No version governs {posting_day} of {', '.join(missing)}. Approve one of each that "
            "is effective on that day; the page “Tables” says which days each book covers."
        )
        return Check(name="Tables", holds=False, words=words)
    return Check(name="Tables", holds=True, words=f"Every book has a version for {posting_day}.")


def _tills(posting_day: datetime.date) -> Check:
    left_open = cashiering.tills_left_open(before=posting_day)
    if not left_open:
        return Check(name="Tills", holds=True, words="All tills of earlier days are closed.")
    named = ", ".join(f"{till.name} of {till.posting_day}" for till in left_open)
    words = f"Not closed: {named}. The run goes on, but their days cannot be sealed."
    return Check(name="Tills", holds=False, words=words, is_needed=False)


def _reads(posting_day: datetime.date) -> Check:
    waiting = len(reading.waiting_files())
    billed = ", ".join(cycle.name for cycle in cycles.billed_on(bill_day=posting_day))
    words = f"{waiting} files of reads wait in the in-tray. Billed today: {billed or 'no cycle'}."
    return Check(name="Reads", holds=True, words=words, is_needed=False)


def _disk(_: datetime.date) -> Check:
    place = _existing(pathlib.Path(settings.FISC_HOME))
    free = shutil.disk_usage(place).free
    words = f"{free / (1 << 30):,.1f} GB free where Fisc keeps its files."
    if "DATABASE_URL" in os.environ:
        words += " The database's own disk is on its server; ask there."
    if free < FREE_BYTES_WANTED:
        words += " At least 1 GB is wanted: make room first."
    return Check(name="Disk", holds=free >= FREE_BYTES_WANTED, words=words)


def _existing(place: pathlib.Path) -> pathlib.Path:
    return place if place.exists() else _existing(place.parent)


CHECKS: Sequence[tuple[str, Callable[[datetime.date], Check]]] = (
    ("rights", _role),
    ("database", _tables_of_this_version),
    ("posting day", _day_is_open),
    ("tables", _tables_in_force),
    ("tills", _tills),
    ("reads", _reads),
    ("disk", _disk),
)
