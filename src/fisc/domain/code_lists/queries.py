"""Reading code lists and calendars; kept in memory until the city's content changes."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from fisc.basics import calendars, periods
from fisc.domain.code_lists import choices, models
from fisc.domain.code_lists.calculations import codes as codes_of_lists
from fisc.domain.code_lists.calculations import csv_files
from fisc.domain.code_lists.calculations import editions as editions_of

# One more column for a statement made anyway; hand its value on as `generation`.
GENERATION_SQL = "(select number from code_lists_generation)"


class NoSuchCodeList(Exception):
    """A list was asked for that the city has not."""


class NoSuchCode(Exception):
    """A code was asked for that its list has not, or not on that day."""


class NoSuchEdition(Exception):
    """An edition was asked for that no list has."""


class NoSuchCalendar(Exception):
    """A calendar was asked for that the city has not."""


AsOf = editions_of.AsOf
Code = codes_of_lists.Code
Edition = editions_of.Edition
Restored = editions_of.Restored


@dataclass(frozen=True, slots=True)
class _Kept:
    generation: int
    content: Any


# By database, kind and name. A process keeps what it read; the generation says when to read again.
_memory: dict[tuple[str, str, str], _Kept] = {}


# The generation that was read for what is going on, by database; None outside of it.
_held: contextvars.ContextVar[dict[str, int] | None] = contextvars.ContextVar("held", default=None)


def generation() -> int:
    """Return the count of changes made to the city's lists and tables so far."""
    held = _held.get()
    if held is not None and _database() in held:
        return held[_database()]
    found = models.ContentGeneration.objects.values_list("number", flat=True).get()
    if held is not None:
        held[_database()] = found
    return found


@contextlib.contextmanager
def at_one_generation() -> Iterator[None]:
    """Let what is done within ask once whether lists or tables changed, and go by that.

    For what asks many of them in a row; nothing within may change one. Also a decorator.
    """
    if _held.get() is not None:
        yield
        return
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def codes(
    name: str, *, generation: int | None = None, as_of: AsOf | None = None
) -> Mapping[str, Code]:
    """Return a list's codes in the order of its file, ended and withdrawn ones included.

    They are as the city's present edition has them, or as the one has that governed a day as was
    known at an instant. With `generation` as just read, nothing is asked of the database while it
    has not moved. Raises NoSuchCodeList.
    """
    current = _generation_or(generation)
    if as_of is not None:
        return _as_known(name, as_of, current)
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


def codes_of(edition_id: int, *, generation: int | None = None) -> Mapping[str, Code]:
    """Return a list's codes as one edition has them; those that it has not are withdrawn."""
    current = _generation_or(generation)
    key = (_database(), "edition", str(edition_id))
    kept = _memory.get(key)
    if kept is None or kept.generation != current:
        row = models.Edition.objects.select_related("list").get(id=edition_id)
        kept = _Kept(current, _of_content(bytes(row.content), row.list.name, current))
        _memory[key] = kept
    found: Mapping[str, Code] = kept.content
    return found


def code_ids(name: str, *, generation: int | None = None) -> dict[str, int]:
    """Return the id of each code of a list. Raises NoSuchCodeList."""
    return {each.code: each.id for each in codes(name, generation=generation).values()}


def codes_by_id(
    name: str, *, generation: int | None = None, as_of: AsOf | None = None
) -> dict[int, Code]:
    """Return a list's codes by their ids. Raises NoSuchCodeList."""
    return {each.id: each for each in codes(name, generation=generation, as_of=as_of).values()}


def code(
    name: str, wanted: str, *, generation: int | None = None, as_of: AsOf | None = None
) -> Code:
    """Return one code of a list. Raises NoSuchCodeList, NoSuchCode."""
    known = codes(name, generation=generation, as_of=as_of)
    if wanted not in known:
        raise NoSuchCode(
            f"The code list “{name}” has no “{wanted}”. Add it to the city's code lists, or use "
            f"one of: {', '.join(known)}."
        )
    return known[wanted]


def list_names() -> list[str]:
    """Return the names of the city's code lists, in order."""
    return list(models.CodeList.objects.order_by("name").values_list("name", flat=True))


def editions(name: str) -> tuple[Edition, ...]:
    """Return the editions of a list, the newest first."""
    return _editions(models.Edition.objects.filter(list__name=name))


def all_editions() -> tuple[Edition, ...]:
    """Return the editions of every list, the newest first."""
    return _editions(models.Edition.objects.all())


def edition(edition_id: int) -> Edition:
    """Return one edition. Raises NoSuchEdition."""
    for found in _editions(models.Edition.objects.filter(id=edition_id)):
        return found
    raise NoSuchEdition(f"There is no edition {edition_id} of any list.")


def _editions(rows: QuerySet[models.Edition]) -> tuple[Edition, ...]:
    governed: dict[int, list[periods.Period]] = {}
    standing = models.Standing.objects.filter(edition__in=rows, known__upper_inf=True)
    for edition_id, effective in standing.values_list("edition_id", "effective"):
        governed.setdefault(edition_id, []).append(days_of(effective))
    return tuple(
        Edition(
            edition_id=row.id,
            list=row.list.name,
            number=row.number,
            source=row.source,
            sha256=row.sha256,
            author=row.author,
            approver=row.approver,
            reason=row.reason,
            citation=row.citation,
            adopted_at=row.adopted_at,
            governs=tuple(sorted(governed.get(row.id, []))),
        )
        for row in rows.select_related("list").defer("content").order_by("-number")
    )


