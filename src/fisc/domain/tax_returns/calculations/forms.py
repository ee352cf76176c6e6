"""A form of a return as its city declares it: sections, columns, boxes, and the sums between them.

A form says what is written where. What a tax comes to is for the tables; a form adds and takes away
what is on it, and its figures are compared with what the filer wrote.
"""

from __future__ import annotations

import datetime
import enum
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fisc.basics import periods

Names = Mapping[str, str]
#: What the number of a line can hold.
MOST_LINES = 32_767
_LANGUAGES = ("en", "es")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TERM = re.compile(r"\s*([+-]?)\s*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)?)")


class FormIsWrong(ValueError):
    """A form cannot be used; the words say everything that is wrong with its file."""


class Holds(enum.StrEnum):
    """What a column or a box of a form is about."""

    GROSS = "gross"
    LAND = "land"
    ITEM_PRICE = "item_price"
    UNITS = "units"
    DEDUCTIONS = "deductions"
    TAXABLE = "taxable"
    RATE = "rate"
    TAX = "tax"
    CREDIT = "credit"
    EXCESS_TAX = "excess_tax"
    CREDIT_CARRIED = "credit_carried"
    ESTIMATED_PAYMENTS = "estimated_payments"
    TOTAL_TAX = "total_tax"
    ACCOUNTING_CREDIT = "accounting_credit"
    TAX_DUE = "tax_due"
    NET_DUE = "net_due"
    # The itemized deductions of a section.
    SCHEDULE = "schedule"
    # A sum of what is elsewhere on the form.
    SUM = "sum"


_OF_LINES = frozenset(
    {
        Holds.GROSS, Holds.LAND, Holds.ITEM_PRICE, Holds.UNITS, Holds.DEDUCTIONS, Holds.TAXABLE,
        Holds.RATE, Holds.TAX, Holds.CREDIT, Holds.SUM,
    }
)  # fmt: skip
_OF_RETURNS = frozenset(Holds) - _OF_LINES | {Holds.SUM}
#: What is keyed as it is; everything else is worked out, and may be written by the filer too.
KEYED = frozenset(
    {
        Holds.GROSS, Holds.LAND, Holds.ITEM_PRICE, Holds.UNITS, Holds.EXCESS_TAX,
        Holds.CREDIT_CARRIED, Holds.ESTIMATED_PAYMENTS,
    }
)  # fmt: skip
#: Columns that are no amounts of money, so that nothing is added up or compared.
_NOT_MONEY = frozenset({Holds.UNITS, Holds.RATE})


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a sum: `sign` 1 or -1, the key of a column or box, and the section of a column."""

    sign: int
    key: str
    section: str = ""

    def __str__(self) -> str:
        where = f"{self.section}." if self.section else ""
        return f"{'-' if self.sign < 0 else '+'} {where}{self.key}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a section: what it holds on each line, or of which others it is the sum."""

    key: str
    names: Names
    holds: Holds
    terms: tuple[Term, ...] = ()

    @property
    def is_keyed(self) -> bool:
        """Whether the figure is a fact of the filer, and not worked out from others."""
        return self.holds in KEYED


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of some regions, and of some classes only where `classes` is not None."""

    key: str
    names: Names
    regions: frozenset[str]
    classes: frozenset[str] | None
    columns: tuple[Column, ...]

    def takes(self, region: str, business_class: str) -> bool:
        """Tell whether a line of a region and class is written in this section."""
        return region in self.regions and (self.classes is None or business_class in self.classes)


@dataclass(frozen=True, slots=True)
class Box:
    """A figure of the whole return; `section` is that of a schedule."""

    key: str
    names: Names
    holds: Holds
    terms: tuple[Term, ...] = ()
    section: str = ""

    @property
    def is_keyed(self) -> bool:
        """Whether the figure is a fact of the filer, and not worked out from others."""
        return self.holds in KEYED


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A version of a form, for filing periods that begin on its days.

    Of the forms that take all lines of an account, the one with the lowest `preference` is used.
    """

    code: str
    names: Names
    days: periods.Period
    preference: int
    most_lines: int
    citation: str
    sections: tuple[Section, ...]
    boxes: tuple[Box, ...]
    frequencies: frozenset[str] | None = None
    sha256: str = ""

    def section_of(self, region: str, business_class: str) -> Section | None:
        """Return the section that a line of a region and class is written in."""
        found = (each for each in self.sections if each.takes(region, business_class))
        return next(found, None)

    def takes(self, lines: Collection[tuple[str, str]], *, frequency: str) -> bool:
        """Tell whether every line of an account has a section, and its frequency the form."""
        if self.frequencies is not None and frequency not in self.frequencies:
            return False
        return all(self.section_of(*each) is not None for each in lines)


