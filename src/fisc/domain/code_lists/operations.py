"""Writing code lists and calendars: from a city's files, or as people changed and approved them.

A list's content is an edition, which never changes. Standings say which edition governs which
days, and from when until when that was known; the rows of codes show the one that governs now.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from fisc.basics import periods
from fisc.domain.code_lists import choices, models, queries
from fisc.domain.code_lists.calculations import csv_files
from fisc.plumbing import transactions

_LOCK_OF_LISTS = 0x4C495354
ALWAYS = periods.Period(starts_on=datetime.date.min)


class CodeWasRemoved(Exception):
    """A file leaves out codes that the city has: they are to be ended, not removed."""


class CodeWasChanged(Exception):
    """A code's first day differs from what is kept; what was recorded under it stays."""


class ListIsKeptHere(Exception):
    """A file would undo what people changed and approved in Fisc."""


class NotGoverning(Exception):
    """An edition governs no day, or nothing governed its days before, or time runs backwards."""


@dataclass(frozen=True, slots=True)
class ListImport:
    """What importing one list did."""

    name: str
    added: int
    changed: int


@dataclass(frozen=True, slots=True)
class Adoption:
    """A content of a list that was agreed to: for which days, by whom, why, by which law."""

    name: str
    content: bytes
    days: periods.Period
    author: str
    approver: str
    reason: str
    citation: str


@transactions.needs_transaction
def import_codes(*, name: str, content: bytes, at: datetime.datetime | None = None) -> ListImport:
    """Bring a code list to what a file says; the same bytes change nothing.

    A list's first file counts as always known, a later one from `at` on, and must not undo what
    was approved here. Raises csv_files.FileIsWrong, CodeWasRemoved, CodeWasChanged,
    ListIsKeptHere.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    code_list, _ = models.CodeList.objects.get_or_create(name=name)
    editions = models.Edition.objects.filter(list=code_list)
    is_first = not editions.exists()
    if code_list.sha256 == sha256 and not is_first:
        return ListImport(name=name, added=0, changed=0)
    if editions.filter(source=choices.Source.CHANGE).exists():
        if editions.filter(sha256=sha256).exists():
            return ListImport(name=name, added=0, changed=0)
        raise ListIsKeptHere(
            f"The list “{name}” was changed and approved in Fisc since it was imported, and the "
            "file is none of its editions. Take the lists out with `fisc lists export`, or bring "
            "the file into a draft with `fisc lists draft`."
        )
    rows = csv_files.read_codes(content, name=name)
    _refuse_removals(code_list, rows)
    edition = _edition(
        code_list,
        source=choices.Source.FILE,
        content=content,
        effective=date_range(ALWAYS),
        adopted_at=None if is_first else at,
    )
    assert is_first or at is not None, "a change of a list is known from an instant on"
    _stand(edition, ALWAYS, at=None if is_first else at, decided=choices.Decided.IMPORTED)
    added, changed = _show(code_list, edition, rows)
    code_list.sha256 = sha256
    code_list.save(update_fields=["sha256"])
    note_change()
    return ListImport(name=name, added=added, changed=changed)


@transactions.needs_transaction
def adopt(*, of: Adoption, at: datetime.datetime, today: datetime.date) -> int:
    """Let a content of a list govern its days, known from an instant on; gives the edition's id.

    Its new codes are kept at once, and may be used once it governs. Raises
    queries.NoSuchCodeList, csv_files.FileIsWrong, CodeWasRemoved, CodeWasChanged, NotGoverning.
    """
    lock_lists()
    code_list = _list(of.name)
    rows = csv_files.read_codes(of.content, name=of.name)
    _refuse_removals(code_list, rows)
    edition = _edition(
        code_list,
        source=choices.Source.CHANGE,
        content=of.content,
        effective=date_range(of.days),
        author=of.author,
        approver=of.approver,
        reason=of.reason,
        citation=of.citation,
        adopted_at=at,
    )
    _stand(edition, of.days, at=at, decided=choices.Decided.APPROVED)
    _add_codes(code_list, rows)
    _show_governing(code_list, today)
    note_change()
    return edition.id


@transactions.needs_transaction
def roll_back(
    *, edition_id: int, by: str, reason: str, at: datetime.datetime, today: datetime.date
) -> None:
    """Let an edition's days be governed again by what governed them before it was adopted.

    What it governed meanwhile stays known for that time; codes that only it has are withdrawn.
    Raises NotGoverning.
    """
    lock_lists()
    edition = models.Edition.objects.select_related("list").get(id=edition_id)
    governed = queries.governed_now(edition_id)
    restored = queries.restored(edition_id)
    if not governed or not restored:
        raise NotGoverning(
            f"Edition {edition.number} of “{edition.list.name}” governs nothing that another "
            "governed before, so there is nothing to roll back to."
        )
    for days in governed:
        _close(edition.list_id, days, at=at)
    for each in restored:
        earlier = models.Edition.objects.get(id=each.edition_id)
        _insert(earlier, each.days, at, choices.Decided.ROLLED_BACK, (by, reason))
    _show_governing(edition.list, today)
    note_change()


@transactions.needs_transaction
def show_day(*, on: datetime.date) -> tuple[str, ...]:
    """Show, of each list, the edition that governs a day; gives the lists that changed.

    A day asked for again, or one before a day that was shown, changes nothing.
    """
    waiting = models.CodeList.objects.filter(
        id__in=queries.lists_to_show(on=on)
    ).select_for_update()
    changed = []
    for code_list in list(waiting.order_by("id")):
        _show_governing(code_list, on)
        changed.append(code_list.name)
    if changed:
        note_change()
    return tuple(changed)


@transactions.needs_transaction
def import_calendar(
    *,
    name: str,
    content: bytes,
    closed_weekdays: Sequence[int],
    covers_from: datetime.date,
    covers_before: datetime.date,
    citation: str,
) -> ListImport:
    """Bring a calendar to what a file says; the same content changes nothing.

    Raises csv_files.FileIsWrong.
    """
    described = f"{sorted(closed_weekdays)} {covers_from} {covers_before} {citation}"
    sha256 = hashlib.sha256(content + described.encode()).hexdigest()
    if models.Calendar.objects.filter(name=name, sha256=sha256).exists():
        return ListImport(name=name, added=0, changed=0)
    rows = csv_files.read_closed_days(content, name=name)
    calendar, _ = models.Calendar.objects.update_or_create(
        name=name,
        defaults={
            "closed_weekdays": sorted(closed_weekdays),
            "covers_from": covers_from,
            "covers_before": covers_before,
            "citation": citation,
            "sha256": sha256,
        },
    )
    models.ClosedDay.objects.filter(calendar=calendar).delete()
    models.ClosedDay.objects.bulk_create(
        models.ClosedDay(
            calendar=calendar,
            day=row.day,
            label_en=row.label_en,
            label_es=row.label_es,
            citation=row.citation,
        )
        for row in rows
    )
    note_change()
    return ListImport(name=name, added=len(rows), changed=0)


@transactions.needs_transaction
def note_change() -> None:
    """Count one change, so that every process reads lists and tables anew once it is kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update code_lists_generation set number = nextval('code_lists_generation_number')"
        )


