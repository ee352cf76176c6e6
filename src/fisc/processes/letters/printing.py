"""Printing letters: many of a kind and day as one document, or one by itself to look at."""

from __future__ import annotations

import datetime
import pathlib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from fisc.domain.accounts import queries as accounts
from fisc.domain.documents import choices, queries
from fisc.domain.documents import operations as documents
from fisc.domain.licensing.queries import letters as of_licenses
from fisc.domain.rule_tables.calculations import wording
from fisc.domain.tax_returns.queries import letters as of_returns
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log
from fisc.plumbing.typesetting import typesetter

Kind = choices.Kind
LETTERS_A_BATCH = 200
_LANGUAGES = frozenset({"en", "es"})
_Said = Mapping[int, Mapping[str, Any] | None]
# Of the subjects of a kind, in the language of each and of a day.
_SAYS: Mapping[int, Callable[[Sequence[int], Mapping[int, str], datetime.date], _Said]] = {
    Kind.RENEWAL_NOTICE: lambda ids, languages, _on: of_licenses.of_notices(
        ids, languages=languages
    ),
    Kind.LAPSE_NOTICE: lambda ids, languages, _on: of_licenses.of_lapses(ids, languages=languages),
    Kind.NONFILER_NOTICE: lambda ids, languages, _on: of_returns.of_missing(
        ids, languages=languages
    ),
    Kind.ASSESSMENT_NOTICE: lambda ids, languages, _on: of_returns.of_assessed(
        ids, languages=languages
    ),
    Kind.RETURN_CORRECTION: lambda ids, languages, on: of_returns.of_corrected(
        ids, languages=languages, written_on=on
    ),
}


class LetterWasOvertaken(Exception):
    """What a letter tells is no longer so."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: the batch, None where every letter taken was overtaken."""

    batch_id: int | None
    letters: int
    overtaken: int


@transactions.starts_transaction
def print_next(
    *, kind: Kind, written_on: datetime.date, user_id: int | None, at: datetime.datetime,
    limit: int = LETTERS_A_BATCH,
) -> Printed:  # fmt: skip
    """Print the next letters of a kind and day as one document, which is kept.

    Those that were overtaken since they were written are noted so and left out. Killed in between,
    it leaves them all waiting. Raises documents.NothingToPrint, typesetter.LetterDoesNotTypeset.
    """
    return print_part(kind=kind, written_on=written_on, user_id=user_id, at=at, limit=limit)


@transactions.needs_transaction
def print_part(
    *, kind: Kind, written_on: datetime.date, user_id: int | None, at: datetime.datetime,
    limit: int = LETTERS_A_BATCH,
) -> Printed:  # fmt: skip
    """As print_next, as a part of something."""
    taken = documents.take_to_print(kind=kind, written_on=written_on, limit=limit)
    said = _data(taken)
    overtaken = [each.letter_id for each in taken if said[each.letter_id] is None]
    documents.overtake(letter_ids=overtaken, at=at)
    letters = [(each, data) for each in taken if (data := said[each.letter_id]) is not None]
    if not letters:
        return Printed(None, 0, len(overtaken))
    batch_id = documents.file_batch(
        letters=letters, template=_template(kind), user_id=user_id, at=at
    )
    action_log.record(
        user_id=user_id,
        verb="print letters",
        subject_kind="print batch",
        subject_id=batch_id,
        why="",
        detail={"kind": kind.name, "written_on": f"{written_on}", "letters": len(letters)},
        at=at,
    )
    return Printed(batch_id, len(letters), len(overtaken))


def preview(letter_id: int, *, at: datetime.datetime) -> bytes:
    """Typeset a letter that waits, as it would be printed now; nothing is kept.

    Raises queries.NoSuchLetter, LetterWasOvertaken, typesetter.LetterDoesNotTypeset.
    """
    found = queries.letter(letter_id)
    data = _data([found])[letter_id]
    if data is None:
        raise LetterWasOvertaken(
            f"Letter {letter_id} of {found.written_on} is not sent: what it tells is no longer so."
        )
    return typesetter.typeset(
        template=_template(Kind(found.kind)), data={"letters": [data]}, made_at=at
    )


def _data(letters: Sequence[queries.Letter]) -> dict[int, dict[str, Any] | None]:
    """Return what letters of one kind and day say, by letter; None where one was overtaken."""
    first = letters[0]
    holders = accounts.holders(account_ids=[each.account_id for each in letters])
    languages = {
        each.subject_id: language if language in _LANGUAGES else "en"
        for each in letters
        for language in [holders[each.account_id].language]
    }
    said = _SAYS[first.kind]([each.subject_id for each in letters], languages, first.written_on)
    city = _city()
    found: dict[int, dict[str, Any] | None] = {}
    for each in letters:
        told, holder = said.get(each.subject_id), holders[each.account_id]
        language = languages[each.subject_id]
        found[each.letter_id] = None if told is None else {
            "language": language,
            "city": city,
            "to": {"name": holder.party_name or holder.name, "address_lines": _lines(holder)},
            "account_number": str(holder.number),
            "written_on": wording.day(each.written_on, language=language),
            **told,
        }  # fmt: skip
    return found


def _lines(holder: accounts.Holder) -> list[str]:
    last = " ".join(each for each in (holder.city, holder.state, holder.zip) if each)
    return [each for each in (holder.line_1, holder.line_2, last) if each]


def _template(kind: Kind) -> pathlib.Path:
    name = "return_correction" if kind == Kind.RETURN_CORRECTION else "notices"
    return pathlib.Path(settings.FISC_CITY) / "letters" / f"{name}.typ"


def _city() -> dict[str, Any]:
    described = pathlib.Path(settings.FISC_CITY) / "city.toml"
    city = tomllib.loads(described.read_text(encoding="utf-8"))
    return {
        "name": city["name"],
        **city["office"],
        "pay_to_lines": city["remittance"]["address_lines"],
    }
