"""Every sentence of the checks, in one place, so that it can be said in another language."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from fisc.dmn.columns import plain

NO_CASE = "“{decision}”, rule {rule}: no case decides by it. Add a case that does."
GAP = "“{decision}”: no rule takes {where}. For example: {example}."
GAP_OF_LINE = (
    "“{decision}”: no rule takes {where}, and the line is then left out. For example: {example}."
)
OVERLAP = (
    "“{decision}”: rules {rules} both match {where}, and only one may. For example: {example}."
)
DIFFERENT = (
    "“{decision}”: rules {rules} both match {where} and answer {first} and {second}. "
    "For example: {example}."
)
NEVER = "“{decision}”, rule {rule}: no input within the declared bounds meets its conditions."
HIDDEN = (
    "“{decision}”, rule {rule} never decides: rules before it take everything it would. "
    "For example, rule {taker} takes {example}."
)
HIDDEN_PART = "“{decision}”, rule {rule} never decides: rules {takers} take all it would."
NOT_PROVED = "“{decision}”: {what} not proved: {why}."
GAPS = "that some rule takes every input is"
OVERLAPS = "that no two rules disagree is"
REACHED = "that every rule can decide is"
OUT_OF_TIME = "{seconds:g} seconds were not enough"
NOT_SEEN = "nothing rules out {where}, but no input was found that comes to it"
MORE_PAIRS = "“{decision}”: {count} more pairs of rules match the same input and are not listed."
NOT_ANALYZED = "“{decision}” is no decision table; only its numbers and changes are looked at."
INSIDE = "“{decision}”: the table inside its {form} is not looked at for gaps and overlaps."
EVERYTHING = "anything"

WIDE = "“{output}”: its bounds are not proved, so it is computed slower: {why}."
ROW_BY_ROW = "“{output}”: its bounds are not proved; it is computed row by row because of {why}."
DECIMALS = (
    "“{output}”{rule} may give parts of a cent: {value} for {example}. Round it to two decimals."
)
TWO_DECIMALS = "that it never has parts of a cent is"
SO_MANY = "it is calculated to {count} decimals, but no input was found that shows more than two"
QUOTIENT = (
    "“{decision}”{rule}: {quotient} in “{cell}” is used before it is rounded, and loses cents."
    "{rewrite}"
)
REWRITE = " Write “{rewrite}” with as many decimals as the amount has."
CELL_TYPE = "“{decision}”{rule}, column “{column}”: “{cell}” is {found}, but {wanted} is expected."
CELL_WRONG = "“{decision}”{rule}, column “{column}”: “{cell}” has no meaning here: {why}."
CITATION = "{problem}. Say where it is published."

STALE = (
    "“{decision}”, rule {rule}: {cells} changed, and {annotations} of the rule did not. What a "
    "customer reads may still tell the old one."
)
STALE_CELL = "“{before}” became “{after}”"

COLUMNS_DIFFER = (
    "“{decision}” has {wanted} columns, and for {name} {count} are named. Say for each column of "
    "the table which column of the file it is."
)
NOT_A_VALUE = "rule {rule}: “{cell}” is not one written-out value, so no file can hold the same"
NOT_CSV = "{name} is not CSV, cells between commas: {why}."
NOT_UTF8 = (
    "{name} is not text in UTF-8: line {line} has other letters. Save it as “CSV UTF-8 (comma "
    "delimited)” and bring that."
)
NO_LINES = "{name} is empty. Its first line names the columns, and each line after it is a row."
TOO_LARGE = "{name} is too large: a source has at most {most} bytes."
TOO_MANY_ROWS = "{name} has {count} rows; a source has at most {most}."
WRONG_LINES = "{name}: {problems}."
MORE = "and {count:,} more"
NAME_TWICE = "line 1 names the column “{column}” twice"
CELLS_DIFFER = "line {line} has {cells} cells and line 1 has {names}"
CONTROL = "line {line} has a control character ({code}), which no text has"
NO_COLUMN = "{name} has no column {columns}. It has {there}. Say which column is meant."
CHOOSE = "“{decision}”: say which column of {name} is the table's column {place}."
KEY_TWICE = "lines {first} and {second} are both for {key}"
NOTHING_UNDER = "line {line} has nothing under “{column}”"
NOT_OF_KIND = "line {line}: “{cell}” under “{column}” is no {kind}"
A_NUMBER = "number, written as 1234.5"
A_TRUTH = "“true” or “false”"
A_DAY = "day, written as 2026-01-31"
SIDES = (
    "“{decision}” differs from {name}: {table_rows} rows ({table_totals}) here and {source_rows} "
    "there ({source_totals})."
)
ONLY_IN_SOURCE = "only in the source: {row}."
ONLY_IN_TABLE = "only in the table: {row}."
ROW_DIFFERS = "here {table}, in the source {source}."
NO_SOURCE = (
    "“{decision}” has {count} rules: too many to write a case for each. Give the file that they "
    "were taken from (“Source files”), and the table is reconciled to it instead."
)

UNNOTICED = (
    "“{decision}”{rule}: {before} could be {after} in “{cell}”, and no case would notice. "
    "It would change {output} from {was} to {becomes} for {example}."
)
OF_RULE = ", rule {number}"
LEFT_OUT = "left out"
ANOTHER_TEXT = "another text"
# What makes a text another one.
CHANGED_TEXT = " (changed)"
WHOLE_RESULT = "the result"
ONE_MORE = "one more"
TRIED = "that cases notice every change is"
NOT_TRIED = "{seconds:g} seconds were not enough for the changes of {count} rules"
NOT_ENOUGH = "there was not enough time for all its changes"
NOT_ALONE = "it uses two things of one name, or a decision service"


def value(given: plain.Plain) -> str:
    """A value as a person reads it."""
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, Decimal):
        text = f"{given or Decimal(0):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(given, datetime.date):
        return given.isoformat()
    return f"“{given}”"


def example(inputs: Mapping[str, plain.Plain]) -> str:
    """An input as a person reads it."""
    return ", ".join(f"{name} {value(each)}" for name, each in inputs.items())


def rules(numbers: Iterable[int]) -> str:
    """Some rules by their numbers: `2, 5 and 9`."""
    texts = [str(each) for each in numbers]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def span(first: plain.Plain, last: plain.Plain) -> str:
    """Values from one to another as a person reads them."""
    return value(first) if first == last else f"{value(first)} to {value(last)}"


def choice(texts: Iterable[str]) -> str:
    """Any of some: `1, 2 or 3`."""
    listed = list(texts)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"


def place(columns: Iterable[tuple[str, str]]) -> str:
    """Where in a table: each column with the values meant."""
    return " and ".join(f"{label} {values}" for label, values in columns) or EVERYTHING


def totals(sums: Mapping[str, Decimal]) -> str:
    """The sums of columns as a person reads them."""
    return ", ".join(f"{name} {value(each)}" for name, each in sums.items())
