"""The businesses of the demonstration city: what they are, take in, and how they file and pay.

As `population`: everything follows from a seed, an attribute at a time, so that a larger city
begins with the same businesses as a smaller one. No database, no clock.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fisc.processes.demonstration import names, trades

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SEED = 1912
# For every five accounts of the city three businesses.
BUSINESSES, ACCOUNTS = 3, 5
DOUBLY_NAMED_PER_MILLE = 240
NAMED_FOR_A_PLACE_PER_MILLE = 220
SECOND_OWNER_PER_MILLE = 300
SPANISH_PER_MILLE = 200
ELECTRONIC_PER_MILLE = 700
SUITE_PER_MILLE = 260
BESIDE_PER_MILLE = 120
OLDEST_DAYS = 9_000


class Filer(enum.IntEnum):
    """How a business files and pays."""

    PROMPT = 0
    # Files in time and pays the month after, when it was charged for that.
    PAYS_LATE = 1
    FILES_LATE = 2
    PAYS_SHORT = 3
    # Leaves periods out.
    MISSES = 4
    # Files and does not pay.
    OWES = 5


FILERS_PER_MILLE = (
    (Filer.PROMPT, 840), (Filer.PAYS_LATE, 50), (Filer.FILES_LATE, 45), (Filer.PAYS_SHORT, 20),
    (Filer.MISSES, 30), (Filer.OWES, 15),
)  # fmt: skip


class _Attribute(enum.IntEnum):
    TRADE = 1
    FAMILY = 2
    PLACE = 3
    ENDING = 4
    NAMING = 5
    DOUBLY = 6
    SPREAD = 7
    FILER = 8
    LANGUAGE = 9
    ELECTRONIC = 10
    SUITE = 11
    AGE = 12
    OWNER = 13
    SECOND_OWNER = 14
    PHONE = 15
    NUMBER = 16
    BESIDE = 17
    ISSUED = 18
    LAPSES = 19
    UNITS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Businesses:
    """One row a business, as columns and lists of the same length."""

    names: Sequence[str]
    # Empty where it trades under its name.
    trade_names: Sequence[str]
    # Nine digits each, invented.
    employer_numbers: Sequence[str]
    # Places in `trades.TRADES`.
    trades: Whole
    house_numbers: Whole
    # Places in `names.STREETS`.
    streets: Whole
    # Zero without one.
    suites: Whole
    phones: Whole
    is_spanish: Flags
    is_electronic: Flags
    # Days before the history begins on which the business began.
    age_days: Whole
    # What it takes in a year, in cents.
    year_cents: Whole
    # Whether it also sells at retail beside what its trade is.
    sells_beside: Flags
    filers: Whole
    # From 0 to 999,999: who of the city's people owns it, and the second owner, or -1.
    owners: Whole
    second_owners: Whole
    # From 0 to 364: the day of the year its licenses are of.
    license_days: Whole
    lapses: Flags
    units: Whole

    def __len__(self) -> int:
        """Return how many businesses there are."""
        return len(self.names)


def count(*, accounts: int) -> int:
    """Return how many businesses a city of so many accounts has."""
    return accounts * BUSINESSES // ACCOUNTS


def city(*, businesses: int, seed: int = SEED) -> Businesses:
    """Return the city's businesses."""

    def pick(attribute: _Attribute, kinds: int) -> Whole:
        drawn = np.random.default_rng([seed, attribute]).random(businesses) * kinds
        return drawn.astype(np.int64)

    def chance(attribute: _Attribute, per_mille: int) -> Flags:
        return pick(attribute, 1000) < per_mille

    trade = pick(_Attribute.TRADE, len(trades.TRADES))
    shown, trading_as = _names(
        trade=trade,
        family=pick(_Attribute.FAMILY, len(names.LAST_NAMES)),
        place=pick(_Attribute.PLACE, len(trades.PLACES)),
        ending=pick(_Attribute.ENDING, len(trades.ENDINGS)),
        is_of_place=chance(_Attribute.NAMING, NAMED_FOR_A_PLACE_PER_MILLE),
        is_double=chance(_Attribute.DOUBLY, DOUBLY_NAMED_PER_MILLE),
    )
    order = np.arange(businesses)
    streets = len(names.STREETS)
    middle = np.array([each.year_dollars for each in trades.TRADES])[trade]
    second = chance(_Attribute.SECOND_OWNER, SECOND_OWNER_PER_MILLE)
    return Businesses(
        names=shown,
        trade_names=trading_as,
        employer_numbers=_numbers(pick(_Attribute.NUMBER, 9000)),
        trades=trade,
        # Homes have odd numbers (`population`), shops even ones.
        house_numbers=102 + order // streets * 8,
        streets=order % streets,
        suites=np.where(
            chance(_Attribute.SUITE, SUITE_PER_MILLE), 1 + pick(_Attribute.SUITE, 40) % 12, 0
        ),
        phones=pick(_Attribute.PHONE, 100),
        is_spanish=chance(_Attribute.LANGUAGE, SPANISH_PER_MILLE),
        is_electronic=chance(_Attribute.ELECTRONIC, ELECTRONIC_PER_MILLE),
        age_days=pick(_Attribute.AGE, OLDEST_DAYS),
        year_cents=middle * _spread(pick(_Attribute.SPREAD, 1000)) // 1000 * 100,
        sells_beside=chance(_Attribute.BESIDE, BESIDE_PER_MILLE),
        filers=_filers(pick(_Attribute.FILER, 1000)),
        owners=pick(_Attribute.OWNER, 1_000_000),
        second_owners=np.where(second, pick(_Attribute.SECOND_OWNER, 1_000_000), -1),
        license_days=pick(_Attribute.ISSUED, 365),
        lapses=chance(_Attribute.LAPSES, 40),
        units=4 + pick(_Attribute.UNITS, 9),
    )


def _numbers(drawn: Whole) -> list[str]:
    """Return invented numbers in the form of an EIN, each once."""
    return [f"89{order:04}{tail % 1000:03}" for order, tail in enumerate(drawn.tolist())]


def _spread(drawn: Whole) -> Whole:
    """Return how each compares with the middle of its trade, in thousandths: most are small."""
    spread: Whole = 80 + drawn * drawn // 900 + np.maximum(0, drawn - 960) * 60
    return spread


def _filers(drawn: Whole) -> Whole:
    bounds = np.cumsum([share for _, share in FILERS_PER_MILLE])
    kinds = np.array([kind for kind, _ in FILERS_PER_MILLE], dtype=np.int64)
    chosen: Whole = kinds[np.searchsorted(bounds, drawn, side="right")]
    return chosen


def _names(
    *, trade: Whole, family: Whole, place: Whole, ending: Whole, is_of_place: Flags,
    is_double: Flags,
) -> tuple[list[str], list[str]]:  # fmt: skip
    """Return legal names, no two alike, and what businesses are known by."""
    shown: list[str] = []
    trading_as: list[str] = []
    taken: set[str] = set()
    for row in range(len(trade)):
        last = names.LAST_NAMES[family[row]]
        words = trades.TRADES[trade[row]].words
        first = trades.PLACES[place[row]] if is_of_place[row] else last
        known_as = f"{first} {words}"
        tail = trades.ENDINGS[ending[row]]
        legal = f"{last} Holdings LLC" if is_double[row] else f"{known_as}{tail}"
        number = 2
        name = legal
        while name in taken:
            name, number = f"{legal} {number}", number + 1
        taken.add(name)
        shown.append(name)
        trading_as.append(known_as if is_double[row] else "")
    return shown, trading_as
