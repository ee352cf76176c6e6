"""How files of returns are written, as a city declares it."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OF_RETURN = (
    "account",
    "starts_on",
    "received_on",
    "is_electronic",
    "is_amendment",
    "excess_tax",
    "credit_carried",
    "estimated_payments",
    "form",
)
OF_LINE = ("region", "business_class", "gross")
# What only some forms ask of a line.
OF_LINE_MORE = ("includes_tax", "land", "units", "item_price")
NEEDED = ("account", "starts_on", *OF_LINE)
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
ERRORS_SHOWN = 50
# A line's number in a return has fifteen bits.
LINES_MAX = 32_767
# Lines are told apart before they are decoded, which these allow: a new line is one byte in them.
ENCODINGS = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "cp437", "cp850"})


#: Ends what a file of objects was read by: its returns are counted, not its lines.
OF_OBJECTS = " JSON"


class LayoutIsWrong(Exception):
    """A declared layout lacks something, or says what cannot be; everything is said at once."""


class FileIsRefused(Exception):
    """A file cannot be read as its layout says; nothing of it was kept. Names every error."""

    def __init__(self, name: str, errors: Sequence[str], *, more: int = 0) -> None:
        unsaid = more
        shown = "; ".join(errors[:ERRORS_SHOWN])
        more += max(len(errors) - ERRORS_SHOWN, 0)
        rest = f"; and {more:,} more" if more else ""
        super().__init__(f"{name} was refused, nothing of it was kept: {shown}{rest}.")
        self.errors = tuple(errors)
        # How many more there are than the words of `errors`.
        self.more = unsaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a file may have at most."""

    bytes: int
    returns: int
    lines_of_a_return: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a JSON file calls the returns, their count, lines, deductions, codes and amounts.

    Under `as_filed` are figures that the filer worked out, by the `key` of the form; empty where
    no file has them.
    """

    returns: str
    count: str
    lines: str
    deductions: str
    code: str
    amount: str
    as_filed: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file of returns is written; `columns` has the file's name of each of ours."""

    name: str
    # Of the declaration, so that a file's row says what it was read by.
    sha256: str
    encoding: str
    delimiter: str
    date_format: str
    true: frozenset[str]
    false: frozenset[str]
    columns: Mapping[str, str]
    # The columns of each pair of code and amount.
    deductions: tuple[tuple[str, str], ...]
    # What the filer worked out: the file's column by the key of the form's column, on each line;
    # and by the key of the form's box, of the whole return.
    filed_on_lines: Mapping[str, str]
    filed_in_boxes: Mapping[str, str]
    # Columns that a file may leave out, and those that are there for others and are not read.
    optional: frozenset[str]
    ignored: frozenset[str]
    # The first cell of the last row, which counts the rows before it; empty where there is none.
    trailer_word: str
    names: Names
    bounds: Bounds

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Return what the file calls each column that is read."""
        pairs = (each for pair in self.deductions for each in pair)
        filed = (*self.filed_on_lines.values(), *self.filed_in_boxes.values())
        return (*self.columns.values(), *pairs, *filed)


def layout_of(declared: Mapping[str, Any]) -> Layout:
    """Return the layout that a declaration says. Raises LayoutIsWrong."""
    try:
        layout = Layout(
            name=str(declared["name"]),
            sha256=hashlib.sha256(repr(declared).encode()).hexdigest(),
            encoding=_encoding(str(declared["encoding"])),
            delimiter=str(declared["delimiter"]),
            date_format=str(declared["date_format"]),
            true=frozenset(map(str, declared["true"])),
            false=frozenset(map(str, declared["false"])),
            columns=_texts(declared["columns"]),
            deductions=tuple(
                (str(each["code"]), str(each["amount"])) for each in declared.get("deductions", ())
            ),
            filed_on_lines=_texts(declared.get("filed_on_lines", {})),
            filed_in_boxes=_texts(declared.get("filed_in_boxes", {})),
            optional=frozenset(map(str, declared.get("optional", ()))),
            ignored=frozenset(map(str, declared.get("ignored", ()))),
            trailer_word=str(declared.get("trailer", {}).get("word", "")),
            names=Names(**_texts(declared["json"])),
            bounds=Bounds(**{str(key): int(value) for key, value in declared["bounds"].items()}),
        )
    except KeyError as missing:
        raise LayoutIsWrong(f"A layout of returns needs {missing}.") from missing
    except (AttributeError, TypeError, ValueError) as problem:
        raise LayoutIsWrong(f"A layout of returns is not written so: {problem}.") from problem
    if wrong := _wrong(layout):
        raise LayoutIsWrong(f"The layout “{layout.name}”: {'; '.join(wrong)}.")
    return layout


def unit(layout: str) -> str:
    """Return what the places of a file's returns count, by what the file was read by."""
    return "return" if layout.endswith(OF_OBJECTS) else "line"


def _texts(declared: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in declared.items()}


def _encoding(said: str) -> str:
    try:
        found = codecs.lookup(said).name
    except LookupError as problem:
        raise LayoutIsWrong(f"A layout of returns names no encoding: “{said}”.") from problem
    if found not in ENCODINGS:
        raise LayoutIsWrong(
            f"A layout of returns cannot be of “{said}”; it can be: {', '.join(sorted(ENCODINGS))}."
        )
    return found


def _wrong(layout: Layout) -> list[str]:
    wrong = []
    if wanting := [each for each in NEEDED if each not in layout.columns]:
        wrong.append(f"it has no column {', '.join(wanting)}")
    known = (*OF_RETURN, *OF_LINE, *OF_LINE_MORE)
    if unknown := [each for each in layout.columns if each not in known]:
        wrong.append(f"no return has {', '.join(unknown)}; it has {', '.join(known)}")
    wrong += _wrong_columns(layout)
    if len(layout.delimiter) != 1 or layout.delimiter in '"\r\n':
        wrong.append(f"the delimiter is one character, not “{layout.delimiter}”")
    if both := layout.true & layout.false:
        wrong.append(f"{', '.join(sorted(both))} cannot be both true and false")
    bounds = layout.bounds
    if min(bounds.bytes, bounds.returns, bounds.lines_of_a_return) < 1:
        wrong.append("every bound is one at least")
    if bounds.lines_of_a_return > LINES_MAX:
        wrong.append(f"a return has at most {LINES_MAX:,} lines")
    return wrong


def _wrong_columns(layout: Layout) -> list[str]:
    wrong = []
    theirs = layout.all_columns
    if doubled := [each for each, count in Counter(theirs).items() if count > 1]:
        wrong.append(f"the column {', '.join(doubled)} is declared twice")
    keys = (*layout.filed_on_lines, *layout.filed_in_boxes)
    if bad := [each for each in keys if not KEY.fullmatch(each)]:
        wrong.append(f"{', '.join(bad)} is no key of a form; use letters, digits and underscores")
    needed = {layout.columns[each] for each in NEEDED if each in layout.columns}
    if lost := sorted(layout.optional & needed):
        wrong.append(f"every file needs {', '.join(lost)}")
    if strange := sorted(layout.optional - set(theirs)):
        wrong.append(f"no column is declared as {', '.join(strange)}, which is to be optional")
    if read := sorted(layout.ignored & set(theirs)):
        wrong.append(f"{', '.join(read)} cannot be both read and ignored")
    if bool(layout.names.as_filed) != bool(layout.names.key):
        wrong.append("JSON has names for both “as_filed” and “key”, or for neither")
    return wrong
