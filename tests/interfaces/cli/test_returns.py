"""`fisc returns`: every error of a file at once, a dry run that keeps nothing, filing once."""

from __future__ import annotations

import datetime
import json
import pathlib

import pytest

from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations.returns import Line
from fisc.domain.tax_returns.operations import filing
from fisc.interfaces.cli import exit_codes, main
from tests import databases
from tests.factories import return_files, tax_returns

JULY, DUE = datetime.date(2026, 7, 1), datetime.date(2026, 8, 20)


@pytest.fixture
def at_the_terminal(
    city_database: databases.CityDatabase, monkeypatch: pytest.MonkeyPatch
) -> databases.CityDatabase:
    monkeypatch.setenv("DATABASE_URL", city_database.app)
    tax_returns.city()
    return city_database


def written(folder: pathlib.Path, *gross: str) -> str:
    accounts_here = [tax_returns.filer() for _ in gross]
    numbers = accounts.names(account_ids=accounts_here)
    pairs = [(numbers[each][0], said) for each, said in zip(accounts_here, gross, strict=True)]
    path = folder / "july.csv"
    path.write_bytes(return_files.as_csv(pairs, starts_on=JULY, received_on=DUE))
    return str(path)


@pytest.mark.usefixtures("at_the_terminal")
class TestReturns:
    def test_are_checked_then_filed_once(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = written(tmp_path, "5000.00", "-2.00")

        checked = main.run(["returns", "check", path, "--date", f"{DUE}"])
        said = capsys.readouterr().out
        assert checked == exit_codes.DONE_WITH_EXCEPTIONS
        assert "line 3, account" in said
        assert "below zero" in said
        assert "2 returns: 1 can be filed with $90.00 of tax due" in said
        assert models.TaxReturn.objects.count() == 0

        arguments = ["returns", "file", path, "--date", f"{DUE}", "--workers", "1"]
        filed, again = main.run(arguments), main.run(arguments)

        said = capsys.readouterr().out
        assert filed == again == exit_codes.DONE_WITH_EXCEPTIONS
        assert "1 filed with $90.00 of tax due, 0 were here already, 1 held" in said
        assert "nothing was done twice" in said
        assert models.TaxReturn.objects.count() == 1

    def test_of_a_file_that_cannot_be_read_say_every_error(
        self, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = written(tmp_path, "12x", "3y")

        code = main.run(["returns", "check", path, "--date", f"{DUE}"])

        said = capsys.readouterr().out
        assert code == exit_codes.ERROR
        assert said.count("is no amount") == 2
        assert "2 errors" in said


@pytest.mark.usefixtures("at_the_terminal")
class TestReviewFrequency:
    def test_reviews_a_year_once_and_says_what_waits(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        account_id = tax_returns.filer()
        came = [
            filing.Came(
                account_id=account_id,
                starts_on=datetime.date(2026, month, 1),
                received_on=DUE,
                is_electronic=True,
                lines=(Line(region="MS", business_class="17", gross_cents=1_000_00),),
            )
            for month in range(1, 8)
        ]
        for each in came:
            filing.file_return(each, by=tax_returns.BY, posting_day=DUE)
        arguments = ["returns", "review-frequency", "--year", "2027", "--workers", "1"]

        first = main.run([*arguments, "--date", "2026-09-02"])
        said = capsys.readouterr().out
        again = main.run([*arguments, "--date", "2026-09-09", "--json"])
        told = json.loads(capsys.readouterr().out)
        wrong = main.run(["returns", "review-frequency", "--year", "2030"])

        # $15 in each of seven months is $180 a year: less often, after less than a year.
        assert first == again == exit_codes.DONE_WITH_EXCEPTIONS
        assert "1 changes wait for a person, 0 were set by the table" in said
        assert told == {
            "year": 2027,
            "posting_day": "2026-09-02",
            "came_before": True,
            "proposed": 1,
            "approved": 0,
            "rejected": 0,
            "automatic": 0,
        }
        assert wrong == exit_codes.ERROR
