"""Files of licenses read by a mapping: what is wrong is said row by row, all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.processes.conversion.licenses import layouts, queries, sheets
from tests.factories import old_licenses

LAYOUT = queries.mapping(old_licenses.MAPPING).layout


def parsed(content: bytes) -> sheets.Sheet:
    return sheets.parse(content, name="old.csv", layout=LAYOUT)


class TestRows:
    def test_a_row_is_read_in_our_words(self) -> None:
        (row,) = parsed(old_licenses.file({"UNITS": "7", "GROSS": "$1,234.50"})).rows

        assert (row.license_type, row.status, row.activity) == ("auction_house", "active", "17")
        assert (row.units, row.gross_receipts_cents) == (7, 123_450)
        assert (str(row.term_starts_on), str(row.term_ends_before)) == ("2026-01-01", "2027-01-01")

    def test_everything_wrong_with_a_row_is_said(self) -> None:
        wrong = {
            "LIC_TYPE": "ZOO", "STATUS": "?", "OWNER_NAME": "", "ISSUED": "2019-03-02",
            "UNITS": "-1", "GROSS": "12.345", "STREET": "x" * 101,
        }  # fmt: skip
        found = parsed(old_licenses.file({}, wrong))

        assert (len(found.rows), found.row_count) == (1, 2)
        (refused,) = found.refused
        assert (refused.line, refused.reference, len(refused.reasons)) == (3, "98-0001", 7)
        for column in wrong:
            assert any(column in reason for reason in refused.reasons), column

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"EXPIRES": "12/31/2025"}, "ends before it begins"),
            ({"ISSUED": "01/05/2027"}, "before the license was issued"),
            ({"EXPIRES": "12/31/9999"}, "year 9999"),
        ],
    )
    def test_days_that_cannot_be(self, changed: dict[str, str], words: str) -> None:
        (refused,) = parsed(old_licenses.file(changed)).refused

        assert words in refused.reasons[0]

    def test_a_row_of_another_width_is_refused_alone(self) -> None:
        content = old_licenses.file({}) + b"98-0002,AUCT\n"

        found = parsed(content)

        assert len(found.rows) == 1
        assert "2 cells where the first row has 20" in found.refused[0].reasons[0]


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (old_licenses.file(), "no rows"),
            (b"", "no column"),
            (old_licenses.file({}).replace(b"LIC_TYPE", b"KIND"), "no column LIC_TYPE"),
            (old_licenses.file({}).replace(b"DBA", b"ZIP"), "ZIP twice"),
            (old_licenses.file({"CITY": "Cañada"}, encoding="latin-1"), "line 2: a byte is not"),
            (old_licenses.file({"CITY": "a\0b"}), "line 2: a NUL"),
            (old_licenses.file({}) + b'"never ends', "cannot be read as cells"),
        ],
    )
    def test_one_that_cannot_be_read_says_where(self, content: bytes, words: str) -> None:
        with pytest.raises(sheets.FileCannotBeRead, match=words):
            parsed(content)

    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused_in_words(self, content: bytes) -> None:
        try:
            found = parsed(old_licenses.file() + content)
        except sheets.FileCannotBeRead:
            return

        assert found.row_count == len(found.rows) + len(found.refused)


class TestMapping:
    def test_everything_wrong_with_a_mapping_is_said(self) -> None:
        declared = {
            "name": "old", "encoding": "utf-8", "delimiter": ",", "date_format": "",
            "columns": {"reference": "NO", "color": "C", "tax_id": "FEIN"},
            "statuses": {"A": "alive"},
        }  # fmt: skip

        with pytest.raises(layouts.MappingIsWrong) as raised:
            layouts.layout_of(declared)

        for words in ("date_format", "has no license_type", "color", "alive", "tax_id_kind"):
            assert words in str(raised.value)