# --- Inside --------------------------------------------------------------------------------------


def lock_lists() -> None:
    """Wait until nobody else changes a list, and let others wait for this."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK_OF_LISTS])


def date_range(days: periods.Period) -> DateRange:
    """Return days as they are stored."""
    return DateRange(days.starts_on, days.ends_before)


def _list(name: str) -> models.CodeList:
    found = models.CodeList.objects.select_for_update().filter(name=name).first()
    if found is None:
        raise queries.NoSuchCodeList(f"The city has no code list “{name}”.")
    return found


def _edition(
    code_list: models.CodeList,
    *,
    source: choices.Source,
    content: bytes,
    effective: DateRange,
    adopted_at: datetime.datetime | None,
    **said: str,
) -> models.Edition:
    return models.Edition.objects.create(
        list=code_list,
        number=models.Edition.objects.filter(list=code_list).count() + 1,
        source=source,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        effective=effective,
        adopted_at=adopted_at,
        **said,
    )


def _stand(
    edition: models.Edition,
    days: periods.Period,
    *,
    at: datetime.datetime | None,
    decided: choices.Decided,
) -> None:
    if at is not None:
        _close(edition.list_id, days, at=at)
    _insert(edition, days, at, decided, (edition.approver, edition.reason))


def _close(list_id: int, days: periods.Period, *, at: datetime.datetime) -> None:
    """End what is known of some days, and let what is left of it stand anew."""
    overlapping = models.Standing.objects.select_related("edition").filter(
        list_id=list_id, known__upper_inf=True, effective__overlap=date_range(days)
    )
    for row in list(overlapping):
        if row.known.lower is not None and row.known.lower >= at:
            raise NotGoverning(
                f"Edition {row.edition.number} was adopted {row.known.lower}, not before {at}. "
                "Change a list one edition after the other."
            )
        row.known = DateTimeTZRange(row.known.lower, at)
        row.save(update_fields=["known"])
        for piece in queries.days_of(row.effective).without(days):
            said = (row.decided_by, row.reason)
            _insert(row.edition, piece, at, choices.Decided.REMAINDER, said)


def _insert(
    edition: models.Edition,
    days: periods.Period,
    at: datetime.datetime | None,
    decided: choices.Decided,
    said: tuple[str, str],
) -> None:
    by, reason = said
    models.Standing.objects.create(
        list_id=edition.list_id,
        edition=edition,
        effective=date_range(days),
        known=DateTimeTZRange(at, None),
        decided=decided,
        decided_by=by,
        reason=reason,
    )


def _refuse_removals(code_list: models.CodeList, rows: Sequence[csv_files.CodeRow]) -> None:
    kept = dict(models.Code.objects.filter(list=code_list).values_list("code", "starts_on"))
    shown = models.Code.objects.filter(list=code_list, is_withdrawn=False)
    must_stay = set(shown.values_list("code", flat=True))
    if removed := sorted(must_stay - {row.code for row in rows}):
        raise CodeWasRemoved(
            f"The code list “{code_list.name}” leaves out {', '.join(removed)}. Give each the day "
            "it ends before, in the column ends_before, and keep its line."
        )
    for row in rows:
        if kept.get(row.code, row.starts_on) != row.starts_on:
            raise CodeWasChanged(
                f"The code list “{code_list.name}” has {row.code} from {kept[row.code]}, the file "
                f"from {row.starts_on}. Add another code for other days."
            )


def _show_governing(code_list: models.CodeList, on: datetime.date) -> None:
    """Bring a list's codes to the edition that governs a day, as far as is known now."""
    if code_list.shown_on is not None and on < code_list.shown_on:
        on = code_list.shown_on
    standing = models.Standing.objects.select_related("edition").get(
        list=code_list, known__upper_inf=True, effective__contains=on
    )
    rows = csv_files.read_codes(bytes(standing.edition.content), name=code_list.name)
    _show(code_list, standing.edition, rows, on=on)


