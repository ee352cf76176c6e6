"""The numbers of a party, masked, and which parties have a number."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from fisc.domain.party_identifiers import calculations, choices, models
from fisc.plumbing import sealed_values

ISSUER_MAX: Final = 100
_READERS: Final = {
    choices.Kind.EIN: calculations.ein,
    choices.Kind.SSN: calculations.ssn,
    choices.Kind.ITIN: calculations.itin,
    choices.Kind.OTHER: calculations.other,
}


class IndexKeyIsAnother(Exception):
    """The key of the blind index is not the one that the kept numbers are found by."""


class NoSuchIdentifier(Exception):
    """There is no such number in force."""


@dataclass(frozen=True, slots=True)
class Given:
    """A number as somebody said it."""

    kind: choices.Kind
    text: str
    # Who gave it; only of kind OTHER, and needed there.
    issuer: str = ""

    def written(self) -> calculations.Written:
        """Return the number as it is compared. Raises IdentifierIsWrong."""
        is_other = self.kind == choices.Kind.OTHER
        if is_other and not 0 < len(self.issuer.strip()) <= ISSUER_MAX:
            raise calculations.IdentifierIsWrong(
                f"Say who gave this number, in at most {ISSUER_MAX} letters."
            )
        if self.issuer.strip() and not is_other:
            raise calculations.IdentifierIsWrong(
                f"Who gave an {self.kind.value} is known. Leave that empty, or choose another kind."
            )
        return _READERS[self.kind](self.text)

    @property
    def index_kind(self) -> str:
        """Return what is compared with what: numbers of one issuer, however it is capitalized."""
        return f"{self.kind.value}\0{' '.join(self.issuer.casefold().split())}"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number of a party, of which only the end is shown."""

    identifier_id: int
    party_id: int
    kind: str
    issuer: str
    masked: str
    recorded_at: datetime.datetime


def ring() -> sealed_values.Ring:
    """Return the keys of this city's sealed values. Raises sealed_values.KeysAreWrong."""
    return sealed_values.ring(home=pathlib.Path(settings.FISC_HOME))


def index_of(given: Given, *, keys: sealed_values.Ring) -> bytes:
    """Return what a number is found by. Raises IdentifierIsWrong, IndexKeyIsAnother."""
    require_own_key(keys)
    return keys.blind_index(given.written().text, kind=given.index_kind)


def require_own_key(keys: sealed_values.Ring) -> None:
    """Refuse keys by which nothing in the database would be found. Raises IndexKeyIsAnother."""
    # Of a city restored without its keys nothing would be found, and duplicates would be let in.
    first = models.Identifier.objects.order_by("id").values_list("index_check", flat=True).first()
    if first is not None and bytes(first) != keys.check:
        raise IndexKeyIsAnother(
            "The numbers in the database are found by another key than the one kept here. Put the "
            f"keys of the backup back: {sealed_values.FILE_NAME} in FISC_HOME, or "
            f"{sealed_values.SETTING}."
        )


def parties_with(given: Given) -> list[int]:
    """Return the parties that have a number, by the number alone.

    Raises IdentifierIsWrong, IndexKeyIsAnother.
    """
    found = index_of(given, keys=ring())
    rows = models.Identifier.objects.filter(blind_index=found, ended_at=None)
    return list(rows.order_by("party_id").values_list("party_id", flat=True))


def parties_with_any(given: Sequence[Given]) -> dict[str, int]:
    """Return a party of each number that some party has, by the number as it is compared.

    Raises IdentifierIsWrong, IndexKeyIsAnother.
    """
    keys = ring()
    require_own_key(keys)
    texts = {}
    for each in given:
        text = each.written().text
        texts[keys.blind_index(text, kind=each.index_kind)] = text
    rows = models.Identifier.objects.filter(blind_index__in=list(texts), ended_at=None)
    found = rows.order_by("-party_id").values_list("blind_index", "party_id")
    return {texts[bytes(index)]: party_id for index, party_id in found}


def parties_with_each(given: Sequence[Given]) -> list[tuple[int, ...]]:
    """Return the parties that have each of some numbers, in the order asked, in one statement.

    What cannot be a number of its kind is nobody's. Raises IndexKeyIsAnother.
    """
    keys = ring()
    require_own_key(keys)
    indexes = [_index_or_none(each, keys=keys) for each in given]
    wanted = list({each for each in indexes if each is not None})
    rows = models.Identifier.objects.filter(blind_index__in=wanted, ended_at=None)
    found: dict[bytes | None, list[int]] = {}
    for index, party_id in rows.order_by("party_id").values_list("blind_index", "party_id"):
        found.setdefault(bytes(index), []).append(party_id)
    return [tuple(found.get(each, ())) for each in indexes]


def _index_or_none(given: Given, *, keys: sealed_values.Ring) -> bytes | None:
    try:
        return keys.blind_index(given.written().text, kind=given.index_kind)
    except calculations.IdentifierIsWrong:
        return None


def parties_found_by(text: str) -> list[int]:
    """Return the parties that have a number of any kind whose issuer is known, as typed."""
    keys = ring()
    require_own_key(keys)
    wanted = []
    for kind in (choices.Kind.EIN, choices.Kind.SSN, choices.Kind.ITIN):
        try:
            given = Given(kind, text)
            wanted.append(keys.blind_index(given.written().text, kind=given.index_kind))
        except calculations.IdentifierIsWrong:
            continue
    if not wanted:
        return []
    rows = models.Identifier.objects.filter(blind_index__in=wanted, ended_at=None)
    return sorted(set(rows.values_list("party_id", flat=True)))


def identifiers_of(*, party_ids: Sequence[int]) -> list[Identifier]:
    """Return the numbers in force of some parties, masked, as they were recorded."""
    rows = models.Identifier.objects.filter(party_id__in=party_ids, ended_at=None)
    return [shown(row) for row in rows.order_by("id")]


def identifier(*, identifier_id: int) -> Identifier:
    """Return one number, masked. Raises NoSuchIdentifier."""
    row = models.Identifier.objects.filter(pk=identifier_id, ended_at=None).first()
    if row is None:
        raise NoSuchIdentifier(f"There is no identifier {identifier_id}, or it was ended.")
    return shown(row)


def shown(row: models.Identifier) -> Identifier:
    """Return what everybody who sees the party may see of a number."""
    return Identifier(
        identifier_id=row.id,
        party_id=row.party_id,
        kind=row.kind,
        issuer=row.issuer,
        masked=calculations.masked(row.last, kind=row.kind),
        recorded_at=row.recorded_at,
    )
