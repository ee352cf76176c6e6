"""Tables out as a workbook and in again: only what was changed changes, all else is refused."""

from __future__ import annotations

import datetime
import io
import pathlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.dmn.differences import wording
from fisc.dmn.editing import outline
from fisc.domain.rule_tables.calculations.workbooks import layout, packages, proposing, writing
from tests.dmn import models

TABLES = pathlib.Path(__file__).parents[4] / "cities" / "mesquite_springs" / "tables"
AT = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
CONTENT = models.file(
    models.input_data("usage"),
    models.decision(
        "Rate: per kgal",
        models.table(
            {"usage": "number"},
            {"rate": "number"},
            [
                ["< 10", "1.50", "Ordinance 12", "up to 10,000 gallons"],
                ["[10..20]", "1.75", "Ordinance 12", ""],
                ["> 20", "2.00", "Ordinance 12", "=the rest"],
            ],
            annotations=["citation", "text_en"],
        ),
        needs=["i_usage"],
    ),
    models.decision("Deposit", models.literal("150")),
)
SHEET = "Rate  per kgal"


def workbook(content: bytes = CONTENT, *, language: str = "en") -> bytes:
    return writing.written(content, book="Water", file_name="water.dmn", at=AT, language=language)


def rows_of(book: bytes) -> dict[str, list[list[Any]]]:
    read = python_calamine.load_workbook(io.BytesIO(book))
    return {
        name: read.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in read.sheet_names
    }


