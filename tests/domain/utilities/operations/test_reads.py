from __future__ import annotations

import datetime
import pathlib
import tomllib

import pytest

from fisc.domain.utilities import choices, models
from fisc.domain.utilities.calculations import read_files
from fisc.domain.utilities.operations import estimates, reads
from fisc.domain.utilities.queries import reads as queries
from fisc.domain.work_items import models as work_items
from fisc.plumbing import transactions
from tests.factories import utilities

TODAY = utilities.READ_DAY
LAYOUTS = pathlib.Path(utilities.CITY) / "layouts"


def layout() -> read_files.Layout:
    return read_files.layout_of(tomllib.loads((LAYOUTS / "reads.toml").read_text("utf-8")))


def a_file(*rows: str, count: int | None = None) -> bytes:
    counted = len(rows) if count is None else count
    return "\n".join(["meter,read_date,reading", *rows, f"TRAILER,{counted}", ""]).encode()


def import_reads(content: bytes, *, name: str = "route.csv") -> reads.Imported:
    return reads.import_reads(
        content=content, file_name=name, layout=layout(), today=TODAY, at=utilities.AT
    )


def meter_of(home: utilities.Household, service: str = "electric") -> str:
    register = models.Register.objects.get(id=utilities.register_of(home, service))
    return str(models.Meter.objects.get(id=register.meter_id).number)


def reasons() -> list[str]:
    return list(work_items.WorkItem.objects.order_by("id").values_list("reason", flat=True))


class TestImportReads:
    def test_posts_what_can_be_right(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id)
        rows = [f"{meter_of(home, each)},2026-10-01,1500" for each in ("water", "electric")]

        done = import_reads(a_file(*rows))

        assert (done.counted_in, done.posted, done.refused) == (2, 2, 0)
        assert models.Read.objects.filter(read_file_id=done.read_file_id).count() == 2

    @pytest.mark.parametrize(
        ("day", "reading", "reason"),
        [
            ("2026-10-02", "1500", "the read is of a day to come"),
            ("2026-10-01", "900", "the reading is below the last one"),
            ("2026-10-01", "1000000000000000", "the dial has 6 digits"),
            ("2026-08-01", "1500", "the meter was not installed that day"),
            ("2026-09-01", "1001", "the meter has a read of that day already"),
        ],
    )
    def test_makes_a_work_item_of_what_cannot(
        self, cycle_id: int, day: str, reading: str, reason: str
    ) -> None:
        home = utilities.household(cycle_id=cycle_id)

        done = import_reads(a_file(f"{meter_of(home)},{day},{reading}"))

        assert (done.posted, done.refused) == (0, 1)
        assert reasons()[-1] == reason

    def test_makes_a_work_item_of_an_unknown_meter(self, cycle_id: int) -> None:
        del cycle_id

        done = import_reads(a_file("X1,2026-10-01,1"))

        assert done.refused == 1
        assert reasons()[-1] == "no meter has this number"

    def test_refuses_a_meter_twice_in_a_file(self, cycle_id: int) -> None:
        meter = meter_of(utilities.household(cycle_id=cycle_id))

        done = import_reads(a_file(f"{meter},2026-10-01,1500", f"{meter},2026-10-01,1501"))

        assert (done.posted, done.refused) == (1, 1)
        assert reasons()[-1] == "the file has this meter twice for the day"

    def test_asks_the_table_about_unusual_usage(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home)
        utilities.bill(home)

        done = reads.import_reads(
            content=a_file(f"{meter_of(home)},2026-11-01,9000"),
            file_name="november.csv",
            layout=layout(),
            today=datetime.date(2026, 11, 1),
            at=utilities.AT,
        )

        assert done.refused == 1
        assert reasons()[-1] == "Much higher than usual"

    def test_refuses_the_period_that_is_billed(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home)
        utilities.bill(home)

        import_reads(a_file(f"{meter_of(home)},2026-09-20,1500"))

        assert reasons()[-1].startswith("the period is billed already")

    def test_counts_every_row(self, cycle_id: int) -> None:
        meter = meter_of(utilities.household(cycle_id=cycle_id))

        import_reads(a_file(f"{meter},2026-10-01,1500", "X9,2026-10-01,1"))

        assert queries.broken_read_files() == []


