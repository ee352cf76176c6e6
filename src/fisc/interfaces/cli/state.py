"""`fisc state`: the state's files in, their cash, and what does not agree."""

from __future__ import annotations

import datetime
import json
import pathlib
from typing import Annotated, Any

import rich.console
import typer
from django.utils import timezone

from fisc.basics import money
from fisc.domain.state_collections import choices, operations
from fisc.domain.state_collections.queries import filers, layouts
from fisc.domain.state_collections.queries import files as queries
from fisc.interfaces.cli import city, exit_codes
from fisc.interfaces.cli.tables_lifecycle import AsJson, By
from fisc.plumbing.users import queries as users

app = typer.Typer(
    no_args_is_help=True, help="Taxes that the state collects: files in, their cash, differences."
)
console = rich.console.Console(soft_wrap=True, highlight=False)


@app.command()
def take(
    file: Annotated[pathlib.Path, typer.Argument(help="The file, as the state sent it.")],
    *,
    kind: Annotated[choices.FileKind, typer.Option("--kind", help="What the file holds.")],
    month: Annotated[
        datetime.datetime,
        typer.Option("--month", formats=["%Y-%m"], help="The month it is of, as 2026-08."),
    ],
    by: By,
) -> int:
    """Take a file of the state in: all of it, once, or nothing with everything that is wrong."""
    with city.opened():
        file_id = operations.take_file(
            file.read_bytes(),
            name=file.name,
            layout=layouts.layout_of_city(kind.value),
            month=month.date(),
            by=_by(by),
        )
        found = queries.file(file_id)
    console.print(f"File {file_id}: {found.row_count} rows, {_dollars(found.total_cents)}.")
    return exit_codes.DONE


@app.command()
def cash(
    file_id: Annotated[int, typer.Argument(help="The number of a distribution file.")],
    *,
    amount: Annotated[str, typer.Option("--amount", help="What the bank had, as 1234.50.")],
    on: Annotated[
        datetime.datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="When it had it.")
    ],
    why: Annotated[str, typer.Option("--why", help="What explains a difference.")] = "",
    posting_day: Annotated[
        datetime.datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Posted on; today if left out."),
    ] = None,
    by: By,
) -> int:
    """Enter and post the cash that came with a distribution file."""
    with city.opened():
        operations.enter_cash(
            file_id,
            cash=operations.Cash(on.date(), money.parsed(amount), why),
            posting_day=timezone.localdate() if posting_day is None else posting_day.date(),
            by=_by(by),
        )
        found = queries.file(file_id)
    console.print(f"Posted; the difference is {_dollars(found.difference_cents or 0)}.")
    return exit_codes.DONE


@app.command("list")
def list_files(*, as_json: AsJson = False) -> int:
    """List the files, their cash, and what of it differs."""
    with city.opened():
        found = queries.files()
    if as_json:
        console.print_json(json.dumps([_shown(each) for each in found]))
    for each in () if as_json else found:
        said = "no cash yet" if each.cash_cents is None else _dollars(each.cash_cents)
        console.print(
            f"{each.file_id:>6}  {each.month:%Y-%m}  {each.kind:<12}  {each.row_count:>8} rows  "
            f"{_dollars(each.total_cents):>16}  {said}  {each.why}".rstrip()
        )
    return exit_codes.DONE


@app.command()
def compare(*, as_json: AsJson = False) -> int:
    """List what does not agree: cash, earlier periods, filers on one side only."""
    today = timezone.localdate()
    with city.opened():
        open_files = queries.unreconciled()
        earlier = [row for each in queries.files() for row in _earlier(each)]
        only_state = filers.unregistered(as_of=today)
        only_city = filers.not_in_files(as_of=today)
    said: dict[str, list[Any]] = {
        "unreconciled": [_shown(each) for each in open_files],
        "earlier_periods": [
            {"file": each.file_id, "line": each.line, "license": each.license_number,
             "period": each.period.isoformat(), "cents": each.cents}
            for each in earlier
        ],
        "unregistered": [
            {"license": each.license_number, "name": each.name,
             "look_alikes": [one.business_id for one in each.look_alikes]}
            for each in only_state
        ],
        "not_in_files": [
            {"account": each.account_number, "name": each.name} for each in only_city
        ],
    }  # fmt: skip
    if as_json:
        console.print_json(json.dumps(said))
    for name, rows in () if as_json else said.items():
        console.print(f"{name.replace('_', ' ')}: {len(rows)}")
        for row in rows:
            console.print("  " + "  ".join(f"{key} {value}" for key, value in row.items()))
    return exit_codes.DONE


def _earlier(of: queries.FileSeen) -> list[queries.Movement]:
    is_share = of.kind == choices.FileKind.DISTRIBUTION
    return list(queries.earlier_periods(of.file_id)) if is_share else []


def _shown(of: queries.FileSeen) -> dict[str, Any]:
    return {
        "file": of.file_id,
        "kind": of.kind,
        "month": f"{of.month:%Y-%m}",
        "rows": of.row_count,
        "total_cents": of.total_cents,
        "cash_cents": of.cash_cents,
        "difference_cents": of.difference_cents,
        "why": of.why,
    }


def _dollars(cents: int) -> str:
    return f"${money.formatted(cents)}"


def _by(username: str) -> operations.By:
    return operations.By(user_id=users.user_id(username=username), at=timezone.now())
