"""Importing a city, exporting it, and refusing what nobody signed."""

from __future__ import annotations

import datetime
import pathlib
import shutil

import pytest
from django.conf import settings

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import checking, city_files
from fisc.domain.rule_tables.operations import city as operations
from fisc.domain.rule_tables.operations import versions
from fisc.domain.rule_tables.queries import approving, drafts
from fisc.domain.rule_tables.queries import versions as queries

CITY = pathlib.Path(settings.FISC_CITY)
AT = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the demonstration city to spoil."""
    return pathlib.Path(shutil.copytree(CITY, tmp_path / "city"))


class TestImportCity:
    def test_brings_in_every_table_and_list(self) -> None:
        done = operations.import_city(path=CITY, at=AT)

        tables = sorted((CITY / "tables").glob("*.dmn"))
        assert (done.tables_new, done.tables_known) == (len(tables), 0)
        lists = {path.stem.replace("_", " ") for path in (CITY / "code_lists").glob("*.csv")}
        assert set(code_lists.list_names()) == lists

    def test_the_same_files_again_change_nothing(self) -> None:
        operations.import_city(path=CITY, at=AT)
        generation = code_lists.generation()

        again = operations.import_city(path=CITY, at=AT + datetime.timedelta(days=1))

        assert again.tables_new == 0
        assert all((each.added, each.changed) == (0, 0) for each in again.lists)
        assert code_lists.generation() == generation

    def test_export_gives_the_same_bytes(self) -> None:
        operations.import_city(path=CITY, at=AT)

        for each in queries.versions():
            file = CITY / "tables" / each.file_name
            assert queries.dmn(each.version_id) == file.read_bytes()
            draft = drafts.draft(each.version_id)
            assert draft.case_sheet == (CITY / "cases" / draft.case_sheet_name).read_bytes()
            results = drafts.case_results(each.version_id)
            assert results is not None
            assert results.passed > 0
        exported = city_files.write_approvals(approving.approvals())
        assert exported == (CITY / "approvals.csv").read_bytes()

    def test_the_rates_of_a_year_govern_its_days_as_known_then(self) -> None:
        operations.import_city(path=CITY, at=AT)
        known_at = datetime.datetime(2025, 11, 3, tzinfo=datetime.UTC)

        for day, base in (
            (datetime.date(2025, 9, 30), "36.96"),
            (datetime.date(2025, 10, 1), "40.95"),
        ):
            version = queries.in_force("utilities.water_charges", day=day, known_at=known_at)
            facts = {
                "meter_size": "5/8",
                "days_in_part": 30,
                "days_in_period": 30,
                "period_usage_kgal": 0,
                "inside_city": True,
            }
            assert str(version.tables.answers(facts)["Water base charge"]) == base

    def test_a_later_import_does_not_change_what_was_known_before(self, copy: pathlib.Path) -> None:
        first = copy / "approvals.csv"
        lines = first.read_text().splitlines(keepends=True)
        newest = copy / "tables" / "utilities.water_charges.2025-10-01.dmn"
        kept = newest.read_bytes()
        newest.unlink()
        first.write_text("".join(line for line in lines if newest.name not in line))
        operations.import_city(path=copy, at=AT)
        newest.write_bytes(kept)
        first.write_text("".join(lines))

        later = AT + datetime.timedelta(days=1)
        operations.import_city(path=copy, at=later)

        day = datetime.date(2026, 11, 1)
        point = "utilities.water_charges"
        assert queries.in_force(point, day=day, known_at=AT).number == 1
        assert queries.in_force(point, day=day, known_at=later).number == 2
        exported = city_files.write_approvals(approving.approvals())
        assert exported == (CITY / "approvals.csv").read_bytes()

    def test_a_table_changed_after_it_was_signed_is_refused_and_nothing_comes_in(
        self, copy: pathlib.Path
    ) -> None:
        file = copy / "tables" / "utilities.late_charge.2020-01-01.dmn"
        file.write_bytes(file.read_bytes().replace(b"0.10", b"0.01"))

        with pytest.raises(checking.FileWasNotSigned, match=r"late_charge.*not the file that was"):
            operations.import_city(path=copy, at=AT)

        assert not models.Version.objects.exists()
        assert code_lists.list_names() == []

    def test_a_table_signed_by_its_author_is_refused(self, copy: pathlib.Path) -> None:
        approvals = copy / "approvals.csv"
        approvals.write_text(
            approvals.read_text().replace(
                "Martin Okafor, supervisor", "Rosa Alvarez, projects coordinator"
            )
        )

        with pytest.raises(city_files.ApprovalsAreWrong, match="approved by its author"):
            operations.import_city(path=copy, at=AT)

    def test_a_failing_case_is_refused_with_the_difference(self, copy: pathlib.Path) -> None:
        sheet = copy / "cases" / "utilities.late_charge.2020-01-01.csv"
        sheet.write_text(sheet.read_text().replace("12.35", "12.34"))

        with pytest.raises(
            versions.VersionDoesNotFit, match=r"a day late: Late charge is 12.35, expected 12.34"
        ):
            operations.import_city(path=copy, at=AT)
