"""`fisc distributions`: what was collected of taxes, shared out to funds by the month."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Annotated, Any

import rich.console
import typer
from django.utils import timezone

from fisc.basics import money
from fisc.domain.distributions import operations
from fisc.domain.distributions.queries import distributions as queries
from fisc.interfaces.cli import city, exit_codes
from fisc.interfaces.cli.tables_lifecycle import AsJson, By
from fisc.plumbing.users import queries as users

app = typer.Typer(no_args_is_help=True, help="Collected taxes: distribute a month, prove, list.")
console = rich.console.Console(soft_wrap=True, highlight=False)

Month = Annotated[
    datetime.datetime,
    typer.Option("--month", formats=["%Y-%m"], help="The last month that counts, as 2026-08."),
]


@app.command()
def run(
    *,
    month: Month,
    posting_day: Annotated[
        datetime.datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Posted on; today if left out."),
    ] = None,
    by: By,
    as_json: AsJson = False,
) -> int:
    """Distribute a month, and what earlier ones differ by; harmless twice."""
    with city.opened():
        made = operations.distribute(
            month=month.date(),
            posting_day=timezone.localdate() if posting_day is None else posting_day.date(),
            by=operations.By(user_id=users.user_id(username=by), at=timezone.now()),
        )
    _show(made, as_json=as_json, none="Nothing was left to distribute.")
    return exit_codes.DONE


@app.command()
def prove(*, month: Month, as_json: AsJson = False) -> int:
    """Prove that what was distributed up to a month is what was collected."""
    with city.opened():
        broken = queries.broken()
        after = (month.date() + datetime.timedelta(days=32)).replace(day=1)
        found = queries.outstanding(before=after, known_at=timezone.now())
    open_cents = {
        f"{of:%Y-%m}": sum(each.collected_cents for each in amounts)
        for of, amounts in found.items()
    }
    if as_json:
        console.print_json(json.dumps({"outstanding_cents": open_cents, "broken": broken}))
    else:
        for words in broken:
            console.print(words, markup=False)
        for of, cents in open_cents.items():
            console.print(f"{of}: ${money.formatted(cents)} is not distributed, or wrongly so")
        if not (broken or open_cents):
            console.print("What was distributed is what was collected.")
    return exit_codes.CONTROL_TOTALS_DIFFER if broken or open_cents else exit_codes.DONE


@app.command(name="list")
def list_all(*, as_json: AsJson = False) -> int:
    """List the distributions, the newest month first."""
    with city.opened():
        made = queries.made()
    _show(made, as_json=as_json, none="Nothing was distributed yet.")
    return exit_codes.DONE


def _show(made: Sequence[queries.Made], *, as_json: bool, none: str) -> None:
    if as_json:
        console.print_json(json.dumps({"distributions": [_as_data(each) for each in made]}))
        return
    for each in made:
        console.print(
            f"{each.month:%Y-%m} no. {each.number}: ${money.formatted(each.collected_cents)}, "
            f"posted {each.posting_day}, entry {each.entry_id or 'none'}",
            markup=False,
        )
    if not made:
        console.print(none)


def _as_data(made: queries.Made) -> dict[str, Any]:
    return {
        "month": f"{made.month:%Y-%m}",
        "number": made.number,
        "posting_day": str(made.posting_day),
        "entry": made.entry_id,
        "collected_cents": made.collected_cents,
    }
