"""A small city with some history, ready for a day's run: what the drills copy."""

from __future__ import annotations

import contextlib
import datetime
import pathlib
from collections.abc import Iterator

from django.conf import settings
from django.test import override_settings

from fisc.plumbing.runs import engine
from fisc.processes.demonstration import operations as demonstration
from tests import databases
from tests.faults import drills

POSTING_DAY = datetime.date(2026, 3, 20)
MONTHS = 3
INSTANT = datetime.datetime(2026, 3, 20, 14, tzinfo=datetime.UTC)


@contextlib.contextmanager
def prepared(*, home: pathlib.Path, accounts: int) -> Iterator[drills.City]:
    """Make a template on a server of its own: a city of so many accounts, its day not yet run."""
    with drills.own_server(home) as addresses:
        template = databases.build_template(
            addresses=addresses,
            kind="faults",
            fingerprint=f"{databases.fingerprint_of_migrations()}_{accounts}",
            fill=lambda: _fill(home=home, accounts=accounts),
        )
        yield drills.City(
            addresses=addresses,
            template=template,
            home=home,
            posting_day=POSTING_DAY.isoformat(),
            instant=INSTANT.strftime("%Y-%m-%dT%H:%M:%S"),
        )


def _fill(*, home: pathlib.Path, accounts: int) -> None:
    wanted = demonstration.Wanted(
        city=pathlib.Path(settings.FISC_CITY),
        accounts=accounts,
        today=POSTING_DAY,
        at=INSTANT - datetime.timedelta(hours=2),
        months=MONTHS,
    )
    # The file of reads waits in the in-tray of this home; each drill gets a copy of it.
    with override_settings(FISC_HOME=home):
        demonstration.fill(wanted=wanted, watch=engine.Unwatched())