def content(edition_id: int) -> bytes:
    """Return an edition's file, byte for byte."""
    return bytes(models.Edition.objects.values_list("content", flat=True).get(id=edition_id))


def governing(name: str, *, as_of: AsOf, generation: int | None = None) -> int | None:
    """Return the edition of a list that governs a day, as was known; None where none did."""
    for each in _standings(name, _generation_or(generation)):
        if each.days.holds(as_of.day) and each.was_known(as_of.known_at):
            return each.edition_id
    return None


def all_governing(*, as_of: AsOf, generation: int | None = None) -> tuple[int, ...]:
    """Return the editions, of every list, that govern a day as was known at an instant.

    Whoever keeps words of several lists in memory keeps them by this.
    """
    return tuple(
        each.edition_id
        for each in _standings("", _generation_or(generation))
        if each.days.holds(as_of.day) and each.was_known(as_of.known_at)
    )


def governed_now(edition_id: int) -> tuple[periods.Period, ...]:
    """Return the days that an edition governs as far as is known now, in order."""
    rows = models.Standing.objects.filter(edition_id=edition_id, known__upper_inf=True)
    return tuple(sorted(days_of(each) for each in rows.values_list("effective", flat=True)))


def restored(edition_id: int) -> tuple[Restored, ...]:
    """Return what would govern an edition's days again, were it rolled back.

    Days that it no longer governs are left out: what was adopted over it since then stays.
    """
    own = models.Standing.objects.filter(edition_id=edition_id, decided=choices.Decided.APPROVED)
    began = own.values_list("list_id", "known").first()
    if began is None:
        return ()
    # What was closed at the very instant that the edition began is what it took the place of.
    list_id, known = began
    before = models.Standing.objects.filter(list_id=list_id, known__endswith=known.lower)
    return tuple(
        Restored(earlier, overlap)
        for earlier, effective in before.values_list("edition_id", "effective")
        for days in governed_now(edition_id)
        if (overlap := days_of(effective).overlap(days)) is not None
    )


def lists_to_show(*, on: datetime.date) -> tuple[int, ...]:
    """Return the lists whose codes show another edition than the one that governs a day."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_SHOW, {"on": on})
        return tuple(each for (each,) in cursor.fetchall())


_TO_SHOW = """
select list.id
from code_lists_list list
join code_lists_standing standing on standing.list_id = list.id
where upper_inf(standing.known) and standing.effective @> %(on)s::date
    and standing.edition_id is distinct from list.shown_id
    and (list.shown_on is null or list.shown_on <= %(on)s::date)
"""


def days_of(effective: Any) -> periods.Period:
    """Return the days of a stored range."""
    return periods.Period(starts_on=effective.lower, ends_before=effective.upper)


def list_id(name: str) -> int:
    """Return the id of a list. Raises NoSuchCodeList."""
    found = models.CodeList.objects.filter(name=name).values_list("id", flat=True).first()
    if found is None:
        raise _no_such_list(name)
    return found


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
            is_withdrawn=row.is_withdrawn,
        )
        for row in rows
    }
    if not found and not models.CodeList.objects.filter(name=name).exists():
        raise _no_such_list(name)
    return found


def _no_such_list(name: str) -> NoSuchCodeList:
    return NoSuchCodeList(
        f"The city has no code list “{name}”. Write code_lists/{name.replace(' ', '_')}.csv "
        "and import it with `fisc tables import`."
    )


def _as_known(name: str, as_of: AsOf, generation: int) -> Mapping[str, Code]:
    edition_id = governing(name, as_of=as_of, generation=generation)
    if edition_id is None:  # a list that was imported before editions were kept
        return codes(name, generation=generation)
    return codes_of(edition_id, generation=generation)


def _standings(name: str, generation: int) -> tuple[editions_of.Standing, ...]:
    key = (_database(), "standings", name)
    kept = _memory.get(key)
    if kept is None or kept.generation != generation:
        rows = models.Standing.objects.order_by("id")
        if name:
            rows = rows.filter(list__name=name)
        found = tuple(
            editions_of.Standing(
                row.edition_id, days_of(row.effective), row.known.lower, row.known.upper
            )
            for row in rows
        )
        kept = _Kept(generation, found)
        _memory[key] = kept
    standings: tuple[editions_of.Standing, ...] = kept.content
    return standings


def _of_content(content: bytes, name: str, generation: int) -> Mapping[str, Code]:
    known = codes(name, generation=generation)
    found = {
        row.code: dataclasses.replace(
            known[row.code],
            label_en=row.label_en,
            label_es=row.label_es,
            ends_before=row.ends_before,
            citation=row.citation,
            attributes=MappingProxyType(dict(row.attributes)),
            is_withdrawn=False,
        )
        for row in csv_files.read_codes(content, name=name)
    }
    rest = {
        code: dataclasses.replace(each, is_withdrawn=True)
        for code, each in known.items()
        if code not in found
    }
    return MappingProxyType(found | rest)


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
