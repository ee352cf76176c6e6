"""`fisc lists`: code lists, changed, tested, approved and rolled back as tables are."""

from __future__ import annotations

import datetime
import json
import pathlib
from typing import Annotated

import rich.console
import typer
from django.utils import timezone

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes.calculations import differences, sheets, spreadsheets
from fisc.domain.list_changes.operations import approvals, drafts
from fisc.domain.list_changes.queries import changes, effects, notices
from fisc.interfaces.cli import city, exit_codes
from fisc.interfaces.cli.tables_lifecycle import AsJson, By, Day, Reason

app = typer.Typer(no_args_is_help=True, help="Code lists: change, test, approve, roll back.")
console = rich.console.Console(soft_wrap=True, highlight=False)

Change = Annotated[int, typer.Argument(help="The change's id, as `fisc lists list` shows it.")]
List = Annotated[str, typer.Argument(help="The list's name, such as “tender kind”.")]
Language = Annotated[str, typer.Option(help="en or es")]


@app.command(name="list")
def list_all(*, as_json: AsJson = False) -> int:
    """List the code lists: what governs today, what comes, what is drafted or in test."""
    with city.opened():
        found = changes.lists(day=timezone.localdate())
        written = [each for each in changes.changes() if each.edition_id is None]
    if as_json:
        _print_json({"lists": [_of_list(each, written) for each in found]})
        return exit_codes.DONE
    for each in found:
        edition = f"edition {each.edition.number}" if each.edition else "no edition kept yet"
        console.print(f"{each.name}: {edition}, {each.current} codes in use", markup=False)
        for coming in each.coming:
            console.print(
                f"    coming: edition {coming.number} from {coming.governs[0].starts_on}",
                markup=False,
            )
        for change in written:
            if change.list == each.name and change.status != "discarded":
                console.print(
                    f"    {change.status}: change {change.number} (id {change.change_id}) for "
                    f"{change.effective.starts_on}, by {change.author}",
                    markup=False,
                )
    return exit_codes.DONE


