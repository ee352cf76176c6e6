"""`fisc explain`: a line of a bill, told as the pages tell it."""

from __future__ import annotations

import json

import pytest

from fisc.domain.utilities import models
from fisc.interfaces.cli import exit_codes, explain, main
from tests import databases
from tests.factories import utilities


@pytest.fixture
def number(city_database: databases.CityDatabase) -> int:
    """The number of a bill."""
    assert city_database.name
    home = utilities.household(cycle_id=_cycle_id(), having=("electric",))
    utilities.read(home)
    return int(utilities.bill(home).number)


def _cycle_id() -> int:
    found = models.Cycle.objects.filter(code="01").first()
    return found.id if found else utilities.city()


def told(capsys: pytest.CaptureFixture[str], bill_line: str, *, language: str = "en") -> str:
    code = explain.tell(explain.named_line(bill_line), language=explain.Language(language))
    assert code == exit_codes.DONE
    return capsys.readouterr().out


class TestExplain:
    @pytest.mark.parametrize("words", [["explain"], ["tables", "explain"]])
    def test_is_found_beside_the_tables_too(
        self, words: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main.run([*words, "no-line"])

        assert code == exit_codes.ERROR
        assert "no-line" in capsys.readouterr().err

    def test_tells_a_line_with_its_rows_and_inputs(
        self, number: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = told(capsys, f"{number}/2")

        assert "You used 900 kWh between September 1 and October 1, 2026" in out
        assert "“Electric energy” is $64.72: energy at $0.07191 per kWh" in out
        assert "https://test.talgov.com" in out
        assert "Computed again just now, it comes out the same." in out

    def test_tells_it_in_spanish(self, number: int, capsys: pytest.CaptureFixture[str]) -> None:
        out = told(capsys, f"{number}/2", language="es")

        assert "Usted usó 900 kWh entre el 1 de septiembre" in out
        assert "energía a $0.07191 por kWh" in out

    def test_gives_one_json_object(self, number: int, capsys: pytest.CaptureFixture[str]) -> None:
        explain.tell((number, 2), as_json=True)
        line = json.loads(capsys.readouterr().out)
        explain.tell((number, None), as_json=True)
        whole = json.loads(capsys.readouterr().out)

        assert (line["bill"], line["line"], line["amount_cents"]) == (number, 2, 6472)
        assert line["is_equal"] is True
        assert {"sentence", "steps", "rows", "inputs", "versions"} <= set(line)
        assert whole["lines"][1] == line

    def test_refuses_what_names_no_line(self) -> None:
        for text in ("abc", "12/x", "/3", ""):
            with pytest.raises(explain.LineIsNotNamed, match="40018273645/3"):
                explain.named_line(text)
