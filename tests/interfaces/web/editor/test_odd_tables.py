"""However odd a table is, the checks answer: with findings, or with what is not proved."""

from __future__ import annotations

import os

import hypothesis
import pytest

from fisc.dmn import model as dmn
from fisc.dmn.checks import coverage, publish
from fisc.dmn.checks import findings as checks
from fisc.dmn.xml import problems, reader
from fisc.domain.rule_tables.calculations import checking, loading, publishing
from fisc.interfaces.web.editor import findings
from tests.interfaces.web.editor import odd_tables

SHEET = checking.Sheet("odd.csv", b"case\n")
QUICK = publish.Patience(table_seconds=0.2, changes_seconds=0.2)

settings = hypothesis.settings(
    max_examples=int(os.environ.get("FISC_EXAMPLES", "150")),
    deadline=None,
    derandomize="FISC_EXAMPLES" not in os.environ,
    suppress_health_check=list(hypothesis.HealthCheck),
)


def reported(content: bytes) -> checks.Report:
    """Return what the checks at publish say; a file that is refused raises, in words."""
    tables = loading.load(content, point=odd_tables.POINT)
    return publishing.report(tables, sheets=[SHEET], codes=odd_tables.CODES, patience=QUICK)


def live(content: bytes) -> findings.Found:
    return findings.of_draft(content, point=odd_tables.POINT, sheet=SHEET, codes=odd_tables.CODES)


def words_of(content: bytes) -> list[str]:
    """Return all that is said of a file: why it is refused, or what is found and not proved."""
    try:
        report = reported(content)
    except problems.ModelIsRefused as refused:
        return [each.words for each in refused.problems]
    return [
        *(each.words for each in report.findings),
        *(each.words for each in report.not_proved),
    ]


def tables_in(content: bytes) -> list[dmn.DecisionTable]:
    """Return the tables of a file; none of one that is refused."""
    try:
        read = reader.read(content)
    except problems.ModelIsRefused:
        return []
    return [table for _, table in coverage.tables_of(read)]


class TestAnyTable:
    @settings
    @hypothesis.given(content=odd_tables.files())
    def test_is_reported_on_or_refused_in_words(self, content: bytes) -> None:
        said = words_of(content)

        # Nobody wrote a citation or a case, so that something is to be said of any rule.
        assert said or not any(each.rules for each in tables_in(content))
        assert all(said)

    @settings
    @hypothesis.given(content=odd_tables.files())
    def test_is_checked_while_it_is_written(self, content: bytes) -> None:
        found = live(content)

        assert all(each.words for each in found.findings)


TABLES = {
    "always null": (["null"], [["1", "1"]]),
    "always true": (["true"], [["false", "1"]]),
    "always a text": (['"a"'], [["-", "1"]]),
    "a name nobody has": (["nobody"], [["1", "1"]]),
    "only dashes": (["usage"], [["-", "1"], ["-", "2"]]),
    "no rule": (["usage"], []),
    "one column twice": (["usage", "usage"], [["> 3", "< 3", "1"]]),
    "a list": (["[1, 2]"], [["1", "1"]]),
    "more decimals than there are": (["share * share"], [["> 0.5", "1"]]),
    "past 34 digits": (["usage ** 40"], [["> 3", "1"]]),
}


class TestKnownOddities:
    @pytest.mark.parametrize("name", TABLES)
    def test_have_something_said_of_them(self, name: str) -> None:
        asked, rules = TABLES[name]
        content = odd_tables.file(asked, rules)

        assert all(words_of(content))
        assert words_of(content)
        assert live(content).findings

    def test_a_column_that_is_always_null_is_a_gap_for_every_rule_but_null(self) -> None:
        gap = reported(odd_tables.file(["null"], [["not(null)", "1"]]))
        whole = reported(odd_tables.file(["null"], [["null", "1"]]))

        assert gap.of(checks.Kind.GAP)
        assert not whole.of(checks.Kind.GAP)

    def test_a_truth_that_is_written_out_leaves_no_gap_for_the_other(self) -> None:
        report = reported(odd_tables.file(["true"], [["true", "1"]]))

        assert not report.of(checks.Kind.GAP)
        assert not [each for each in report.not_proved if each.kind is checks.Kind.GAP]

    def test_a_table_without_results_is_refused(self) -> None:
        content = odd_tables.file(["usage"], [["-"]], results=())

        assert live(content).findings
