"""`fisc tables source`: the file that a look-up table of a draft was taken from."""

from __future__ import annotations

import json
import pathlib
from typing import Annotated

import rich.console
import typer
from django.utils import timezone

from fisc.dmn.checks import reconciliation, source_files
from fisc.domain.rule_tables.calculations import sources
from fisc.domain.rule_tables.operations import sources as operations
from fisc.domain.rule_tables.queries import drafts, filled
from fisc.domain.rule_tables.queries import sources as queries
from fisc.interfaces.cli import city, exit_codes, table_checks
from fisc.interfaces.cli.tables_lifecycle import AsJson, By, Version

console = rich.console.Console(soft_wrap=True, highlight=False)


def source(
    version: Version,
    decision: Annotated[str, typer.Argument(help="The table, by its decision's name.")],
    file: Annotated[
        pathlib.Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file in UTF-8.")
    ],
    *,
    columns: Annotated[
        str,
        typer.Option(
            help="The file's column for each condition and then each result, between commas; by "
            "their names if left out."
        ),
    ] = "",
    fill: Annotated[bool, typer.Option("--fill", help="Take the file's rows into the table.")] = (
        False
    ),
    by: By,
    as_json: AsJson = False,
) -> int:
    """Give a draft's table the file it was taken from, and say how they stand to each other."""
    with city.opened():
        given = _given(version, decision, file, columns)
        operations.give_source(version_id=version, given=given, by=by, at=timezone.now())
        if fill:
            operations.fill_from_source(
                version_id=version,
                decision=decision,
                based_on_sha256=drafts.draft(version).sha256,
                source_sha256=queries.source(version, decision).sha256,
                by=by,
                at=timezone.now(),
            )
        wanted = queries.for_checks(drafts.version_row(version))[decision]
        beside, differing = reconciliation.check(decision, filled.table(version, decision), wanted)
    if as_json:
        said = {
            "reconciled": None if beside is None else table_checks.reconciled(beside),
            "differences": [each.words for each in differing],
        }
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        for text in table_checks.said_beside(beside) if beside else ():
            console.print(text, markup=False)
        for each in differing:
            console.print(each.words, markup=False, style="red")
    return exit_codes.ERROR if differing else exit_codes.DONE


def _given(version: int, decision: str, file: pathlib.Path, columns: str) -> sources.Given:
    if file.stat().st_size > source_files.MOST_BYTES:
        raise source_files.SourceIsWrong(source_files.too_large(file.name))
    content = file.read_bytes()
    if columns:
        return sources.Given(decision, file.name, content, sources.columns_in(columns))
    names = source_files.read(content, file.name).names
    table = filled.table(version, decision)
    return sources.Given(decision, file.name, content, sources.proposed(decision, table, names))
