"""Bills of a reference, computed again by the books of its files, one file after another."""

from __future__ import annotations

import csv
import io
import json
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fisc.dmn.xml import problems as xml_problems
from fisc.domain.rule_tables import declarations
from fisc.processes.conversion.owrs import (
    bills,
    books,
    class_rules,
    problems,
    specification,
    tiers,
)

CASES, FILES, NOT_COMPUTED = "cases.jsonl", "files", "not-computed.csv"

# The reference has doubles, written with 15 digits: of a larger amount no more can be compared.
PRECISION = Decimal("1e-13")


class FolderIsWrong(Exception):
    """A folder is not laid out as the check needs it, or a line of it cannot be read."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A bill of the reference, with the line of the file it stands in."""

    number: int
    file: str
    customer_class: str
    inputs: dict[str, str]
    components: dict[str, str]
    bill: str

    @property
    def words(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.inputs.items())
        return f"{CASES} line {self.number}: {self.file}, {self.customer_class}, {facts}"


@dataclass(slots=True)
class Agreement:
    """What came out of a check, in bills; and what was done with what the reference could not."""

    bills: int = 0
    agree: int = 0
    differences: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    # By file or class that the reference could not compute: why it is refused here too, or how
    # it is read here.
    beyond_refused: list[str] = field(default_factory=list)
    beyond_read: list[str] = field(default_factory=list)
    # Bills computed by columns as well, with the same amounts.
    by_columns: int = 0

    @property
    def differ(self) -> int:
        return len(self.differences)

    @property
    def refused(self) -> int:
        return len(self.refusals)


def check(folder: pathlib.Path, *, reading: tiers.Reading) -> Agreement:
    """Compute every bill of a folder again. Raises FolderIsWrong."""
    by_file: dict[str, list[Expected]] = {}
    for each in _expected(folder):
        by_file.setdefault(each.file, []).append(each)
    beyond = _beyond(folder)
    found = Agreement()
    for file in sorted({*by_file, *beyond}):
        _check_file(folder, file, by_file.get(file, []), beyond.get(file, set()), reading, found)
    return found


def agrees(found: object, expected: Decimal) -> bool:
    """Whether an exact amount is the reference's, as far as the reference has digits."""
    if not isinstance(found, Decimal):
        return False
    return abs(found - expected) <= PRECISION * max(Decimal(1), abs(expected))


def _check_file(
    folder: pathlib.Path,
    file: str,
    expected: Sequence[Expected],
    beyond: set[str],
    reading: tiers.Reading,
    found: Agreement,
) -> None:
    found.bills += len(expected)
    try:
        made = _made(folder, file, expected, reading)
    except problems.RatesAreRefused as refused:
        found.refusals += [f"{each.words}: {refused}" for each in expected]
        found.beyond_refused += [str(refused)] if beyond else []
        return
    reasons = {each.customer_class: str(each) for each in made.refused}
    for name in sorted(beyond):
        _beyond_class(made, name, reasons, found)
    wanted = [each for each in expected if each.customer_class not in reasons]
    found.refusals += [
        f"{each.words}: {reasons[each.customer_class]}"
        for each in expected
        if each.customer_class in reasons
    ]
    if not wanted:
        return
    try:
        reckoner = bills.reckoner(made)
    except (xml_problems.ModelIsRefused, declarations.DeclarationIsWrong) as refused:
        found.refusals += [f"{each.words}: {refused}" for each in wanted]
    else:
        _compare_all(reckoner, wanted, found)


def _made(
    folder: pathlib.Path, file: str, expected: Iterable[Expected], reading: tiers.Reading
) -> books.Book:
    path = folder / FILES / file
    if not path.resolve().is_relative_to((folder / FILES).resolve()) or not path.is_file():
        raise problems.RatesAreRefused(file, [problems.Problem("There is no such file.")])
    if path.stat().st_size > specification.LARGEST_FILE:
        raise problems.RatesAreRefused(file, [problems.Problem("The file is too large.")])
    given: dict[str, frozenset[str]] = {}
    for each in expected:
        given[each.customer_class] = given.get(each.customer_class, frozenset()) | set(each.inputs)
    said = specification.read(path.read_bytes(), file=file)
    if unknown := sorted({*given} - {*said.classes}):
        raise problems.RatesAreRefused(
            file, [problems.Problem("The file has no such class.", name) for name in unknown]
        )
    return books.make(said, reading=reading, given=given)


