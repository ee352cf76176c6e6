"""The demonstration city, interrupted while it is filled: gone on with, and nothing twice."""

from __future__ import annotations

import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

import psycopg
import pytest

from tests import databases

pytestmark = pytest.mark.faults

ACCOUNTS, MONTHS = 40, 2
FILL = f"""
import datetime
from fisc.plumbing import startup
startup.start_django()
from django.conf import settings
from fisc.plumbing.runs import engine
from fisc.processes.demonstration import operations
with startup.opened_database():
    wanted = operations.Wanted(
        city=settings.FISC_CITY, accounts={ACCOUNTS}, months={MONTHS},
        today=datetime.date(2026, 3, 20),
        at=datetime.datetime(2026, 3, 20, 12, tzinfo=datetime.UTC),
    )
    operations.fill(wanted=wanted, watch=engine.Unwatched())
"""
COUNTED = {
    "accounts": "select count(*) from accounts_account where kind = 'utility'",
    "parties": "select count(*) from accounts_party",
    "licenses": "select count(*) from licensing_license",
    "returns": "select count(*), sum(tax_due_cents) from tax_returns_return",
    "users": "select count(*) from users_user",
    "reads": "select count(*), sum(reading) from utilities_read",
    "bills": "select count(*), sum(total_cents) from utilities_bill",
    "items": "select count(*), sum(amount_cents) from receivables_item",
    "open": "select sum(open_cents) from receivables_openitem",
    "payments": "select count(*), sum(total_cents) from payments_payment",
    "postings": "select count(*), sum(amount_cents) from ledger_posting",
}


def start(copy: databases.CityDatabase, home: pathlib.Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", FILL],
        env={**copy.environment(), "FISC_HOME": str(home)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def counted(copy: databases.CityDatabase) -> Mapping[str, object]:
    with psycopg.connect(copy.app) as connection:
        return {name: connection.execute(sql).fetchone() for name, sql in COUNTED.items()}


@pytest.fixture(scope="module")
def whole() -> dict[str, object]:
    """Filled by the first test: what an uninterrupted filling makes, and how long it takes."""
    return {}


def test_filling_makes_a_city(
    city_database: databases.CityDatabase, tmp_path: pathlib.Path, whole: dict[str, object]
) -> None:
    began = time.monotonic()
    process = start(city_database, tmp_path)
    _, wrong = process.communicate()

    assert process.returncode == 0, wrong.decode()
    whole |= counted(city_database)
    whole["seconds"] = time.monotonic() - began
    assert whole["accounts"] == (ACCOUNTS,)


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.9])
def test_interrupted_it_goes_on(
    city_database: databases.CityDatabase,
    tmp_path: pathlib.Path,
    whole: dict[str, object],
    part: float,
) -> None:
    expected = {name: whole[name] for name in COUNTED}
    process = start(city_database, tmp_path)
    seconds = whole["seconds"]
    assert isinstance(seconds, float)
    try:
        process.wait(timeout=seconds * part)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()

    again = start(city_database, tmp_path)
    _, wrong = again.communicate()

    assert again.returncode == 0, wrong.decode()
    assert counted(city_database) == expected
