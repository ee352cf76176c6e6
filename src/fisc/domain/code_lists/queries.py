"""Reading code lists and calendars; kept in memory until the city's content changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import connection

from fisc.basics import calendars
from fisc.domain.code_lists import models

# One more column for a statement made anyway; hand its value on as `generation`.
GENERATION_SQL = "(select number from code_lists_generation)"


class NoSuchCodeList(Exception):
    """A list was asked for that the city has not."""


class NoSuchCode(Exception):
    """A code was asked for that its list has not, or not on that day."""


class NoSuchCalendar(Exception):
    """A calendar was asked for that the city has not."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list."""

    id: int
    code: str
    label_en: str
    label_es: str
    starts_on: datetime.date
    ends_before: datetime.date | None
    citation: str
    attributes: Mapping[str, Any]

    def is_current(self, day: datetime.date) -> bool:
        """Tell whether the code may be used on a day."""
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)

    def label(self, language: str) -> str:
        """Return its words in English or Spanish."""
        return self.label_es if language == "es" else self.label_en


@dataclass(frozen=True, slots=True)
class _Kept:
    generation: int
    content: Any


# By database, kind and name. A process keeps what it read; the generation says when to read again.
_memory: dict[tuple[str, str, str], _Kept] = {}


def generation() -> int:
    """Return the count of changes made to the city's lists and tables so far."""
    return models.ContentGeneration.objects.values_list("number", flat=True).get()


def codes(name: str, *, generation: int | None = None) -> Mapping[str, Code]:
    """Return a list's codes in the order of its file, ended ones included.

    With `generation` as just read, nothing is asked of the database while it has not moved.
    Raises NoSuchCodeList.
    """
    current = _generation_or(generation)
    key = (_database(), "list", name)
    kept = _memory.get(key)
    if kept is None or kept.generation != current:
        kept = _Kept(current, MappingProxyType(_read_codes(name)))
        _memory[key] = kept
    found: Mapping[str, Code] = kept.content
    return found


def codes_if_any(name: str) -> Mapping[str, Code]:
    """Return a list's codes as `codes` does; none where the city does not keep such a list."""
    try:
        return codes(name)
    except NoSuchCodeList:
        return {}


def code_ids(name: str, *, generation: int | None = None) -> dict[str, int]:
    """Return the id of each code of a list. Raises NoSuchCodeList."""
    return {each.code: each.id for each in codes(name, generation=generation).values()}


def codes_by_id(name: str, *, generation: int | None = None) -> dict[int, Code]:
    """Return a list's codes by their ids. Raises NoSuchCodeList."""
    return {each.id: each for each in codes(name, generation=generation).values()}


def code(name: str, wanted: str, *, generation: int | None = None) -> Code:
    """Return one code of a list. Raises NoSuchCodeList, NoSuchCode."""
    known = codes(name, generation=generation)
    if wanted not in known:
        raise NoSuchCode(
            f"The code list “{name}” has no “{wanted}”. Add it to the city's code lists, or use "
            f"one of: {', '.join(known)}."
        )
    return known[wanted]


def list_names() -> list[str]:
    """Return the names of the city's code lists, in order."""
    return list(models.CodeList.objects.order_by("name").values_list("name", flat=True))


def calendar_names() -> list[str]:
    """Return the names of the city's calendars, in order."""
    return list(models.Calendar.objects.order_by("name").values_list("name", flat=True))


def calendar(name: str, *, generation: int | None = None) -> calendars.Calendar:
    """Return a calendar with its closed days. Raises NoSuchCalendar."""
    current = _generation_or(generation)
    key = (_database(), "calendar", name)
    kept = _memory.get(key)
    if kept is None or kept.generation != current:
        kept = _Kept(current, _read_calendar(name))
        _memory[key] = kept
    found: calendars.Calendar = kept.content
    return found


def _generation_or(given: int | None) -> int:
    return generation() if given is None else given


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _read_codes(name: str) -> dict[str, Code]:
    rows = models.Code.objects.filter(list__name=name).order_by("position", "id")
    found = {
        row.code: Code(
            id=row.id,
            code=row.code,
            label_en=row.label_en,
            label_es=row.label_es,
            starts_on=row.starts_on,
            ends_before=row.ends_before,
            citation=row.citation,
            attributes=MappingProxyType(row.attributes),
        )
        for row in rows
    }
    if not found and not models.CodeList.objects.filter(name=name).exists():
        raise NoSuchCodeList(
            f"The city has no code list “{name}”. Write code_lists/{name.replace(' ', '_')}.csv "
            "and import it with `fisc tables import`."
        )
    return found


def _read_calendar(name: str) -> calendars.Calendar:
    row = models.Calendar.objects.filter(name=name).first()
    if row is None:
        raise NoSuchCalendar(
            f"The city has no calendar “{name}”. Write calendars/{name.replace(' ', '_')}.csv and "
            "import it with `fisc tables import`."
        )
    days = models.ClosedDay.objects.filter(calendar=row).values_list("day", flat=True)
    return calendars.Calendar(
        name=name,
        covers_from=row.covers_from,
        covers_before=row.covers_before,
        closed_weekdays=frozenset(row.closed_weekdays),
        closed_days=frozenset(days),
    )