def written(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook as another spreadsheet program would save it."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                put(sheet, row, column, value, day)
    book.close()
    return into.getvalue()


def put(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if callable(value):
        value(sheet, row, column)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, float):
        sheet.write_number(row, column, value)
    elif value != "":
        sheet.write_string(row, column, value)


def edited(changes: Mapping[str, Any], *, sheet: str = SHEET, content: bytes = CONTENT) -> bytes:
    """The workbook with some cells, by name, written otherwise."""
    sheets = rows_of(workbook(content))
    rows = sheets[sheet]
    for cell, value in changes.items():
        row, column = int(cell[1:]) - 1, ord(cell[0]) - 65
        while len(rows) <= row:
            rows.append([""] * len(rows[0]))
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return written(sheets)


def with_parts(book: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with its XML changed by hand."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(into, "w") as after:
        for part in before.infolist():
            after.writestr(part.filename, change(part.filename, before.read(part)))
    return into.getvalue()


def said(found: proposing.Proposed) -> list[str]:
    assert not found.problems, found.problems
    return [wording.words(each, language="en") for each in found.differences]


def refused(book: bytes, *, content: bytes = CONTENT) -> list[str]:
    found = proposing.proposed(content, book)
    assert found.content == content
    assert found.differences == ()
    assert found.problems
    return [str(each) for each in found.problems]


class TestOut:
    def test_a_sheet_for_each_table_one_of_constants_and_one_hidden(self) -> None:
        read = python_calamine.load_workbook(io.BytesIO(workbook()))

        assert [(each.name, str(each.visible)) for each in read.sheets_metadata] == [
            (SHEET, "SheetVisibleEnum.Visible"),
            ("Constants", "SheetVisibleEnum.Visible"),
            ("fisc", "SheetVisibleEnum.VeryHidden"),
        ]

    def test_every_cell_is_text_under_its_headings(self) -> None:
        rows = rows_of(workbook())[SHEET]

        assert rows[layout.KINDS] == ["", "condition 1", "result 1", "note 1", "note 2"]
        assert rows[layout.HEADINGS] == ["rule", "usage", "rate", "citation", "text_en"]
        assert rows[layout.SAYS] == ["", "usage", "number", "", ""]
        assert rows[layout.FIRST_RULE + 2] == ["3", "> 20", "2.00", "Ordinance 12", "=the rest"]

    def test_the_same_file_gives_the_same_workbook(self) -> None:
        assert workbook() == workbook()

    def test_a_text_longer_than_a_cell_is_refused(self) -> None:
        content = models.file(models.decision("Fee", models.literal(f'"{"x" * 40_000}"')))

        with pytest.raises(writing.CannotBeAWorkbook, match="cell D2: a spreadsheet cell holds"):
            workbook(content)

    def test_names_that_a_spreadsheet_refuses_are_made_to_fit(self) -> None:
        wanted = ["a/b", "A b", "history", "'x'", "[]", "y" * 40, "Y" * 40, "fisc"]

        names = layout.sheet_names(wanted)

        assert names == [
            "a b", "A b 2", "history 2", "x", "Table", "y" * 31, "Y" * 29 + " 2", "fisc 2",
        ]  # fmt: skip


class TestInAgain:
    @pytest.mark.parametrize("language", layout.LANGUAGES)
    @pytest.mark.parametrize("file", sorted(TABLES.glob("*.dmn")), ids=lambda file: file.stem)
    def test_without_an_edit_changes_nothing(self, file: pathlib.Path, language: str) -> None:
        content = file.read_bytes()

        found = proposing.proposed(content, workbook(content, language=language))

        assert found == proposing.Proposed(content)

    def test_shows_every_changed_cell(self) -> None:
        found = proposing.proposed(CONTENT, edited({"C7": "1.65", "D8": "Ordinance 14"}))

        assert said(found) == [
            (
                "“Rate: per kgal”, rule 1, result “rate”: “1.50” is now “1.65” "
                "(1.50 → 1.65, 10.0 % more)."
            ),
            "“Rate: per kgal”, rule 2, note “citation”: “Ordinance 12” is now “Ordinance 14”.",
        ]
        assert found.content == CONTENT.replace(b">1.50<", b">1.65<").replace(
            b"[10..20]</text></inputEntry><outputEntry><text>1.75</text></outputEntry>"
            b"<annotationEntry><text>Ordinance 12",
            b"[10..20]</text></inputEntry><outputEntry><text>1.75</text></outputEntry>"
            b"<annotationEntry><text>Ordinance 14",
        )

    def test_numbers_and_yes_or_no_become_texts(self) -> None:
        found = proposing.proposed(CONTENT, edited({"C7": 1.65, "C8": 25.0, "E9": True}))

        (table,) = outline.read(found.content).tables
        assert [rule.results[0] for rule in table.rules] == ["1.65", "25", "2.00"]
        assert table.rules[2].notes[1] == "true"

    def test_a_new_row_a_missing_row_and_a_moved_row(self) -> None:
        sheets = rows_of(workbook())
        rows = sheets[SHEET]
        first, _, last = rows[layout.FIRST_RULE :]
        new = ["", "[10..20]", "1.80", "Ordinance 14", ""]
        sheets[SHEET] = [*rows[: layout.FIRST_RULE], last, first, new]

        found = proposing.proposed(CONTENT, written(sheets))

        (table,) = outline.read(found.content).tables
        assert [rule.results[0] for rule in table.rules] == ["2.00", "1.50", "1.80"]
        assert said(found) == [
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

        found = proposing.proposed(CONTENT, edited(changes))

        assert said(found) == ["“Rate: per kgal” has a new rule 4: usage > 30 → 3."]

    def test_columns_may_stand_elsewhere(self) -> None:
        sheets = rows_of(workbook())
        sheets[SHEET] = [[row[0], *row[:0:-1]] for row in sheets[SHEET]]

        assert proposing.proposed(CONTENT, written(sheets)) == proposing.Proposed(CONTENT)

    def test_a_constant_and_its_citation(self) -> None:
        book = edited({"D2": "175", "E2": "Citation: Ordinance 14"}, sheet="Constants")

        assert said(proposing.proposed(CONTENT, book)) == [
            (
                "The decision “Deposit”, the description: nothing was written; "
                "it is now “Citation: Ordinance 14”."
            ),
            "“Deposit”, the formula: “150” is now “175” (150 → 175, 16.7 % more).",
        ]


class TestRefusals:
    def test_all_that_is_wrong_is_told_at_once_with_its_cell(self) -> None:
        found = refused(
            edited(
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
            f"sheet “{SHEET}”, cell {cell}" for cell in ("A7", "B8", "C8", "D5", "C9:C10", "G12")
        }

    def test_what_binary_arithmetic_left_behind(self) -> None:
        book = with_parts(
            edited({"C7": 0.3}),
            lambda _, xml: xml.replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>"),
        )

        (found,) = refused(book)

        assert "cell C7: The spreadsheet computed 0.30000000000000004" in found

    def test_a_cell_in_error(self) -> None:
        def error(sheet: Any, row: int, column: int) -> None:
            sheet.write_formula(row, column, "=1/0", None, "#DIV/0!")

        book = with_parts(edited({"C7": error}), lambda _, xml: xml.replace(b"<f>1/0</f>", b""))

        assert refused(book) == [f"sheet “{SHEET}”, cell C7: The spreadsheet shows an error here."]

    def test_another_version_is_refused(self) -> None:
        (found,) = refused(workbook(), content=CONTENT.replace(b"150", b"160"))

        assert "made from another version" in found

    def test_a_workbook_from_elsewhere_is_refused(self) -> None:
        (found,) = refused(written({"Sheet1": [["rate", "1.50"]]}))

        assert "does not come from Fisc" in found

    def test_unknown_and_missing_sheets(self) -> None:
        sheets = rows_of(workbook())
        sheets["Rates"] = sheets.pop(SHEET)

        found = refused(written(sheets))

        assert [text.partition(":")[0] for text in found] == [
            f"sheet “{SHEET}”", "sheet “Rates”",
        ]  # fmt: skip

    def test_missing_and_doubled_columns(self) -> None:
        sheets = rows_of(workbook())
        sheets[SHEET] = [[*row[:3], row[4], row[4]] for row in sheets[SHEET]]

        found = refused(written(sheets))

        assert any("“note 2” stands here twice" in text for text in found)
        assert any("“note 1” (citation) is missing" in text for text in found)

    def test_missing_doubled_and_unknown_constants(self) -> None:
        for changes, words in (
            ({"A2": ""}, "missing"),
            ({"A3": "Deposit#1", "D3": "1"}, "twice"),
            ({"A3": "Fee#1", "D3": "1"}, "was not in the workbook"),
        ):
            assert any(words in text for text in refused(edited(changes, sheet="Constants")))

    def test_a_result_that_is_no_model(self) -> None:
        (found,) = refused(edited({"C8": "1.75 +"}))

        assert 'rule 2, column "rate"' in found

    def test_a_hidden_sheet_that_was_changed(self) -> None:
        (found,) = refused(edited({"B7": "Other#1"}, sheet="fisc"))

        assert "hidden sheet was changed" in found


class TestBadFiles:
    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04", b"x" * 1000, CONTENT, workbook()[:-60], workbook()[60:]]
    )
    def test_what_is_no_workbook(self, content: bytes) -> None:
        (found,) = refused(content)

        assert "no workbook of the kind .xlsx" in found

    def test_too_many_bytes(self) -> None:
        (found,) = refused(b"x" * (packages.LARGEST_FILE + 1))

        assert "the most that is opened" in found

    def test_a_small_file_that_unpacks_to_a_large_one(self) -> None:
        into = io.BytesIO(workbook())
        with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/media/image1.png", bytes(packages.LARGEST_UNPACKED))

        (found,) = refused(into.getvalue())

        assert "unpacks to more than" in found

    def test_one_that_lies_about_its_size(self) -> None:
        into = io.BytesIO(workbook())
        with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/media/image1.png", bytes(1_000_000))
        size = (1_000_000).to_bytes(4, "little")

        refused(into.getvalue().replace(size, (10).to_bytes(4, "little")))

    def test_a_cell_at_the_far_corner(self) -> None:
        book = with_parts(
            workbook(), lambda _, xml: xml.replace(b'<c r="B7"', b'<c r="XFD1048576"')
        )

        (found,) = refused(book)

        assert "something in cell XFD1048576" in found

    def test_sheets_that_together_reach_too_far(self) -> None:
        far: list[list[Any]] = [["x"], *[[]] * (packages.MOST_ROWS - 2), [""] * 40 + ["x"]]

        (found,) = refused(written({"a": far, "b": far}))

        assert "reach over more than" in found

    def test_entities_are_never_opened(self) -> None:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        book = with_parts(
            workbook(),
            lambda name, xml: (
                xml.replace(b"<worksheet", bomb + b"<worksheet") if "sheet1" in name else xml
            ),
        )

        (found,) = refused(book)

        assert "document type or entities" in found


# --- Properties ----------------------------------------------------------------------------------

NUMBERS = st.decimals(0, 1000, places=2).map(str)
NOTES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
RULES = st.lists(st.tuples(NUMBERS, NUMBERS, NOTES), min_size=1, max_size=6)


class TestAnyFile:
    @settings(max_examples=30, deadline=None)
    @given(rules=RULES, name=st.text("aA/é '", min_size=1, max_size=40).filter(str.strip))
    def test_out_and_in_changes_nothing(self, rules: list[tuple[str, ...]], name: str) -> None:
        table = models.table(
            {"usage": "number"}, {"rate": "number"}, rules, annotations=["citation"]
        )
        content = models.file(
            models.input_data("usage"),
            models.decision(f"b{name}", table, needs=["i_usage"]),
            models.decision("Deposit", models.literal("150")),
        )

        assert proposing.proposed(content, workbook(content)) == proposing.Proposed(content)

    @settings(max_examples=80, deadline=None)
    @given(
        at=st.floats(0, 1), junk=st.binary(max_size=6), gone=st.integers(0, 40), part=st.integers(0)
    )
    def test_a_damaged_workbook_is_refused_or_read(
        self, at: float, junk: bytes, gone: int, part: int
    ) -> None:
        whole = workbook()
        names = sorted(zipfile.ZipFile(io.BytesIO(whole)).namelist())
        chosen = [None, *(name for name in names if "xl/" in name)][part % (len(names) // 2)]

        def damaged(content: bytes) -> bytes:
            place = int(at * len(content))
            return content[:place] + junk + content[place + gone :]

        book = (
            damaged(whole)
            if chosen is None
            else with_parts(whole, lambda name, xml: damaged(xml) if name == chosen else xml)
        )

        found = proposing.proposed(CONTENT, book)

        assert not found.problems or found.content == CONTENT
