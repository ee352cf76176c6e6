"""`fisc explain`: why a line of a bill is what it is, computed again just now."""

from __future__ import annotations

import dataclasses
import enum
import json
import re
from typing import Annotated, Any

import rich.console
import typer

from fisc.domain.rule_tables.calculations import explanations
from fisc.domain.utilities.queries.explaining import lines
from fisc.interfaces.cli import city, exit_codes

console = rich.console.Console(soft_wrap=True, highlight=False)

_LINE = re.compile(r"(\d+)(?:/(\d+))?")


class LineIsNotNamed(Exception):
    """What was given names no line of a bill."""


class Language(enum.StrEnum):
    """The languages that explanations are written in."""

    ENGLISH = "en"
    SPANISH = "es"


def command(
    bill_line: Annotated[
        str,
        typer.Argument(
            help="Bill number and line number, as 40018273645/3; without a line, the whole bill."
        ),
    ],
    *,
    language: Annotated[Language, typer.Option(help="Of the words.")] = Language.ENGLISH,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Explain a line of a bill: the sentence, the rows and citations, and where inputs came from.

    Exit code 1 says that an amount came out different.
    """
    named = named_line(bill_line)
    with city.opened():
        return tell(named, language=language, as_json=as_json)


def tell(
    named: tuple[int, int | None], *, language: Language = Language.ENGLISH, as_json: bool = False
) -> int:
    """Print the explanation of a line, or of every line of a bill, from the open database."""
    number, line_no = named
    if line_no is None:
        found = lines.explain_bill(number=number, language=language).lines
    else:
        found = (lines.explain_line(number=number, line_no=line_no, language=language),)
    if as_json:
        explained = [_plain(number, each) for each in found]
        whole = {"bill": number, "lines": explained}
        typer.echo(json.dumps(whole if line_no is None else explained[0], ensure_ascii=False))
    else:
        for each in found:
            _show(number, each, language=language)
    return exit_codes.DONE if all(each.why.is_equal for each in found) else exit_codes.ERROR


def named_line(text: str) -> tuple[int, int | None]:
    """Return the bill and the line that a text names; no line is the whole bill.

    Raises LineIsNotNamed.
    """
    named = _LINE.fullmatch(text.strip())
    if named is None:
        raise LineIsNotNamed(
            f"“{text}” names no line of a bill. Write the bill's number, a slash and the line's "
            "number as the bill counts them, such as 40018273645/3."
        )
    return int(named[1]), int(named[2]) if named[2] else None


def _plain(number: int, line: lines.LineExplained) -> dict[str, Any]:
    why = dataclasses.asdict(line.why)
    del why["pieces"], why["account_id"]
    return {"bill": number, "line": line.line_no, "amount_cents": line.amount_cents, **why}


def _show(number: int, line: lines.LineExplained, *, language: Language) -> None:
    console.print(f"{number}/{line.line_no}  {line.words}  {line.why.value}", style="bold")
    for text in explanations.paragraphs(line.why, language=language):
        console.print(f"  {text}", markup=False)
    for step in line.why.steps:
        console.print(f"    {step.words}: {step.how} = {step.gives}", markup=False)
    console.print()
