"""Who lives and trades in the demonstration city, what they use, and how they pay.

Everything follows from a seed, an attribute at a time, so that a larger city begins with the
same accounts as a smaller one. Plain sums on columns: no database, no clock.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fisc.processes.demonstration import names

Whole = npt.NDArray[np.int64]

SEED = 1906
HOUSES_A_BLOCK = 24
COMMERCIAL_PER_MILLE = 90
ELECTRIC_PER_MILLE = 700
INSIDE_PER_MILLE = 930
SPANISH_PER_MILLE = 180
APARTMENT_PER_MILLE = 160
AWAY_PER_MILLE = 4
LAPSES_PER_MILLE = 850
AHEAD_PER_MILLE = 120
# Late payers pay the month before when they have the next bill.
LATE_DAYS = 3

# How a month's use compares with the year's middle, in thousandths, January first.
WATER_SEASON = (780, 790, 860, 960, 1130, 1320, 1380, 1330, 1190, 990, 850, 780)
POWER_SEASON = (1010, 930, 820, 790, 930, 1270, 1480, 1450, 1210, 890, 790, 980)


class Payer(enum.IntEnum):
    """How somebody pays."""

    PROMPT = 0
    LATE = 1
    PARTIAL = 2
    AHEAD = 3
    LAPSED = 4


# Of a thousand accounts, how many pay each way.
PAYERS_PER_MILLE = (
    (Payer.PROMPT, 770), (Payer.LATE, 110), (Payer.PARTIAL, 60), (Payer.AHEAD, 40),
    (Payer.LAPSED, 20),
)  # fmt: skip


class _Attribute(enum.IntEnum):
    """Each attribute draws from a stream of its own."""

    FIRST_NAME = 1
    LAST_NAME = 2
    IS_COMMERCIAL = 3
    TRADE = 4
    ENDING = 5
    IS_INSIDE = 6
    HAS_POWER = 7
    PAYER = 8
    WATER = 9
    POWER = 10
    LANGUAGE = 11
    APARTMENT = 12
    PHONE = 18
    SIZE = 13
    WATER_DIAL = 14
    POWER_DIAL = 15
    MONTH = 16
    PAYING = 17


@dataclasses.dataclass(frozen=True)
class Population:
    """One row an account, as columns and lists of the same length."""

    names: Sequence[str]
    sort_names: Sequence[str]
    is_commercial: npt.NDArray[np.bool_]
    house_numbers: Whole
    # Places in `names.STREETS`.
    streets: Whole
    # Zero for a whole house, else the number of the unit.
    units: Whole
    phones: Whole
    is_inside: npt.NDArray[np.bool_]
    has_power: npt.NDArray[np.bool_]
    is_spanish: npt.NDArray[np.bool_]
    payers: Whole
    # 0 the smallest meter, 1 and 2 larger ones.
    meter_sizes: Whole
    # What a middling month uses, in thousandths of a thousand gallons and of a kilowatt-hour.
    water_milli: Whole
    power_milli: Whole
    # Where the dials stood when the history begins.
    water_dial: Whole
    power_dial: Whole

    def __len__(self) -> int:
        """Return how many accounts there are."""
        return len(self.names)


def people(*, accounts: int, seed: int = SEED) -> Population:
    """Return the city's accounts."""
    commercial = _chance(seed, _Attribute.IS_COMMERCIAL, accounts, COMMERCIAL_PER_MILLE)
    first = _pick(seed, _Attribute.FIRST_NAME, accounts, len(names.FIRST_NAMES))
    last = _pick(seed, _Attribute.LAST_NAME, accounts, len(names.LAST_NAMES))
    shown, sorted_by = _names(seed=seed, commercial=commercial, first=first, last=last)
    numbers, streets = _places(accounts=accounts)
    size = np.where(commercial, _pick(seed, _Attribute.SIZE, accounts, 3), 0)
    spread = _spread(seed, _Attribute.WATER, accounts)
    power_spread = _spread(seed, _Attribute.POWER, accounts)
    return Population(
        names=shown,
        sort_names=sorted_by,
        is_commercial=commercial,
        house_numbers=numbers,
        streets=streets,
        units=np.where(
            _chance(seed, _Attribute.APARTMENT, accounts, APARTMENT_PER_MILLE) & ~commercial,
            _pick(seed, _Attribute.APARTMENT, accounts, 40) + 1,
            0,
        ),
        phones=_pick(seed, _Attribute.PHONE, accounts, 100),
        is_inside=_chance(seed, _Attribute.IS_INSIDE, accounts, INSIDE_PER_MILLE),
        has_power=_chance(seed, _Attribute.HAS_POWER, accounts, ELECTRIC_PER_MILLE),
        is_spanish=_chance(seed, _Attribute.LANGUAGE, accounts, SPANISH_PER_MILLE),
        payers=_payers(seed=seed, accounts=accounts),
        meter_sizes=size,
        water_milli=np.where(commercial, 14_000 * (size + 1), 5_200) * spread // 1000,
        power_milli=np.where(commercial, 2_600_000 * (size + 1), 860_000) * power_spread // 1000,
        water_dial=_pick(seed, _Attribute.WATER_DIAL, accounts, 990_000),
        power_dial=_pick(seed, _Attribute.POWER_DIAL, accounts, 99_000),
    )


