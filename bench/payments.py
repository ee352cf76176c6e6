"""Payments at a till beside their floor.

`python -m bench.payments --json [--accounts N] [--payments M]` prints one JSON object. N accounts
owe five charges each. One database takes payments through `cashiering.take_payment`; a copy of it,
with the same tables, keys and triggers, takes the same payments by hand-written statements in
plain psycopg: the same locks, reads and rows, prepared, one tender and one account known
beforehand. Rounds are interleaved and medians are compared. Then eight processes, each at a till
of its own, pay as fast as they can, and every invariant is proved.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first

from bench import databases, payments_city, payments_floor  # noqa: E402
from fisc.domain.cashiering import operations as cashiering  # noqa: E402
from fisc.domain.cashiering import queries as tills  # noqa: E402
from fisc.domain.ledger import queries as ledger  # noqa: E402
from fisc.domain.payments import queries as payments  # noqa: E402
from fisc.domain.receivables import queries as receivables  # noqa: E402
from fisc.plumbing import database  # noqa: E402
from fisc.plumbing.postgres import passwords  # noqa: E402

PRODUCT, FLOOR = "fisc_bench_payments", "fisc_bench_payments_floor"
CLIENTS = 8
WARM_UP = 20


def main() -> None:
    """Run the bench, or be one of its eight clients."""
    asked = _arguments()
    if asked.client is not None:
        _client(asked)
        return
    with (
        databases.leased_server() as addresses,
        databases.migrated(addresses, name=PRODUCT),
    ):
        payments_city.fill(accounts=asked.accounts, tills=CLIENTS + 1)
        _pay_earlier(asked)
        with databases.as_owner(addresses, name=PRODUCT) as owner:
            owner.execute("vacuum analyze")
        connection.close()
        with databases.copied(addresses, template=PRODUCT, name=FLOOR):
            connection.close()
            figures = _figures(addresses, asked)
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--payments", type=int, default=6_000, help="of each side, all rounds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0, help="of the eight clients")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--client", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _pay_earlier(asked: argparse.Namespace) -> None:
    """Have some accounts pay before the tables' statistics are gathered.

    Statistics of empty tables would have both sides read whole tables for as long as they live,
    which no city does that was open the day before.
    """
    ours = _Ours(till=payments_city.tills()[0])
    for account in payments_city.accounts_by_till(CLIENTS + 1)[0][: _earlier(asked)]:
        ours.pay(account)


def _earlier(asked: argparse.Namespace) -> int:
    return int(asked.accounts) // 20


def _figures(addresses: passwords.Addresses, asked: argparse.Namespace) -> dict[str, Any]:
    with database.pointed_at(addresses.app, name=PRODUCT):
        accounts = payments_city.accounts_by_till(CLIENTS + 1)[0][_earlier(asked) :]
        each = min(asked.payments, len(accounts) - 100) // asked.rounds
        till = payments_city.tills()[0]
        ours = _Ours(till=till)
        floor = payments_floor.Floor(
            databases.address_of(addresses, name=FLOOR), till_id=till.till_id, cents=till.cents
        )
        for account in accounts[:100]:
            ours.pay(account)
            floor.pay(account)
        statements = {
            "ours": ours.statements(accounts[-1]),
            "floor": floor.statements(accounts[-1]),
        }
        rates: dict[str, list[float]] = {"ours": [], "floor": []}
        for turn in range(asked.rounds):
            paying = accounts[100 + turn * each : 100 + (turn + 1) * each]
            sides = [("ours", ours.pay), ("floor", floor.pay)]
            # Each goes first as often as the other.
            for name, pay in sides if turn % 2 else reversed(sides):
                started = time.perf_counter()
                for account in paying:
                    pay(account)
                rates[name].append(len(paying) / (time.perf_counter() - started))
        floor.close()
    clients = _clients(addresses, seconds=asked.seconds)
    with database.pointed_at(addresses.app, name=PRODUCT):
        broken = _broken()
    if broken:
        raise SystemExit(f"An invariant is broken: {broken}")
    per_second = {name: statistics.median(found) for name, found in rates.items()}
    return {
        "operation": "cashiering.take_payment: one account, five charges, cash with change",
        "accounts": asked.accounts,
        "payments_per_second": round(per_second["ours"]),
        "floor_per_second": round(per_second["floor"]),
        "ratio": round(per_second["ours"] / per_second["floor"], 3),
        "rounds": {name: [round(rate) for rate in found] for name, found in rates.items()},
        "statements": statements["ours"],
        "floor_statements": statements["floor"],
        "clients": CLIENTS,
        **clients,
        "invariants_proved": True,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


class _Ours:
    """The product's own operation, at one till."""

    def __init__(self, *, till: payments_city.Till) -> None:
        self.till = till

    def pay(self, account: int) -> None:
        cents = self.till.cents
        cashiering.take_payment(
            till_id=self.till.till_id,
            key=f"bench/{account}",
            basket=[cashiering.InBasket(account, cents)],
            tenders=[cashiering.TenderGiven(kind_id=self.till.cash_id, given_cents=cents + 37)],
            cashier_id=self.till.cashier_id,
            at=payments_city.AT,
        )

    def statements(self, account: int) -> int:
        """Return the statements of one payment besides BEGIN and COMMIT, as sent by libpq."""
        return payments_floor.statements_of(lambda: self.pay(account), connection.connection)