def read(content: bytes, *, name: str, sha256: str = "") -> Form:
    """Read a form from its file. Raises FormIsWrong, naming everything wrong at once."""
    form, problems = looked_at(parsed(content, name=name), name=name, sha256=sha256)
    if form is None or problems:
        raise FormIsWrong(" ".join(problems))
    return form


def parsed(content: bytes, *, name: str) -> Mapping[str, Any]:
    """Return what a file says, before it is looked at. Raises FormIsWrong."""
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise FormIsWrong(f"{name}: it cannot be read: {problem}.") from problem


def looked_at(
    given: Mapping[str, Any], *, name: str, sha256: str = ""
) -> tuple[Form | None, list[str]]:
    """Return a form and everything that is wrong with it, each after its place and a colon.

    None where so much is lacking that there is no form.
    """
    problems = [*_lacking(given, where=name)]
    unresolved = [*_unresolved(given, name=name)]
    if problems:
        return None, [*problems, *unresolved]
    form = _form(given, sha256=sha256)
    return form, [*_wrong(form, name=name), *unresolved]


def choose(
    forms: Collection[Form],
    *,
    starts_on: datetime.date,
    lines: Collection[tuple[str, str]],
    frequency: str,
) -> Form | None:
    """Return the form that an account with such lines uses for a period; None where none fits."""
    fit = [
        each
        for each in forms
        if each.days.holds(starts_on) and each.takes(lines, frequency=frequency)
    ]
    return min(fit, key=lambda each: (each.preference, each.code), default=None)


_TOP = ("code", "names", "valid_from", "preference", "most_lines", "citation", "sections", "boxes")
_TOP_MORE = ("valid_before", "frequencies")


_KINDS: Mapping[str, tuple[type, str]] = {
    "code": (str, "a code of the list “return form”"),
    "valid_from": (datetime.date, "a day, as 2026-01-01 without quotes"),
    "valid_before": (datetime.date, "a day, as 2026-01-01 without quotes"),
    "preference": (int, "a whole number"),
    "most_lines": (int, "a whole number"),
    "citation": (str, "a text"),
    "sections": (list, "a list of tables, each under [[sections]]"),
    "boxes": (list, "a list of tables, each under [[boxes]]"),
    "frequencies": (list, "a list of codes"),
}


