"""A rate file as one book: each class's decisions, and for every line a table by class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fisc.processes.conversion.owrs import (
    charges,
    class_rules,
    decisions,
    dmn_xml,
    fields,
    problems,
    specification,
    tiers,
)

CUSTOMER_CLASS = "customer_class"
# A bill with a quotient that has no end is given with so many decimals.
DECIMALS = 18

# The lists of a charge are no lines of a bill.
_TIERS = re.compile("tier_(starts|prices)")

Kind = decisions.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """A number that a class has: the field of the file, and the decision that computes it."""

    field: str
    decision: str
    is_exact: bool


@dataclass(frozen=True, slots=True)
class BookClass:
    """One class of a book."""

    name: str
    lines: tuple[Line, ...]
    decisions: tuple[decisions.Decision, ...]
    inputs: frozenset[str]
    remarks: tuple[str, ...]
    doubts: tuple[str, ...]

    def line(self, field: str) -> Line | None:
        """The line of a field, where the class has it."""
        return next((each for each in self.lines if each.field == field), None)


@dataclass(frozen=True, slots=True)
class Book:
    """What a rate file became: the classes that could be expressed, and why others could not."""

    specification: specification.Specification
    reading: tiers.Reading
    classes: tuple[BookClass, ...]
    refused: tuple[problems.Problem, ...]
    inputs: Mapping[str, Kind]
    content: bytes

    @property
    def name(self) -> str:
        """The stem of its file: utility and effective day."""
        said = self.specification
        since = said.effective_date.isoformat() if said.effective_date else "undated"
        return f"owrs.{_slug(said.utility_name).lower() or 'unnamed'}.{since}"

    @property
    def doubts(self) -> tuple[str, ...]:
        """Readings that somebody must accept before the book is written."""
        return self.specification.doubts + tuple(
            f"class {each.name}, {text}" for each in self.classes for text in each.doubts
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a coordinator should read before believing the book."""
        return self.specification.remarks + tuple(
            f"class {each.name}, {text}" for each in self.classes for text in each.remarks
        )


def make(
    said: specification.Specification,
    *,
    reading: tiers.Reading = tiers.Reading.FIRST_UNIT,
    given: Mapping[str, frozenset[str]] | None = None,
    replaced: frozenset[str] = frozenset(),
) -> Book:
    """Make the book of a rate file.

    `given` has, by class, the facts that the data are known to have: any other name is an error.
    `replaced` are facts that replace fields of the same name, where more is not known. Classes that
    cannot be expressed are named in `refused`; a book without any class is empty.
    """
    known = [each for each in said.classes.values() if not isinstance(each, specification.Wrong)]
    numeric = class_rules.numeric_names(known)
    made: list[BookClass] = []
    refused: list[problems.Problem] = []
    slugs = _slugs(said.classes)
    for name, written in said.classes.items():
        choices = class_rules.Choices(reading, numeric, (given or {}).get(name), replaced)
        try:
            made.append(_class(name, slugs[name], written, choices, said.citation))
        except problems.FieldIsWrong as problem:
            refused.append(problems.Problem(problem.reason, name, problem.field))
        except RecursionError:
            refused.append(problems.Problem("its fields ask each other too deeply", name))
    inputs = _inputs(made, numeric)
    content = _content(said, reading, made, inputs) if made else b""
    return Book(said, reading, tuple(made), tuple(refused), inputs, content)


