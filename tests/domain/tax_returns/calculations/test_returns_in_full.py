"""Files that carry everything a keyed return can: form, units, land, and figures as filed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from fisc.domain.tax_returns.calculations import many_packs, return_layouts
from fisc.domain.tax_returns.calculations.returns import Deduction, Filed, Line
from tests.domain.tax_returns.calculations.test_return_layouts import (
    DECLARED,
    HEADER,
    objects,
    read,
    refused,
    returned,
)

MORE = "form,includes_tax,land,units,item_price,filed_tax,filed_due"
FIRST = "1000000017,2026-07-01,2026-08-03,yes,no,,,,"
WHOLE = Line(
    region="MS",
    business_class="15",
    gross_cents=5_000_000,
    deductions=(Deduction("503", 25_000),),
    includes_tax=True,
    land_cents=1_000_000,
    units=Decimal("12.5"),
    item_price_cents=70_000_00,
    as_filed=(Filed("tax", 9_550),),
)
PLAIN = Line(region="MS", business_class="17", gross_cents=100)


def rows(*some: str, header: str = f"{HEADER},{MORE}") -> bytes:
    return "\n".join((header, *some, f"TRAILER,{len(some)}")).encode()


CSV = rows(
    f"{FIRST}MS,15,50000.00,503,250,,,,,state-city,yes,10000,12.500,70000,95.50,99.00",
    f"{FIRST}MS,17,1,,,,,,,state-city,no,,,,,99.00",
    "1000000025,2026-07-01,2026-08-03,yes,no,,,,MS,17,1,,,,,,,,,,,,,",
)
JSON = objects(
    returned(
        form="state-city",
        as_filed=[{"key": "due", "amount": 99}],
        lines=[
            {"region": "MS", "class": "15", "gross": "50000.00", "includes_tax": True,
             "land": 10000, "units": 12.500, "item_price": 70000,
             "deductions": [{"code": "503", "amount": "250"}],
             "as_filed": [{"key": "tax", "amount": 95.50}]},
            {"region": "MS", "class": "17", "gross": 1},
        ],
    ),
    returned(account=1_000_000_025, lines=[{"region": "MS", "class": "17", "gross": 1}]),
)  # fmt: skip


class TestInFull:
    @pytest.mark.parametrize("content", [CSV, JSON], ids=["rows", "objects"])
    def test_a_return_says_all_that_can_be_keyed(self, content: bytes) -> None:
        of = read(content).returns

        assert of.lines_of(0) == (WHOLE, PLAIN)
        assert of.lines_of(1) == (PLAIN,)
        (said,) = of.special.values()
        assert (said.form, said.as_filed) == ("state-city", (Filed("due", 9_900),))
        assert of.is_special.tolist() == [True, False]
        again = many_packs.decoded(many_packs.encoded(of))
        assert again.lines_of(0) == (WHOLE, PLAIN)
        assert again.special == of.special

    def test_objects_on_one_line_are_told_apart(self) -> None:
        some = [
            returned(account=1_000_000_017 + each, as_filed=[{"key": "due", "amount": each}])
            for each in range(3)
        ]
        of = read(json.dumps({"returns": some, "count": 3}).encode()).returns

        assert of.places.tolist() == [1, 2, 3]
        assert [of.special[each].as_filed[0].cents for each in (1, 2, 3)] == [0, 100, 200]

    def test_objects_of_one_period_on_one_line_are_refused(self) -> None:
        content = json.dumps({"returns": [returned(), returned()], "count": 2}).encode()

        assert "began on line 1 already" in refused(content)[0]


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("state-city,maybe,,,,,", "“maybe” in includes_tax is none of"),
            (",,12x,,,,", "“12x” in land is no amount"),
            (",,,1.2345,,,", "“1.2345” in units is no number of units"),
            (",,,,7e3,,", "“7e3” in item_price is no amount"),
            (",,,,,9.999,", "“9.999” in filed_tax is no amount"),
            (",,,,,,x", "“x” in filed_due is no amount"),
            (f"{'f' * 41},,,,,,", "is too long for a code"),
        ],
    )
    def test_is_said_with_its_line_and_column(self, row: str, words: str) -> None:
        (error,) = refused(rows(f"{FIRST}MS,17,1,,,,,,,{row}"))

        assert error.startswith("line 2: ")
        assert words in error

    def test_is_said_all_at_once(self) -> None:
        errors = refused(rows(f"{FIRST}MS,17,1x,,,,,,,,maybe,y,z,1x,2x,3x"))

        assert len(errors) == 7

    def test_figures_of_a_return_are_the_same_on_all_its_rows(self) -> None:
        (error,) = refused(
            rows(
                f"{FIRST}MS,15,1,,,,,,,state-city,,,,,,1.00",
                f"{FIRST}MS,17,1,,,,,,,city,,,,,,2.00",
            )
        )

        assert error == "line 3: form, filed_due is not as in the row before, of the same return"

    def test_figures_without_a_line_are_not_lost(self) -> None:
        errors = refused(rows(f"{FIRST},,,,,,,,,,,,,,8.00,"))

        assert any("there is no code in region" in each for each in errors)

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ([{"key": "tax", "amount": 1}, {"key": "tax", "amount": 2}], "tax is there twice"),
            ([{"key": "t a x", "amount": 1}], "is no key of a form's figure"),
            ([{"key": "tax"}], "the figure tax has no amount"),
            ([{"key": "tax", "amount": "1x"}], "“1x” in as_filed tax is no amount"),
            ([5], "a figure as filed is an object"),
            ([{"key": "tax", "amount": 1, "to": 5}], "“to” is none of: key, amount"),
            ({}, "“as_filed” is a list"),
        ],
    )
    def test_objects_are_refused_in_words(self, lines: Any, words: str) -> None:
        assert any(words in each for each in refused(objects(returned(as_filed=lines))))


class TestTheHeader:
    @pytest.mark.parametrize(
        ("header", "words"),
        [
            (f"{HEADER},filed_taxx", "nobody reads the column “filed_taxx”"),
            (f"{HEADER},gross", "the column gross is there twice"),
            (f"{HEADER},memo,memo", "the column memo is there twice"),
            (HEADER.replace("gross", "net"), "there is no column gross; there is account"),
            (HEADER.replace(",", ";"), "there is no column account"),
        ],
    )
    def test_must_be_the_layouts(self, header: str, words: str) -> None:
        assert any(words in each for each in refused(rows(header=header)))

    def test_says_everything_at_once(self) -> None:
        header = HEADER.replace("gross", "net").replace("region", "account")

        assert len(refused(rows(header=header))) == 3

    def test_a_column_for_others_is_let_be(self) -> None:
        content = rows(f"{FIRST}MS,17,1,,,,,,,a word", header=f"{HEADER},memo")

        assert len(read(content, ignored=["memo"]).returns) == 1

    def test_cells_beyond_it_are_not_lost(self) -> None:
        (error,) = refused(rows(f"{FIRST}MS,17,1,,,,,,,,,95.00", header=HEADER))

        assert "more than the 17 columns" in error


class TestTheEncoding:
    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("content", [CSV, JSON], ids=["rows", "objects"])
    def test_of_two_bytes_a_character_is_refused(self, content: bytes, encoding: str) -> None:
        (error,) = refused(content.decode().encode(encoding))

        assert error.startswith("line 1: ")
        assert "UTF-16" in error or "NUL" in error

    def test_of_one_byte_a_character_is_refused_with_every_line(self) -> None:
        row = f"{FIRST}MS,17,1,,,,,,,señor,,,,,,"
        content = rows(row, row.replace("017", "025")).decode().encode("latin-1")

        assert [each.partition(",")[0] for each in refused(content)] == [
            "line 2: byte 60", "line 3: byte 60",
        ]  # fmt: skip
        assert read(content, encoding="latin-1").returns.special[2].form == "señor"


class TestALayout:
    @pytest.mark.parametrize(
        ("other", "words"),
        [
            ({"filed_in_boxes": {"due": "gross"}}, "the column gross is declared twice"),
            ({"filed_on_lines": {"a b": "x"}}, "a b is no key of a form"),
            ({"optional": ["gross"]}, "every file needs gross"),
            ({"optional": ["nothing"]}, "no column is declared as nothing"),
            ({"ignored": ["gross"]}, "both read and ignored"),
            ({"json": {**DECLARED["json"], "key": ""}}, "for both"),
        ],
    )
    def test_that_cannot_be_is_refused(self, other: Any, words: str) -> None:
        with pytest.raises(return_layouts.LayoutIsWrong, match=words):
            return_layouts.layout_of({**DECLARED, **other})

    def test_that_says_nothing_of_figures_reads_none(self) -> None:
        plain: dict[str, Any] = {"filed_on_lines": {}, "filed_in_boxes": {}, "optional": [],
                 "columns": {k: v for k, v in DECLARED["columns"].items()
                             if k not in ("form", *return_layouts.OF_LINE_MORE)},
                 "json": {k: v for k, v in DECLARED["json"].items()
                          if k not in ("as_filed", "key")}}  # fmt: skip

        assert len(read(objects(returned()), **plain).returns) == 1
        assert any("“as_filed” is none of" in each
                   for each in refused(objects(returned(as_filed=[])), **plain))  # fmt: skip
