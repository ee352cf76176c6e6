"""Whether an account costs more processor time in a large city than in a small one.

`python -m bench.growth --json [--small N] [--large N]` prints one JSON object: processor
microseconds an account of a whole posting day (reads and estimates looked for, bills calculated,
registered, issued, invariants proved), Python and the database server together, at both sizes, and
their `ratio`.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import django

django.setup()

from bench import bill_run, billing_city, databases  # noqa: E402 - Django first

BASE = "fisc_bench_growth"


def main() -> None:
    """Run the bench and print its figures."""
    asked = _arguments()
    small, large = (_microseconds(count) for count in (asked.small, asked.large))
    figures = {
        "small": {"accounts": asked.small, **small},
        "large": {"accounts": asked.large, **large},
        "ratio": round(large["cpu_us_an_account"] / small["cpu_us_an_account"], 3),
    }
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--accounts", type=int, help="the large size; the small is a tenth")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.accounts:
        asked.large, asked.small = asked.accounts, asked.accounts // 10
    return asked


def _microseconds(accounts: int) -> dict[str, Any]:
    with databases.leased_server() as addresses, databases.migrated(addresses, name=BASE):
        with databases.references_checked_afterwards(addresses, name=BASE):
            billing_city.fill(count=accounts)
        with databases.as_owner(addresses, name=BASE) as owner:
            owner.execute("vacuum analyze")
        django.db.connection.close()
        day = bill_run.run_day(addresses, name=BASE)
    seconds = day["python_cpu_seconds"] + day["server_cpu_seconds"]
    return {
        "cpu_us_an_account": round(seconds / accounts * 1e6, 1),
        "python_us": round(day["python_cpu_seconds"] / accounts * 1e6, 1),
        "server_us": round(day["server_cpu_seconds"] / accounts * 1e6, 1),
    }


if __name__ == "__main__":
    main()