def tables_of(given: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the tables under a key of a file as it was parsed; none where it has no such."""
    found = given.get(key, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _lacking(given: Mapping[str, Any], *, where: str) -> Iterator[str]:
    """Say what a file has not, before it is read any further."""
    yield from _keys(given, _TOP, _TOP_MORE, where=where)
    for key, (kind, words) in _KINDS.items():
        if key in given and not isinstance(given[key], kind):
            yield f"{where}: {key} is {words}."
    for section in tables_of(given, "sections"):
        at = f"{where}, section {section.get('key', '?')}"
        yield from _keys(section, ("key", "names", "regions", "columns"), ("classes",), where=at)
        for key in ("regions", "classes"):
            if not isinstance(section.get(key, []), list):
                yield f"{at}: {key} is a list of codes."
        for column in tables_of(section, "columns"):
            yield from _figure(column, ("is",), where=f"{at}, column {column.get('key', '?')}")
    for box in tables_of(given, "boxes"):
        at = f"{where}, box {box.get('key', '?')}"
        yield from _figure(box, ("is", "section"), where=at)


def _figure(given: Mapping[str, Any], more: tuple[str, ...], *, where: str) -> Iterator[str]:
    yield from _keys(given, ("key", "names"), ("holds", *more), where=where)
    if ("holds" in given) == ("is" in given):
        yield f"{where}: write either “holds” or “is”."
    elif given.get("holds", Holds.SUM) not in {str(each) for each in Holds}:
        yield f"{where}: nothing is called “{given['holds']}”; there are: {', '.join(Holds)}."
    elif "is" in given and not _terms(str(given["is"])):
        yield f"{where}: “{given['is']}” is no sum such as “J - L” or “city.M + A1”."


def _keys(
    given: Mapping[str, Any], needed: tuple[str, ...], more: tuple[str, ...], *, where: str
) -> Iterator[str]:
    if missing := [each for each in needed if each not in given]:
        yield f"{where}: there is no {', no '.join(missing)}."
    if unknown := sorted(set(given) - set(needed) - set(more)):
        yield f"{where}: nothing is called {', '.join(unknown)}."
    names = given.get("names", {})
    if "names" in needed and not (
        isinstance(names, dict) and all(str(names.get(each, "")).strip() for each in _LANGUAGES)
    ):
        yield f"{where}: write names in English (en) and Spanish (es)."


def _terms(text: str) -> tuple[Term, ...]:
    """Read a sum such as “J - L”; none where it is none."""
    found: list[Term] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TERM.match(text, place)
        if match is None or (found and not match[1]):
            return ()
        section, _, key = match[2].rpartition(".")
        found.append(Term(-1 if match[1] == "-" else 1, key, section))
        place = match.end()
    return tuple(found)


def _form(given: Mapping[str, Any], *, sha256: str) -> Form:
    frequencies = given.get("frequencies")
    return Form(
        code=given["code"],
        names=given["names"],
        days=periods.Period(
            starts_on=given["valid_from"], ends_before=given.get("valid_before")
        ),
        preference=given["preference"],
        most_lines=given["most_lines"],
        citation=given["citation"],
        sections=tuple(_section(each) for each in given["sections"]),
        boxes=tuple(
            Box(
                each["key"], each["names"], Holds(each.get("holds", Holds.SUM)),
                _terms(each.get("is", "")), each.get("section", ""),
            )
            for each in given["boxes"]
        ),
        frequencies=None if frequencies is None else frozenset(frequencies),
        sha256=sha256,
    )  # fmt: skip


def _section(given: Mapping[str, Any]) -> Section:
    classes = given.get("classes")
    return Section(
        key=given["key"],
        names=given["names"],
        regions=frozenset(given["regions"]),
        classes=None if classes is None else frozenset(classes),
        columns=tuple(
            Column(
                each["key"], each["names"], Holds(each.get("holds", Holds.SUM)),
                _terms(each.get("is", "")),
            )
            for each in given["columns"]
        ),
    )  # fmt: skip


def _wrong(form: Form, *, name: str) -> Iterator[str]:
    """Say what does not fit together in a form that was read."""
    if not form.citation:
        yield f"{name}: write the citation of the form."
    if not 1 <= form.most_lines <= MOST_LINES:
        yield f"{name}: most_lines is {form.most_lines}; write 1 to {MOST_LINES}."
    keys = [each.key for each in form.sections] + [each.key for each in form.boxes]
    yield from _bad_keys(keys, where=name)
    for section in form.sections:
        at = f"{name}, section {section.key}"
        yield from _bad_keys([each.key for each in section.columns], where=at)
        yield from _wrong_columns(section, where=at)
    yield from _wrong_boxes(form, name=name)


def _unresolved(given: Mapping[str, Any], *, name: str) -> Iterator[str]:
    """Say which sums name what is not above them, however much else a file lacks."""
    columns: dict[str, set[str]] = {}
    for section in tables_of(given, "sections"):
        above: set[str] = set()
        for column in tables_of(section, "columns"):
            at = f"{name}, section {section.get('key', '?')}, column {column.get('key', '?')}"
            for term in _terms(str(column.get("is", ""))):
                if term.section or term.key not in above:
                    yield f"{at}: no amount above it is called “{str(term)[2:]}”."
            if column.get("holds") not in {str(each) for each in _NOT_MONEY}:
                above.add(str(column.get("key", "")))
        columns[str(section.get("key", ""))] = above
    yield from _unresolved_boxes(given, columns, name=name)


def _unresolved_boxes(
    given: Mapping[str, Any], columns: Mapping[str, set[str]], *, name: str
) -> Iterator[str]:
    seen: set[str] = set()
    for box in tables_of(given, "boxes"):
        for term in _terms(str(box.get("is", ""))):
            known = columns.get(term.section, set()) if term.section else seen
            if term.key not in known:
                at = f"{name}, box {box.get('key', '?')}"
                yield f"{at}: no amount above it is called “{str(term)[2:]}”."
        seen.add(str(box.get("key", "")))


def _bad_keys(keys: list[str], *, where: str) -> Iterator[str]:
    if doubled := [key for key, count in Counter(keys).items() if count > 1]:
        yield f"{where}: {', '.join(doubled)} is there twice."
    if bad := [key for key in keys if not _KEY.fullmatch(key)]:
        yield f"{where}: {', '.join(bad)} is no key; use letters, digits and underscores."


def _wrong_columns(section: Section, *, where: str) -> Iterator[str]:
    for each in section.columns:
        if each.holds not in _OF_LINES:
            yield f"{where}, column {each.key}: “{each.holds}” is of a whole return, not of a line."


def _wrong_boxes(form: Form, *, name: str) -> Iterator[str]:
    sections = {each.key for each in form.sections}
    for each in form.boxes:
        at = f"{name}, box {each.key}"
        if each.holds not in _OF_RETURNS:
            yield f"{at}: “{each.holds}” is of a line, not of a whole return."
        if (each.holds is Holds.SCHEDULE) != bool(each.section):
            yield f"{at}: a schedule, and nothing else, names its section."
        if each.section and each.section not in sections:
            yield f"{at}: there is no section “{each.section}”."
