"""The state's files in by layout, whole or not at all."""

from __future__ import annotations

import datetime
import pathlib
import tomllib

import pytest

from fisc.domain.state_collections import calculations
from tests.factories.tax_returns import CITY

KINDS = ("licenses", "returns", "payments", "distribution")
HEADING = "license,business_name,period_start,city_share\n"


def layout(kind: str = "distribution") -> calculations.Layout:
    path: pathlib.Path = CITY / "layouts" / f"state_{kind}.toml"
    return calculations.layout_of(tomllib.loads(path.read_text("utf-8")), kind=kind)


def read(text: str) -> tuple[calculations.Row, ...]:
    return calculations.read(text.encode(), name="share.csv", layout=layout())


def errors(text: str) -> tuple[str, ...]:
    with pytest.raises(calculations.FileIsRefused) as refused:
        read(text)
    return refused.value.errors


@pytest.mark.parametrize("kind", KINDS)
def test_the_city_declares_every_kind(kind: str) -> None:
    assert layout(kind).kind == kind


def test_a_right_file_gives_its_rows() -> None:
    rows = read(
        HEADING + "1001,Desert Grill,2026-07-01,120.50\n1001,Desert Grill,2026-05-01,-20\n"
        "TRAILER,2,100.50,\n"
    )

    assert [each.amount_cents for each in rows] == [12_050, -2_000]
    assert rows[1].period == datetime.date(2026, 5, 1)
    assert [each.line for each in rows] == [2, 3]


def test_everything_wrong_is_said_at_once_by_line() -> None:
    found = errors(
        HEADING + "1001,Desert Grill,2026-07-02,120.50\n,Nobody,July,1.234\n1003,Short\n"
        "1004,A,2026-07-01,1\n1004,A,2026-07-01,1\nTRAILER,9,7.00,\n"
    )

    assert found == (
        "line 2: a period begins on the first of a month, not 2026-07-02",
        "line 3: “license” is empty",
        "line 3: “July” in period_start is no day written %Y-%m-%d",
        "line 3: “1.234” in city_share is no amount; write dollars, a point and cents, as 1234.50",
        "line 4: 2 cells, 4 are wanted",
        "line 6: says the same as line 5 again",
        "line 7: it counts “9”, the file has 5 rows",
        "line 7: it sums to “7.00”, the rows to 122.50",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"license,period_start\n", "line 1: no column “business_name”"),
        (HEADING.encode() + b"1,A,2026-07-01,1\n", "cut short"),
        (HEADING.encode() + b"1,\xff,2026-07-01,1\n", "is not utf-8"),
        (HEADING.encode() + b"1,\0,2026-07-01,1\n", "NUL"),
        (HEADING.encode() + b"TRAILER,0,x,\n", "“x” in city_share is no amount"),
        (HEADING.encode() + b"TRAILER\n", "it counts “”"),
        (b"%PDF-1.7 nothing of ours\n", "no column"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(calculations.FileIsRefused, match="nothing of it was kept") as refused:
        calculations.read(content, name="share.csv", layout=layout())

    assert said in str(refused.value)


def test_a_layout_says_all_that_it_lacks() -> None:
    declared = tomllib.loads((CITY / "layouts" / "state_distribution.toml").read_text("utf-8"))

    with pytest.raises(calculations.LayoutIsWrong, match="it has no column amount; no row has sum"):
        calculations.layout_of(
            {**declared, "columns": {"license_number": "a", "period": "b", "sum": "c"}},
            kind="distribution",
        )
    del declared["trailer"]
    with pytest.raises(calculations.LayoutIsWrong, match="needs 'trailer'"):
        calculations.layout_of(declared, kind="distribution")
