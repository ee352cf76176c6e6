"""How fast a rate study passes over a city's bills, beside only reading the same columns.

`python -m bench.rate_study --json [--accounts N] [--periods N] [--rounds N] [--book NAME]`

The snapshot that a study reads is written from generated accounts, by the code that writes it
from a city's evaluation blocks too: twelve million bills are not billed in PostgreSQL first. Usage
is spread as a city's is (most of it small, a long tail, tenths of a thousand gallons or single
kWh), with three meter sizes and two classes, periods of 28 to 33 days, water and electricity on
each bill; what was billed is what the tables in force answer. What is measured is the study
itself, as `fisc tables study` does it once the slices are there: a draft that costs more asked of
every bill, the taxes after it by the version that billed, and everything added up into figures.

`floor_seconds` is only reading the same columns of the same files whole, a slice after the other;
both are medians of rounds taken in turns in this process. `wrong` is how many of the sums by
charge of a slice differ from asking the tables for every bill of it. `peak_rss_mb` is of the whole
process. `--book electric` studies the book whose questions repeat least.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pathlib
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

import django

django.setup()

import numpy as np  # noqa: E402
import polars  # noqa: E402

from fisc.dmn.columns import types  # noqa: E402
from fisc.domain.rule_tables import declarations  # noqa: E402
from fisc.domain.rule_tables.calculations import loading  # noqa: E402
from fisc.domain.utilities import decision_points as points  # noqa: E402
from fisc.processes.rate_studies import (  # noqa: E402
    answering,
    asking,
    counting,
    findings,
    gathering,
    passing,
    slices,
    snapshots,
)

CITY = pathlib.Path(__file__).parent.parent / "cities" / "mesquite_springs"
CHARGES = ("water", "sewer", "electric", "fuel", "gross_receipts_tax", "public_service_tax")
TAXES_VERSION, BILLED_VERSION = 2, 1
GOAL_RATIO, GOAL_RSS_MB = 2, 4096
BOOKS = {
    "water": (points.WATER_CHARGES, "utilities.water_charges.2025-10-01.dmn", b"40.95", b"42.15"),
    "electric": (
        points.ELECTRIC_CHARGES, "utilities.electric_charges.2020-01-01.dmn", b"0.07191", b"0.07391"
    ),
}  # fmt: skip


def main() -> None:
    """Write a snapshot, study it and read it in turns, and print the figures."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="rate_study_") as folder:
        city = City(pathlib.Path(folder), book=asked.book)
        started = time.perf_counter()
        placed = [
            city.slice(month=month, place=place, accounts=accounts)
            for place, accounts in enumerate(_portions(asked.accounts))
            for month in range(asked.periods)
        ]
        figures = {
            **_measured(city, placed, rounds=max(3, asked.rounds)),
            "snapshot_seconds": round(time.perf_counter() - started, 1),
            "snapshot_mb": round(sum(each.stat().st_size for each in city.folder.iterdir()) / 1e6),
        }
    figures |= {
        "goal_reached": figures["ratio"] <= GOAL_RATIO
        and figures["peak_rss_mb"] <= GOAL_RSS_MB
        and figures["wrong"] == 0,
        "accounts": asked.accounts,
        "periods": asked.periods,
        "book": asked.book,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}",
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--periods", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--book", choices=sorted(BOOKS), default="water")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    return parser.parse_args()


