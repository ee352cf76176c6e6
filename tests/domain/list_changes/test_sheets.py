"""A list's file: every mistake at once with its row and column, and cells changed."""

from __future__ import annotations

import datetime
import io

import pytest
import xlsxwriter

from fisc.domain.code_lists.calculations import csv_files
from fisc.domain.list_changes.calculations import differences, sheets, spreadsheets
from tests.factories import list_people

AT = datetime.datetime(2026, 11, 2, 18, tzinfo=datetime.UTC)
GOOD = sheets.read(list_people.file(list_people.CASH, list_people.CARD))


def expected() -> sheets.Expected:
    return sheets.Expected(
        columns=sheets.holding(GOOD),
        first_days={"cash": datetime.date(2020, 1, 1), "card": datetime.date(2020, 1, 1)},
        must_stay=("cash", "card"),
    )


class TestProblems:
    def test_a_good_list_has_none(self) -> None:
        assert sheets.problems(GOOD, expected=expected()) == ()

    def test_every_mistake_is_named_at_once_with_row_and_column(self) -> None:
        wrong = sheets.read(
            list_people.file(
                "cash,,Efectivo,2020-02-01,2020-01-15,yes,10.5,Law\n",
                "check,Check,Cheque,soon,,true,1000,\n",
                "check,Check,Cheque,2020-01-01,,true,1000,Law\n",
                "coin,Coin\n",
            )
        )

        found = [str(each) for each in sheets.problems(wrong, expected=expected())]

        assert "row 2, column label_en: nothing is written here" in found
        assert "row 2, column gives_change: “yes” is no true or false" in found
        assert "row 2, column at_most_cents: “10.5” is no whole number" in found
        assert "row 2, column ends_before: the code would end before it starts" in found
        assert any("row 2, column starts_on: cash starts on 2020-01-01" in each for each in found)
        assert any("row 3, column starts_on: “soon” is no day" in each for each in found)
        assert "row 3, column citation: nothing is written here" in found
        assert "row 4, column code: check is in row 3 already" in found
        assert "row 5: it has 2 cells, and there are 8 columns" in found
        assert found[-1].startswith("card is left out. It was in use")

    def test_a_cell_that_names_a_code_of_another_list_names_one_that_is_there(self) -> None:
        wanted = sheets.Expected(
            columns={"gives_change": sheets.Column(names_list="charge", codes=frozenset({"true"}))}
        )

        (problem,) = sheets.problems(GOOD, expected=wanted)

        assert str(problem) == ("row 3, column gives_change: the list “charge” has no code “false”")

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"code,label_en\n", "does not name the columns label_es, starts_on"),
            (b"\xff\xfe", "not UTF-8"),
            (b'code,"label', "no CSV"),
            (list_people.HEADER.replace("gives_change", "code").encode(), "same name"),
            (b"x" * (sheets.LARGEST_FILE + 1), "more than"),
        ],
    )
    def test_what_is_no_list_at_all_is_refused(self, content: bytes, words: str) -> None:
        with pytest.raises(sheets.NotASheet, match=words):
            sheets.read(content)

    def test_a_list_without_problems_is_one_that_the_city_can_read(self) -> None:
        changed = sheets.with_row(GOOD, 2, {"label_en": 'Cash, "coins" and\nnotes'})

        content = sheets.written(changed)

        assert sheets.problems(sheets.read(content), expected=expected()) == ()
        (cash, _) = csv_files.read_codes(content, name="tender kind")
        assert cash.label_en == 'Cash, "coins" and\nnotes'
        assert cash.attributes == {"gives_change": True, "at_most_cents": 1000000}


class TestSpreadsheets:
    def test_out_and_in_changes_nothing(self) -> None:
        content = spreadsheets.written(GOOD, name="tender kind", at=AT)

        back = spreadsheets.read(content)

        assert back == GOOD
        assert sheets.written(back) == list_people.file(list_people.CASH, list_people.CARD)

    def test_a_day_that_a_spreadsheet_made_a_date_of_is_said_with_its_cell(self) -> None:
        into = io.BytesIO()
        book = xlsxwriter.Workbook(into, {"in_memory": True})
        page = book.add_worksheet("list")
        page.write_row(0, 0, GOOD.columns)
        page.write_row(1, 0, [GOOD.rows[0][each] for each in GOOD.columns])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_datetime(1, 3, datetime.datetime(2020, 1, 1), day)
        book.close()

        found = [str(each) for each in spreadsheets.read(into.getvalue()).problems]

        assert len(found) == 1
        assert "cell D2" in found[0]
        assert "for example 2026-07-01" in found[0]

    def test_a_damaged_spreadsheet_is_refused_in_words(self) -> None:
        content = spreadsheets.written(GOOD, name="tender kind", at=AT)[:200]

        with pytest.raises(sheets.NotASheet, match="damaged"):
            spreadsheets.read(content)


class TestDifferences:
    def between(self, after: sheets.Sheet, language: str = "en") -> list[tuple[str, str, str]]:
        found = differences.between(GOOD, after, language=language)
        return [(each.words, each.before, each.after) for each in found]

    def test_a_changed_cell_is_said_with_both_texts(self) -> None:
        after = sheets.with_row(GOOD, 3, {"at_most_cents": "5000000"})

        assert self.between(after) == [("card (Card), at most cents", "10000000", "5000000")]
        assert self.between(after, "es") == [
            ("card (Tarjeta), at most cents", "10000000", "5000000")
        ]

    def test_a_new_code_a_code_left_out_and_a_new_order_are_said(self) -> None:
        added = sheets.with_new_row(GOOD, {"code": "wire", "label_en": "Wire"})
        turned = sheets.Sheet(GOOD.columns, tuple(reversed(GOOD.rows)))

        assert [words for words, _, _ in self.between(added)] == ["wire (Wire) is added"]
        assert [words for words, _, _ in self.between(sheets.without_row(GOOD, 2))] == [
            "cash (Cash) is left out"
        ]
        assert [words for words, _, _ in self.between(turned)] == [
            "card (Card) moves from place 2 to place 1",
            "cash (Cash) moves from place 1 to place 2",
        ]
