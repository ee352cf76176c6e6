"""Files of studies go after the city's days; figures, and files still used, stay."""

from __future__ import annotations

import datetime
import json
import os

import pytest

from fisc.domain.rule_tables.queries import studies as queries
from fisc.interfaces.cli import exit_codes, main
from fisc.processes.rate_studies import operations, slices, snapshots, sweeping
from tests import databases
from tests.processes.rate_studies import conftest as cities
from tests.processes.rate_studies import test_operations as studying

DAYS = 400
NOW = datetime.datetime(2028, 1, 1, 12, tzinfo=datetime.UTC)


def files() -> list[str]:
    return sorted(str(each) for each in snapshots.folder().rglob("*.*"))


def last_used(days_ago: float) -> None:
    """Let every file have been used last so many days before now."""
    then = (NOW - datetime.timedelta(days=days_ago)).timestamp()
    for each in files():
        os.utime(each, (then, then))


def sweep(*, is_dry_run: bool = False) -> sweeping.Swept:
    return sweeping.sweep(today=NOW.date(), at=NOW, is_dry_run=is_dry_run)


class TestSweeping:
    def test_removes_what_was_not_used_for_the_citys_days_and_keeps_the_figures(
        self, billed: cities.Billed
    ) -> None:
        assert billed.again.total_cents
        study_id, result = studying.study(cities.draft_of("Water charges"))
        kept = files()
        last_used(DAYS - 1)
        assert sweep().files == 0
        last_used(DAYS + 1)

        would = sweep(is_dry_run=True)
        assert files() == kept
        swept = sweep()

        assert would == swept
        assert (swept.days, swept.files) == (DAYS, len(kept))
        assert swept.bytes > 0
        assert files() == []
        assert queries.study(study_id).result == result
        with pytest.raises(slices.SnapshotIsDamaged, match="Ask for the study anew"):
            operations.repeated(study_id)

    def test_makes_again_what_it_removed(self, billed: cities.Billed) -> None:
        assert billed.again.total_cents
        version_id = cities.draft_of("Water charges")
        _, result = studying.study(version_id)
        last_used(DAYS + 1)
        sweep()

        _, again = studying.study(version_id)

        assert again == result

    def test_keeps_what_a_later_study_used(self, billed: cities.Billed) -> None:
        assert billed.again.total_cents
        version_id = cities.draft_of("Water charges")
        studying.study(version_id)
        last_used(DAYS * 20)
        # The clock of the machine marks what is used; it is long after this.
        at = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        assert sweeping.sweep(today=at.date(), at=at, is_dry_run=True).files == len(files())

        study_id, result = studying.study(version_id)

        sweeping.sweep(today=at.date(), at=at)
        assert operations.repeated(study_id).result == result

    def test_keeps_all_where_the_city_says_nothing(
        self, billed: cities.Billed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert billed.again.total_cents
        studying.study(cities.draft_of("Water charges"))
        last_used(DAYS * 10)
        monkeypatch.setattr(sweeping, "KEPT", "no such row")

        assert sweep() == sweeping.Swept(None, 0, 0)
        assert files()


class TestTheCommand:
    def test_says_what_would_go(
        self,
        city: databases.CityDatabase,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", city.app)

        code = main.run(["tables", "sweep-studies", "--dry-run", "--json"])

        said = json.loads(capsys.readouterr().out)
        assert code == exit_codes.DONE
        assert (said["days"], said["dry_run"]) == (DAYS, True)
