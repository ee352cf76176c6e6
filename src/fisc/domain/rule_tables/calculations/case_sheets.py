"""Case sheets: a CSV of named inputs and the exact outputs they must give.

The first column, `case`, says in words what the case shows. Every other column is an input or a
decision by its name, or `rules: ` and a decision: the numbers of the rules that must match. An
empty cell is null, or, under `rules: `, says nothing. A decision without a column, or with `-` in
its cell, is not checked.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import values

FIRST_COLUMN = "case"
RULES = "rules: "
NOT_CHECKED = "-"
NO_RULE = "none"
# What a page shows of what is wrong with a sheet; the rest is counted.
MOST_PROBLEMS = 50


class SheetIsWrong(ValueError):
    """A case sheet cannot be read; the words say where and why."""


class CaseIsWrong(ValueError):
    """A case cannot be written in a sheet; the words say which and why."""


@dataclass(frozen=True, slots=True)
class Case:
    """Facts and what the tables must answer."""

    words: str
    inputs: Mapping[str, values.Value]
    expected: Mapping[str, values.Value]
    # By decision: the numbers of the rules that must match, from 1, in order; none is ().
    rules: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that came out otherwise than written."""

    case: str
    decision: str
    expected: values.Value
    found: object

    def __str__(self) -> str:
        return f"{self.case}: {self.decision} is {self.found}, expected {self.expected}"


def read(content: bytes, *, point: declarations.DecisionPoint, name: str) -> tuple[Case, ...]:
    """Read a sheet for a decision point. Raises SheetIsWrong."""
    lines = _lines(content, name=name)
    columns = lines[0]
    known = {**point.input_by_name, **point.output_by_decision}
    written = [each for each in columns[1:] if not each.startswith(RULES)]
    if unknown := [each for each in written if each not in known]:
        raise SheetIsWrong(
            f"{name}: {', '.join(unknown)} is no input and no decision of {point.name}."
        )
    cases, problems = [], []
    for number, line in enumerate(lines[1:], start=2):
        try:
            cases.append(_case(columns, line, point=point, where=f"{name}, line {number}"))
        except SheetIsWrong as problem:
            problems.append(str(problem))
    if problems:
        raise SheetIsWrong(_all(problems))
    return tuple(cases)


def write(cases: Sequence[Case], *, point: declarations.DecisionPoint, like: bytes = b"") -> bytes:
    """Write a sheet that reads back as these cases, with the columns of another in their order.

    Cases that say what `like` says give its very bytes. Raises CaseIsWrong, and SheetIsWrong for
    a `like` that cannot be read.
    """
    before = read(like, point=point, name="the sheet") if like else ()
    if like and before == tuple(cases):
        return like
    _refuse_names([each.words for each in cases])
    columns = _columns(cases, point=point, before=_lines(like, name="the sheet")[0] if like else [])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for case in cases:
        writer.writerow([case.words, *(_cell(case, name, point) for name in columns[1:])])
    content = text.getvalue().encode("utf-8")
    for wanted, got in zip(cases, read(content, point=point, name="the sheet"), strict=True):
        _refuse_other(wanted, got)
    return content


def differences(case: Case, found: Mapping[str, object]) -> list[Difference]:
    """Return where answers are not those that a case expects."""
    return [
        Difference(case=case.words, decision=name, expected=value, found=found.get(name))
        for name, value in case.expected.items()
        if not values.agree(value, found.get(name))
    ]


def _lines(content: bytes, *, name: str) -> list[list[str]]:
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise SheetIsWrong(
            f"{name}, line {line}: a letter is not written in UTF-8. Save the file again as "
            "“CSV UTF-8”."
        ) from problem
    except csv.Error as problem:
        raise SheetIsWrong(
            f"{name} is not CSV: a quotation mark is opened and never closed, or a cell is longer "
            f'than {csv.field_size_limit():,} letters. Look for a stray ".'
        ) from problem
    if not lines or lines[0][:1] != [FIRST_COLUMN]:
        raise SheetIsWrong(f"{name}: the first column is named “{FIRST_COLUMN}”.")
    if doubled := [each for each, count in Counter(lines[0]).items() if count > 1]:
        raise SheetIsWrong(f"{name}: two columns are named {', '.join(doubled)}.")
    return lines


