"""The forms that a city declares, and the form of an account's return for a period.

A form is a file of the city, signed by its hash in forms/approvals.csv as tables are; a version
that was used is never changed, the next one is another file.
"""

from __future__ import annotations

import csv
import datetime
import functools
import hashlib
import io
import itertools
import pathlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.calculations import form_checks, forms, returns
from fisc.domain.tax_returns.queries import governing, registrations

_COLUMNS = ("file", "sha256", "author", "approver", "approved_at", "reason", "citation")


class NoForm(Exception):
    """An account has no form for a period; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLine:
    """A line that a section of an account's form begins with.

    `rate` is the fraction printed on the form; None where no rule of the tables takes the line.
    """

    region: str
    region_names: Mapping[str, str]
    business_class: str
    class_names: Mapping[str, str]
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class GridSection:
    """A section of a form with the lines of what an account is registered for."""

    section: forms.Section
    lines: tuple[GridLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A form laid out for an account and a period: what a clerk keys into.

    `deduction_codes` are those that the city's list has in the period, with their names.
    """

    form: forms.Form
    days: periods.Period
    sections: tuple[GridSection, ...]
    deduction_codes: Mapping[str, Mapping[str, str]]


def all_forms() -> tuple[forms.Form, ...]:
    """Return every version of every form of the city; none where it declares none.

    Raises forms.FormIsWrong for a file that is wrong, not signed, or changed since.
    """
    folder = pathlib.Path(settings.FISC_CITY) / "forms"
    files = sorted(folder.glob("*.toml"))
    return _read(folder, tuple((path.name, path.stat().st_mtime_ns) for path in files))


def form(code: str, *, starts_on: datetime.date) -> forms.Form:
    """Return the version of a form for a period that begins on a day. Raises NoForm."""
    found, problems = form_checks.chosen(
        code, all_forms=all_forms(), starts_on=starts_on, lines=(), frequency=""
    )
    if found is None:
        raise NoForm(" ".join(each.said("en") for each in problems) or "The city has no forms.")
    return found


def by_hash(sha256: str) -> forms.Form:
    """Return the version of a form that a return was filed on. Raises NoForm."""
    for each in all_forms():
        if each.sha256 == sha256:
            return each
    raise NoForm(
        f"No form of the city has the hash {sha256}. Put the file back under forms/: a form that "
        "a return was filed on is kept as it was."
    )


def grid(
    account_id: int,
    *,
    starts_on: datetime.date,
    received_on: datetime.date,
    known_at: datetime.datetime,
    code: str = "",
) -> Grid:
    """Lay out the form of an account's return for a period; of another form where a code is given.

    `received_on` is the day the return came: by then its period must be over. Raises NoForm, and
    what registrations.owed_returns raises.
    """
    owed = _owed(account_id, starts_on, received_on, known_at)
    found, problems = form_checks.chosen(
        code,
        all_forms=all_forms(),
        starts_on=starts_on,
        lines=owed.lines,
        frequency=owed.frequency,
    )
    if found is None:
        raise NoForm(" ".join(each.said("en") for each in problems) or "The city has no forms.")
    days = owed.obligation.days
    rates = _rates(owed.lines, days=days, known_at=known_at)
    lines = _lines(owed.lines, rates, as_of=code_lists.AsOf(day=starts_on, known_at=known_at))
    return Grid(
        form=found,
        days=days,
        sections=tuple(
            GridSection(
                each,
                tuple(one for one in lines if each.takes(one.region, one.business_class)),
            )
            for each in found.sections
        ),
        deduction_codes=_deduction_codes(starts_on, known_at),
    )


def _owed(
    account_id: int, starts_on: datetime.date, before: datetime.date, known_at: datetime.datetime
) -> registrations.Owed:
    owed = registrations.owed_returns(account_id, before=before, known_at=known_at)
    for each in owed:
        if each.obligation.days.starts_on == starts_on:
            return each
    raise NoForm(
        f"On {before} the account owes no return for a period from {starts_on}. Choose a period "
        "that is over and that it is registered for."
    )


def _rates(
    lines: Collection[tuple[str, str]], *, days: periods.Period, known_at: datetime.datetime
) -> dict[tuple[str, str], Decimal | None]:
    """The rate that each line's tables give, as printed on the form beside it."""
    found: dict[tuple[str, str], Decimal | None] = {}
    laws = governing.governing(days, known_at=known_at).laws
    for region, business_class in lines:
        line = returns.Line(region=region, business_class=business_class, gross_cents=0)
        one = returns.Filing(lines=(line,), is_on_time=True, starts_on=days.starts_on)
        try:
            (computed,) = returns.computed_lines(one, laws=laws)
        except returns.NoLaw:
            found[region, business_class] = None
        else:
            found[region, business_class] = computed.rate
    return found


def _lines(
    lines: Collection[tuple[str, str]],
    rates: Mapping[tuple[str, str], Decimal | None],
    *,
    as_of: code_lists.AsOf,
) -> list[GridLine]:
    regions = code_lists.codes("tax region", as_of=as_of)
    classes = code_lists.codes("business class", as_of=as_of)
    return [
        GridLine(
            region=region,
            region_names=_names(regions[region]),
            business_class=business_class,
            class_names=_names(classes[business_class]),
            rate=rates[region, business_class],
        )
        for region, business_class in sorted(lines)
    ]


def _names(code: code_lists.Code) -> dict[str, str]:
    return {language: code.label(language) for language in ("en", "es")}


def _deduction_codes(
    starts_on: datetime.date, known_at: datetime.datetime
) -> dict[str, dict[str, str]]:
    as_of = code_lists.AsOf(day=starts_on, known_at=known_at)
    listed = code_lists.codes("deduction code", as_of=as_of).values()
    return {each.code: _names(each) for each in listed if each.is_current(starts_on)}


@functools.lru_cache(maxsize=4)
def _read(folder: pathlib.Path, files: tuple[tuple[str, int], ...]) -> tuple[forms.Form, ...]:
    """Read each file once as long as none changes."""
    if not files:
        return ()
    signed = _signed(folder / "approvals.csv")
    found, problems = [], []
    for name, _ in files:
        content = (folder / name).read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        if signed.get(name) != sha256:
            problems.append(
                f"{name} is not signed as it is: have somebody else sign {sha256} in "
                "forms/approvals.csv."
            )
            continue
        try:
            found.append(forms.read(content, name=name, sha256=sha256))
        except forms.FormIsWrong as problem:
            problems.append(str(problem))
    problems += _overlapping(found)
    if problems:
        raise forms.FormIsWrong(" ".join(problems))
    return tuple(found)


def _signed(path: pathlib.Path) -> dict[str, str]:
    """What is signed: hashes by file name. A line without a second person signs nothing."""
    if not path.exists():
        return {}
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    if tuple(rows.fieldnames or ()) != _COLUMNS:
        raise forms.FormIsWrong(f"forms/{path.name} has the columns {','.join(_COLUMNS)}.")
    return {
        row["file"]: row["sha256"]
        for row in rows
        if row["approver"] and row["approver"] != row["author"]
    }


def _overlapping(found: Collection[forms.Form]) -> list[str]:
    ordered = sorted(found, key=lambda each: (each.code, each.days.starts_on))
    return [
        f"Form “{one.code}” has two versions from {other.days.starts_on}. Give the earlier one "
        "that day as valid_before."
        for one, other in itertools.pairwise(ordered)
        if one.code == other.code and one.days.overlap(other.days) is not None
    ]
