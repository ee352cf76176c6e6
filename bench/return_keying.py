"""How long a return takes that a clerk keys, in a city with a million of them.

`python -m bench.return_keying --json --returns N [--keyed K]` prints one JSON object. A city's
businesses file six lines every month for two years, N returns in all, by files that are taken in
and posted as a city does; most are paid. Then K returns are keyed, spread over all businesses:

- `keying_…`: the operations of a keyed return, `filing.file_return` with everything that it does:
  locks, what is owed, checks, figures, posting, credits, penalty and interest, and the commit;
- `page_…`: the same through the page: the whole WSGI handler, every middleware, a POST of the form
  that files it, on one thread in this process.

Of ten keyed, six are in time, two late (penalty and interest), one a zero return and one amends
the month before. By the page, every one is posted today. `…_work_…` is processor time, of this
process and of the server's that answers it, which take turns: on a machine that is busy with other
work it tells what the clock cannot. `commit_p50_ms` is what a transaction of one small row takes
by the clock, for a floor. In the end the books are proved.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench import databases, processor, returns_books, returns_city  # noqa: E402
from bench import return_keying_city as keying_city  # noqa: E402
from bench import return_keying_forms as forms  # noqa: E402
from fisc.domain.tax_returns.operations import filing  # noqa: E402
from fisc.plumbing import prepared, transactions  # noqa: E402
from fisc.plumbing.users import models as people  # noqa: E402
from fisc.processes.demonstration import staff  # noqa: E402

NAME = "fisc_bench_return_keying"
WARM_UP = 20
GOAL_MS = 50


@dataclass(slots=True)
class Taken:
    """Milliseconds of each return, by the clock and of processor time, and statements."""

    clock: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    @property
    def work(self) -> list[float]:
        """Both processes' time."""
        return [own + server for own, server in zip(self.own, self.server, strict=True)]

    def figures(self, name: str) -> dict[str, float]:
        """Return what is printed of them, under a name."""
        return {
            f"{name}_p50_ms": _median(self.clock),
            f"{name}_p95_ms": _p95(self.clock),
            f"{name}_work_p50_ms": _median(self.work),
            f"{name}_work_p95_ms": _p95(self.work),
            f"{name}_server_p50_ms": _median(self.server),
            f"{name}_statements_p50": int(statistics.median(self.statements)),
        }


def main() -> None:
    """Fill a city, key returns in it, and print what each took."""
    asked = _arguments()
    with databases.leased_server() as addresses, databases.migrated(addresses, name=NAME):
        began = time.perf_counter()
        with databases.references_checked_afterwards(addresses, name=NAME):
            accounts = keying_city.fill(past_returns=asked.returns)
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
    staff.make(at=keying_city.AT)
    _count_statements()
    past = _count("tax_returns_return")
    count, browser = asked.keyed + WARM_UP, _browser()
    by_operation, by_page = forms.spread(accounts, count=count, ways=2)
    operation = _taken([_filed(each) for each in by_operation])
    page = _taken([_posted(each, browser) for each in by_page])
    if (found := _count("tax_returns_return") - past) != 2 * count:
        raise SystemExit(f"{2 * count} returns were keyed and {found} kept.")
    return {
        "past_returns": past,
        "keyed_of_each": asked.keyed,
        "lines_a_return": returns_city.LINES,
        **operation.figures("keying"),
        **page.figures("page"),
        "commit_p50_ms": _median(_taken([_small_commit] * count).clock),
        "goal_p95_ms": GOAL_MS,
        "goal_reached": _p95(operation.clock) <= GOAL_MS,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}",
        "load_average": round(os.getloadavg()[0], 1),
    }


def _filed(keyed: forms.Keyed) -> Callable[[], None]:
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


def _posted(keyed: forms.Keyed, browser: Client) -> Callable[[], None]:
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
    taken = Taken()
    for place, task in enumerate(tasks):
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            (backend,) = cursor.fetchone()
        before = len(_asked)
        server = processor.backend_seconds(backend)
        began, begun_work = time.perf_counter(), time.process_time()
        task()
        if place < WARM_UP:
            continue
        taken.clock.append((time.perf_counter() - began) * 1000)
        taken.own.append((time.process_time() - begun_work) * 1000)
        taken.server.append((processor.backend_seconds(backend) - server) * 1000)
        taken.statements.append(len(_asked) - before)
    return taken


# One for each statement, whichever way it goes to the server.
_asked: list[None] = []


def _count_statements() -> None:
    """Have every statement counted from now on."""

    def counted(execute: Any, *rest: Any) -> Any:
        _asked.append(None)
        return execute(*rest)

    connection.execute_wrappers.append(counted)
    rows = prepared.rows

    def counted_rows(*asked: Any, **named: Any) -> list[tuple[Any, ...]]:
        _asked.append(None)
        return rows(*asked, **named)

    setattr(prepared, "rows", counted_rows)  # noqa: B010 - a count beside the real one


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
