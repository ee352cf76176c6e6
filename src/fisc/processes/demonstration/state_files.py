"""Two months of the state's files, for a city some of whose tax the state collects.

A few rows each, by the operations that the pages use; nobody owes anything by them.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fisc.basics import money
from fisc.domain.accounts import queries as accounts
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as identifiers
from fisc.domain.party_identifiers import queries as known_identifiers
from fisc.domain.state_collections import choices, operations
from fisc.domain.state_collections.queries import files as state_files
from fisc.domain.state_collections.queries import layouts
from fisc.plumbing import transactions
from fisc.plumbing.runs import pieces
from fisc.plumbing.users import queries as users
from fisc.processes.demonstration import opening

TAKES_IN = "projects"
# Businesses of the city in the files: of the last of them the state's number is not recorded.
IN_FILES = 6
NUMBERED = 4
FIRST_NUMBER = 20_411_900
# What the state's and the bank's fees take off the first month's cash.
FEES = (
    operations.Part(-25_00, "Fee of the state for administering the tax"),
    operations.Part(-10_00, "Fee of the bank for the wire"),
)
# From the first of a month into the next one.
_A_MONTH = datetime.timedelta(days=31)
_Kind = choices.FileKind


@dataclass(frozen=True, slots=True)
class Filer:
    """Somebody in the files: what the state knows, and what was filed in a month."""

    number: str
    name: str
    street: str
    gross_cents: int
    tax_cents: int


# With the state and in no list of the city; what each filed is invented like all else.
STRANGERS = (
    Filer("20577340", "Ocotillo Hardware", "Cottonwood Avenue", 9_021_040, 135_316),
    Filer("20583326", "Rio Verde Outfitters", "Canal Road", 710_000, 10_650),
)


def files(
    all_filers: Sequence[Filer], *, month: datetime.date, earlier: datetime.date
) -> Mapping[_Kind, str]:
    """Return the files of a month by what they hold, and some of the month before it.

    The first filer's share of that month comes late; the second's was too much then. The last
    filed and did not pay.
    """
    # No two months are alike: each takes in a little more than the one before it.
    filers = [_in_month(each, month) for each in all_filers]
    received = f"{(month + _A_MONTH).replace(day=20):%Y-%m-%d}"
    due = f"{month:%Y-%m-%d}"
    payers = filers[:-1]
    shares = [(each, month, each.tax_cents) for each in payers]
    shares += [(filers[0], earlier, 88_20), (filers[1], earlier, -41_00)]
    return {
        _Kind.LICENSES: _file(
            "license,business_name,house_number,street,unit,class",
            [(each.number, each.name, "210", each.street, "", "17") for each in filers],
            total=0,
        ),
        _Kind.RETURNS: _file(
            "license,period_start,received,class,gross,city_tax",
            [
                (each.number, due, received, "17", _said(each.gross_cents), _said(each.tax_cents))
                for each in filers
            ],
            total=sum(each.tax_cents for each in filers),
        ),
        _Kind.PAYMENTS: _file(
            "license,period_start,received,paid",
            [(each.number, due, received, _said(each.tax_cents)) for each in payers],
            total=sum(each.tax_cents for each in payers),
        ),
        _Kind.DISTRIBUTION: _file(
            "license,business_name,period_start,city_share",
            [
                (each.number, each.name, f"{of:%Y-%m-%d}", _said(cents))
                for each, of, cents in shares
            ],
            total=sum(cents for _, _, cents in shares),
        ),
    }


def come(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Take the files in and enter the first month's cash; done twice, once is."""
    opened = opening.Opened(**chunk.subject)
    yesterday = chunk.posting_day - datetime.timedelta(days=1)
    by = operations.By(user_id=users.user_id(username=TAKES_IN), at=chunk.instant)
    filers = [*_of_the_city(opened, by=by), *STRANGERS]
    before, first, second = (_before(chunk.posting_day, count) for count in (4, 3, 2))
    taken = 0
    for month, earlier in ((first, before), (second, first)):
        for kind, text in files(filers, month=month, earlier=earlier).items():
            if kind is _Kind.LICENSES and month == first:
                # Who has a license is the same in both months, and so would be the file.
                continue
            file_id = _taken(kind, text, month=month, by=by)
            taken += file_id is not None
            if kind is _Kind.DISTRIBUTION and month == first and file_id is not None:
                _enter_cash(file_id, on=yesterday, by=by)
    return {"state_files": taken}


def _of_the_city(opened: opening.Opened, *, by: operations.By) -> list[Filer]:
    """Return the first businesses as filers, the state's numbers of most of them recorded."""
    count = min(IN_FILES, opened.businesses)
    names = _names(opened, count=count)
    for place in range(min(NUMBERED, count)):
        given = known_identifiers.Given(
            identifier_choices.Kind.OTHER,
            str(FIRST_NUMBER + place),
            issuer=layouts.layout_of_city(_Kind.LICENSES).issuer,
        )
        if opened.first_party + place not in known_identifiers.parties_with(given):
            with transactions.started(by="a number of the state"):
                identifiers.add_identifier(
                    party_id=opened.first_party + place, given=given, at=by.at, user_id=by.user_id
                )
    return [
        Filer(
            number=str(FIRST_NUMBER + place),
            name=names[place],
            street="Palo Verde Street",
            gross_cents=1_840_000 + 610_000 * place,
            tax_cents=27_600 + 9_150 * place,
        )
        for place in range(count)
    ]


def _in_month(filer: Filer, period: datetime.date) -> Filer:
    """Return what a filer has in a month, which is more the later in the year it is."""
    parts = 100 + 3 * period.month
    return dataclasses.replace(
        filer,
        gross_cents=filer.gross_cents * parts // 100,
        tax_cents=filer.tax_cents * parts // 100,
    )


def _names(opened: opening.Opened, *, count: int) -> list[str]:
    """Return what the first businesses are called; their rows follow one another."""
    ids = range(opened.first_tax_account, opened.first_tax_account + count)
    known = accounts.names(account_ids=list(ids))
    return [known[each][1] for each in ids]


def _taken(kind: _Kind, text: str, *, month: datetime.date, by: operations.By) -> int | None:
    """Take a file in; None where it came before."""
    try:
        return operations.take_file(
            text.encode(),
            name=f"{kind.value}_{month:%Y%m}.csv",
            layout=layouts.layout_of_city(kind),
            month=month,
            by=by,
        )
    except operations.FileCameBefore:
        return None


def _enter_cash(file_id: int, *, on: datetime.date, by: operations.By) -> None:
    cents = state_files.file(file_id).total_cents + sum(each.cents for each in FEES)
    operations.enter_cash(
        file_id, cash=operations.Cash(on, cents, parts=FEES), posting_day=on, by=by
    )


def _before(day: datetime.date, months: int) -> datetime.date:
    """Return the first day of the month that is so many before a day's."""
    at = day.year * 12 + day.month - 1 - months
    return datetime.date(at // 12, at % 12 + 1, 1)


def _said(cents: int) -> str:
    return money.formatted(cents).replace(",", "")


def _file(heading: str, rows: Sequence[Sequence[str]], *, total: int) -> str:
    text = io.StringIO()
    text.write(f"{heading}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(rows)
    width = heading.count(",") - 2
    writer.writerow(["TRAILER", str(len(rows)), _said(total), *[""] * width])
    return text.getvalue()