def _clients(addresses: passwords.Addresses, *, seconds: float) -> dict[str, Any]:
    address = databases.address_of(addresses, name=PRODUCT)
    with tempfile.TemporaryFile() as problems:
        running = [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "bench.payments", "--client", str(number)),
                    *("--seconds", str(seconds)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=problems,
                text=True,
            )
            for number in range(1, CLIENTS + 1)
        ]
        # All are started and warm before any is timed.
        for each in running:
            _say(each, address)
        ready = [_heard(each) for each in running]
        if all(ready):
            for each in running:
                _say(each, "go")
        found: list[float] = []
        longest = 0.0
        for each in running:
            said = _heard(each)
            if each.wait():
                problems.seek(0)
                raise SystemExit(problems.read().decode())
            told = json.loads(said)
            found += told["taken"]
            longest = max(longest, told["seconds"])
    found.sort()
    return {
        "clients_seconds": round(longest, 2),
        "clients_per_second": round(len(found) / longest),
        "p50_ms": round(found[len(found) // 2] * 1000, 2),
        "p99_ms": round(found[int(len(found) * 0.99)] * 1000, 2),
        "slowest_ms": round(found[-1] * 1000, 2),
    }


def _say(client: subprocess.Popen[str], words: str) -> None:
    assert client.stdin is not None
    client.stdin.write(f"{words}\n")
    client.stdin.flush()


def _heard(client: subprocess.Popen[str]) -> str:
    assert client.stdout is not None
    return client.stdout.readline()


def _client(asked: argparse.Namespace) -> None:
    with database.pointed_at(sys.stdin.readline().strip()):
        ours = _Ours(till=payments_city.tills()[asked.client])
        accounts = payments_city.accounts_by_till(CLIENTS + 1)[asked.client]
        for account in accounts[:WARM_UP]:
            ours.pay(account)
        print("ready", flush=True)
        sys.stdin.readline()
        found = []
        begun = started = time.perf_counter()
        # Every account pays once: a small city's clients are done before the time is.
        for account in accounts[WARM_UP:]:
            ours.pay(account)
            ended = time.perf_counter()
            found.append(ended - started)
            started = ended
            if ended - begun >= asked.seconds:
                break
    print(json.dumps({"seconds": started - begun, "taken": found}))


def _broken() -> list[str]:
    return [
        *ledger.broken_entries(),
        *ledger.broken_trial_balance(datetime.date.max),
        *receivables.broken_control_accounts(),
        *receivables.broken_open_items(),
        *payments.broken_payments(),
        *payments.broken_tenders_in_books(),
        *tills.broken_tills(),
    ]


if __name__ == "__main__":
    main()
