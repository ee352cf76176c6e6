"""Laws of other places as tables for the same decision points, and those of the demonstration city.

A test keys a law in as a coordinator would: it writes a table; no code changes.
"""

from __future__ import annotations

import datetime
import functools
import pathlib

from fisc.basics import periods
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import owing, returns

TABLES = pathlib.Path(__file__).parent / "tables"
CITY = pathlib.Path(__file__).resolve().parents[3] / "cities" / "mesquite_springs" / "tables"
ALWAYS = periods.Period(starts_on=datetime.date(1990, 1, 1))


@functools.cache
def of(file: str) -> loading.Tables:
    """A law of the folder beside this file, named as in “interest.tennessee_7_5”."""
    point = versions.decision_point(f"tax_returns.{file.partition('.')[0]}")
    return loading.load((TABLES / f"{file}.dmn").read_bytes(), point=point)


@functools.cache
def city(name: str) -> loading.Tables:
    """A table of Mesquite Springs, by the last part of its decision point's name."""
    content = (CITY / f"tax_returns.{name}.2020-01-01.dmn").read_bytes()
    return loading.load(content, point=versions.decision_point(f"tax_returns.{name}"))


def city_laws() -> returns.Laws:
    """What a return of Mesquite Springs is computed by."""
    return returns.Laws(
        city("deductions"), city("return_lines"), city("return_totals"), city("factoring")
    )


def interest(file: str, *, days: periods.Period = ALWAYS) -> owing.InterestLaw:
    """Tables of interest over some days."""
    return owing.InterestLaw(days, of(file))


MOST_CENTS = points.MONEY_MAX * 100
