"""What differs between two contents of a list: cell by cell, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fisc.basics import money
from fisc.domain.list_changes.calculations import sheets

_WORDS = {
    "en": {
        "added": "{code} ({label}) is added",
        "removed": "{code} ({label}) is left out",
        "cell": "{code} ({label}), {column}",
        "moved": "{code} ({label}) moves from place {before} to place {after}",
        "column": "column {column} is added",
        "no_column": "column {column} is left out",
        "code": "code",
        "label_en": "label in English",
        "label_es": "label in Spanish",
        "starts_on": "first day",
        "ends_before": "ends before",
        "citation": "source",
        "nothing": "nothing",
    },
    "es": {
        "added": "Se añade {code} ({label})",
        "removed": "Se quita {code} ({label})",
        "cell": "{code} ({label}), {column}",
        "moved": "{code} ({label}) pasa del lugar {before} al lugar {after}",
        "column": "Se añade la columna {column}",
        "no_column": "Se quita la columna {column}",
        "code": "código",
        "label_en": "nombre en inglés",
        "label_es": "nombre en español",
        "starts_on": "primer día",
        "ends_before": "termina antes de",
        "citation": "fuente",
        "nothing": "nada",
    },
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell, row or column that differs, in words, with both texts."""

    kind: str
    code: str
    column: str
    words: str
    before: str
    after: str


def between(before: sheets.Sheet, after: sheets.Sheet, *, language: str) -> tuple[Difference, ...]:
    """Return what differs, row by row in the order of the rows after; removed rows come last."""
    words = _WORDS[language]
    return (
        *_of_columns(before, after, words),
        *_of_rows(before, after, words, language),
        *_of_order(before, after, words, language),
    )


def column_words(column: str, *, language: str) -> str:
    """Return what a column is called; an attribute by its own name, without its lines."""
    return _WORDS[language].get(column, column.replace("_", " "))


def said(column: str, text: str) -> str:
    """Return a cell's text as it is read: cents with the dollars that they are."""
    cents = text.removeprefix("-")
    if column.endswith("cents") and cents.isascii() and cents.isdecimal():
        return f"{text} (${money.formatted(int(text))})"
    return text


def in_a_sentence(difference: Difference, *, language: str) -> str:
    """Return a difference as one line of text, for notices and terminals."""
    if difference.kind != "cell":
        return difference.words
    nothing = _WORDS[language]["nothing"]
    before = said(difference.column, difference.before) or nothing
    return f"{difference.words}: {before} → {said(difference.column, difference.after) or nothing}"


# --- Inside --------------------------------------------------------------------------------------


def _of_columns(
    before: sheets.Sheet, after: sheets.Sheet, words_of: dict[str, str]
) -> Iterator[Difference]:
    for name in after.columns:
        if name not in before.columns:
            yield Difference("column", "", name, words_of["column"].format(column=name), "", name)
    for name in before.columns:
        if name not in after.columns:
            words = words_of["no_column"].format(column=name)
            yield Difference("column", "", name, words, name, "")


def _of_rows(
    before: sheets.Sheet, after: sheets.Sheet, words_of: dict[str, str], language: str
) -> Iterator[Difference]:
    earlier, later = before.by_code, after.by_code
    for code, row in later.items():
        label = _label(earlier.get(code, row), language)
        if code not in earlier:
            words = words_of["added"].format(code=code, label=label)
            yield Difference("added", code, "", words, "", _whole(row))
            continue
        for name in dict.fromkeys([*before.columns, *after.columns]):
            texts = earlier[code].get(name, "").strip(), row.get(name, "").strip()
            if texts[0] != texts[1]:
                column = column_words(name, language=language)
                words = words_of["cell"].format(code=code, label=label, column=column)
                yield Difference("cell", code, name, words, *texts)
    for code, row in earlier.items():
        if code not in later:
            words = words_of["removed"].format(code=code, label=_label(row, language))
            yield Difference("removed", code, "", words, _whole(row), "")


def _of_order(
    before: sheets.Sheet, after: sheets.Sheet, words_of: dict[str, str], language: str
) -> Iterator[Difference]:
    """Say what moved among the codes that both have."""
    common = [code for code in before.by_code if code in after.by_code]
    places = {code: number for number, code in enumerate(common, start=1)}
    now = [code for code in after.by_code if code in places]
    for number, code in enumerate(now, start=1):
        if places[code] != number:
            label = _label(before.by_code[code], language)
            words = words_of["moved"].format(
                code=code, label=label, before=places[code], after=number
            )
            yield Difference("moved", code, "", words, str(places[code]), str(number))


def _label(row: Mapping[str, str], language: str) -> str:
    return row["label_es" if language == "es" else "label_en"]


def _whole(row: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {text}" for name, text in row.items() if text)
