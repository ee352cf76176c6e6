"""Laws of other places, each keyed in as a coordinator would: tables for decision points."""

from __future__ import annotations

import datetime
import functools
import pathlib

from fisc.basics import periods
from fisc.domain.rule_tables.calculations import loading
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns.calculations import owing

TABLES = pathlib.Path(__file__).parent / "tables"
ALWAYS = periods.Period(starts_on=datetime.date(1990, 1, 1))


@functools.cache
def of(file: str) -> loading.Tables:
    """A law of the folder, named by its decision point and its place."""
    point = versions.decision_point(file.rpartition(".")[0])
    return loading.load((TABLES / f"{file}.dmn").read_bytes(), point=point)


def interest(place: str, *, days: periods.Period = ALWAYS) -> owing.InterestLaw:
    """A law of interest over some days."""
    return owing.InterestLaw(days, of(f"tax_returns.interest.{place}"))
