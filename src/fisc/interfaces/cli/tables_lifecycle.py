"""`fisc tables draft`, `cases`, `put-in-test`, `approve`, `rollback`: versions in the database."""

from __future__ import annotations

import datetime
import json
import pathlib
from typing import Annotated

import rich.console
import typer
from django.utils import timezone

from fisc.basics import money, periods
from fisc.domain.rule_tables.operations import approvals, drafts, evidence
from fisc.domain.rule_tables.queries import approving, books, notices
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.utilities.queries import corrections
from fisc.interfaces.cli import city, exit_codes

console = rich.console.Console(soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
By = Annotated[str, typer.Option("--as", help="The person who does it, as they sign in.")]
Reason = Annotated[str, typer.Option(help="Why, in words that a successor understands.")]
Version = Annotated[int, typer.Argument(help="The version's id, as `fisc tables books` shows it.")]
Day = Annotated[
    datetime.datetime | None, typer.Option("--before", formats=["%Y-%m-%d"], help="If it ends.")
]


def register(app: typer.Typer) -> None:
    """Give a command its verbs about versions in the database."""
    for name, verb in (
        ("books", list_books),
        ("open-book", open_book),
        ("draft", draft),
        ("save", save),
        ("cases", cases),
        ("put-in-test", put_in_test),
        ("take-back", take_back),
        ("approve", approve),
        ("confirm", confirm),
        ("rollback", roll_back),
        ("history", history),
        ("affected", affected),
        ("notice", notice),
    ):
        app.command(name=name)(verb)


def list_books(*, as_json: AsJson = False) -> int:
    """List the books: what governs today, what comes, what is in test or drafted, what ends."""
    with city.opened():
        found = books.books(day=timezone.localdate(), known_at=timezone.now())
        warnings = _warnings()
    if as_json:
        _print_json({"books": [_of_book(each) for each in found], "warnings": warnings})
        return exit_codes.DONE
    for book in found:
        console.print(f"{book.name} ({book.decision_point})", markup=False)
        governing = [("in force", each) for each in (book.in_force,) if each is not None]
        governing += [("coming", each) for each in book.coming]
        for words, each in governing:
            version = each.version
            console.print(
                f"    {words}: version {version.number} (id {version.version_id}), "
                f"{each.days.starts_on} to {each.days.ends_before or 'further notice'}",
                markup=False,
            )
        if book.imported_by:
            console.print(f"    imported by: {', '.join(book.imported_by)}", markup=False)
        for version in (*book.in_test, *book.drafts):
            console.print(
                f"    {version.status}: version {version.number} (id {version.version_id}) "
                f"for {version.effective.starts_on}, by {version.author}",
                markup=False,
            )
    for words in warnings:
        console.print(words, markup=False, style="yellow")
    return exit_codes.DONE


def open_book(
    book: Annotated[str, typer.Argument(help="The new book's name.")],
    *,
    point: Annotated[
        str, typer.Option(help="What it answers; shared.NAME for tables that books import.")
    ],
    by: By,
    as_json: AsJson = False,
) -> int:
    """Open a book for a decision point that has none; a shared one has a name of its own."""
    with city.opened():
        drafts.start_book(name=book, decision_point=point, by=by, at=timezone.now())
    if as_json:
        _print_json({"name": book, "decision_point": point})
    else:
        console.print(f"“{book}” answers {point}. Start its first draft with --file.", markup=False)
    return exit_codes.DONE


def draft(
    book: Annotated[str, typer.Argument(help="The book's name.")],
    *,
    starts_on: Annotated[
        datetime.datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day it is meant for."),
    ],
    before: Day = None,
    reason: Reason,
    citation: Annotated[str, typer.Option(help="The ordinance or law.")],
    by: By,
    file: Annotated[
        pathlib.Path | None, typer.Option(exists=True, help="Its table file, if not a copy.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Start a draft: of a file, or a copy of what governs its first day, cases and all."""
    with city.opened():
        version_id = drafts.start_draft(
            book=book,
            effective=periods.Period(
                starts_on=starts_on.date(), ends_before=None if before is None else before.date()
            ),
            by=by,
            reason=reason,
            citation=citation,
            at=timezone.now(),
            content=None if file is None else file.read_bytes(),
        )
        return _show(version_id, as_json=as_json)


def save(
    version: Version,
    file: Annotated[pathlib.Path, typer.Argument(exists=True, help="The changed table file.")],
    *,
    based_on: Annotated[
        str, typer.Option("--based-on", help="The sha-256 of the file that was changed.")
    ],
    by: By,
    as_json: AsJson = False,
) -> int:
    """Save a draft's table file over the one it was made from, and run its cases."""
    with city.opened():
        drafts.save_draft(
            version_id=version,
            content=file.read_bytes(),
            based_on_sha256=based_on,
            by=by,
            at=timezone.now(),
        )
        return _show(version, as_json=as_json)


def cases(
    version: Version,
    *,
    take: Annotated[
        pathlib.Path | None,
        typer.Option("--import", exists=True, help="A case sheet to take in place of the present."),
    ] = None,
    give: Annotated[
        pathlib.Path | None, typer.Option("--export", help="Where to write its case sheet.")
    ] = None,
    by: Annotated[str, typer.Option("--as", help="Who takes the sheet in.")] = "",
    as_json: AsJson = False,
) -> int:
    """Show how a version's cases come out; take a sheet in, or write it out byte for byte."""
    with city.opened():
        if take is not None:
            drafts.import_cases(
                version_id=version,
                content=take.read_bytes(),
                based_on_sha256=reading.draft(version).case_sheet_sha256,
                by=by,
                at=timezone.now(),
            )
        if give is not None:
            give.write_bytes(reading.draft(version).case_sheet)
        return _show(version, as_json=as_json)


def put_in_test(version: Version, *, by: By, as_json: AsJson = False) -> int:
    """Close a draft whose cases all come out, so that others can study and approve it."""
    with city.opened():
        approvals.put_in_test(version_id=version, by=by, at=timezone.now())
        return _show(version, as_json=as_json)


def take_back(version: Version, *, reason: Reason, by: By, as_json: AsJson = False) -> int:
    """Open a version in test for changes again."""
    with city.opened():
        approvals.take_back(version_id=version, by=by, reason=reason, at=timezone.now())
        return _show(version, as_json=as_json)


def approve(
    version: Version,
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
    study: Annotated[
        int | None, typer.Option(help="The study of this very content that was looked at.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Agree to a version in test; it governs its days once everybody needed has agreed."""
    with city.opened():
        decision = approvals.approve(
            version_id=version,
            by=by,
            reason=reason,
            at=timezone.now(),
            sha256=sha256,
            reviewer=reviewer,
            review_by=None if review_by is None else review_by.date(),
            study_id=study,
        )
        if decision.waits_for and not as_json:
            console.print(decision.waits_for, markup=False, style="yellow")
        return _show(version, as_json=as_json)


def confirm(version: Version, *, reason: Reason, by: By, as_json: AsJson = False) -> int:
    """Confirm, as the reviewer named, what its author approved."""
    with city.opened():
        approvals.confirm(version_id=version, by=by, reason=reason, at=timezone.now())
        return _show(version, as_json=as_json)


def roll_back(version: Version, *, reason: Reason, by: By, as_json: AsJson = False) -> int:
    """Let a version's days be governed again by what governed them before it."""
    with city.opened():
        approvals.roll_back(version_id=version, by=by, reason=reason, at=timezone.now())
        return _show(version, as_json=as_json)


def history(version: Version, *, as_json: AsJson = False) -> int:
    """Show what was done to a version: who, when and why, the newest first."""
    with city.opened():
        acts = approving.history(version)
    if as_json:
        _print_json(
            {
                "acts": [
                    {
                        "at": each.at.isoformat(),
                        "who": each.who,
                        "verb": each.verb,
                        "why": each.why,
                        "study": each.detail.get("study"),
                    }
                    for each in acts
                ]
            }
        )
        return exit_codes.DONE
    for each in acts:
        why = f": {each.why}" if each.why else ""
        study = f" on study {each.detail['study']}" if each.detail.get("study") else ""
        said = f"{each.who} {each.verb}{study}{why}"
        console.print(f"{each.at:%Y-%m-%d %H:%M %Z} {said}", markup=False)
    return exit_codes.DONE


def affected(
    version: Version,
    *,
    rolled_back: Annotated[
        bool, typer.Option("--rollback", help="What rolling it back changes instead.")
    ] = False,
    by: Annotated[
        str, typer.Option("--as", help="Who looks: whoever gives the second approval must.")
    ] = "",
    as_json: AsJson = False,
) -> int:
    """List the bills that a version for past days changes, each with the correction in cents."""
    ask = corrections.affected_by_rolling_back if rolled_back else corrections.affected_bills
    with city.opened():
        found = ask(version_id=version, known_at=timezone.now())
        if by and not rolled_back:
            evidence.note_bills_seen(
                version_id=version,
                by=by,
                at=timezone.now(),
                bills=len(found.corrections),
                difference_cents=found.difference_cents,
                problem="",
                where="fisc tables affected",
            )
    if as_json:
        _print_json(_affected_as_json(found))
        return exit_codes.DONE
    for each in found.corrections:
        change = each.problem or f"{money.formatted(each.difference_cents or 0)} to correct"
        console.print(f"Bill {each.number} of {each.bill_day}: {change}", markup=False)
    console.print(
        f"{len(found.corrections)} bills change by {money.formatted(found.difference_cents)} in "
        f"all, {found.unchanged} do not change."
    )
    return exit_codes.DONE


_OF_BILL = ("number", "billed_cents", "corrected_cents", "difference_cents", "problem")


def _affected_as_json(found: corrections.Affected) -> dict[str, object]:
    return {
        "bills": [{name: getattr(each, name) for name in _OF_BILL} for each in found.corrections],
        "unchanged": found.unchanged,
        "difference_cents": found.difference_cents,
    }


def notice(
    version: Version,
    file: Annotated[pathlib.Path, typer.Argument(help="The PDF to write.")],
    *,
    language: Annotated[str, typer.Option(help="en or es")] = "en",
) -> int:
    """Write the printed notice of a change: what, from when, by which law, by whom."""
    with city.opened():
        file.write_bytes(notices.change_notice(version, language=language, made_at=timezone.now()))
    return exit_codes.DONE


# --- Inside --------------------------------------------------------------------------------------


def _show(version_id: int, *, as_json: bool) -> int:
    """Say how a version stands; a case that does not come out is an error to a script."""
    seen = reading.draft(version_id)
    results = reading.case_results(version_id)
    passed, failed = (results.passed, results.failed) if results else (0, 0)
    failures = [str(each) for each in results.outcomes if not each.passed] if results else []
    if results is not None and results.problem:
        failures.append(results.problem)
    if as_json:
        _print_json(
            {
                "version": version_id,
                "book": seen.book,
                "number": seen.number,
                "status": seen.status,
                "sha256": seen.sha256,
                "case_sheet_sha256": seen.case_sheet_sha256,
                "problems": list(seen.problems),
                "passed": passed,
                "failed": failed,
                "failures": failures,
                "agreed": [each.person for each in approving.agreed(version_id)],
            }
        )
    else:
        console.print(
            f"“{seen.book}”, version {seen.number} (id {version_id}), {seen.status}, "
            f"sha-256 {seen.sha256}: {passed} cases passed, {failed} failed",
            markup=False,
        )
        for text in (*seen.problems, *failures):
            console.print(text, markup=False, style="red")
    return exit_codes.ERROR if failures or seen.problems else exit_codes.DONE


def _warnings() -> list[str]:
    try:
        found = books.running_out(day=timezone.localdate(), known_at=timezone.now())
    except books.NoPolicy as problem:
        return [str(problem)]
    return [each.words for each in found]


def _of_book(book: books.Book) -> dict[str, object]:
    return {
        "name": book.name,
        "decision_point": book.decision_point,
        "in_force": None if book.in_force is None else book.in_force.version.version_id,
        "coming": [each.version.version_id for each in book.coming],
        "in_test": [each.version_id for each in book.in_test],
        "drafts": [each.version_id for each in book.drafts],
        "imported_by": list(book.imported_by),
        "runs_out_on": None if book.runs_out_on is None else book.runs_out_on.isoformat(),
    }


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
