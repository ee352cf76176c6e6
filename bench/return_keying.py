"""How long a return takes that a clerk keys, in a city with a million of them.

`python -m bench.return_keying --json --returns N [--keyed K]` prints one JSON object. A city's
businesses file six lines every month for two years, N returns in all, by files that are taken in
and posted as a city does; most are paid. Then K returns are keyed, spread over all businesses:

- `keying_…`: the operations of a keyed return, `filing.file_return` with everything that it does:
  locks, what is owed, checks, figures, posting, credits, penalty and interest, and the commit;
- `page_…`: the same through the page: the whole WSGI handler, every middleware, a POST of the form
  that files it, on one thread in this process.

Of ten keyed, six are in time, two late (penalty and interest), one a zero return and one amends
the month before. By the page, every one is posted today. `commit_p50_ms` is what a transaction of
one small row takes on the same disk, for a floor. Processor times tell, on a machine that is busy
with other work, what the clock cannot. In the end the books are proved.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench import databases, return_keying_city, return_keying_forms, returns_books, returns_city  # noqa: E402
from fisc.domain.tax_returns.operations import filing  # noqa: E402
from fisc.plumbing import transactions  # noqa: E402
from fisc.plumbing.users import models as people  # noqa: E402
from fisc.processes.demonstration import staff  # noqa: E402

NAME = "fisc_bench_return_keying"
WARM_UP = 20
GOAL_MS = 50


@dataclass(slots=True)
class Taken:
    """Milliseconds of each return: by the clock, of this processor's time, and what was asked."""

    clock: list[float]
    worked: list[float]
    statements: list[int]


def main() -> None:
    """Fill a city, key returns in it, and print what each took."""
    asked = _arguments()
    with databases.leased_server() as addresses, databases.migrated(addresses, name=NAME):
        began = time.perf_counter()
        with databases.references_checked_afterwards(addresses, name=NAME):
            accounts = return_keying_city.fill(past_returns=asked.returns)
        connection.close()
        with databases.as_owner(addresses, name=NAME) as owner:
            owner.execute("vacuum analyze")
        filling = time.perf_counter() - began
        figures = _figures(accounts, asked) | {"filling_seconds": round(filling, 1)}
        if broken := returns_books.broken():
            raise SystemExit(f"An invariant is broken: {broken}")
        figures["invariants_proved"] = True
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--returns", type=int, default=1_000_000)
    parser.add_argument("--keyed", type=int, default=500, help="by each of the two ways")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _figures(accounts: Sequence[int], asked: argparse.Namespace) -> dict[str, Any]:
    staff.make(at=return_keying_city.AT)
    past = _count("tax_returns_return")
    count, browser = asked.keyed + WARM_UP, _browser()
    by_operation, by_page = return_keying_forms.spread(accounts, count=count, ways=2)
    operation = _taken([_filed(each) for each in by_operation])
    page = _taken([_posted(each, browser) for each in by_page])
    if (found := _count("tax_returns_return") - past) != 2 * count:
        raise SystemExit(f"{2 * count} returns were keyed and {found} kept.")
    return {
        "past_returns": past,
        "keyed_of_each": asked.keyed,
        "lines_a_return": returns_city.LINES,
        "keying_p50_ms": _median(operation.clock),
        "keying_p95_ms": _p95(operation.clock),
        "keying_processor_p95_ms": _p95(operation.worked),
        "keying_statements_p50": int(statistics.median(operation.statements)),
        "page_p50_ms": _median(page.clock),
        "page_p95_ms": _p95(page.clock),
        "page_processor_p95_ms": _p95(page.worked),
        "page_statements_p50": int(statistics.median(page.statements)),
        "commit_p50_ms": _median(_taken([_small_commit] * count).clock),
        "goal_p95_ms": GOAL_MS,
        "goal_reached": _p95(operation.clock) <= GOAL_MS,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}",
        "load_average": round(os.getloadavg()[0], 1),
    }


def _filed(keyed: return_keying_forms.Keyed) -> Callable[[], None]:
    came = keyed.came()

    def file() -> None:
        filing.file_return(
            came,
            by=filing.By(user_id=None, at=keyed.at, why="The filer said so"),
            posting_day=keyed.posting_day,
        )

    return file


def _browser() -> Client:
    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    browser.force_login(
        people.User.objects.get(username="supervisor"),
        backend="fisc.plumbing.users.backends.GroupBackend",
    )
    return browser


def _posted(keyed: return_keying_forms.Keyed, browser: Client) -> Callable[[], None]:
    address, form = keyed.address(), keyed.form()

    def post() -> None:
        answer = browser.post(address, form)
        if answer.status_code != 302 or not answer["Location"].startswith("/returns/"):
            raise SystemExit(f"{address} answered {answer.status_code}: {answer.content!r}")

    return post


@transactions.starts_transaction
def _small_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("update code_lists_generation set number = number")


def _taken(tasks: Sequence[Callable[[], None]]) -> Taken:
    """Do each task; the first ones warm the process up and do not count."""
    taken = Taken([], [], [])
    for task in tasks:
        asked = 0

        def counted(execute: Any, *rest: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*rest)

        with connection.execute_wrapper(counted):
            began, begun_work = time.perf_counter(), time.process_time()
            task()
            taken.clock.append((time.perf_counter() - began) * 1000)
            taken.worked.append((time.process_time() - begun_work) * 1000)
        taken.statements.append(asked)
    return Taken(taken.clock[WARM_UP:], taken.worked[WARM_UP:], taken.statements[WARM_UP:])


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        (found,) = cursor.fetchone()
    return int(found)


def _median(taken: Sequence[float]) -> float:
    return round(statistics.median(taken), 1)


def _p95(taken: Sequence[float]) -> float:
    return round(statistics.quantiles(taken, n=20)[-1], 1)


if __name__ == "__main__":
    main()