def _show(
    code_list: models.CodeList,
    edition: models.Edition,
    rows: Sequence[csv_files.CodeRow],
    *,
    on: datetime.date | None = None,
) -> tuple[int, int]:
    """Bring a list's codes to an edition; gives how many were added and how many changed."""
    added = _add_codes(code_list, rows)
    kept = {each.code: each for each in models.Code.objects.filter(list=code_list)}
    changed = 0
    for position, row in enumerate(rows, start=1):
        code, values = kept[row.code], _values(row, position)
        if any(getattr(code, name) != value for name, value in values.items()):
            models.Code.objects.filter(id=code.id).update(**values)
            changed += 1
    gone = set(kept) - {row.code for row in rows}
    models.Code.objects.filter(list=code_list, code__in=gone).update(is_withdrawn=True)
    code_list.shown = edition
    code_list.shown_on = on or code_list.shown_on
    code_list.save(update_fields=["shown", "shown_on"])
    return added, changed - added


def _add_codes(code_list: models.CodeList, rows: Sequence[csv_files.CodeRow]) -> int:
    """Keep the codes that a list has not had yet, withdrawn until their edition is shown."""
    kept = set(models.Code.objects.filter(list=code_list).values_list("code", flat=True))
    new = [
        models.Code(
            list=code_list,
            code=row.code,
            starts_on=row.starts_on,
            **{**_values(row, position), "is_withdrawn": True},
        )
        for position, row in enumerate(rows, start=1)
        if row.code not in kept
    ]
    models.Code.objects.bulk_create(new)
    return len(new)


def _values(row: csv_files.CodeRow, position: int) -> dict[str, object]:
    return {
        "label_en": row.label_en,
        "label_es": row.label_es,
        "ends_before": row.ends_before,
        "citation": row.citation,
        "attributes": dict(row.attributes),
        "position": position,
        "is_withdrawn": False,
    }
