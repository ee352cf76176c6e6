"""A city's folder with a shared table: checked, brought in, and taken out byte for byte."""

from __future__ import annotations

import datetime
import pathlib
import shutil

import pytest
from django.conf import settings

from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import checking, city_files, publishing
from fisc.domain.rule_tables.operations import city as operations
from fisc.domain.rule_tables.queries import approving, books, drafts, versions
from fisc.interfaces.cli import exit_codes, main
from tests.factories import shared_tables, tables

CITY = pathlib.Path(settings.FISC_CITY)
SIGNED = datetime.datetime(2019, 12, 1, 17, tzinfo=datetime.UTC)
AT = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
SECOND_DAY = datetime.date(2026, 7, 1)


def sign(folder: pathlib.Path, **changed: object) -> city_files.Approval:
    """Sign a file of a folder: as the late charge is signed, with what is said here."""
    path = folder / "approvals.csv"
    signed = list(city_files.read_approvals(path.read_bytes()))
    like = next(each for each in signed if each.decision_point == tables.LATE_CHARGE)
    said = {name: getattr(like, name) for name in city_files.COLUMNS} | changed
    content = (folder / "tables" / str(said["file"])).read_bytes()
    approval = city_files.Approval(**{**said, "sha256": checking.sha256(content)})
    others = [each for each in signed if each.file != approval.file]
    together = sorted([*others, approval], key=lambda each: each.file)
    path.write_bytes(city_files.write_approvals(together))
    return approval


def put(folder: pathlib.Path, file: str, content: bytes, sheet: bytes) -> None:
    (folder / "tables" / file).write_bytes(content)
    (folder / "cases" / file.replace(".dmn", ".csv")).write_bytes(sheet)


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """The demonstration city, its late charge by a shared table that changes in July."""
    made = pathlib.Path(shutil.copytree(CITY, tmp_path / "city"))
    late = "utilities.late_charge.2020-01-01.dmn"
    put(made, late, shared_tables.late_charge_file(), shared_tables.LATE_SHEET)
    sign(made, file=late, approved_at=SIGNED)
    for percent, day in (("0.10", datetime.date(2020, 1, 1)), ("0.15", SECOND_DAY)):
        file = f"{shared_tables.FEES}.{day}.dmn"
        put(made, file, shared_tables.fees_file(percent), shared_tables.fees_sheet(percent))
        sign(
            made,
            file=file,
            book="Fees",
            decision_point=shared_tables.FEES,
            effective_from=day,
            # The first is signed at the very instant of the late charge.
            approved_at=SIGNED if day < SECOND_DAY else AT - datetime.timedelta(days=200),
        )
    return made


def problems(folder: pathlib.Path) -> dict[str, tuple[str, ...]]:
    checked = versions.check_city(path=folder)
    return {each.file: each.problems for each in checked if each.problems}


class TestChecking:
    def test_the_folder_is_in_order_and_the_importer_runs_over_columns(
        self, folder: pathlib.Path
    ) -> None:
        checked = {each.file: each for each in versions.check_city(path=folder)}

        assert problems(folder) == {}
        late = checked["utilities.late_charge.2020-01-01.dmn"]
        assert (late.cases, late.ways) == (1, ("Late charge: 64-bit integers",))
        assert checked["shared.fees.2026-07-01.dmn"].cases == 3
        found = publishing.city(folder, points=versions.decision_points())
        assert "shared.fees.2020-01-01.dmn" in {each.file for each in found}

    def test_a_case_that_a_later_shared_table_breaks_is_said_with_its_day(
        self, folder: pathlib.Path
    ) -> None:
        sheet = b"case,past_due,Late charge\nA hundred,100,10.00\n"
        (folder / "cases" / "utilities.late_charge.2020-01-01.csv").write_bytes(sheet)

        found = problems(folder)

        (text,) = found["utilities.late_charge.2020-01-01.dmn"]
        assert text.startswith("from 2026-07-01 on, A hundred: ")
        assert "Late charge" in text

    def test_a_shared_table_that_is_not_there_is_said(self, folder: pathlib.Path) -> None:
        for path in (folder / "tables").glob("shared.*"):
            path.unlink()

        found = problems(folder)["utilities.late_charge.2020-01-01.dmn"]

        assert "No file of “shared.fees” in this folder is signed for 2020-01-01" in found[0]

    def test_the_commands_know_shared_tables(
        self, folder: pathlib.Path, capsys: pytest.CaptureFixture[str], settings: object
    ) -> None:
        settings.FISC_CITY = folder  # type: ignore[attr-defined]

        tested = main.run(["tables", "test"])
        said = capsys.readouterr().out
        main.run(["tables", "points"])
        points = capsys.readouterr().out

        assert tested == exit_codes.DONE, said
        assert "shared.fees  by importing book's day: The share of what is past due" in points
        assert "    in   past_due: money, 0.00 to 1000000.00" in points
        assert "    out  Share (SHARE): number" in points


@pytest.mark.usefixtures("db")
class TestBringingIn:
    def test_issues_the_importer_anew_and_takes_out_the_same_bytes(
        self, folder: pathlib.Path
    ) -> None:
        operations.import_city(path=folder, at=AT)
        again = operations.import_city(path=folder, at=AT + datetime.timedelta(days=1))

        assert again.tables_new == 0
        for day, charge in ((datetime.date(2026, 6, 30), "10.00"), (SECOND_DAY, "15.00")):
            version = versions.in_force(tables.LATE_CHARGE, day=day, known_at=AT)
            assert str(version.tables.answers({"past_due": 100})["Late charge"]) == charge
        assert (
            city_files.write_approvals(approving.approvals())
            == (folder / "approvals.csv").read_bytes()
        )
        for each in versions.versions():
            file = folder / "tables" / each.file_name
            assert versions.dmn(each.version_id) == file.read_bytes()
            draft = drafts.draft(each.version_id)
            assert draft.case_sheet == (folder / "cases" / draft.case_sheet_name).read_bytes()
        assert models.Version.objects.exclude(reissue_of=None).count() == 1

    def test_the_books_say_who_imports_them_and_what_they_decide(
        self, folder: pathlib.Path
    ) -> None:
        operations.import_city(path=folder, at=AT)

        found = {each.decision_point: each for each in books.books(day=AT.date(), known_at=AT)}

        fees = found[shared_tables.FEES]
        late = models.Book.objects.get(decision_point=tables.LATE_CHARGE).name
        assert fees.imported_by == (late,)
        assert fees.words == "The share of what is past due that is charged"
        assert found[tables.LATE_CHARGE].imported_by == ()