class TestSameFileTwice:
    def test_is_refused_and_changes_nothing(self, cycle_id: int) -> None:
        meter = meter_of(utilities.household(cycle_id=cycle_id))
        content = a_file(f"{meter},2026-10-01,1500", "Y1,2026-10-01,1")
        import_reads(content)
        before = models.Read.objects.count()

        with pytest.raises(reads.FileWasReadBefore, match=r"has the rows of route\.csv"):
            import_reads(content, name="renamed.csv")

        assert models.Read.objects.count() == before

    def test_is_known_in_another_order(self, cycle_id: int) -> None:
        meter = meter_of(utilities.household(cycle_id=cycle_id))
        rows = [f"{meter},2026-10-01,1500", "Y2,2026-10-01,1"]
        import_reads(a_file(*rows))

        with pytest.raises(reads.FileWasReadBefore):
            import_reads(a_file(*reversed(rows)), name="reordered.csv")


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"meter,read_date,reading\nM1,2026-10-01,5\n", "cut short"),
            (a_file("M1,2026-10-01,5", count=2), "counts 2, the file has 1 rows"),
            (b"", "the file is empty"),
            (b"meter,reading\nM1,5\nTRAILER,1\n", "no column read_date"),
            (a_file("M1,10/01/2026,5"), "is no day written"),
            (a_file("M1,2026-10-01,1e15"), "is no reading"),
            (a_file("M1,2026-10-01,-5"), "is no reading"),
            (a_file("M1,2026-10-01"), "too few"),
            (a_file("M" * 131_073 + ",2026-10-01,5"), "line 2: it cannot be read as cells"),
            (a_file("M" * 21 + ",2026-10-01,5"), "is too long for a meter"),
            (a_file('M1,"2026-10-01,5', "M2,2026-10-01,6"), "line 2: it cannot be read as cells"),
            (a_file("M\0,2026-10-01,5"), "line 2: a NUL character"),
            (a_file("Mü,2026-10-01,5").decode().encode("latin-1"), "line 2: a byte is not utf-8"),
        ],
    )
    def test_are_refused_with_the_place(self, cycle_id: int, content: bytes, words: str) -> None:
        del cycle_id
        before = models.ReadFile.objects.count()

        with pytest.raises(read_files.FileIsRefused, match=words):
            import_reads(content)

        assert models.ReadFile.objects.count() == before

    def test_name_all_errors_at_once(self, cycle_id: int) -> None:
        del cycle_id
        content = a_file("M1,yesterday,5", "M2,2026-10-01,many", ",2026-10-01,5", count=9)

        with pytest.raises(read_files.FileIsRefused) as refused:
            import_reads(content)

        assert len(refused.value.errors) == 4


class TestEnterRead:
    def test_supersedes_the_read_of_that_day(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        earlier = utilities.read(home)["electric"]

        new = reads.enter_read(
            meter_number=meter_of(home),
            read_on=utilities.READ_DAY,
            reading=1950,
            kind=choices.ReadKind.ACTUAL,
            today=TODAY,
            at=utilities.AT,
        )

        assert models.Read.objects.get(id=new).supersedes_id == earlier
        bill = utilities.bill(home)
        assert models.BillSegment.objects.get(bill_id=bill.id).usage_milli == 950_000

    def test_supersedes_the_newest_however_great_the_id_of_a_runs_read(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        of_a_run = models.Read.objects.create(
            id=10**14,
            register_id=utilities.register_of(home, "electric"),
            service_point_id=home.started["electric"].service_point_id,
            read_on=utilities.READ_DAY,
            reading=1900,
            kind=choices.ReadKind.ACTUAL,
            recorded_at=utilities.AT,
        )

        first, second, third = (
            reads.enter_read(
                meter_number=meter_of(home),
                read_on=utilities.READ_DAY,
                reading=reading,
                kind=choices.ReadKind.ACTUAL,
                today=TODAY,
                at=utilities.AT,
            )
            for reading in (1950, 1960, 1970)
        )

        assert models.Read.objects.get(id=first).supersedes_id == of_a_run.id
        assert models.Read.objects.get(id=second).supersedes_id == first
        assert models.Read.objects.get(id=third).supersedes_id == second


class TestEstimateMissing:
    def estimate(self, cycle_id: int, *, read_day: datetime.date) -> estimates.Estimated:
        run_id = utilities.run()
        with transactions.started():
            return estimates.estimate_missing(
                cycle_id=cycle_id,
                read_day=read_day,
                bucket_from=0,
                bucket_before=4096,
                run_id=run_id,
                chunk=1,
                at=utilities.AT,
            )

    def test_estimates_from_history(self, cycle_id: int) -> None:
        home = utilities.household(cycle_id=cycle_id, having=("electric",))
        utilities.read(home)
        utilities.bill(home)

        done = self.estimate(cycle_id, read_day=datetime.date(2026, 10, 31))

        assert done.estimated == 1
        read = models.Read.objects.get(register_id=utilities.register_of(home, "electric"), kind=2)
        assert read.reading == 1900 + 900  # 30 days at 30 kWh a day

    def test_asks_for_a_read_without_history(self, cycle_id: int) -> None:
        utilities.household(cycle_id=cycle_id, having=("electric",))

        done = self.estimate(cycle_id, read_day=datetime.date(2026, 10, 5))

        assert done.not_estimated >= 1
        assert "no read and no history" in reasons()
