"""`fisc tables study`: a version over every bill of the last twelve months."""

from __future__ import annotations

import contextlib
import datetime
import json
import pathlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import rich.console
import rich.progress
import rich.table
import typer
from django.utils import timezone

from fisc.basics import money
from fisc.domain.rule_tables.operations import studies as operations
from fisc.domain.rule_tables.queries import drafts, studies
from fisc.interfaces.cli import city, exit_codes
from fisc.processes.rate_studies import operations as studying
from fisc.processes.rate_studies import papers, workbooks

console = rich.console.Console(soft_wrap=True, highlight=False)

# The largest changes that a terminal shows; the workbook has them all.
SHOWN = 10


def study(
    version: Annotated[
        int, typer.Argument(help="The version's id, as `fisc tables books` has it.")
    ],
    *,
    through: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The last bill day that counts; today if left out."
        ),
    ] = None,
    by: Annotated[str, typer.Option("--as", help="Who asks, as they sign in.")] = "",
    xlsx: Annotated[
        pathlib.Path | None, typer.Option(help="Write the study to this .xlsx file.")
    ] = None,
    pdf: Annotated[
        pathlib.Path | None, typer.Option(help="Write the study to this .pdf file (PDF/UA-1).")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the files: en or es.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Study a version over every account's bills of the last twelve months, and keep the study."""
    with city.opened():
        studying.studied_point(drafts.draft(version))
        study_id = operations.ask_study(
            version_id=version,
            data_day=timezone.localdate() if through is None else through.date(),
            at=timezone.now(),
            by=by,
        )
        with _bar(quiet=as_json) as watch:
            studying.run_study(study_id=study_id, watch=watch)
        found = studies.study(study_id)
        if xlsx is not None:
            xlsx.write_bytes(workbooks.written(found, language=language))
        if pdf is not None:
            pdf.write_bytes(papers.paper(found, language=language))
    assert found.result is not None, "a study that is done has a result"
    if as_json:
        about = {
            "study": study_id,
            "version": version,
            "sha256": found.sha256,
            "data_day": found.data_day.isoformat(),
            "result_sha256": found.result_sha256,
        }
        typer.echo(json.dumps(about | dict(found.result), ensure_ascii=False))
    else:
        _show(found, found.result)
    return exit_codes.DONE


class _Bar:
    """A bar on a terminal."""

    def __init__(self, progress: rich.progress.Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("Study", total=None)

    def progressed(self, *, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done, total=total)


@contextlib.contextmanager
def _bar(*, quiet: bool) -> Iterator[studying.Watch]:
    out = rich.console.Console(stderr=True, highlight=False, quiet=quiet)
    if quiet or not out.is_terminal:
        yield studying.Unwatched()
        return
    with rich.progress.Progress(console=out) as progress:
        yield _Bar(progress)


def _show(found: studies.Study, result: Mapping[str, Any]) -> None:
    accounts = result["accounts"]
    console.print(
        f"Study {found.study_id} of “{found.book}”, version {found.number}: "
        f"{result['bills']:,} bills through {found.data_day}, {result['changed_bills']:,} change. "
        f"{accounts['more']:,} accounts pay more, {accounts['less']:,} less, "
        f"{accounts['same']:,} the same.",
        markup=False,
    )
    table = rich.table.Table("Class", "Charge", "Before", "After", "Difference")
    for column in table.columns[2:]:
        column.justify = "right"
    for row in result["revenue"]:
        amounts = (row[f"{name}_cents"] for name in ("before", "after", "difference"))
        table.add_row(
            row["class"] or "not kept", row["charge"], *(_dollars(each) for each in amounts)
        )
    console.print(table)
    for each in result["largest"][:SHOWN]:
        console.print(
            f"Bill {each['number']} ({each['month']}): {_dollars(each['before_cents'])} to "
            f"{_dollars(each['after_cents'])}, {_dollars(each['difference_cents'])}",
            markup=False,
        )
    for each in result["exceptions"]:
        console.print(f"{each['bills']:,} bills: {each['reason']}", markup=False, style="yellow")
    console.print(f"SHA-256 of the figures: {found.result_sha256}", style="dim")


def _dollars(cents: int) -> str:
    return money.formatted(cents)