@app.command()
def draft(
    name: List,
    *,
    starts_on: Annotated[
        datetime.datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day it is meant for."),
    ],
    before: Day = None,
    reason: Reason,
    citation: Annotated[str, typer.Option(help="The ordinance, resolution or policy.")],
    by: By,
    file: Annotated[
        pathlib.Path | None, typer.Option(exists=True, help="Its file, CSV or xlsx, if not a copy.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Start a change of a list: a copy of what governs its first day, or with a file's rows."""
    with city.opened():
        change_id = drafts.start_draft(
            list_name=name,
            effective=periods.Period(
                starts_on=starts_on.date(), ends_before=None if before is None else before.date()
            ),
            by=by,
            reason=reason,
            citation=citation,
            at=timezone.now(),
        )
        if file is not None:
            _save(change_id, file, based_on=changes.change(change_id).sha256, by=by)
        return _show(change_id, as_json=as_json)


@app.command()
def save(
    change: Change,
    file: Annotated[pathlib.Path, typer.Argument(exists=True, help="CSV or xlsx.")],
    *,
    based_on: Annotated[
        str, typer.Option("--based-on", help="The sha-256 of the file that was changed.")
    ],
    by: By,
    as_json: AsJson = False,
) -> int:
    """Save a list's file over the one it was made from; every mistake in it is named at once."""
    with city.opened():
        _save(change, file, based_on=based_on, by=by)
        return _show(change, as_json=as_json)


@app.command()
def take_out(
    change: Change,
    file: Annotated[pathlib.Path, typer.Argument(help="Where to: a name in .csv or .xlsx.")],
) -> int:
    """Write a change's rows as CSV, byte for byte, or as a spreadsheet."""
    with city.opened():
        found = changes.change(change)
    if file.suffix == ".xlsx":
        file.write_bytes(spreadsheets.written(found.sheet, name=found.list, at=timezone.now()))
    else:
        file.write_bytes(found.content)
    console.print(f"{file}: sha-256 {found.sha256}", markup=False)
    return exit_codes.DONE


@app.command()
def diff(change: Change, *, language: Language = "en", as_json: AsJson = False) -> int:
    """Show what a change does to the list, cell by cell and in words."""
    with city.opened():
        found = changes.what_changes(changes.change(change), language=language)
    if as_json:
        _print_json(
            {
                "differences": [
                    {
                        "code": each.code,
                        "column": each.column,
                        "words": each.words,
                        "before": each.before,
                        "after": each.after,
                    }
                    for each in found
                ]
            }
        )
        return exit_codes.DONE
    for each in found:
        console.print(differences.in_a_sentence(each, language=language), markup=False)
    return exit_codes.DONE


@app.command()
def effect(change: Change, *, as_json: AsJson = False) -> int:
    """Run the cases of every book that uses the list with it as changed; one that fails is said."""
    with city.opened():
        tried = effects.tried(changes.change(change))
    failures = [f"{each.book}: {text}" for each in tried for text in each.failures]
    passed = sum(each.passed for each in tried)
    if as_json:
        _print_json({"books": len(tried), "passed": passed, "failures": failures})
    else:
        for text in failures:
            console.print(text, markup=False, style="red")
        console.print(f"{len(tried)} books use it: {passed} cases passed, {len(failures)} problems")
    return exit_codes.ERROR if failures else exit_codes.DONE


@app.command()
def used(
    name: List,
    code: Annotated[str, typer.Argument(help="One code of it; the whole list if left out.")] = "",
    *,
    as_json: AsJson = False,
) -> int:
    """Show where a list or one code of it is used: tables, other lists, records."""
    with city.opened():
        found = (
            effects.use_of_code(name, code)
            if code
            else effects.CodeUse(code="", tables=effects.tables_of(name), records=(), lists={})
        )
    if as_json:
        _print_json(
            {
                "tables": [
                    {"book": each.book, "version": each.number, "places": list(each.places)}
                    for each in found.tables
                ],
                "lists": {other: list(rows) for other, rows in found.lists.items()},
                "records": {each.of: each.count for each in found.records},
            }
        )
        return exit_codes.DONE
    for use in found.tables:
        places = f": {', '.join(use.places)}" if use.places else ""
        console.print(f"{use.book}, version {use.number} ({use.status}){places}", markup=False)
    for other, rows in found.lists.items():
        console.print(f"list “{other}”: {', '.join(rows)}", markup=False)
    for each in found.records:
        console.print(f"{each.of}: {'more than ' if each.is_more else ''}{each.count} records")
    return exit_codes.DONE


@app.command(name="put-in-test")
def put_in_test(change: Change, *, by: By, as_json: AsJson = False) -> int:
    """Close a draft once every case comes out, so that others can approve it."""
    with city.opened():
        approvals.put_in_test(change_id=change, by=by, at=timezone.now())
        return _show(change, as_json=as_json)


@app.command(name="take-back")
def take_back(change: Change, *, reason: Reason, by: By, as_json: AsJson = False) -> int:
    """Open a change in test again."""
    with city.opened():
        approvals.take_back(change_id=change, by=by, reason=reason, at=timezone.now())
        return _show(change, as_json=as_json)


@app.command()
def discard(change: Change, *, reason: Reason, by: By, as_json: AsJson = False) -> int:
    """Give a draft up; it stays to be read."""
    with city.opened():
        drafts.discard_draft(change_id=change, reason=reason, by=by, at=timezone.now())
        return _show(change, as_json=as_json)


@app.command()
def approve(
    change: Change,
    *,
    reason: Reason,
    by: By,
    sha256: Annotated[str, typer.Option(help="Of the file that was looked at.")] = "",
    reviewer: Annotated[
        str, typer.Option(help="In a small office: who confirms what its author approves.")
    ] = "",
    review_by: Annotated[
        datetime.datetime | None, typer.Option("--review-by", formats=["%Y-%m-%d"])
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Agree to a change in test; it governs its days once everybody needed has agreed."""
    with city.opened():
        decision = approvals.approve(
            change_id=change,
            by=by,
            reason=reason,
            at=timezone.now(),
            sha256=sha256,
            reviewer=reviewer,
            review_by=None if review_by is None else review_by.date(),
        )
        if decision.waits_for and not as_json:
            console.print(decision.waits_for, markup=False, style="yellow")
        return _show(change, as_json=as_json)


@app.command()
def confirm(change: Change, *, reason: Reason, by: By, as_json: AsJson = False) -> int:
    """Confirm, as the reviewer named, what its author approved."""
    with city.opened():
        approvals.confirm(change_id=change, by=by, reason=reason, at=timezone.now())
        return _show(change, as_json=as_json)


@app.command(name="rollback")
def roll_back(change: Change, *, reason: Reason, by: By, as_json: AsJson = False) -> int:
    """Let a change's days be governed again by what governed them before it."""
    with city.opened():
        approvals.roll_back(change_id=change, by=by, reason=reason, at=timezone.now())
        return _show(change, as_json=as_json)


@app.command()
def history(change: Change) -> int:
    """Show what was done to a change: who, when and why, the newest first."""
    with city.opened():
        acts = changes.history(change)
    for each in acts:
        why = f": {each.why}" if each.why else ""
        console.print(f"{each.at:%Y-%m-%d %H:%M %Z} {each.who} {each.verb}{why}", markup=False)
    return exit_codes.DONE


@app.command()
def notice(
    change: Change,
    file: Annotated[pathlib.Path, typer.Argument(help="The PDF to write.")],
    *,
    language: Language = "en",
) -> int:
    """Write the printed notice of a change: what, from when, by which law, by whom."""
    with city.opened():
        file.write_bytes(notices.change_notice(change, language=language, made_at=timezone.now()))
    return exit_codes.DONE


@app.command()
def export(directory: Annotated[pathlib.Path, typer.Argument()]) -> int:
    """Write the lists that govern today, byte for byte as they were imported or approved."""
    with city.opened():
        count = write_lists(directory)
    console.print(f"{count} lists written to {directory}.")
    return exit_codes.DONE


def write_lists(directory: pathlib.Path) -> int:
    """Write a folder's code_lists; gives how many."""
    files = changes.files(day=timezone.localdate())
    folder = directory / "code_lists"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return len(files)


# --- Inside --------------------------------------------------------------------------------------


def _save(change_id: int, file: pathlib.Path, *, based_on: str, by: str) -> None:
    content = file.read_bytes()
    if spreadsheets.is_spreadsheet(content):
        read = spreadsheets.read(content)
        if read.problems:
            raise drafts.RowsAreWrong(read.problems)
        content = sheets.written(read)
    drafts.save_draft(
        change_id=change_id, content=content, based_on_sha256=based_on, by=by, at=timezone.now()
    )


def _show(change_id: int, *, as_json: bool) -> int:
    seen = changes.change(change_id)
    trial = changes.trial(change_id)
    passed = 0 if trial is None else trial.passed
    if as_json:
        _print_json(
            {
                "change": change_id,
                "list": seen.list,
                "number": seen.number,
                "status": seen.standing,
                "sha256": seen.sha256,
                "passed": passed,
                "edition": seen.edition_id,
                "agreed": [each.person for each in changes.agreed(change_id)],
            }
        )
    else:
        console.print(
            f"“{seen.list}”, change {seen.number} (id {change_id}), {seen.standing}, "
            f"sha-256 {seen.sha256}: {passed} cases passed",
            markup=False,
        )
    return exit_codes.DONE


def _of_list(each: changes.ListToday, written: list[changes.Summary]) -> dict[str, object]:
    edition: code_lists.Edition | None = each.edition
    return {
        "name": each.name,
        "codes": each.current,
        "edition": None if edition is None else edition.number,
        "coming": [one.number for one in each.coming],
        "changes": [one.change_id for one in written if one.list == each.name],
    }


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
