"""Which tables a distribution goes by, and what should be distributed of each month."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.distributions import calculations
from fisc.domain.distributions import decision_points as points
from fisc.domain.distributions.queries import collected
from fisc.domain.ledger import choices as ledger
from fisc.domain.rule_tables.calculations import values
from fisc.domain.rule_tables.queries import versions

CHARGES = "charge"
REGIONS = "tax region"
CLASSES = "business class"
# Before every day that a city has kept books of.
_FIRST_DAY = datetime.date(1900, 1, 1)
_A_DAY = datetime.timedelta(days=1)


class ShareIsMissing(ValueError):
    """The table of shares does not say into how many parts a basis is cut."""


class Laws:
    """The tables as known at an instant; each is asked once for the same facts."""

    def __init__(self, *, known_at: datetime.datetime) -> None:
        self._known_at = known_at
        self._generation = code_lists.generation()
        self._codes = {
            name: {None: None} | {each.id: each.code for each in self._listed(name).values()}
            for name in (CHARGES, REGIONS, CLASSES)
        }
        self._funds = tuple(self._listed(points.FUNDS))
        self._asked: dict[tuple[int, tuple[values.Value, ...]], str | None] = {}
        self._laws: dict[tuple[int, str], calculations.Law] = {}

    def charges(self, *, before: datetime.date) -> dict[int, str]:
        """Return the charges that some version governing a day before one gives a basis."""
        facts = [
            dict(zip(("charge", "region", "business_class"), each, strict=True))
            for each in itertools.product(
                *(tuple(self._codes[name].values()) for name in (CHARGES, REGIONS, CLASSES))
            )
            if each[0] is not None
        ]
        named = {
            each["charge"]
            for version in self._bases(before=before)
            for each in facts
            if self._basis(version, each) is not None
        }
        return {
            key: code
            for key, code in self._codes[CHARGES].items()
            if key is not None and code is not None and code in named
        }

    def basis_of(self, found: collected.Collected) -> str | None:
        """Return the basis of what was collected; null where it is not distributed.

        Raises versions.NoVersionForDate.
        """
        return self._basis(
            self._in_force(points.BASIS.name, found.day),
            {
                "charge": self._codes[CHARGES][found.charge_id],
                "region": self._codes[REGIONS][found.region_id],
                "business_class": self._codes[CLASSES][found.class_id],
            },
        )

    def shares_version(self, day: datetime.date) -> versions.LoadedVersion:
        """Return the table of shares that governs a day. Raises versions.NoVersionForDate."""
        return self._in_force(points.SHARES.name, day)

    def law(self, version_id: int, basis: str) -> calculations.Law:
        """Return how a version shares a basis out. Raises ShareIsMissing, PartsAreNotWhole."""
        key = (version_id, basis)
        if key not in self._laws:
            self._laws[key] = law_of(versions.version(version_id), basis, funds=self._funds)
        return self._laws[key]

    def _bases(self, *, before: datetime.date) -> Iterator[versions.LoadedVersion]:
        days = periods.Period(starts_on=_FIRST_DAY, ends_before=before)
        starts = versions.change_days(
            points.BASIS.name, days=days, known_at=self._known_at, generation=self._generation
        )
        for day in {*starts, before - _A_DAY}:
            try:
                yield self._in_force(points.BASIS.name, day)
            except versions.NoVersionForDate:
                # A day on which the table had ended; what was collected then is refused by name.
                continue

    def _in_force(self, point: str, day: datetime.date) -> versions.LoadedVersion:
        return versions.in_force(
            point, day=day, known_at=self._known_at, generation=self._generation
        )

    def _basis(
        self, version: versions.LoadedVersion, facts: Mapping[str, values.Value]
    ) -> str | None:
        key = (version.version_id, tuple(facts.values()))
        if key not in self._asked:
            answer = version.tables.answers(facts)["Basis"]
            self._asked[key] = None if answer is None else str(answer)
        return self._asked[key]

    def _listed(self, name: str) -> Mapping[str, code_lists.Code]:
        return code_lists.codes(name, generation=self._generation)


def law_of(
    version: versions.LoadedVersion, basis: str, *, funds: tuple[str, ...]
) -> calculations.Law:
    """Return how a version shares a basis out to funds, in their order.

    Raises ShareIsMissing, calculations.PartsAreNotWhole.
    """
    parts: dict[str, int] = {}
    whole: int | None = None
    odd_cents: str | None = None
    for fund in funds:
        answers = version.tables.answers({"basis": basis, "fund": fund})
        whole = _number(answers["Whole"]) if whole is None else whole
        given = answers["Odd cents"]
        odd_cents = odd_cents if given is None else str(given)
        if number := _number(answers["Parts"]):
            parts[fund] = number
    if whole is None:
        raise ShareIsMissing(
            f"The book “{version.book}” does not say into how many parts the basis “{basis}” is "
            "cut. Add a row for it to its decision “Whole”, or take the basis out of the table "
            f"for {points.BASIS.name}."
        )
    return calculations.check(calculations.Law(basis, whole, parts, odd_cents))


def targets(
    *, before: datetime.date, known_at: datetime.datetime
) -> dict[datetime.date, dict[calculations.Key, calculations.Amount]]:
    """Return what should be distributed of each month before a day, by the first of the month.

    Every day goes by the tables that govern it, as known at `known_at`. Raises ShareIsMissing,
    calculations.PartsAreNotWhole, versions.NoVersionForDate.
    """
    laws = Laws(known_at=known_at)
    charges = laws.charges(before=before)
    found = collected.collected(
        list(charges), before=before, tax_return=ledger.SourceKind.TAX_RETURN
    )
    summed: dict[datetime.date, Counter[calculations.Key]] = defaultdict(Counter)
    for each in found:
        basis = laws.basis_of(each)
        if basis is not None:
            version_id = laws.shares_version(each.day).version_id
            key = calculations.Key(version_id, charges[each.charge_id], basis)
            summed[each.day.replace(day=1)][key] += each.cents
    return {
        month: {
            key: calculations.Amount(
                key, cents, calculations.shared(cents, laws.law(key.version_id, key.basis))
            )
            for key, cents in sorted(amounts.items())
        }
        for month, amounts in summed.items()
    }


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, Decimal) else None
