"""Writing code lists and calendars: from a city's files, ended never removed."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.domain.code_lists import models
from fisc.domain.code_lists.calculations import csv_files
from fisc.plumbing import transactions


class CodeWasRemoved(Exception):
    """A file leaves out codes that the city has: they are to be ended, not removed."""


class CodeWasChanged(Exception):
    """A code's first day differs from what is kept; what was recorded under it stays."""


@dataclass(frozen=True, slots=True)
class ListImport:
    """What importing one list did."""

    name: str
    added: int
    changed: int


@transactions.needs_transaction
def import_codes(*, name: str, content: bytes) -> ListImport:
    """Bring a code list to what a file says; the same bytes change nothing.

    Raises csv_files.FileIsWrong, CodeWasRemoved, CodeWasChanged.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    code_list, _ = models.CodeList.objects.get_or_create(name=name)
    if code_list.sha256 == sha256:
        return ListImport(name=name, added=0, changed=0)
    rows = csv_files.read_codes(content, name=name)
    kept = {each.code: each for each in models.Code.objects.filter(list=code_list)}
    if removed := sorted(set(kept) - {row.code for row in rows}):
        raise CodeWasRemoved(
            f"The code list “{name}” leaves out {', '.join(removed)}. Give each the day it ends "
            "before, in the column ends_before, and keep its line."
        )
    added, changed = _write_codes(code_list, rows, kept)
    code_list.sha256 = sha256
    code_list.save(update_fields=["sha256"])
    note_change()
    return ListImport(name=name, added=added, changed=changed)


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


def _write_codes(
    code_list: models.CodeList,
    rows: Sequence[csv_files.CodeRow],
    kept: dict[str, models.Code],
) -> tuple[int, int]:
    added, changed = [], 0
    for position, row in enumerate(rows, start=1):
        code = kept.get(row.code)
        values = {
            "label_en": row.label_en,
            "label_es": row.label_es,
            "ends_before": row.ends_before,
            "citation": row.citation,
            "attributes": dict(row.attributes),
            "position": position,
        }
        if code is None:
            added.append(
                models.Code(list=code_list, code=row.code, starts_on=row.starts_on, **values)
            )
            continue
        if code.starts_on != row.starts_on:
            raise CodeWasChanged(
                f"The code list “{code_list.name}” has {row.code} from {code.starts_on}, the file "
                f"from {row.starts_on}. Add another code for other days."
            )
        if any(getattr(code, name) != value for name, value in values.items()):
            models.Code.objects.filter(id=code.id).update(**values)
            changed += 1
    models.Code.objects.bulk_create(added)
    return len(added), changed
