"""The files that the look-up tables of a version were taken from, and those of last time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from fisc.dmn.checks import reconciliation
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import city_sources, sources


class NoSuchSource(Exception):
    """A version has no source for a decision."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is kept for a table of a version, and who gave it."""

    given: sources.Given
    sha256: str
    # Empty where it came in with a city's signed files.
    kept_by: str
    kept_at: datetime.datetime


def of_version(version_id: int) -> dict[str, Kept]:
    """Return, by decision, the sources of a version; one issued anew has those of its origin."""
    return _of_row(models.Version.objects.get(id=version_id))


def city_folder() -> dict[str, bytes]:
    """Return what a city's folder says of the sources of approved versions, by path in it."""
    approved = models.Version.objects.filter(approved_at__isnull=False, reissue_of=None)
    return city_sources.written(
        (row.file_name, each.given)
        for row in approved.defer("dmn", "case_sheet").order_by("file_name")
        for each in _of_row(row).values()
    )


def source(version_id: int, decision: str) -> Kept:
    """Return the source of a table of a version. Raises NoSuchSource."""
    found = of_version(version_id).get(decision)
    if found is None:
        raise NoSuchSource(f"“{decision}” has no source file.")
    return found


def for_checks(row: models.Version) -> Mapping[str, reconciliation.Source]:
    """Return the sources of a version as the checks take them, each with that of last time."""
    kept = _of_row(row)
    before = before_it(row) if kept else None
    last = {} if before is None else _of_row(before)
    return {
        name: each.given.source(last[name].given if name in last else None)
        for name, each in kept.items()
    }


def before_it(row: models.Version) -> models.Version | None:
    """Return the version that governs a version's first day without it, or governed last before.

    Of one that is approved: as it was known when it was approved.
    """
    standings = models.Standing.objects.select_related("version").filter(
        book_id=row.book_id, effective__startswith__lte=row.effective.lower
    )
    if row.approved_at is None:
        standings = standings.filter(known__upper_inf=True)
    else:
        standings = standings.filter(
            Q(known__upper_inf=True) | Q(known__endswith__gte=row.approved_at),
            known__startswith__lt=row.approved_at,
        )
    own = Q(version=row) | Q(version__reissue_of=row)
    last = standings.exclude(own).order_by("-effective__startswith", "-id").first()
    return None if last is None else last.version


def _of_row(row: models.Version) -> dict[str, Kept]:
    rows = (
        models.Source.objects.select_related("file", "kept_by")
        .filter(version_id=row.reissue_of_id or row.id)
        .order_by("decision", "-id")
        .distinct("decision")
    )
    return {
        each.decision: Kept(
            given=sources.Given(
                each.decision, each.name, bytes(each.file.content), tuple(each.columns)
            ),
            sha256=each.file.sha256,
            kept_by=_who(each.kept_by),
            kept_at=each.kept_at,
        )
        for each in rows
        if each.file is not None
    }


def _who(person: Any) -> str:
    return "" if person is None else f"{person.full_name} ({person.username})"
