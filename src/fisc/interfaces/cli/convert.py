"""`fisc convert`: what another system has, checked, brought in and taken out again."""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import rich.console
import typer
from django.conf import settings
from django.utils import timezone

from fisc.basics import money
from fisc.interfaces.cli import city, exit_codes
from fisc.plumbing.users import queries as users
from fisc.processes.conversion.licenses import operations, queries, sheets, totals

app = typer.Typer(no_args_is_help=True, help="Bring in what another system has.")
console = rich.console.Console(soft_wrap=True, highlight=False)

REFUSED_SHOWN = 20
File = Annotated[pathlib.Path, typer.Argument(exists=True, dir_okay=False, help="The CSV file.")]
Mapping = Annotated[
    pathlib.Path | None,
    typer.Option(exists=True, dir_okay=False, help="The mapping; the city's, if none is named."),
]
RefusedTo = Annotated[
    pathlib.Path | None, typer.Option(help="Where refused rows go as CSV, with every reason.")
]
Rows = Annotated[int | None, typer.Option(help="How many rows the sender counted.")]
Receipts = Annotated[str | None, typer.Option(help="Receipts in dollars that the sender counted.")]
By = Annotated[str, typer.Option(help="The username of who does this.")]
Reason = Annotated[str, typer.Option(help="Why, for whoever reads the record later.")]


class NotAnAmount(Exception):
    """What was given as dollars is no amount."""


@app.command()
def check(
    file: File,
    *,
    mapping: Mapping = None,
    refused_to: RefusedTo = None,
    rows: Rows = None,
    receipts: Receipts = None,
) -> int:
    """Read a file whole and say what of it could be taken; nothing is written."""
    with city.opened():
        plan = _plan(file, mapping)
    _say(plan, refused_to)
    totals.require(plan.totals, said=_said(rows, receipts))
    return exit_codes.DONE if not plan.refused else exit_codes.ERROR


@app.command()
def licenses(
    file: File,
    *,
    mapping: Mapping = None,
    refused_to: RefusedTo = None,
    rows: Rows = None,
    receipts: Receipts = None,
    leave_out_refused: Annotated[
        bool, typer.Option(help="Take the rest where rows are refused.")
    ] = False,
    by: By,
    reason: Reason,
) -> int:
    """Bring in the licenses of a file: all of it, or nothing."""
    with city.opened():
        plan = _plan(file, mapping)
        _say(plan, refused_to)
        brought = operations.bring_in(
            plan,
            said=_said(rows, receipts),
            leaves_out_refused=leave_out_refused,
            on=timezone.localdate(),
            by=_by(by, reason),
        )
    console.print(f"File {brought.batch_id} is in: {brought.taken} licenses.", markup=False)
    return exit_codes.DONE


@app.command()
def undo(
    batch: Annotated[int, typer.Argument(help="Its number, as `list` shows it.")],
    *,
    by: By,
    reason: Reason,
) -> int:
    """Take out everything that a file brought in, while nothing rests on it."""
    with city.opened():
        undone = operations.undo(batch, by=_by(by, reason))
    console.print(f"File {undone.batch_id} is out again: {undone.taken} licenses.", markup=False)
    return exit_codes.DONE


@app.command(name="list")
def list_all() -> int:
    """List the files that were brought in, the newest first."""
    with city.opened():
        for each in queries.brought():
            state = f"undone: {each.undone_why}" if each.undone_at else "stands"
            console.print(
                f"{each.batch_id}: {each.file_name}, {each.taken} of {each.row_count} rows on "
                f"{each.made_at:%Y-%m-%d}, {state}",
                markup=False,
            )
    return exit_codes.DONE


def _plan(file: pathlib.Path, mapping: pathlib.Path | None) -> queries.Plan:
    path = mapping or pathlib.Path(settings.FISC_CITY) / "layouts" / "licenses.toml"
    return queries.plan(
        file.read_bytes(),
        file_name=file.name,
        of=queries.mapping(path),
        day=timezone.localdate(),
    )


def _by(username: str, reason: str) -> operations.By:
    return operations.By(user_id=users.user_id(username=username), at=timezone.now(), why=reason)


def _said(rows: int | None, receipts: str | None) -> totals.Said:
    if receipts is None:
        return totals.Said(rows=rows)
    plain = receipts.replace("$", "").replace(",", "")
    try:
        cents = Decimal(plain).scaleb(2)
    except ArithmeticError as problem:
        raise NotAnAmount(f"“{receipts}” is no amount of dollars and cents.") from problem
    if cents != cents.to_integral_value():
        raise NotAnAmount(f"“{receipts}” has parts of a cent.")
    return totals.Said(rows=rows, gross_receipts_cents=int(cents))


def _say(plan: queries.Plan, refused_to: pathlib.Path | None) -> None:
    found = plan.totals
    receipts = money.formatted(found.gross_receipts_cents)
    lines = [
        f"{plan.file_name}: {found.rows} rows, {found.taken} can be taken, {found.refused} cannot.",
        f"{found.businesses} businesses, {found.units} units, ${receipts} of receipts.",
        *(f"    {name}: {count}" for name, count in (*found.by_type, *found.by_status)),
        *(_told(each) for each in plan.refused[:REFUSED_SHOWN]),
    ]
    for line in lines:
        console.print(line, markup=False)
    if refused_to is not None:
        _write_refused(refused_to, plan.refused)
        console.print(f"Every refused row is in {refused_to}.", markup=False)
    elif found.refused > REFUSED_SHOWN:
        console.print(
            f"And {found.refused - REFUSED_SHOWN} more: --refused-to writes all.", markup=False
        )


def _told(refused: sheets.Refused) -> str:
    return f"line {refused.line} ({refused.reference or 'no number'}): {' '.join(refused.reasons)}"


def _write_refused(path: pathlib.Path, refused: Sequence[sheets.Refused]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["line", "reference", "reasons"])
        writer.writerows([each.line, each.reference, " ".join(each.reasons)] for each in refused)
