"""The checks at publish for a decision point, and for the demonstration city as it stands."""

from __future__ import annotations

import functools
import pathlib

import pytest

from fisc.dmn.checks import findings
from fisc.domain.rule_tables.calculations import checking, loading, publishing
from fisc.domain.rule_tables.queries import versions as queries

CITY = pathlib.Path(__file__).parents[4] / "cities" / "mesquite_springs"
FILE = "utilities.late_charge.2020-01-01.dmn"
Kind = findings.Kind


def report(
    content: bytes, sheet: bytes = b"case\n", *, accepted: dict[str, str] | None = None
) -> findings.Report:
    point = queries.decision_point("utilities.late_charge")
    return publishing.report(
        loading.load(content, point=point),
        sheets=[checking.Sheet("sheet.csv", sheet)],
        accepted=accepted,
    )


def content() -> bytes:
    return (CITY / "tables" / FILE).read_bytes()


def test_a_rule_without_a_citation_stops_publishing() -> None:
    without = content().replace(b'<annotation name="citation"/>', b'<annotation name="source"/>')

    (citation,) = report(without).of(Kind.CITATION)

    assert (citation.decision, citation.rule) == ("Late charge", 1)
    assert citation.stops


def test_a_rule_no_case_decides_by_stops_publishing_and_one_case_mends_it() -> None:
    sheet = b"case,days_late,past_due,Late charge\nlate,1,50,5.00\n"

    assert [each.rule for each in report(content()).of(Kind.NO_CASE)] == [1]
    assert report(content(), sheet).of(Kind.NO_CASE) == ()
    assert report(content(), sheet).coverage[0].cases == ("late",)


def test_an_accepted_finding_stays_with_its_reason() -> None:
    first = report(content()).of(Kind.NO_CASE)[0]

    again = report(content(), accepted={first.key: "tried by hand"})

    assert again.of(Kind.NO_CASE)[0].accepted == "tried by hand"
    assert first not in again.stops


def test_an_accepted_list_without_reasons_is_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / publishing.ACCEPTED).write_text("key,reason\ngap-1,\n", encoding="utf-8")

    with pytest.raises(publishing.AcceptedIsWrong, match="line 2"):
        publishing.read_accepted(tmp_path)


@functools.cache
def reports() -> dict[str, findings.Report]:
    found = publishing.city(CITY, points=queries.decision_points())
    return {each.file: each.report for each in found}


class TestTheDemonstrationCity:
    def test_nothing_stops_publishing(self) -> None:
        assert len(reports()) == len(list((CITY / "tables").glob("*.dmn")))
        assert {name: each.stops for name, each in reports().items() if each.stops} == {}

    def test_its_cases_notice_every_change(self) -> None:
        changes = {name: each.changes for name, each in reports().items()}

        assert sum(each.tried for each in changes.values()) > 500
        assert [name for name, each in changes.items() if each.unnoticed] == []

    def test_everything_is_proved(self) -> None:
        assert [each.words for found in reports().values() for each in found.not_proved] == []

    def test_what_is_to_look_at_is_a_line_left_out(self) -> None:
        looked_at = [each for found in reports().values() for each in found.findings]
        gaps = [each for each in looked_at if each.kind is Kind.GAP]

        assert {each.kind for each in looked_at} == {Kind.GAP}
        assert all("the line is then left out" in each.words for each in gaps)
