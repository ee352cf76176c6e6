"""Workbooks that are refused: each for a reason, with its place, and nothing half taken."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import pytest

from fisc.domain.rule_tables.calculations.workbooks import packages
from tests.domain.rule_tables.workbooks import books


class TestRefusals:
    def test_all_that_is_wrong_is_told_at_once_with_its_cell(self) -> None:
        found = books.refused(
            books.edited(
                {
                    "A7": "9",
                    "B8": lambda sheet, row, column: sheet.write_formula(row, column, "=1+1"),
                    "C8": datetime.date(2026, 7, 1),
                    "D5": "source",
                    "C9": lambda sheet, row, column: sheet.merge_range(
                        row, column, row + 1, column, "2"
                    ),
                    "G12": "a remark",
                }
            )
        )

        assert len(found) == 6
        assert {text.split(": ")[0] for text in found} == {
            f"sheet “{books.SHEET}”, cell {cell}"
            for cell in ("A7", "B8", "C8", "D5", "C9:C10", "G12")
        }

    def test_what_binary_arithmetic_left_behind(self) -> None:
        book = books.with_parts(
            books.edited({"C7": 0.3}),
            lambda _, xml: xml.replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>"),
        )

        (found,) = books.refused(book)

        assert "cell C7: The spreadsheet computed 0.30000000000000004" in found

    def test_thousands_of_formulas_are_told_by_the_hundred(self) -> None:
        rows = [["=1"] * 5] * 1000

        def formulas(name: str, xml: bytes) -> bytes:
            return xml.replace(b"<v>", b"<f>1</f><v>") if "sheet1" in name else xml

        sheets = books.rows_of(books.workbook())
        sheets[books.SHEET] += rows
        book = books.with_parts(books.written(sheets), formulas)

        found = books.refused(book)

        assert "It holds a formula" in found[0]
        assert found[-1].startswith(f"sheet “{books.SHEET}”: … and ")
        assert len(found) == 201

    def test_a_cell_in_error(self) -> None:
        def error(sheet: Any, row: int, column: int) -> None:
            sheet.write_formula(row, column, "=1/0", None, "#DIV/0!")

        book = books.with_parts(
            books.edited({"C7": error}), lambda _, xml: xml.replace(b"<f>1/0</f>", b"")
        )

        assert books.refused(book) == [
            f"sheet “{books.SHEET}”, cell C7: The spreadsheet shows an error here."
        ]

    def test_another_version_is_refused(self) -> None:
        (found,) = books.refused(books.workbook(), content=books.CONTENT.replace(b"150", b"160"))

        assert "made from another version" in found

    def test_a_workbook_from_elsewhere_is_refused(self) -> None:
        (found,) = books.refused(books.written({"Sheet1": [["rate", "1.50"]]}))

        assert "does not come from Fisc" in found

    def test_unknown_and_missing_sheets(self) -> None:
        sheets = books.rows_of(books.workbook())
        sheets["Rates"] = sheets.pop(books.SHEET)

        found = books.refused(books.written(sheets))

        assert [text.partition(":")[0] for text in found] == [
            f"sheet “{books.SHEET}”", "sheet “Rates”",
        ]  # fmt: skip

    def test_missing_and_doubled_columns(self) -> None:
        sheets = books.rows_of(books.workbook())
        sheets[books.SHEET] = [[*row[:3], row[4], row[4]] for row in sheets[books.SHEET]]

        found = books.refused(books.written(sheets))

        assert any("“note 2” stands here twice" in text for text in found)
        assert any("“note 1” (citation) is missing" in text for text in found)

    def test_missing_doubled_and_unknown_constants(self) -> None:
        for changes, words in (
            ({"A2": ""}, "missing"),
            ({"A3": "Deposit#1", "D3": "1"}, "twice"),
            ({"A3": "Fee#1", "D3": "1"}, "was not in the workbook"),
        ):
            assert any(
                words in text for text in books.refused(books.edited(changes, sheet="Constants"))
            )

    def test_a_result_that_is_no_model(self) -> None:
        (found,) = books.refused(books.edited({"C8": "1.75 +"}))

        assert 'rule 2, column "rate"' in found

    def test_a_hidden_sheet_that_was_changed(self) -> None:
        (found,) = books.refused(books.edited({"B7": "Other#1"}, sheet="fisc"))

        assert "hidden sheet was changed" in found


class TestBadFiles:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"PK\x03\x04",
            b"x" * 1000,
            books.CONTENT,
            books.workbook()[:-60],
            books.workbook()[60:],
        ],
    )
    def test_what_is_no_workbook(self, content: bytes) -> None:
        (found,) = books.refused(content)

        assert "no workbook of the kind .xlsx" in found

    def test_too_many_bytes(self) -> None:
        (found,) = books.refused(b"x" * (packages.LARGEST_FILE + 1))

        assert "the most that is opened" in found

    def test_a_small_file_that_unpacks_to_a_large_one(self) -> None:
        into = io.BytesIO(books.workbook())
        with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/media/image1.png", bytes(packages.LARGEST_UNPACKED))

        (found,) = books.refused(into.getvalue())

        assert "unpacks to more than" in found

    def test_one_that_lies_about_its_size(self) -> None:
        into = io.BytesIO(books.workbook())
        with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/media/image1.png", bytes(1_000_000))
        size = (1_000_000).to_bytes(4, "little")

        books.refused(into.getvalue().replace(size, (10).to_bytes(4, "little")))

    def test_a_cell_at_the_far_corner(self) -> None:
        book = books.with_parts(
            books.workbook(), lambda _, xml: xml.replace(b'<c r="B7"', b'<c r="XFD1048576"')
        )

        (found,) = books.refused(book)

        assert "something in cell XFD1048576" in found

    def test_sheets_that_together_reach_too_far(self) -> None:
        far: list[list[Any]] = [["x"], *[[]] * (packages.MOST_ROWS - 2), [""] * 40 + ["x"]]

        (found,) = books.refused(books.written({"a": far, "b": far}))

        assert "reach over more than" in found

    def test_entities_are_never_opened(self) -> None:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        book = books.with_parts(
            books.workbook(),
            lambda name, xml: (
                xml.replace(b"<worksheet", bomb + b"<worksheet") if "sheet1" in name else xml
            ),
        )

        (found,) = books.refused(book)

        assert "document type or entities" in found
