"""Cases run by both evaluators, whatever is written in a table."""

from __future__ import annotations

import pytest

from fisc.domain.rule_tables.calculations import case_runs, case_sheets, checking, loading
from fisc.domain.utilities import decision_points as points
from tests.factories import tables

LOOP = "sum(for i in 1..100000000 return i)"


def sheet(count: int) -> checking.Sheet:
    lines = [f"Case {each},{100 + each},1.00\n" for each in range(count)]
    return checking.Sheet("late.csv", ("case,past_due,Late charge\n" + "".join(lines)).encode())


class TestATableWithoutAnEnd:
    def test_stops_at_its_first_case_and_says_why(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []
        answers = loading.Tables.answers

        def counted(self: loading.Tables, inputs: dict[str, object]) -> dict[str, object]:
            asked.append(inputs)
            return answers(self, inputs)

        def columns(*_: object, **__: object) -> None:
            pytest.fail("the columns were asked, and go through every case")

        monkeypatch.setattr(loading.Tables, "answers", counted)
        monkeypatch.setattr(loading.Tables, "evaluate", columns)

        ran = case_runs.run(
            tables.late_charge_file(LOOP), point=points.LATE_CHARGE, sheet=sheet(60)
        )

        assert "took more than 1,000,000 steps" in ran.problem
        assert len(asked) == 1


class TestSheets:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"case,past_due,Late charge\nCaf\xe9,1,1.00\n", "line 2: a letter is not written"),
            (b'case,past_due,Late charge\n"Open,1,1.00\n', "never closed"),
            (b"case,past_due,Late charge\n" + b"a" * 200_000 + b",1,1\n", "131,072 letters"),
        ],
    )
    def test_that_are_no_csv_are_refused_in_a_coordinators_words(
        self, content: bytes, said: str
    ) -> None:
        with pytest.raises(case_sheets.SheetIsWrong, match=said):
            case_sheets.read(content, point=points.LATE_CHARGE, name="late.csv")
