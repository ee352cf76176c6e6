"""Tables out as a workbook and in again: only what was changed changes, all else is refused."""

from __future__ import annotations

import io
import pathlib

import pytest
import python_calamine

from fisc.dmn.editing import outline
from fisc.domain.rule_tables.calculations.workbooks import layout, proposing, writing
from tests.dmn import models
from tests.domain.rule_tables.workbooks import books


class TestOut:
    def test_a_sheet_for_each_table_one_of_constants_and_one_hidden(self) -> None:
        read = python_calamine.load_workbook(io.BytesIO(books.workbook()))

        assert [(each.name, str(each.visible)) for each in read.sheets_metadata] == [
            (books.SHEET, "SheetVisibleEnum.Visible"),
            ("Constants", "SheetVisibleEnum.Visible"),
            ("fisc", "SheetVisibleEnum.VeryHidden"),
        ]

    def test_every_cell_is_text_under_its_headings(self) -> None:
        rows = books.rows_of(books.workbook())[books.SHEET]

        assert rows[layout.KINDS] == ["", "condition 1", "result 1", "note 1", "note 2"]
        assert rows[layout.HEADINGS] == ["rule", "usage", "rate", "citation", "text_en"]
        assert rows[layout.SAYS] == ["", "usage", "number", "", ""]
        assert rows[layout.FIRST_RULE + 2] == ["3", "> 20", "2.00", "Ordinance 12", "=the rest"]

    def test_the_same_file_gives_the_same_workbook(self) -> None:
        assert books.workbook() == books.workbook()

    def test_a_text_longer_than_a_cell_is_refused(self) -> None:
        content = models.file(models.decision("Fee", models.literal(f'"{"x" * 40_000}"')))

        with pytest.raises(writing.CannotBeAWorkbook, match="cell D2: a spreadsheet cell holds"):
            books.workbook(content)

    def test_names_that_a_spreadsheet_refuses_are_made_to_fit(self) -> None:
        wanted = ["a/b", "A b", "history", "'x'", "[]", "y" * 40, "Y" * 40, "fisc"]

        names = layout.sheet_names(wanted)

        assert names == [
            "a b", "A b 2", "history 2", "x", "Table", "y" * 31, "Y" * 29 + " 2", "fisc 2",
        ]  # fmt: skip


class TestInAgain:
    @pytest.mark.parametrize("language", layout.LANGUAGES)
    @pytest.mark.parametrize("file", sorted(books.TABLES.glob("*.dmn")), ids=lambda file: file.stem)
    def test_without_an_edit_changes_nothing(self, file: pathlib.Path, language: str) -> None:
        content = file.read_bytes()

        found = proposing.proposed(content, books.workbook(content, language=language))

        assert found == proposing.Proposed(content)

    def test_shows_every_changed_cell(self) -> None:
        found = proposing.proposed(
            books.CONTENT, books.edited({"C7": "1.65", "D8": "Ordinance 14"})
        )

        assert books.said(found) == [
            (
                "“Rate: per kgal”, rule 1, result “rate”: “1.50” is now “1.65” "
                "(1.50 → 1.65, 10.0 % more)."
            ),
            "“Rate: per kgal”, rule 2, note “citation”: “Ordinance 12” is now “Ordinance 14”.",
        ]
        assert found.content == books.CONTENT.replace(b">1.50<", b">1.65<").replace(
            b"[10..20]</text></inputEntry><outputEntry><text>1.75</text></outputEntry>"
            b"<annotationEntry><text>Ordinance 12",
            b"[10..20]</text></inputEntry><outputEntry><text>1.75</text></outputEntry>"
            b"<annotationEntry><text>Ordinance 14",
        )

    def test_numbers_and_yes_or_no_become_texts(self) -> None:
        found = proposing.proposed(
            books.CONTENT, books.edited({"C7": 1.65, "C8": 25.0, "E9": True})
        )

        (table,) = outline.read(found.content).tables
        assert [rule.results[0] for rule in table.rules] == ["1.65", "25", "2.00"]
        assert table.rules[2].notes[1] == "true"

    def test_a_new_row_a_missing_row_and_a_moved_row(self) -> None:
        sheets = books.rows_of(books.workbook())
        rows = sheets[books.SHEET]
        first, _, last = rows[layout.FIRST_RULE :]
        new = ["", "[10..20]", "1.80", "Ordinance 14", ""]
        sheets[books.SHEET] = [*rows[: layout.FIRST_RULE], last, first, new]

        found = proposing.proposed(books.CONTENT, books.written(sheets))

        (table,) = outline.read(found.content).tables
        assert [rule.results[0] for rule in table.rules] == ["2.00", "1.50", "1.80"]
        assert books.said(found) == [
            "“Rate: per kgal”, rule 3 is now rule 1: usage > 20 → 2.00.",
            (
                "“Rate: per kgal”, rule 3 (was rule 2), result “rate”: “1.75” is now “1.80” "
                "(1.75 → 1.80, 2.9 % more)."
            ),
            (
                "“Rate: per kgal”, rule 3 (was rule 2), note “citation”: "
                "“Ordinance 12” is now “Ordinance 14”."
            ),
        ]

    def test_a_copied_row_is_a_new_rule(self) -> None:
        changes = {"A10": "3", "B10": "> 30", "C10": "3", "D10": "Ordinance 14"}

        found = proposing.proposed(books.CONTENT, books.edited(changes))

        assert books.said(found) == ["“Rate: per kgal” has a new rule 4: usage > 30 → 3."]

    def test_columns_may_stand_elsewhere(self) -> None:
        sheets = books.rows_of(books.workbook())
        sheets[books.SHEET] = [[row[0], *row[:0:-1]] for row in sheets[books.SHEET]]

        assert proposing.proposed(books.CONTENT, books.written(sheets)) == proposing.Proposed(
            books.CONTENT
        )

    def test_a_constant_and_its_citation(self) -> None:
        book = books.edited({"D2": "175", "E2": "Citation: Ordinance 14"}, sheet="Constants")

        assert books.said(proposing.proposed(books.CONTENT, book)) == [
            (
                "The decision “Deposit”, the description: nothing was written; "
                "it is now “Citation: Ordinance 14”."
            ),
            "“Deposit”, the formula: “150” is now “175” (150 → 175, 16.7 % more).",
        ]