def _beyond_class(made: books.Book, name: str, reasons: dict[str, str], found: Agreement) -> None:
    file = made.specification.file
    of_class = {each.name: each for each in made.classes}
    if name in reasons:
        found.beyond_refused.append(f"{file}: {reasons[name]}")
    elif name in of_class:
        notes = "; ".join((*of_class[name].doubts, *of_class[name].remarks)) or "read as written"
        found.beyond_read.append(f"{file}: class {name}: {notes}")
    elif not name:
        found.beyond_read.append(f"{file}: the file is read")
    else:
        found.beyond_refused.append(f"{file}: class {name}: the file has no such class")


def _compare_all(reckoner: bills.Reckoner, expected: Sequence[Expected], found: Agreement) -> None:
    rows = []
    for each in expected:
        try:
            facts = reckoner.facts(each.customer_class, each.inputs)
        except bills.FactIsWrong as problem:
            found.refusals.append(f"{each.words}: {problem}")
            continue
        rows.append((each, facts))
    fitting = [at for at, (_, facts) in enumerate(rows) if bills.fits_columns(facts)]
    by_columns = dict(
        zip(fitting, reckoner.by_columns([rows[at][1] for at in fitting]), strict=True)
        if fitting
        else ()
    )
    for at, (each, facts) in enumerate(rows):
        answers = reckoner.tables.answers(facts)
        if answers[class_rules.BILL] is None:
            found.refusals.append(f"{each.words}: {reckoner.why_none(facts)}")
            continue
        differences = list(_differences(reckoner, each, facts, answers))
        if (in_columns := by_columns.get(at)) is not None:
            differences += _by_evaluator(in_columns, answers)
            found.by_columns += 1
        if differences:
            found.differences.append(f"{each.words}: {'; '.join(differences)}")
        else:
            found.agree += 1


def _differences(
    reckoner: bills.Reckoner,
    expected: Expected,
    facts: bills.Facts,
    answers: dict[str, object],
) -> Iterator[str]:
    of_class = reckoner.classes[expected.customer_class]
    for name, text in {class_rules.BILL: expected.bill, **expected.components}.items():
        line = of_class.line(name)
        if line is None:
            if name not in expected.inputs:
                yield f"{name} is {text}, and the book has no such line"
            continue
        at_the_top = books.line_name(name, inputs=reckoner.book.inputs)
        if at_the_top in answers:
            value = answers[at_the_top]
        else:
            value = reckoner.amounts(facts, [line.decision])[line.decision]
        if not agrees(value, _decimal(expected, name, text)):
            yield f"{name} is {text}, computed {value}"


def _by_evaluator(in_columns: bills.Amounts, answers: dict[str, object]) -> Iterator[str]:
    for name, value in in_columns.items():
        if value != answers[name]:
            yield f"{name} is {value} by columns and {answers[name]} by the case evaluator"


def _expected(folder: pathlib.Path) -> Iterator[Expected]:
    path = folder / CASES
    if not path.is_file():
        raise FolderIsWrong(f"{folder} has no {CASES}; it is laid out as the README says.")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _one_expected(number, line)


def _one_expected(number: int, line: str) -> Expected:
    try:
        said = json.loads(line, parse_float=str, parse_int=str)
        case = Expected(
            number=number,
            file=said["file"],
            customer_class=said["class"],
            inputs=dict(said["inputs"]),
            components=dict(said.get("components", {})),
            bill=said["bill"],
        )
    except (ValueError, KeyError, TypeError) as problem:
        raise FolderIsWrong(f"{CASES}, line {number} is no case: {problem!r}.") from problem
    texts = [case.file, case.customer_class, case.bill, *case.inputs.values()]
    if not all(isinstance(each, str) for each in (*texts, *case.components.values())):
        raise FolderIsWrong(f"{CASES}, line {number} is no case: its values are texts.")
    for name, text in {class_rules.BILL: case.bill, **case.components}.items():
        _decimal(case, name, text)
    return case


def _decimal(case: Expected, name: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError as problem:
        raise FolderIsWrong(f"{case.words}: {name} is “{text}”, no number.") from problem
    if not value.is_finite():
        raise FolderIsWrong(f"{case.words}: {name} is “{text}”, no number.")
    return value


def _beyond(folder: pathlib.Path) -> dict[str, set[str]]:
    """Return what the reference could not compute: by file, its classes; "" is the whole file."""
    path = folder / NOT_COMPUTED
    if not path.exists():
        return {}
    found: dict[str, set[str]] = {}
    try:
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), strict=True):
            found.setdefault(row["file"], set()).add(row["class"])
    except (csv.Error, KeyError, UnicodeDecodeError) as problem:
        raise FolderIsWrong(
            f"{NOT_COMPUTED} has no file and class columns: {problem}."
        ) from problem
    return found
