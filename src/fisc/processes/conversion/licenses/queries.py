"""What a file of licenses would bring in, and what files brought in before."""

from __future__ import annotations

import datetime
import hashlib
import pathlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.party_identifiers import choices
from fisc.domain.party_identifiers import queries as identifiers
from fisc.processes.conversion import models
from fisc.processes.conversion.licenses import checking, layouts, sheets, totals


class NoSuchFile(Exception):
    """No file of that number was brought in."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared mapping, and which one it is."""

    layout: layouts.Layout
    sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would bring in, and every row that it would not, with its reasons."""

    file_name: str
    sha256: str
    mapping: Declared
    rows: tuple[sheets.Row, ...]
    refused: tuple[sheets.Refused, ...]
    businesses: tuple[checking.Business, ...]
    totals: totals.Totals


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was brought in."""

    batch_id: int
    file_name: str
    row_count: int
    taken: int
    refused: tuple[sheets.Refused, ...]
    why: str
    made_by_id: int | None
    made_at: datetime.datetime
    undone_at: datetime.datetime | None
    undone_by_id: int | None
    undone_why: str
    totals: totals.Totals


def mapping(path: pathlib.Path) -> Declared:
    """Read a declared mapping. Raises layouts.MappingIsWrong."""
    content = path.read_bytes()
    try:
        declared = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise layouts.MappingIsWrong(f"{path.name} is no TOML: {problem}.") from problem
    return Declared(layouts.layout_of(declared), hashlib.sha256(content).hexdigest())


def plan(content: bytes, *, file_name: str, of: Declared, day: datetime.date) -> Plan:
    """Read a file and say of each row whether it can be taken; nothing is written.

    Raises sheets.FileCannotBeRead.
    """
    sheet = sheets.parse(content, name=file_name, layout=of.layout)
    kind = of.layout.tax_id_kind
    rows, refused = checking.checked(
        sheet.rows, known=_known(sheet.rows, tax_id_kind=kind, day=day), tax_id_kind=kind
    )
    all_refused = tuple(sorted((*sheet.refused, *refused), key=lambda each: each.line))
    businesses = checking.businesses(rows, tax_id_kind=kind)
    return Plan(
        file_name=file_name,
        sha256=sheet.sha256,
        mapping=of,
        rows=rows,
        refused=all_refused,
        businesses=businesses,
        totals=totals.totals(
            rows, row_count=sheet.row_count, refused=len(all_refused), businesses=len(businesses)
        ),
    )


def brought() -> list[Brought]:
    """List the files that were brought in, the newest first."""
    return [_brought(row) for row in models.Batch.objects.order_by("-id")]


def brought_in(batch_id: int) -> Brought:
    """Return one of them. Raises NoSuchFile."""
    row = models.Batch.objects.filter(id=batch_id).first()
    if row is None:
        raise NoSuchFile(f"There is no file {batch_id}. `fisc convert list` shows them.")
    return _brought(row)


def licenses_of(reference: str) -> tuple[int, ...]:
    """Return the licenses that had a number in another system, of files that stand."""
    rows = models.Reference.objects.filter(reference=reference, batch__undone_at=None)
    return tuple(rows.order_by("id").values_list("license_id", flat=True))


def _brought(row: models.Batch) -> Brought:
    return Brought(
        batch_id=row.id,
        file_name=row.file_name,
        row_count=row.row_count,
        taken=row.taken,
        refused=tuple(
            sheets.Refused(each["line"], each["reference"], tuple(each["reasons"]))
            for each in row.refused
        ),
        why=row.why,
        made_by_id=row.made_by_id,
        made_at=row.made_at,
        undone_at=row.undone_at,
        undone_by_id=row.undone_by_id,
        undone_why=row.undone_why,
        totals=_totals(row.totals),
    )


def _totals(kept: Mapping[str, Any]) -> totals.Totals:
    """Return control totals as they were kept: JSON has lists for pairs."""
    pairs = {
        name: tuple((code, count) for code, count in kept[name])
        for name in ("by_type", "by_status")
    }
    return totals.Totals(**{**kept, **pairs})


def _known(rows: Sequence[sheets.Row], *, tax_id_kind: str, day: datetime.date) -> checking.Known:
    current = {
        name: frozenset(
            each.code for each in code_lists.codes(name).values() if each.is_current(day)
        )
        for name in ("license type", "business class")
    }
    by_tax_id = identifiers.parties_with_any(
        [
            identifiers.Given(kind=choices.Kind(tax_id_kind), text=row.tax_id)
            for row in rows
            if row.tax_id and checking.is_tax_id(row.tax_id, kind=tax_id_kind)
        ]
    )
    return checking.Known(
        license_types=current["license type"],
        activities=current["business class"],
        by_name=_pairs("select key, business_id from licensing_business_name"),
        by_address=_pairs(
            "select key, business_id from licensing_location where key <> ''"
            " and ends_before is null"
        ),
        by_tax_id=by_tax_id,
        references=frozenset(
            models.Reference.objects.filter(
                reference__in={row.reference for row in rows}, batch__undone_at=None
            ).values_list("reference", flat=True)
        ),
        day=day,
    )


def _pairs(statement: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall())
