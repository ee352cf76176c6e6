"""The small city that the browser walks through: some accounts, some history, today's run done."""

from __future__ import annotations

import datetime
import hashlib
import pathlib

from django.conf import global_settings, settings
from django.test import utils
from django.utils import timezone

import fisc
from fisc.plumbing.runs import engine
from fisc.processes.daily_runs import operations as daily_runs
from fisc.processes.demonstration import names, staff
from fisc.processes.demonstration import operations as demonstration
from tests import databases

ACCOUNTS = 40
MONTHS = 6
# By the name to sign in with, and by the group that somebody stands for.
SIGN_INS = {
    name: (sign_in.username, sign_in.password)
    for sign_in in staff.SIGN_INS
    for name in (sign_in.username, sign_in.group.value)
}
# The first houses of the city stand on one street.
STREET = names.STREETS[0].split()[0]


def today() -> datetime.date:
    """Return the day that the pages take for today."""
    return timezone.localdate()


def fingerprint() -> str:
    """Return a hash of everything that decides what the city looks like."""
    package = pathlib.Path(fisc.__file__).parent
    digest = hashlib.sha256(databases.fingerprint_of_migrations().encode())
    digest.update(
        databases.fingerprint_of_folder(
            package / "domain", package / "processes", pathlib.Path(settings.FISC_CITY)
        ).encode()
    )
    digest.update(f"{today()} {ACCOUNTS} {MONTHS}".encode())
    digest.update(pathlib.Path(__file__).read_bytes())
    return digest.hexdigest()[:12]


# The server checks passwords as in a real city, not as the other tests' quick hasher does.
@utils.override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS)
def fill() -> None:
    """Fill the database that is open."""
    at = timezone.now()
    city = pathlib.Path(settings.FISC_CITY)
    demonstration.fill(
        wanted=demonstration.Wanted(
            city=city, accounts=ACCOUNTS, today=today(), at=at, months=MONTHS
        ),
        watch=engine.Unwatched(),
    )
    daily_runs.run_day(
        posting_day=today(), at=at, city=city.name, who="the browser tests", crew_size=1
    )
