"""What rows of a file say of each other and of what the city has: more reasons to refuse some."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fisc.domain.licensing import calculations
from fisc.domain.party_identifiers import calculations as identifiers
from fisc.processes.conversion.licenses import sheets

#: Reads a tax id of each kind, or raises IdentifierIsWrong.
READERS = {"EIN": identifiers.ein, "SSN": identifiers.ssn, "ITIN": identifiers.itin}


@dataclass(frozen=True, slots=True)
class Business:
    """Rows of one business: of one tax id, or of one name and address."""

    name_keys: tuple[str, ...]
    # The places of its rows in the sheet; the first one says its name.
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the city has already, and what its lists have."""

    license_types: Collection[str]
    activities: Collection[str]
    # Businesses by what their names have in common with other writings, and by address.
    by_name: Mapping[str, int]
    by_address: Mapping[str, int]
    # Parties by their tax id as it is compared.
    by_tax_id: Mapping[str, int]
    # Old numbers that an earlier file brought in.
    references: Collection[str]
    # The day that the file is brought in on.
    day: datetime.date


def address_key(row: sheets.Row) -> str:
    """Return what writings of the row's address have in common."""
    return calculations.address_key(house_number=row.house_number, street=row.street, unit=row.unit)


def checked(
    rows: Sequence[sheets.Row], *, known: Known, tax_id_kind: str
) -> tuple[tuple[sheets.Row, ...], tuple[sheets.Refused, ...]]:
    """Part rows into those that can be taken and those that cannot, each with every reason."""
    counts = Counter(row.reference for row in rows)
    taken, refused = [], []
    for row in rows:
        reasons = _reasons(row, counts=counts, known=known, tax_id_kind=tax_id_kind)
        if reasons:
            refused.append(sheets.Refused(row.line, row.reference, tuple(reasons)))
        else:
            taken.append(row)
    return tuple(taken), tuple(refused)


def _reasons(
    row: sheets.Row, *, counts: Mapping[str, int], known: Known, tax_id_kind: str
) -> list[str]:
    found = []
    if counts[row.reference] > 1:
        found.append(
            f"“{row.reference}” is there {counts[row.reference]} times. It is one license."
        )
    if row.reference in known.references:
        found.append(f"“{row.reference}” came with an earlier file, which stands.")
    if row.license_type not in known.license_types:
        found.append(
            f"The list “license type” has no “{row.license_type}” on {row.issued_on}. Mend the "
            "mapping or the list."
        )
    if row.activity and row.activity not in known.activities:
        found.append(f"The list “business class” has no “{row.activity}”. Mend the mapping.")
    if row.status == "expired" and row.term_ends_before > known.day:
        found.append(
            f"It is expired, and its term lasts until {row.term_ends_before}. Correct one of them: "
            "a license expires when its term is over."
        )
    found += _tax_id_reasons(row, known=known, kind=tax_id_kind)
    found += _look_alikes(row, known=known)
    return found


def _tax_id_reasons(row: sheets.Row, *, known: Known, kind: str) -> list[str]:
    if not row.tax_id:
        return []
    try:
        text = READERS[kind](row.tax_id).text
    except identifiers.IdentifierIsWrong as problem:
        return [str(problem)]
    if text not in known.by_tax_id:
        return []
    words = (
        f"Party {known.by_tax_id[text]} has this tax id already. Give it the license by hand, or "
        "leave the row out."
    )
    return [words]


def is_tax_id(text: str, *, kind: str) -> bool:
    """Tell whether a text can be a tax id of a kind."""
    try:
        READERS[kind](text)
    except identifiers.IdentifierIsWrong:
        return False
    return True


def _look_alikes(row: sheets.Row, *, known: Known) -> list[str]:
    keys = [calculations.name_key(name) for name in (row.business_name, row.trade_name) if name]
    named = {known.by_name[key] for key in keys if key in known.by_name}
    placed = known.by_address.get(address_key(row))
    if placed in named:
        words = (
            f"Business {placed} has this name and address already. Give it the license by hand, "
            "or leave the row out."
        )
        return [words]
    return []


def _same(row: sheets.Row, *, tax_id_kind: str) -> tuple[str, ...]:
    if row.tax_id:
        return ("tax id", READERS[tax_id_kind](row.tax_id).text)
    return ("name", calculations.name_key(row.business_name), address_key(row))


def businesses(rows: Sequence[sheets.Row], *, tax_id_kind: str) -> tuple[Business, ...]:
    """Gather rows into businesses: by tax id where there is one, else by name and address."""
    found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        found[_same(row, tax_id_kind=tax_id_kind)].append(place)
    return tuple(
        Business(
            name_keys=tuple(
                dict.fromkeys(
                    key
                    for name in (rows[places[0]].business_name, rows[places[0]].trade_name)
                    if (key := calculations.name_key(name))
                )
            ),
            rows=tuple(places),
        )
        for places in found.values()
    )