def _case(
    columns: list[str], line: list[str], *, point: declarations.DecisionPoint, where: str
) -> Case:
    if len(line) != len(columns):
        raise SheetIsWrong(f"{where}: {len(line)} cells, but {len(columns)} columns.")
    inputs: dict[str, values.Value] = {each.name: None for each in point.inputs}
    expected: dict[str, values.Value] = {}
    rules: dict[str, tuple[int, ...]] = {}
    problems = []
    for name, text in zip(columns[1:], line[1:], strict=True):
        try:
            if name.startswith(RULES):
                rules |= _of_rules(name.removeprefix(RULES), text)
            elif name in point.input_by_name:
                inputs[name] = values.from_text(text, kind=point.input_by_name[name].kind)
            else:
                expected |= _of_answer(point.output_by_decision[name], text)
        except values.ValueIsWrong as problem:
            problems.append(f"{where}, {name}: {problem}")
    if problems:
        raise SheetIsWrong("\n".join(problems))
    return Case(words=line[0], inputs=inputs, expected=expected, rules=rules)


def _of_rules(decision: str, text: str) -> dict[str, tuple[int, ...]]:
    return {decision: _rules(text)} if text.strip() else {}


def _of_answer(line: declarations.OutputLine, text: str) -> dict[str, values.Value]:
    if text.strip() == NOT_CHECKED:
        return {}
    return {line.decision: values.from_text(text, kind=line.kind)}


def _all(problems: Sequence[str]) -> str:
    """Return what is wrong line by line; of very many, the first and how many more there are."""
    shown = "\n".join(problems).split("\n")
    more = len(shown) - MOST_PROBLEMS
    if more <= 0:
        return "\n".join(shown)
    return "\n".join([*shown[:MOST_PROBLEMS], f"… and {more} more."])


def _rules(text: str) -> tuple[int, ...]:
    if text.strip() == NO_RULE:
        return ()
    try:
        found = tuple(sorted({int(each) for each in text.split(";")}))
    except ValueError as problem:
        raise values.ValueIsWrong(
            f"“{text}” is no list of rule numbers: write 3, or 1;3, or {NO_RULE}."
        ) from problem
    if found[0] < 1:
        raise values.ValueIsWrong("rules are numbered from 1.")
    return found


def _columns(
    cases: Sequence[Case], *, point: declarations.DecisionPoint, before: Sequence[str]
) -> list[str]:
    """Keep the columns that were there; what cases now need goes behind them."""
    asked = {name for case in cases for name, value in case.inputs.items() if value is not None}
    expected = {name for case in cases for name in case.expected}
    ruled = {f"{RULES}{name}" for case in cases for name in case.rules}
    if unknown := (asked - set(point.input_by_name)) | (expected - set(point.output_by_decision)):
        raise CaseIsWrong(
            f"{', '.join(sorted(unknown))} is no input and no decision of {point.name}."
        )
    needed = [
        *(each.name for each in point.inputs if each.name in asked),
        *(each.decision for each in point.outputs if each.decision in expected),
        *sorted(ruled),
    ]
    kept = list(before) or [FIRST_COLUMN]
    return [*kept, *(each for each in needed if each not in kept)]


def _cell(case: Case, name: str, point: declarations.DecisionPoint) -> str:
    if name.startswith(RULES):
        wanted = case.rules.get(name.removeprefix(RULES))
        if wanted is None:
            return ""
        return ";".join(map(str, wanted)) or NO_RULE
    if name in point.input_by_name:
        return text_of(case.inputs.get(name))
    return text_of(case.expected[name]) if name in case.expected else NOT_CHECKED


def text_of(value: values.Value) -> str:
    """Return a value as a sheet has it: plain digits, ISO days, true and false, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, datetime.date) else value


def _refuse_names(names: Iterable[str]) -> None:
    counted = Counter(names)
    if any(not name.strip() for name in counted):
        raise CaseIsWrong("A case has no name. Say in words what it shows.")
    if doubled := [name for name, count in counted.items() if count > 1]:
        raise CaseIsWrong(f"Two cases are named “{doubled[0]}”. Give one of them other words.")


def _refuse_other(wanted: Case, got: Case) -> None:
    """A text such as "null", or one that ends in spaces, would come back as something else."""
    for written, read_back in ((wanted.inputs, got.inputs), (wanted.expected, got.expected)):
        for name, value in written.items():
            if not values.agree(value, read_back.get(name)):
                raise CaseIsWrong(f"{wanted.words}, {name}: “{value}” cannot stand in a sheet.")
