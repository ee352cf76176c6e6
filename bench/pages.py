"""How long the server takes for a page.

`python -m bench.pages --json [--accounts N] [--months M]` prints one JSON object: the p95, over
many requests, of the account page, of a mix of searches (by name), and of an empty page.

The whole WSGI handler runs in this process, with every middleware, on one thread: a request goes
in as a socket's server would hand it over, and the clock stops when the last byte of the answer is
there. What a socket and a browser add is not counted. The city is the demonstration's, N accounts
with M months of bills and payments; the accounts asked for are spread over all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import databases  # noqa: E402
from fisc.plumbing.runs import engine  # noqa: E402
from fisc.plumbing.users import models as people  # noqa: E402
from fisc.processes.demonstration import names, staff  # noqa: E402
from fisc.processes.demonstration import operations as demonstration  # noqa: E402

NAME = "fisc_bench_pages"
WARM_UP = 30
GOALS_MS = {"account_page": 30, "searches": 50}

# What a person types: the share of the mix, and the texts that are taken in turn.
SEARCHES: dict[str, tuple[int, Sequence[str]]] = {
    "an account's number": (20, ()),
    "a meter's number": (10, ()),
    "a family name": (25, names.LAST_NAMES),
    "first and family name": (15, ()),
    "the beginning of a name": (10, tuple(each[:3] for each in names.LAST_NAMES)),
    "a house and its street": (15, ()),
    "a misspelled name": (5, tuple(f"{each[:2]}{each[1]}{each[2:]}" for each in names.LAST_NAMES)),
}


def main() -> None:
    """Fill a city, ask for its pages, and print what that took."""
    asked = _arguments()
    with databases.leased_server() as addresses, databases.migrated(addresses, name=NAME):
        filling = time.perf_counter()
        now = timezone.now()
        demonstration.fill(
            wanted=demonstration.Wanted(
                city=pathlib.Path(settings.FISC_CITY),
                accounts=asked.accounts,
                today=timezone.localdate(),
                at=now,
                months=asked.months,
            ),
            watch=engine.Unwatched(),
        )
        connection.close()
        with databases.as_owner(addresses, name=NAME) as owner:
            owner.execute("vacuum analyze")
        filling = time.perf_counter() - filling
        figures = _figures(asked) | {"filling_seconds": round(filling, 1)}
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=2)
    parser.add_argument("--requests", type=int, default=400, help="of each kind of page")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _figures(asked: argparse.Namespace) -> dict[str, Any]:
    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    browser.force_login(
        people.User.objects.get(username=staff.SIGN_INS[-1].username),
        backend="fisc.plumbing.users.backends.GroupBackend",
    )
    sample = _sample(asked.requests)
    pages = {
        "account_page": [f"/accounts/{row['number']}/" for row in sample],
        "searches": _searches(sample, asked.requests),
        "empty_page": ["/keys/"] * asked.requests,
    }
    taken = {name: _taken(browser, addresses) for name, addresses in pages.items()}
    return {
        "accounts": asked.accounts,
        "months": asked.months,
        "requests_of_each": asked.requests,
        "measured": "WSGI handler in process, one thread, all middleware; DEBUG off",
        "search_mix_percent": {name: share for name, (share, _) in SEARCHES.items()},
        **{f"{name}_p95_ms": _p95(clock) for name, (clock, _) in taken.items()},
        **{f"{name}_median_ms": _median(clock) for name, (clock, _) in taken.items()},
        **{f"{name}_processor_median_ms": _median(work) for name, (_, work) in taken.items()},
        "goals_ms": GOALS_MS,
        "goals_reached": all(_p95(taken[name][0]) <= most for name, most in GOALS_MS.items()),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}",
        "load_average": round(os.getloadavg()[0], 1),
    }


def _sample(count: int) -> list[dict[str, Any]]:
    """Return accounts spread over the whole city, with what they may be searched by."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select account.number, account.name, words.place,
                (select meter.number from utilities_service_agreement agreement
                    join utilities_meter_installation installed
                        on installed.service_point_id = agreement.service_point_id
                    join utilities_meter meter on meter.id = installed.meter_id
                    where agreement.account_bucket = account.bucket
                        and agreement.account_id = account.subledger_id limit 1)
            from (select min(subledger_id) as first, max(subledger_id) as last
                from accounts_account) as ends
            cross join generate_series(0, %(count)s - 1) as place(at)
            join accounts_account account on account.subledger_id
                = ends.first + (ends.last - ends.first) * place.at / %(count)s
            join accounts_search_document words on words.account_id = account.subledger_id
            """,
            {"count": count},
        )
        columns = ("number", "name", "place", "meter")
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _searches(sample: Sequence[dict[str, Any]], count: int) -> list[str]:
    """Return searches in the shares of the mix, the kinds taking turns."""
    of_row: dict[str, Callable[[dict[str, Any]], str]] = {
        "an account's number": lambda row: str(row["number"]),
        "a meter's number": lambda row: str(row["meter"]),
        "first and family name": lambda row: str(row["name"]),
        "a house and its street": lambda row: str(row["place"]),
    }
    found = []
    for at in range(count):
        reached, place = 0, at * 37 % 100
        for name, (share, texts) in SEARCHES.items():
            reached += share
            if place < reached:
                row = sample[at % len(sample)]
                found.append(texts[at % len(texts)] if texts else of_row[name](row))
                break
    return [f"/search/?q={text}" for text in found]


def _taken(browser: Client, addresses: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each address, by the clock and of this processor's time.

    Some requests are made before and do not count. Processor time is Python's alone; it tells, on a
    machine that is busy with other work, what the clock cannot.
    """
    for address in addresses[:WARM_UP]:
        browser.get(address, headers=_headers(address))
    taken, worked = [], []
    for address in addresses:
        began, begun_work = time.perf_counter(), time.process_time()
        answer = browser.get(address, headers=_headers(address))
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - begun_work) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    return taken, worked


def _headers(address: str) -> dict[str, str]:
    # A search is asked while somebody types, so its answer is the partial.
    return {"HX-Request": "true"} if address.startswith("/search/") else {}


def _median(taken: Sequence[float]) -> float:
    return round(statistics.median(taken), 1)


def _p95(taken: Sequence[float]) -> float:
    return round(statistics.quantiles(taken, n=20)[-1], 1)


if __name__ == "__main__":
    main()
