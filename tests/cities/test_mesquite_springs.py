"""The demonstration city: cited row by row, tested by its cases, and in one piece."""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Iterator

import pytest
from django.conf import settings

from fisc.dmn import model
from fisc.dmn.columns import compile as compiling
from fisc.dmn.columns import types
from fisc.domain.rule_tables.calculations import city_files, loading
from fisc.domain.rule_tables.queries import versions as queries

CITY = pathlib.Path(settings.FISC_CITY)
APPROVALS = city_files.read_city(CITY).approvals
FILES = [each.file for each in APPROVALS]


def tables(file: str) -> loading.Tables:
    approval = next(each for each in APPROVALS if each.file == file)
    content = (CITY / "tables" / file).read_bytes()
    return loading.load(content, point=queries.decision_point(approval.decision_point))


def rules(file: str) -> Iterator[tuple[str, int, model.Rule]]:
    for decision in tables(file).model.definitions.decisions:
        if isinstance(decision.expression, model.DecisionTable):
            for number, rule in enumerate(decision.expression.rules, start=1):
                yield decision.name, number, rule


def code_list(name: str) -> list[dict[str, str]]:
    path = CITY / "code_lists" / f"{name.replace(' ', '_')}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_sourced(citation: str) -> bool:
    """A row is somebody's public law, or says plainly that the office made it up."""
    return "http" in citation or citation.startswith("Office policy")


def test_every_table_is_signed_fits_passes_its_cases_and_each_rule_decides_one() -> None:
    problems = {each.file: each.problems for each in queries.check_city(path=CITY)}

    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.parametrize("file", FILES)
class TestTable:
    def test_every_rule_names_its_source_and_speaks_two_languages(self, file: str) -> None:
        silent = [
            f"{decision}, rule {number}"
            for decision, number, rule in rules(file)
            if not is_sourced(rule.annotations["citation"])
            or not rule.annotations["text_en"]
            or not rule.annotations["text_es"]
        ]

        assert silent == []

    def test_bills_are_computed_in_64_bit_integers(self, file: str) -> None:
        ways = {each.output: each.way for each in tables(file).program.report}

        assert set(ways.values()) == {compiling.Way.INT64}


class TestCodeLists:
    @pytest.mark.parametrize(
        "path", sorted(CITY.glob("code_lists/*.csv")), ids=lambda path: path.stem
    )
    def test_every_code_cites_something_public(self, path: pathlib.Path) -> None:
        uncited = [
            each["code"] for each in code_list(path.stem) if not is_sourced(each["citation"])
        ]

        assert uncited == []

    def test_every_line_of_a_bill_has_a_charge_code_and_that_its_accounts(self) -> None:
        lines = {each["code"]: each["charge"] for each in code_list("bill line")}
        charges = {each["code"]: each for each in code_list("charge")}
        accounts = {each["code"] for each in code_list("gl account")}
        printed = {
            line.name
            for point in queries.decision_points().values()
            if point.stage in {1, 2}
            for line in point.outputs
        }

        assert printed <= set(lines)
        assert set(lines.values()) <= set(charges)
        named = {each["receivable_gl"] for each in charges.values()}
        named |= {each["revenue_gl"] for each in charges.values() if each["revenue_gl"]}
        assert named <= accounts

    def test_every_code_that_a_table_gives_or_asks_for_is_listed(self) -> None:
        for file in FILES:
            loaded = tables(file)
            for line in loaded.lines:
                if line.kind is types.Kind.CODE:
                    listed = {each["code"] for each in code_list(line.code_list)}
                    given = {
                        rule.outputs[0].text.strip('"')
                        for decision, _, rule in rules(file)
                        if decision == line.decision
                    }
                    assert given <= listed