def _portions(accounts: int) -> list[int]:
    """Cut accounts into ranges as a city's snapshot does."""
    ranges = max(-(-accounts // snapshots.BILLS_A_SLICE), 1)
    edges = [accounts * place // ranges for place in range(ranges + 1)]
    return [after - before for before, after in itertools.pairwise(edges)]


# --- A city that never was billed -----------------------------------------------------------------


class City:
    """Slices of generated bills, what was billed computed by the tables in force."""

    def __init__(self, folder: pathlib.Path, *, book: str) -> None:
        self.folder = folder
        self.point, file, old, new = BOOKS[book]
        self.file = (CITY / "tables" / file).read_bytes()
        assert old in self.file
        self.draft = _tables(self.file.replace(old, new), self.point)
        self.billed = {
            name: _tables((CITY / "tables" / each[1]).read_bytes(), each[0])
            for name, each in BOOKS.items()
        }
        self.taxes = _tables(
            (CITY / "tables" / "utilities.taxes.2020-01-01.dmn").read_bytes(), points.TAXES
        )
        self.study = asking.Study(
            draft=_book(self.draft), after={2: {TAXES_VERSION: _book(self.taxes)}, 3: {}}
        )
        self._first_account = 1

    def slice(self, *, month: int, place: int, accounts: int) -> snapshots.Placed:
        """Write the bills of a month of a range of accounts."""
        random = np.random.default_rng([20261001, place, month])
        facts = _facts(random, np.random.default_rng([7, place]), accounts)
        bills = self._bills(facts, place=place, month=month, accounts=accounts)
        key = {
            **{f"in_{each.name}": _series(facts.get(each.name), accounts)
               for each in self.point.inputs},
            slices.UNKNOWN: _series(np.zeros(accounts, np.int64), accounts),
            "version_id": _series(np.full(accounts, BILLED_VERSION), accounts),
            "usage": _series(facts[self._usage()], accounts),
            "class": _series(facts["rate_class"], accounts),
            **{f"old_{charge}": bills[f"c_{charge}"]
               for charge in dict.fromkeys(_charges(self.point).values())},
        }  # fmt: skip
        parts = polars.DataFrame(key)
        questions = parts.unique(maintain_order=True).with_row_index("question")
        rows = parts.join(
            questions, on=list(key), nulls_equal=True, how="left", maintain_order="left"
        )
        frame = polars.DataFrame(bills)
        description = slices.Description(
            point=self.point.name,
            month=f"{2025 + (10 + month) // 12}-{(10 + month) % 12 + 1:02}",
            bucket_from=place,
            bucket_before=place + 1,
            inputs=tuple(each.name for each in self.point.inputs),
            charges=CHARGES,
            texts=TEXTS,
            billed=gathering.billed(frame, charges=CHARGES, texts=TEXTS),
            tables={
                slices.QUESTIONS: self._write(questions.drop("question")),
                slices.PARTS: self._write(
                    rows.select(polars.col("question"), bill=polars.lit(slices.NONE))
                ),
                slices.BILLS: self._write(frame),
            },
        )
        return snapshots.described_at(description, into=self.folder)

    def _usage(self) -> str:
        return "usage_kgal" if self.point is points.WATER_CHARGES else "usage_kwh"

    def _write(self, frame: polars.DataFrame) -> slices.Table:
        series = {name: frame[name].cast(polars.Int64) for name in frame.columns}
        return slices.write(slices.Columns(rows=len(frame), series=series), folder=self.folder)

    def _bills(
        self, facts: Mapping[str, Any], *, place: int, month: int, accounts: int
    ) -> dict[str, polars.Series]:
        sums = {charge: np.zeros(accounts, dtype=np.int64) for charge in CHARGES}
        for tables in self.billed.values():
            result = tables.evaluate(_columns(facts, tables))
            for decision, charge in _charges(tables.point).items():
                _add(sums, charge, result.outputs.get(decision))
        taxed = {f"{charge}_charges": types.Column(sums[charge]) for charge in CHARGES[:4]}
        taxed["inside_city"] = types.Column(facts["inside_city"])
        result = self.taxes.evaluate(taxed)
        taxes = {charge: np.zeros(accounts, dtype=np.int64) for charge in CHARGES}
        for decision, charge in _charges(points.TAXES).items():
            _add(taxes, charge, result.outputs.get(decision))
        first = 1 + place * 2 * snapshots.BILLS_A_SLICE
        ids = np.arange(first, first + accounts)
        columns = {
            "bill_id": ids * 12 + month,
            "number": ids * 120 + month * 10 + 7,
            "account_id": ids,
            "total_cents": sum(sums.values()) + sum(taxes.values()),
            "class": facts["rate_class"],
            "rate_class": facts["rate_class"],
            "inside": facts["inside_city"].astype(np.int64),
            "version_2": np.full(accounts, TAXES_VERSION),
            "version_3": np.full(accounts, slices.NONE),
            **{f"c_{charge}": each for charge, each in sums.items()},
            **{f"t_{charge}": each for charge, each in taxes.items()},
            **{f"m_{charge}": np.zeros(accounts, np.int64) for charge in CHARGES},
        }
        return {name: polars.Series(column) for name, column in columns.items()}


TEXTS = ("residential", "commercial", "5/8", "3/4", "1", "single", "three")


def _facts(
    random: np.random.Generator, of_account: np.random.Generator, accounts: int
) -> dict[str, Any]:
    """Return what each account used in a month; who it is stays from month to month."""
    is_business = of_account.random(accounts) < 0.12
    habit = of_account.gamma(2.2, 2.1, accounts) * np.where(is_business, 3.0, 1.0)
    kwh = of_account.gamma(3.0, 330.0, accounts) * np.where(is_business, 2.5, 1.0)
    season = random.normal(1.0, 0.2, accounts).clip(0.2, 3)
    days = random.choice([28, 29, 30, 31, 32, 33], accounts, p=[0.05, 0.15, 0.4, 0.3, 0.07, 0.03])
    usage = (habit * season * 10).astype(np.int64) * 100
    used_kwh = (kwh * season).astype(np.int64) * 1000
    sizes = np.where(of_account.random(accounts) < 0.9, 2, 3)
    return {
        "part_starts_on": np.full(accounts, 20_000),
        "days_in_part": days,
        "days_in_period": days,
        "is_first_part": np.ones(accounts, dtype=np.int64),
        "is_last_part": np.ones(accounts, dtype=np.int64),
        "inside_city": of_account.random(accounts) < 0.85,
        "rate_class": is_business.astype(np.int64),
        "meter_size": np.where(is_business, 4, sizes),
        "phase": np.where(is_business & (of_account.random(accounts) < 0.5), 6, 5),
        "usage_kgal": usage,
        "period_usage_kgal": usage,
        "usage_kwh": used_kwh,
        "period_usage_kwh": used_kwh,
    }


def _series(held: Any, rows: int) -> polars.Series:
    if held is None:
        return polars.Series([None] * rows, dtype=polars.Int64)
    return polars.Series(np.asarray(held).astype(np.int64))


def _columns(facts: Mapping[str, Any], tables: loading.Tables) -> dict[str, types.Column]:
    return {
        each.name: types.Column(facts[each.name], texts=TEXTS if each.is_textual else None)
        for each in tables.program.inputs
    }


def _tables(content: bytes, point: declarations.DecisionPoint) -> loading.Tables:
    tables = loading.load(content, point=point)
    assert not tables.program.by_case, tables.ways
    return tables


def _book(tables: loading.Tables) -> answering.Book:
    return answering.Book(
        point=tables.point,
        asked=tuple(each.name for each in tables.program.inputs),
        evaluate=tables.evaluate,
        charges=_charges(tables.point),
    )


def _charges(point: declarations.DecisionPoint) -> dict[str, str]:
    """Return the charge of each line, read from the city's code list without a database."""
    codes = polars.read_csv(CITY / "code_lists" / "bill_line.csv")
    of_code = dict(zip(codes["code"].to_list(), codes["charge"].to_list(), strict=True))
    return {line.decision: of_code[line.name] for line in point.outputs if line.name in of_code}


def _add(sums: dict[str, Any], charge: str, amounts: types.Column | None) -> None:
    if amounts is not None:
        held = amounts.values
        sums[charge] += held if amounts.nulls is None else np.where(amounts.nulls, 0, held)


# --- Measuring ------------------------------------------------------------------------------------


def _measured(city: City, placed: Sequence[snapshots.Placed], *, rounds: int) -> dict[str, Any]:
    ours: list[float] = []
    floor: list[float] = []
    _floor(city, placed)
    for _ in range(rounds):
        started = time.perf_counter()
        result = _study(city, placed)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        _floor(city, placed)
        floor.append(time.perf_counter() - started)
    seconds, floor_seconds = statistics.median(ours), statistics.median(floor)
    return {
        "seconds": round(seconds, 3),
        "floor_seconds": round(floor_seconds, 3),
        "ratio": round(seconds / floor_seconds, 2),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "wrong": _wrong(city, placed[0]),
        "bills": result["bills"],
        "changed_bills": result["changed_bills"],
        "questions": sum(
            snapshots.description_of(each, out_of=city.folder).tables[slices.QUESTIONS].rows
            for each in placed
        ),
    }


def _opened(city: City, each: snapshots.Placed) -> slices.Slice:
    return slices.Slice(snapshots.description_of(each, out_of=city.folder), folder=city.folder)


def _study(city: City, placed: Sequence[snapshots.Placed]) -> dict[str, Any]:
    counted = counting.Counted()
    parts = (_opened(city, each) for each in placed)
    for place, ready in enumerate(passing.read_ahead(parts, study_for=lambda _: city.study)):
        counted.take(ready, place=place)
    return findings.of(counted, largest=())


def _floor(city: City, placed: Sequence[snapshots.Placed]) -> int:
    """Only read the columns that the study reads, every value of them brought into memory."""
    total = 0
    for each in placed:
        part = _opened(city, each)
        wanted = asking.columns_read(city.study, part)
        part.questions(())
        for table, names in wanted.items():
            for column in part.read(table, names).values():
                total += len(column)
    return total


def _wrong(city: City, place: snapshots.Placed) -> int:
    """Ask the tables for every bill of a slice anew, without questions or differences."""
    part = _opened(city, place)
    counted = counting.Counted()
    for ready in passing.read_ahead([part], study_for=lambda _: city.study):
        counted.take(ready, place=0)
    questions = answering.question_columns(city.study.draft, [part])
    asked = part.read(slices.PARTS, ["question"])["question"]
    every = {
        name: types.Column(column.values[asked], texts=column.texts)
        for name, column in questions.items()
    }
    result = city.draft.evaluate(every)
    letters = part.read(slices.BILLS, [f"c_{charge}" for charge in CHARGES])
    sums = {charge: letters[f"c_{charge}"].astype(np.int64) for charge in CHARGES}
    for charge in dict.fromkeys(_charges(city.point).values()):
        sums[charge] = np.zeros(len(asked), dtype=np.int64)
    for decision, charge in _charges(city.point).items():
        _add(sums, charge, result.outputs.get(decision))
    inside = part.read(slices.BILLS, ["inside"])["inside"] == 1
    taxed = {f"{charge}_charges": types.Column(sums[charge]) for charge in CHARGES[:4]}
    taxes = city.taxes.evaluate(taxed | {"inside_city": types.Column(inside)})
    for decision, charge in _charges(points.TAXES).items():
        _add(sums, charge, taxes.outputs.get(decision))
    after: dict[str, int] = dict.fromkeys(CHARGES, 0)
    for row in findings.revenue(counted):
        after[row["charge"]] += row["after_cents"]
    return sum(after[charge] != int(sums[charge].sum()) for charge in CHARGES)


if __name__ == "__main__":
    main()
