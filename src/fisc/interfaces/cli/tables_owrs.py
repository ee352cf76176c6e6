"""`fisc tables import-owrs`, `check-owrs`, `test-owrs`: rates that utilities publish."""

from __future__ import annotations

import json
import pathlib
from typing import Annotated

import rich.console
import typer

from fisc.interfaces.cli import exit_codes
from fisc.processes.conversion import operations, queries
from fisc.processes.conversion.owrs import agreement, tiers

console = rich.console.Console(soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
TierStarts = Annotated[
    tiers.Reading,
    typer.Option(help="What a tier start is: the first unit of its tier, or the boundary below."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to `fisc tables`."""
    app.command(name="import-owrs")(import_owrs)
    app.command(name="check-owrs")(check_owrs)
    app.command(name="test-owrs")(run_imported_cases)


def import_owrs(
    file: Annotated[pathlib.Path, typer.Argument(exists=True, dir_okay=False)],
    *,
    to: Annotated[pathlib.Path, typer.Option(help="The folder that tables/ and cases/ go to.")],
    tier_starts: TierStarts = tiers.Reading.FIRST_UNIT,
    fact: Annotated[
        list[str] | None, typer.Option(help="A fact of your data that replaces a field.")
    ] = None,
    leave_out_refused: Annotated[
        bool, typer.Option("--leave-out-refused", help="Write the classes that can be expressed.")
    ] = False,
    as_published: Annotated[
        bool, typer.Option("--as-published", help="Accept doubtful readings, as the words say.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Turn an Open Water Rate Specification file into a book of tables with its cases."""
    done = operations.import_rates(
        file=file,
        to=to,
        reading=tier_starts,
        given=fact or [],
        leaves_out_refused=leave_out_refused,
        accepts_doubts=as_published,
    )
    if as_json:
        _print_json(
            {
                "table": str(done.table),
                "cases_file": str(done.sheet),
                "classes": list(done.classes),
                "cases": done.cases,
                "refused": [str(each) for each in done.left_out],
                "doubts": list(done.doubts),
                "remarks": list(done.remarks),
            }
        )
        return exit_codes.DONE
    for each in done.left_out:
        console.print(f"left out: {each}", markup=False, style="red")
    for text in (*done.doubts, *done.remarks):
        console.print(f"note: {text}", markup=False, style="yellow")
    console.print(f"{done.table}: {len(done.classes)} classes", markup=False)
    console.print(f"{done.sheet}: {done.cases} cases, both evaluators agree", markup=False)
    return exit_codes.DONE


def check_owrs(
    directory: Annotated[pathlib.Path, typer.Argument(exists=True, file_okay=False)],
    *,
    tier_starts: TierStarts = tiers.Reading.FIRST_UNIT,
    as_json: AsJson = False,
) -> int:
    """Compute a reference's bills (cases.jsonl) by the books of its files, and compare."""
    found = queries.agreement_of_folder(directory, reading=tier_starts)
    if as_json:
        _print_json(_agreement(found))
    else:
        for text in found.differences:
            console.print(f"differs: {text}", markup=False, style="red")
        for text in found.refusals:
            console.print(f"refused: {text}", markup=False, style="red")
        for text in found.beyond_refused:
            console.print(f"refused, as by the reference: {text}", markup=False)
        for text in found.beyond_read:
            console.print(f"read, though not by the reference: {text}", markup=False)
        console.print(
            f"{found.bills} bills: {found.agree} agree, {found.differ} differ,"
            f" {found.refused} refused; {found.by_columns} computed by columns as well."
        )
    return exit_codes.ERROR if found.differ or found.refused else exit_codes.DONE


def run_imported_cases(
    directory: Annotated[pathlib.Path, typer.Argument(exists=True, file_okay=False)],
    *,
    as_json: AsJson = False,
) -> int:
    """Run the cases of every imported book of a folder, by the case evaluator and by columns."""
    results = queries.tests_of_folder(directory)
    failures = [f"{each.file}: {text}" for each in results for text in each.problems]
    passed = sum(each.cases for each in results)
    if as_json:
        _print_json({"passed": passed, "failed": len(failures), "failures": failures})
    else:
        for text in failures:
            console.print(text, markup=False, style="red")
        for each in results:
            for way in each.ways:
                console.print(f"{each.file}: {way}", markup=False, style="dim")
        console.print(f"{passed} passed, {len(failures)} failed")
    return exit_codes.ERROR if failures else exit_codes.DONE


def _agreement(found: agreement.Agreement) -> dict[str, object]:
    return {
        "bills": found.bills,
        "agree": found.agree,
        "differ": found.differ,
        "refused": found.refused,
        "by_columns": found.by_columns,
        "differences": found.differences,
        "refusals": found.refusals,
        "not_computed": {"refused": found.beyond_refused, "read": found.beyond_read},
    }


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