def month_of_use(
    *, middle_milli: Whole, season: Sequence[int], month: int, days: int, months_before: int,
    seed: int = SEED,
) -> Whole:  # fmt: skip
    """Return what each account uses in a month, in thousandths.

    `months_before` counts back from the newest month, so that history does not change when a
    month is added to it.
    """
    drawn = np.random.default_rng([seed, _Attribute.MONTH, months_before])
    wobble = drawn.integers(750, 1250, size=len(middle_milli))
    # Only the newest month has empty houses: the run of today has something to ask about.
    away = (drawn.integers(0, 1000, size=len(middle_milli)) < AWAY_PER_MILLE) & (months_before == 0)
    used = middle_milli * season[month - 1] // 1000 * wobble // 1000 * days // 30
    return np.where(away, 0, used)


def paying(
    *, payers: Whole, owed_cents: Whole, late_cents: Whole, months_before: int, seed: int = SEED
) -> tuple[Whole, Whole]:
    """Return what each account pays after a bill, and how many days after the bill day.

    `owed_cents` is all that an account owes, `late_cents` what it owed before this bill; who pays
    late pays that alone.
    """
    drawn = np.random.default_rng([seed, _Attribute.PAYING, months_before])
    prompt_days = drawn.integers(6, 20, size=len(payers))
    share = drawn.integers(400, 900, size=len(payers))
    lapses = drawn.integers(0, 1000, size=len(payers)) < LAPSES_PER_MILLE
    rounds_up = drawn.integers(0, 1000, size=len(payers)) < AHEAD_PER_MILLE
    part = owed_cents * share // 1000 // 500 * 500
    ahead = np.where(rounds_up, -(-owed_cents // 5000) * 5000, owed_cents)
    is_late = payers == Payer.LATE
    cents = np.select(
        [
            is_late,
            payers == Payer.PARTIAL,
            payers == Payer.AHEAD,
            (payers == Payer.LAPSED) & lapses,
        ],
        [late_cents, part, ahead, 0],
        default=owed_cents,
    )
    days = np.where(is_late, LATE_DAYS, prompt_days)
    return np.where(owed_cents > 0, cents, 0), days


def _stream(seed: int, attribute: _Attribute) -> np.random.Generator:
    return np.random.default_rng([seed, attribute])


def _pick(seed: int, attribute: _Attribute, accounts: int, kinds: int) -> Whole:
    drawn: Whole = (_stream(seed, attribute).random(accounts) * kinds).astype(np.int64)
    return drawn


def _chance(
    seed: int, attribute: _Attribute, accounts: int, per_mille: int
) -> npt.NDArray[np.bool_]:
    return _pick(seed, attribute, accounts, 1000) < per_mille


def _spread(seed: int, attribute: _Attribute, accounts: int) -> Whole:
    """Return how each account compares with the middle one, in thousandths, from 350 to 2,600."""
    low = _pick(seed, attribute, accounts, 1300)
    spread: Whole = 350 + low + np.maximum(0, low - 1100) * 5
    return spread


def _payers(*, seed: int, accounts: int) -> Whole:
    drawn = _pick(seed, _Attribute.PAYER, accounts, 1000)
    bounds = np.cumsum([count for _, count in PAYERS_PER_MILLE])
    kinds = np.array([kind for kind, _ in PAYERS_PER_MILLE], dtype=np.int64)
    chosen: Whole = kinds[np.searchsorted(bounds, drawn, side="right")]
    return chosen


def _names(
    *, seed: int, commercial: npt.NDArray[np.bool_], first: Whole, last: Whole
) -> tuple[list[str], list[str]]:
    trades = _pick(seed, _Attribute.TRADE, len(commercial), len(names.TRADES))
    endings = _pick(seed, _Attribute.ENDING, len(commercial), len(names.ENDINGS))
    shown, sorted_by = [], []
    for is_business, one, two, trade, ending in zip(
        commercial.tolist(), first, last, trades, endings, strict=True
    ):
        family = names.LAST_NAMES[two]
        if is_business:
            business = f"{family} {names.TRADES[trade]}{names.ENDINGS[ending]}"
            shown.append(business)
            sorted_by.append(business)
        else:
            shown.append(f"{names.FIRST_NAMES[one]} {family}")
            sorted_by.append(f"{family}, {names.FIRST_NAMES[one]}")
    return shown, sorted_by


def _places(*, accounts: int) -> tuple[Whole, Whole]:
    """Go along the streets house by house, so that neighbors are neighbors."""
    order = np.arange(accounts)
    block = order // HOUSES_A_BLOCK
    street = block % len(names.STREETS)
    round_of_streets = block // len(names.STREETS)
    return 100 + round_of_streets * 100 + order % HOUSES_A_BLOCK * 4 + 1, street
