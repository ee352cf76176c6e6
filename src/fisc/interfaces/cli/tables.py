"""`fisc tables`: a city's rule tables, from files and back."""

from __future__ import annotations

import json
import pathlib
from typing import Annotated

import rich.console
import rich.table
import typer
from django.conf import settings
from django.utils import timezone

from fisc.dmn import tck as kit
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import city_checks, city_files, publishing
from fisc.domain.rule_tables.operations import city as operations
from fisc.domain.rule_tables.queries import approving, drafts, sources
from fisc.domain.rule_tables.queries import versions as queries
from fisc.interfaces.cli import (
    city,
    exit_codes,
    explain,
    lists,
    table_checks,
    tables_diff,
    tables_forms,
    tables_lifecycle,
    tables_owrs,
    tables_sources,
    tables_study,
    tables_sweep,
)

app = typer.Typer(no_args_is_help=True, help="Rule tables: check, test, compare, write, approve.")
app.command()(tables_diff.diff)
app.command()(tables_diff.workbook)
app.command()(tables_study.study)
app.command("sweep-studies")(tables_sweep.sweep_studies)
tables_lifecycle.register(app)
tables_owrs.register(app)
app.command()(tables_sources.source)
# The same as `fisc explain`: what a table made of an amount is looked for here too.
app.command("explain")(explain.command)
console = rich.console.Console(soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Folder = Annotated[
    pathlib.Path | None,
    typer.Argument(help="The city's folder; that of FISC_CITY if left out.", exists=True),
]


@app.command()
def tck(directory: Annotated[pathlib.Path, typer.Argument()], *, as_json: AsJson = False) -> int:
    """Run the public DMN compatibility kit's cases below a folder."""
    report = kit.run(directory)
    if as_json:
        failures = [str(each) for each in report.failures]
        _print_json({"passed": report.passed, "failed": report.failed, "failures": failures})
    else:
        for each in report.failures:
            console.print(str(each), markup=False)
        console.print(str(report))
    return exit_codes.DONE if report.failed == 0 else exit_codes.ERROR


@app.command()
def points(*, as_json: AsJson = False) -> int:
    """List what is asked of tables: each decision point with its inputs and lines.

    Those of subjects, and those that the city's shared tables declare of themselves.
    """
    known = {**queries.decision_points(), **queries.shared_points(path=_folder(None))}
    if as_json:
        _print_json({name: _described(point) for name, point in known.items()})
        return exit_codes.DONE
    for name, point in known.items():
        console.print(f"{name}  by {point.date_basis.value}: {point.words}", markup=False)
        for each in point.inputs:
            bounds = "" if each.low is None else f", {each.low} to {each.high}"
            unit = f" {each.unit}" if each.unit else ""
            coded = f" “{each.code_list}”" if each.code_list else ""
            console.print(f"    in   {each.name}: {each.kind.value}{unit}{coded}{bounds}")
        for line in point.outputs:
            console.print(f"    out  {line.decision} ({line.name}): {line.kind.value}")
    return exit_codes.DONE


@app.command()
def check(folder: Folder = None, *, as_json: AsJson = False) -> int:
    """Check every table of a city: signature, fit, citations, cases, gaps, unnoticed changes.

    And its forms of tax returns: names, sums, codes, days, signatures, letters.
    """
    checked = queries.check_city(path=_folder(folder))
    found = publishing.city(_folder(folder), points=queries.decision_points())
    of_forms = tables_forms.problems(_folder(folder))
    if as_json:
        reports = {each.file: table_checks.as_data(each.report) for each in found}
        _print_json(
            {
                "files": [{**_checked(each), **reports.get(each.file, {})} for each in checked],
                "forms": tables_forms.as_data(of_forms),
            }
        )
    else:
        reported = {each.file: each for each in found}
        for file in checked:
            _show_check(file)
            if file.file in reported:
                for text, style in table_checks.lines(reported[file.file]):
                    console.print(text, markup=False, style=style)
        for text, style in tables_forms.lines(_folder(folder), of_forms):
            console.print(text, markup=False, style=style)
    is_wrong = any(each.problems for each in checked) or any(each.report.stops for each in found)
    is_wrong = is_wrong or any(each.stops for each in of_forms)
    return exit_codes.ERROR if is_wrong else exit_codes.DONE


@app.command(name="test")
def run_cases(folder: Folder = None, *, as_json: AsJson = False) -> int:
    """Run the cases of every table of a city, by the case evaluator and by columns."""
    checked = [each for each in queries.check_city(path=_folder(folder)) if each.decision_point]
    passed = sum(each.cases for each in checked if not each.problems)
    failures = [f"{each.file}: {text}" for each in checked for text in each.problems]
    if as_json:
        _print_json({"passed": passed, "failed": len(failures), "failures": failures})
    else:
        for text in failures:
            console.print(text, markup=False)
        console.print(f"{passed} passed, {len(failures)} failed")
    return exit_codes.ERROR if failures else exit_codes.DONE


@app.command(name="import")
def import_city(folder: Folder = None, *, as_json: AsJson = False) -> int:
    """Bring in a city's code lists, calendars and signed tables; the same files change nothing."""
    with city.opened():
        done = operations.import_city(path=_folder(folder), at=timezone.now())
    if as_json:
        _print_json(
            {
                "tables_new": done.tables_new,
                "tables_known": done.tables_known,
                "codes_added": sum(each.added for each in done.lists),
                "codes_changed": sum(each.changed for each in done.lists),
            }
        )
    else:
        console.print(
            f"{done.tables_new} table versions came in, {done.tables_known} were known; "
            f"{sum(each.added for each in done.lists)} codes and closed days were added, "
            f"{sum(each.changed for each in done.lists)} changed."
        )
    return exit_codes.DONE


@app.command()
def export(directory: Annotated[pathlib.Path, typer.Argument()]) -> int:
    """Write every approved version's file, cases and sources, approvals, today's code lists."""
    with city.opened():
        approved = [
            drafts.draft(each.version_id)
            for each in queries.versions()
            if each.approved_at is not None and each.reissue_of_id is None
        ]
        approvals = city_files.write_approvals(approving.approvals())
        lists.write_lists(directory)
        taken_from = sources.city_folder()
    for folder in ("tables", "cases"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    for each in approved:
        (directory / "tables" / pathlib.Path(each.file_name).name).write_bytes(each.content)
        if each.case_sheet:
            sheet = pathlib.Path(each.case_sheet_name).name
            (directory / "cases" / sheet).write_bytes(each.case_sheet)
    for path, content in taken_from.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content)
    (directory / "approvals.csv").write_bytes(approvals)
    console.print(f"{len(approved)} tables written to {directory}.")
    return exit_codes.DONE


def _folder(given: pathlib.Path | None) -> pathlib.Path:
    return given or pathlib.Path(settings.FISC_CITY)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _described(point: declarations.DecisionPoint) -> dict[str, object]:
    return {
        "words": point.words,
        "date_basis": point.date_basis.value,
        "stage": point.stage,
        "inputs": {each.name: each.kind.value for each in point.inputs},
        "outputs": {each.decision: each.name for each in point.outputs},
    }


def _checked(each: city_checks.FileCheck) -> dict[str, object]:
    return {
        "file": each.file,
        "decision_point": each.decision_point,
        "sha256": each.sha256,
        "problems": list(each.problems),
        "cases": each.cases,
        "ways": list(each.ways),
    }


def _show_check(each: city_checks.FileCheck) -> None:
    name = each.file or each.decision_point
    if not each.problems:
        console.print(f"{name}: in order, {each.cases} cases", markup=False)
    for text in each.problems:
        console.print(f"{name}: {text}", markup=False, style="red")
    for text in each.ways:
        console.print(f"    {text}", markup=False, style="dim")
