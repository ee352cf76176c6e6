"""Files of returns read by their layout: what is right exactly, what is wrong all at once."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.domain.tax_returns.calculations import (
    many,
    return_building,
    return_layouts,
    return_objects,
    return_rows,
)
from fisc.domain.tax_returns.calculations.returns import Deduction, Line
from tests.domain.tax_returns import laws

TODAY = datetime.date(2026, 8, 20)
PATH = laws.CITY.parent / "layouts" / "returns.toml"
DECLARED = tomllib.loads(PATH.read_text("utf-8"))
LAYOUT = return_layouts.layout_of(DECLARED)
HEADER = (
    "account,period_start,received,electronic,amends,excess_tax,credit_carried,"
    "estimated_payments,region,class,gross,deduction_1,deduction_1_amount,deduction_2,"
    "deduction_2_amount,deduction_3,deduction_3_amount"
)
FIRST = "1000000017,2026-07-01,2026-08-03,yes,no,4.50,0,0,"


def rows(*some: str, trailer: str | None = None) -> bytes:
    end = f"TRAILER,{len(some)}" if trailer is None else trailer
    return "\n".join([HEADER, *some, end]).encode()


def read(content: bytes, **other: Any) -> return_building.Parsed:
    declared = return_layouts.layout_of({**DECLARED, **other})
    parse = return_objects.parse if content.lstrip()[:1] == b"{" else return_rows.parse
    return parse(io.BytesIO(content), name="f", layout=declared, today=TODAY)


def refused(content: bytes, **other: Any) -> tuple[str, ...]:
    with pytest.raises(return_layouts.FileIsRefused) as raised:
        read(content, **other)
    return raised.value.errors


class TestRows:
    def test_rows_of_a_return_follow_each_other(self) -> None:
        content = rows(
            f"{FIRST}MS,11,5000.00,503,250,504,0.5,,",
            f"{FIRST}MS,17,1000,,,,,,",
            "1000000025,2026-07-01,2026-08-04,no,no,,,,,,,,,,,,",
        )

        found = read(content)

        of = found.returns
        assert found.sha256 == hashlib.sha256(content).hexdigest()
        assert of.account_ids.tolist() == [1_000_000_017, 1_000_000_025]
        assert of.places.tolist() == [2, 4]
        assert [many.day(each) for each in of.received_on.tolist()] == [
            datetime.date(2026, 8, 3), datetime.date(2026, 8, 4),
        ]  # fmt: skip
        assert (of.is_electronic.tolist(), of.is_amendment.tolist()) == (
            [True, False], [False, False],
        )  # fmt: skip
        assert of.excess_tax_cents.tolist() == [450, 0]
        assert of.lines_of(0) == (
            Line(
                region="MS",
                business_class="11",
                gross_cents=500_000,
                deductions=(Deduction("503", 25_000), Deduction("504", 50)),
            ),
            Line(region="MS", business_class="17", gross_cents=100_000),
        )
        assert of.lines_of(1) == ()

    def test_everything_wrong_is_said_with_its_line(self) -> None:
        content = rows(
            f"{FIRST}MS,11,5000.001,503,250,,,,",
            "10x,July,2026-09-01,perhaps,no,--1,,,MS,11,1,,,,,,",
            "1000000025,2026-07-01,2026-08-04,no,no,,,,MS,,1,,7,,,,",
            "1000000033,2026-07-01",
            "1000000025,2026-07-01,2026-08-05,no,no,,,,MS,11,1,,,,,,",
            f"{FIRST}MS,25,1,,,,,,",
            trailer="TRAILER,5",
        )

        assert [each.partition(":")[0] for each in refused(content)] == [
            "line 2", "line 3", "line 3", "line 3", "line 3", "line 3", "line 4", "line 4",
            "line 5", "line 6", "line 7", "line 8",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "the file is empty"),
            (b"\n \n", "the file is empty"),
            (b"a,b\n1,2\n", "line 1: there is no column account"),
            (rows(f"{FIRST}MS,11,1,,,,,,", trailer=""), "was cut short"),
            (rows(trailer="TRAILER,1"), "line 2: it counts 1, the file has 0 rows"),
            (rows(f'{FIRST}MS,11,"1'), "line 2: it cannot be read as cells"),
            (rows("TRAILER,0"), "line 3: there are rows after TRAILER"),
            (b"x" * 70_000, "longer than 65,536 bytes"),
            (HEADER.encode() + b"\n\0", "line 2: a NUL character"),
            (rows("1,2026-07-01,2026-08-03,yes,no,,,,\xe9,11,1,,,,,,").replace(
                "é".encode(), b"\xe9"), "line 2: byte 35, 0xe9, is not utf-8"),
        ],
    )  # fmt: skip
    def test_a_file_that_is_none_is_refused_in_words(self, content: bytes, words: str) -> None:
        assert words in refused(content)[0]

    def test_bounds_hold(self) -> None:
        content = rows(*(f"{FIRST}MS,{of},1,,,,,," for of in range(4)), FIRST.replace("17", "25") +
            ",,,,,,,,")  # fmt: skip

        small = {"bytes": 10_000, "returns": 1, "lines_of_a_return": 2}
        assert [each.partition(".")[0] for each in refused(content, bounds=small)] == [
            "line 4: the return has more than 2 lines",
            "line 6: the file has more than 1 returns",
        ]
        assert "more than 99 bytes" in refused(content, bounds={**small, "bytes": 99})[0]


def returned(**other: Any) -> dict[str, Any]:
    return {
        "account": "1000000017", "period_start": "2026-07-01", "received": "2026-08-03",
        "lines": [{"region": "MS", "class": "11", "gross": 5000.10,
            "deductions": [{"code": "503", "amount": "250"}]}],
        **other,
    }  # fmt: skip


def objects(*some: Any, count: int | None = None) -> bytes:
    there = len(some) if count is None else count
    return json.dumps({"count": there, "returns": some}, indent=1).encode()


class TestObjects:
    def test_a_return_is_an_object(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(return_objects, "PIECE_BYTES", 7)
        content = objects(
            returned(), returned(account=1_000_000_025, amends=True, excess_tax=4.5, lines=[])
        )

        of = read(content).returns

        assert of.account_ids.tolist() == [1_000_000_017, 1_000_000_025]
        assert of.is_amendment.tolist() == [False, True]
        assert of.is_electronic.tolist() == [True, True]
        assert of.excess_tax_cents.tolist() == [0, 450]
        (line,) = of.lines_of(0)
        assert (line.gross_cents, line.deductions) == (500_010, (Deduction("503", 25_000),))
        assert read(content).sha256 == hashlib.sha256(content).hexdigest()
        assert of.places.tolist() == [1, 2]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"{", "a name in quotation marks"),
            (b"{}", "the file has no “returns”"),
            (b'{"returns": [', "no JSON"),
            (b'{"returns": [{"a": NaN}]}', "NaN is no value of JSON"),
            (b'{"returns": [{"a": 1, "a": 2}]}', "“a” is there twice in one object"),
            (b'{"returns": [' + b"[" * 99_999, "lists in lists"),
            (b'{"returns": [], "count": 0} x', "something after the end"),
            (b'{"returns": [], "count": 0, "total": 5}', "“total” is there twice, or is none of"),
            (b'{"count": 1, "returns": [5]}', "a return is an object"),
            (objects(returned(), count=2), "“count” is 2, the file has 1 returns"),
            (objects(returned(penalty=5)), "“penalty” is none of"),
            (objects(returned(lines={})), "“lines” is a list"),
            (objects(returned(excess_tax=1e300)), "is no amount"),
            (objects(returned(amends=[])), "“[]” in amends is none of"),
            (b'{"returns": [\n{"account": "\xff"}]}', "line 2: a byte, 0xff, is not utf-8"),
        ],
    )
    def test_a_file_that_is_none_is_refused_in_words(self, content: bytes, words: str) -> None:
        assert any(words in each for each in refused(content))


def mutated(good: bytes) -> st.SearchStrategy[bytes]:
    """Draw bytes, or the bytes of a good file with some of them gone, doubled or other."""

    def with_change(change: tuple[int, int, bytes]) -> bytes:
        start, length, instead = change
        return good[:start] + instead + good[start + length :]

    return st.one_of(
        st.binary(max_size=400),
        st.text(alphabet='{}[],:"0123456789.-eE \n\\utrefalsn', max_size=200).map(str.encode),
        st.tuples(st.integers(0, len(good)), st.integers(0, 40), st.binary(max_size=12)).map(
            with_change
        ),
    )


GOOD_ROWS = rows(f"{FIRST}MS,11,5000.00,503,250,,,,", f"{FIRST}MS,17,1000,,,,,,")
GOOD_OBJECTS = objects(returned(), returned(account="1000000025"))


class TestAnyBytes:
    @pytest.mark.parametrize("parse", [return_rows.parse, return_objects.parse])
    @given(content=st.one_of(mutated(GOOD_ROWS), mutated(GOOD_OBJECTS)))
    def test_give_returns_or_an_error_in_words(
        self, parse: Callable[..., return_building.Parsed], content: bytes
    ) -> None:
        errors, found = _read_or_errors(parse, content)

        assert (found is None) == bool(errors)
        assert all(each.strip() for each in errors)
        if found is not None:
            assert len(found.returns.places) == len(found.returns)
            assert found.sha256 == hashlib.sha256(content).hexdigest()


def _read_or_errors(
    parse: Callable[..., return_building.Parsed], content: bytes
) -> tuple[tuple[str, ...], return_building.Parsed | None]:
    try:
        return (), parse(io.BytesIO(content), name="f", layout=LAYOUT, today=TODAY)
    except return_layouts.FileIsRefused as problem:
        return problem.errors, None


class TestLayouts:
    @pytest.mark.parametrize(
        ("other", "words"),
        [
            ({"encoding": "utf-16"}, "cannot be of “utf-16”"),
            ({"encoding": "klingon"}, "names no encoding"),
            ({"delimiter": ";;"}, "one character"),
            ({"columns": {"account": "a"}}, "no column starts_on"),
            ({"true": ["no"]}, "both true and false"),
            ({"bounds": {"bytes": 1, "returns": 1, "lines_of_a_return": 99_999}}, "at most 32,767"),
            ({"bounds": {"bytes": "many"}}, "is not written so"),
            ({"json": {}}, "is not written so"),
        ],
    )
    def test_a_layout_that_cannot_be_is_refused(self, other: Any, words: str) -> None:
        with pytest.raises(return_layouts.LayoutIsWrong, match=words):
            return_layouts.layout_of({**DECLARED, **other})


class TestWhatNoDatabaseKeeps:
    """One such return would stop the taking in of all others of its file."""

    @pytest.mark.parametrize("said", ["0", "000"])
    def test_an_account_without_a_number_is_refused(self, said: str) -> None:
        row = f"{FIRST}MS,11,5000.00,,,,,,".replace("1000000017", said, 1)

        (error,) = refused(rows(row))

        assert error == f"line 2: “{said}” is no account number; write its digits"

    @pytest.mark.parametrize("odd", ["1\x007", "\ud800", "1\n7"])
    def test_a_code_that_cannot_be_printed_is_refused_and_quoted(self, odd: str) -> None:
        filed = {
            "account": "1000000017",
            "period_start": "2026-07-01",
            "lines": [{"region": "MS", "class": odd, "gross": "1.00"}],
        }

        (error,) = refused(json.dumps({"returns": [filed], "count": 1}).encode())

        assert "cannot be printed" in error
        assert error.isprintable()

    def test_what_is_wrong_otherwise_is_quoted_so_too(self) -> None:
        filed = {"account": "\ud800", "period_start": "\x00", "lines": []}

        errors = refused(json.dumps({"returns": [filed], "count": 1}).encode())

        assert len(errors) == 2
        assert all(each.isprintable() for each in errors)