def line_name(field: str, *, inputs: Iterable[str]) -> str:
    """Return what the line of a field is called at the top of a book."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", field)
    if not name[:1].isalpha():
        name = f"line_{name}"
    return f"class_{name}" if name in inputs or name == CUSTOMER_CLASS else name


def _class(
    name: str,
    slug: str,
    written: specification.Fields | specification.Wrong,
    choices: class_rules.Choices,
    citation: str,
) -> BookClass:
    if isinstance(written, specification.Wrong):
        raise problems.FieldIsWrong("", written.reason)
    if class_rules.BILL not in written:
        raise problems.FieldIsWrong(class_rules.BILL, "the class has no bill")
    rules = class_rules.ClassRules(name, slug, written, choices, citation, charges.make)
    _refuse_clashes(rules)
    fields.make(rules, class_rules.BILL)
    if rules.made[class_rules.BILL].kind is not Kind.NUMBER:
        raise problems.FieldIsWrong(class_rules.BILL, "the bill is no amount")
    for each in written:
        if _TIERS.search(each):
            continue
        try:
            fields.make(rules, each)
        except problems.FieldIsWrong as problem:
            rules.remark(f"{each} is left out, no bill has it: {problem}")
    _remark_on_keys(rules)
    return BookClass(
        name=name,
        lines=tuple(
            Line(each, made.name, each not in rules.inexact)
            for each, made in rules.made.items()
            if made.kind is Kind.NUMBER and not choices.replaces(each)
        ),
        decisions=(*rules.extra, *rules.made.values()),
        inputs=frozenset(rules.inputs),
        remarks=tuple(rules.remarks),
        doubts=tuple(dict.fromkeys(rules.doubts)),
    )


def _refuse_clashes(rules: class_rules.ClassRules) -> None:
    seen: dict[str, str] = {}
    for each in rules.fields:
        if (name := rules.decision_name(each)) in seen:
            raise problems.FieldIsWrong(each, f"its name cannot be told from {seen[name]}")
        seen[name] = each


def _remark_on_keys(rules: class_rules.ClassRules) -> None:
    """Say where two maps by the same facts have different keys: such accounts have no bill."""
    by_facts: dict[tuple[str, ...], dict[str, frozenset[str]]] = {}
    for each, field in rules.fields.items():
        if isinstance(field, specification.Map):
            by_facts.setdefault(field.depends_on, {})[each] = frozenset(field.values)
    for facts, maps in by_facts.items():
        all_keys = frozenset[str]().union(*maps.values())
        for each, its_keys in maps.items():
            if lacking := sorted(all_keys - its_keys):
                rules.remark(
                    f"{each} has no value for {', '.join(facts)} of {', '.join(lacking)}, which"
                    " other fields of the class have"
                )


def _slugs(names: Iterable[str]) -> dict[str, str]:
    slugs: dict[str, str] = {}
    for name in names:
        base = _slug(name) or "class"
        base = base if base[0].isalpha() else f"class_{base}"
        slug, number = base, 1
        while slug in slugs.values():
            number += 1
            slug = f"{base}_{number}"
        slugs[name] = slug
    return slugs


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")


def _inputs(made: Sequence[BookClass], numeric: frozenset[str]) -> dict[str, Kind]:
    asked = sorted(frozenset[str]().union(*(each.inputs for each in made)))
    return {CUSTOMER_CLASS: Kind.TEXT} | {
        each: Kind.NUMBER if each in numeric else Kind.TEXT for each in asked
    }


def _content(
    said: specification.Specification,
    reading: tiers.Reading,
    made: Sequence[BookClass],
    inputs: Mapping[str, Kind],
) -> bytes:
    words = (
        f"Rates of {said.utility_name or 'an unnamed utility'} as published in {said.file}."
        f" Prices and tier starts are for a whole billing period ({said.frequency or 'not named'});"
        f" {class_rules.USAGE} is in the file's own unit ({said.unit or 'none named, so ccf'})."
        f" Tier starts are read as: {reading.value}. Nothing is rounded to cents here."
    )
    lines = _lines(said, made, inputs)
    return dmn_xml.write(
        name=said.utility_name or said.file,
        identifier=f"owrs_{_slug(said.utility_name).lower() or 'unnamed'}",
        description=words,
        inputs=inputs,
        made=[*(each for one in made for each in one.decisions), *lines],
    )


def _lines(
    said: specification.Specification,
    made: Sequence[BookClass],
    inputs: Mapping[str, Kind],
) -> list[decisions.Decision]:
    """For every field that some class has: which class's decision gives it. The bill is last.

    A field whose quotient has no end, such as an allowance before it is rounded, is no line.
    """
    fields_of_all = dict.fromkeys(line.field for each in made for line in each.lines)
    endless = {line.field for each in made for line in each.lines if not line.is_exact}
    names = [each for each in fields_of_all if each not in endless and each != class_rules.BILL]
    return [_line(said, made, inputs, field) for field in (*names, class_rules.BILL)]


def _line(
    said: specification.Specification,
    made: Sequence[BookClass],
    inputs: Mapping[str, Kind],
    field: str,
) -> decisions.Decision:
    having = [(each, line) for each in made if (line := each.line(field)) is not None]
    rules = tuple(
        decisions.Rule(
            (decisions.text_literal(each.name),),
            line.decision if line.is_exact else f"decimal({line.decision}, {DECIMALS})",
            f"{said.citation}; {each.name}, {field}",
        )
        for each, line in having
    )
    return decisions.Decision(
        name=line_name(field, inputs=inputs),
        kind=Kind.NUMBER,
        body=decisions.Table(((CUSTOMER_CLASS, Kind.TEXT),), rules),
        requires=(CUSTOMER_CLASS, *(line.decision for _, line in having)),
        description=f"Citation: {said.citation}",
    )
