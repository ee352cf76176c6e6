"""What `fisc tables check` says of a city's forms of tax returns."""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Iterator, Sequence

from fisc.domain.rule_tables.calculations import city_files
from fisc.domain.tax_returns.calculations import form_files

Problem = form_files.Problem


def problems(folder: pathlib.Path) -> tuple[Problem, ...]:
    """Return everything wrong with the forms of a city's folder. Raises city_files.CityIsWrong."""
    lists = {
        each.name: [
            row.get("code", "")
            for row in csv.DictReader(io.StringIO(each.content.decode("utf-8"), newline=""))
        ]
        for each in city_files.read_city(folder).code_lists
    }
    return form_files.problems(folder, lists=lists)


def as_data(found: Sequence[Problem]) -> list[dict[str, object]]:
    """The same as plain data."""
    return [
        {"file": each.file, "place": each.place, "words": each.words, "stops": each.stops}
        for each in found
    ]


def lines(folder: pathlib.Path, found: Sequence[Problem]) -> Iterator[tuple[str, str]]:
    """The same as lines, each with its style; what stops comes first."""
    for each in found:
        if each.stops:
            yield f"forms: {each}", "red"
    for each in found:
        if not each.stops:
            yield f"    forms: {each}", "dim"
    count = len(list((folder / "forms").glob("*.toml")))
    if count and not any(each.stops for each in found):
        yield f"forms: {count} in order", ""
