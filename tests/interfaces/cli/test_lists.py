"""`fisc lists` on a city's database: a resolution, from draft to force and back."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from fisc.interfaces.cli import exit_codes, main
from tests import databases
from tests.factories import list_people, table_people

LOWERED = list_people.CARD.replace("10000000", "5000000")
WHY = ("--reason", "Resolution 9")


@pytest.fixture
def at_the_terminal(
    city_database: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch
) -> databases.CityDatabase:
    monkeypatch.setenv("DATABASE_URL", city_database.app)
    return city_database


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main.run(["lists", *arguments])
    said = capsys.readouterr()
    found = json.loads(said.out) if said.out.startswith("{") else {"said": said.out}
    return code, found | {"error": said.err}


@pytest.mark.usefixtures("at_the_terminal")
class TestLifecycle:
    def test_a_resolution_from_draft_to_force_and_back(
        self, capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
    ) -> None:
        table_people.office()
        list_people.imported()
        file, wrong, sheet = (tmp_path / name for name in ("new.csv", "wrong.csv", "out.xlsx"))
        file.write_bytes(list_people.file(list_people.CASH, LOWERED))
        wrong.write_bytes(list_people.file(list_people.CASH.replace("true", "maybe")))

        _, draft = ran(
            capsys, "draft", "tender kind", "--from", "2199-07-01", "--as", "rosa", "--json",
            "--citation", "Resolution 9", *WHY,
        )  # fmt: skip
        change = str(draft["change"])
        save = ("--based-on", draft["sha256"], "--as", "rosa")
        code, refused = ran(capsys, "save", change, str(wrong), *save)
        assert code == exit_codes.ERROR
        assert "row 2, column gives_change: “maybe” is no true or false" in refused["error"]
        assert "card is left out" in refused["error"]
        code, saved = ran(capsys, "save", change, str(file), *save, "--json")
        assert code == exit_codes.DONE
        _, said = ran(capsys, "diff", change)
        assert (
            said["said"]
            == "card (Card), at most cents: 10000000 ($100,000.00) → 5000000 ($50,000.00)\n"
        )
        ran(capsys, "take-out", change, str(sheet))
        code, again = ran(
            capsys, "save", change, str(sheet), "--based-on", saved["sha256"], "--as", "rosa",
            "--json",
        )  # fmt: skip
        assert again["sha256"] == saved["sha256"]  # Out and in as a spreadsheet is no change.
        assert ran(capsys, "effect", change, "--json")[1]["failures"] == []
        approved_and_back(capsys, change, saved["sha256"])
        code, _ = ran(capsys, "export", str(tmp_path / "city"))

        exported = (tmp_path / "city" / "code_lists" / "tender_kind.csv").read_bytes()
        assert exported == list_people.file(list_people.CASH, list_people.CARD)


def approved_and_back(capsys: pytest.CaptureFixture[str], change: str, sha256: str) -> None:
    ran(capsys, "put-in-test", change, "--as", "rosa")
    code, refused = ran(capsys, "approve", change, "--as", "rosa", *WHY)
    assert code == exit_codes.ERROR
    assert "another must approve it" in refused["error"]
    _, approved = ran(
        capsys, "approve", change, "--as", "martin", "--sha256", sha256, "--json", *WHY
    )
    _, listed = ran(capsys, "list", "--json")
    assert approved["status"] == "approved"
    assert listed["lists"][0]["coming"] == [2]
    ran(capsys, "rollback", change, "--as", "martin", "--reason", "Vetoed")
    _, listed = ran(capsys, "list", "--json")
    _, done = ran(capsys, "history", change)

    assert listed["lists"][0]["coming"] == []
    assert "Martin Okafor rolled back: Vetoed" in done["said"]
