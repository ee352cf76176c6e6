"""The books of a city: what is in force, coming, in test and drafted, and what will run out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import shared, standings
from fisc.domain.rule_tables.queries import approving, points, versions

# A city's own days of warning: a row of its list "table policy".
WARNING = "running-out-warning"


class NoPolicy(Exception):
    """The city's list "table policy" does not say how many days before is warned."""


@dataclass(frozen=True, slots=True)
class Governing:
    """A version and a run of days that it governs, as known now."""

    version: versions.VersionSummary
    days: periods.Period


@dataclass(frozen=True, slots=True)
class Book:
    """A book as the list of books shows it, on a day."""

    name: str
    decision_point: str
    # The part of the office that asks it, as "utilities".
    subject: str
    # What it decides.
    words: str
    in_force: Governing | None
    coming: tuple[Governing, ...]
    in_test: tuple[versions.VersionSummary, ...]
    drafts: tuple[versions.VersionSummary, ...]
    # Every version there ever was, the newest first.
    versions: tuple[versions.VersionSummary, ...]
    # The first day from today on that nothing governs; None when there is no such day.
    runs_out_on: datetime.date | None
    # Of a shared book: the books that compute with it as things stand now.
    imported_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunningOut:
    """Something that governs no day from some day on."""

    kind: str  # book, calendar or code list
    name: str
    # The first day without it.
    on: datetime.date
    words: str


def books(*, day: datetime.date, known_at: datetime.datetime) -> tuple[Book, ...]:
    """Return every book with what governs a day, as known at an instant, by subject and name."""
    declared = versions.decision_points()
    known = _standings(known_at)
    of_book: dict[str, list[versions.VersionSummary]] = {
        name: [] for name in models.Book.objects.values_list("name", flat=True)
    }
    for each in versions.versions():
        of_book[each.book].append(each)
    rows = list(models.Book.objects.values_list("name", "decision_point"))
    imported_by = _importers() if any(shared.is_shared(point) for _, point in rows) else {}
    found = [
        _book(
            name,
            point,
            words=declared[point].words if point in declared else _words(point, of_book[name]),
            summaries=of_book[name],
            known=known.get(name, []),
            day=day,
            imported_by=tuple(sorted(imported_by.get(name, ()))),
        )
        for name, point in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.subject, each.name)))


def warning_days(day: datetime.date) -> int:
    """Return how many days before something runs out the city wants to know. Raises NoPolicy."""
    days = approving.policy_days(WARNING, day)
    if days is None:
        raise NoPolicy(
            f"The code list “{approving.POLICY_LIST}” has no current “{WARNING}” with days. Add "
            "it to the city's code lists."
        )
    return days


def running_out(
    *, day: datetime.date, known_at: datetime.datetime, within_days: int | None = None
) -> tuple[RunningOut, ...]:
    """Return what has no version, open day or code on some day soon, the soonest first.

    Within the days of the city's own policy where none are given. Raises NoPolicy.
    """
    within = warning_days(day) if within_days is None else within_days
    last = day + datetime.timedelta(days=within)
    found = [
        *_books_running_out(day, last, known_at),
        *_points_without_book(day),
        *_calendars_running_out(last),
        *_lists_running_out(day, last),
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.kind, each.name)))


# --- Inside --------------------------------------------------------------------------------------


def _words(point: str, summaries: Sequence[versions.VersionSummary]) -> str:
    """Return what a shared book decides, as its newest file says."""
    if not summaries or not shared.is_shared(point):
        return point
    return points.of_file(point, versions.dmn(summaries[-1].version_id)).words


def _importers() -> dict[str, set[str]]:
    """Return by book the books that compute with a version of it now."""
    governing = models.Standing.objects.filter(known__upper_inf=True)
    rows = models.Import.objects.filter(version__in=governing.values("version"))
    found: dict[str, set[str]] = {}
    for imported, importer in rows.values_list("imported__book__name", "version__book__name"):
        found.setdefault(imported, set()).add(importer)
    return found


def _standings(known_at: datetime.datetime) -> dict[str, list[tuple[int, periods.Period]]]:
    """Return by book the versions known at an instant with their days, in order."""
    rows = models.Standing.objects.filter(known__contains=known_at).values_list(
        "book__name", "version_id", "effective"
    )
    found: dict[str, list[tuple[int, periods.Period]]] = {}
    for name, version_id, effective in sorted(rows, key=lambda row: (row[0], row[2].lower)):
        days = periods.Period(starts_on=effective.lower, ends_before=effective.upper)
        found.setdefault(name, []).append((version_id, days))
    return found


def _book(
    name: str,
    point: str,
    *,
    words: str,
    summaries: Sequence[versions.VersionSummary],
    known: Sequence[tuple[int, periods.Period]],
    day: datetime.date,
    imported_by: tuple[str, ...],
) -> Book:
    by_id = {each.version_id: each for each in summaries}
    governing = [Governing(by_id[version_id], days) for version_id, days in known]
    return Book(
        name=name,
        decision_point=point,
        subject=point.partition(".")[0].replace("_", " "),
        words=words,
        in_force=next((each for each in governing if each.days.holds(day)), None),
        coming=tuple(each for each in governing if each.days.starts_on > day),
        in_test=tuple(each for each in summaries if each.status == choices.Status.IN_TEST),
        drafts=tuple(each for each in summaries if each.status == choices.Status.DRAFT),
        versions=tuple(reversed(summaries)),
        runs_out_on=standings.first_gap([days for _, days in known], on_or_after=day),
        imported_by=imported_by,
    )


def _books_running_out(
    day: datetime.date, last: datetime.date, known_at: datetime.datetime
) -> Iterator[RunningOut]:
    for name, known in _standings(known_at).items():
        gap = standings.first_gap([days for _, days in known], on_or_after=day)
        if gap is not None and gap <= last:
            yield RunningOut(
                "book",
                name,
                gap,
                f"The book “{name}” has no version for {gap}. Write one and have it approved.",
            )


def _points_without_book(day: datetime.date) -> Iterator[RunningOut]:
    served = set(models.Standing.objects.values_list("book__decision_point", flat=True).distinct())
    for point in versions.decision_points().values():
        if point.is_required and point.name not in served:
            yield RunningOut(
                "book", point.name, day, f"No book answers {point.name}: {point.words}."
            )


def _calendars_running_out(last: datetime.date) -> Iterator[RunningOut]:
    for name in code_lists.calendar_names():
        ends = code_lists.calendar(name).covers_before
        if ends <= last:
            yield RunningOut(
                "calendar",
                name,
                ends,
                f"The calendar “{name}” says nothing of {ends} and later. Add the next year.",
            )


def _lists_running_out(day: datetime.date, last: datetime.date) -> Iterator[RunningOut]:
    """Lists whose every code ends soon, as a list of dated rates does."""
    generation = code_lists.generation()
    for name in code_lists.list_names():
        codes = code_lists.codes(name, generation=generation).values()
        current = [each for each in codes if each.is_current(day)]
        ends = [each.ends_before for each in codes]
        if not current or any(each is None for each in ends):
            continue
        gap = standings.first_gap(
            [
                periods.Period(starts_on=each.starts_on, ends_before=each.ends_before)
                for each in codes
            ],
            on_or_after=day,
        )
        if gap is not None and gap <= last:
            yield RunningOut(
                "code list", name, gap, f"The code list “{name}” has no code for {gap} and later."
            )
