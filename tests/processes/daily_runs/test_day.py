from __future__ import annotations

import datetime
import pathlib
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from fisc.domain.cashiering import operations as cashiering
from fisc.domain.ledger import queries as ledger
from fisc.domain.utilities.queries import cycles
from fisc.domain.work_items import queries as work_items
from fisc.plumbing.runs import engine
from fisc.plumbing.runs import operations as machinery
from fisc.plumbing.runs import queries as runs
from fisc.plumbing.users import queries as users
from fisc.processes.daily_runs import invariants, operations, queries, reading, steps
from tests.processes.conftest import SmallCity

ONE_DAY = datetime.timedelta(days=1)


def run(city: SmallCity, *, day: datetime.date | None = None) -> operations.DayOutcome:
    return operations.run_day(
        posting_day=day or city.day,
        at=city.instant,
        city="mesquite_springs",
        who="a test",
        crew_size=1,
    )


def bills_of(run_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from utilities_bill where run_id = %s", [run_id])
        return int(cursor.fetchone()[0])


class TestADay:
    def test_reads_bills_seals_and_proves(self, small_city: SmallCity) -> None:
        outcome = run(small_city)

        assert outcome.run.status == "done"
        assert [step.name for step in outcome.run.steps] == [plan.name for plan in steps.STEPS]
        assert {step.status for step in outcome.run.steps} == {"done"}
        assert bills_of(outcome.run.run_id) == 12

    def test_asked_again_changes_nothing(self, small_city: SmallCity) -> None:
        again = run(small_city)

        assert again.was_done_before
        assert bills_of(again.run.run_id) == 12

    def test_puts_the_file_of_reads_away(self) -> None:
        assert reading.waiting_files() == []
        assert len(list((reading.in_tray() / "done").rglob("*.csv"))) == 1

    def test_makes_work_items_of_what_it_could_not_do(self, small_city: SmallCity) -> None:
        reasons = {item.reason for item in work_items.queue(today=small_city.day)}

        assert "no meter has this number" in reasons

    def test_seals_up_to_yesterday_and_leaves_today_open(self, small_city: SmallCity) -> None:
        last = ledger.last_seal()

        assert last is not None
        assert last.posting_day == small_city.day - ONE_DAY

    def test_holds_all_seven_invariants(self, small_city: SmallCity) -> None:
        found = queries.board(as_of=small_city.day)

        assert [finding.number for finding in found] == [1, 2, 3, 4, 5, 6, 7]
        assert all(finding.holds for finding in found)


class TestBeforeADay:
    def test_a_day_to_come_is_refused(self, small_city: SmallCity) -> None:
        tomorrow = small_city.day + ONE_DAY

        with pytest.raises(operations.DayIsNotReady, match="yet to come"):
            run(small_city, day=tomorrow)

    def test_a_day_without_tables_is_refused_with_the_book(self, small_city: SmallCity) -> None:
        with pytest.raises(operations.DayIsNotReady, match=r"Tables: .*2019-12-31"):
            run(small_city, day=datetime.date(2019, 12, 31))

    def test_the_checklist_says_what_it_looked_at(self, small_city: SmallCity) -> None:
        checks = queries.pre_run_checklist(posting_day=small_city.day, today=small_city.day)

        assert {check.name for check in checks} >= {"Rights", "Posting day", "Tables", "Tills"}
        assert not any(check.blocks for check in checks)

    def test_the_checklist_says_once_what_would_be_refused(self, small_city: SmallCity) -> None:
        coming = queries.pre_run_checklist(
            posting_day=small_city.day + ONE_DAY, today=small_city.day
        )
        long_ago = queries.pre_run_checklist(
            posting_day=datetime.date(2019, 12, 31), today=small_city.day
        )

        assert [check.words for check in coming if check.blocks] == [
            "2026-03-21 is yet to come; today is 2026-03-20. Begin its run on that day."
        ]
        (words,) = [check.words for check in long_ago if check.name == "Tables"]
        assert words.count("2019-12-31") == 1
        assert "utilities.water_charges" in words
        assert "9999" not in words

    def test_there_is_nothing_to_resume(self, small_city: SmallCity) -> None:
        with pytest.raises(operations.NothingToResume, match="Begin it with"):
            operations.refuse_nothing_to_resume(posting_day=small_city.day)


@pytest.fixture(scope="class")
def careful_city(
    small_city: SmallCity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallCity]:
    folder = tmp_path_factory.mktemp("city")
    for place in pathlib.Path(settings.FISC_CITY).iterdir():
        (folder / place.name).symlink_to(place)
    said = (folder / "city.toml").read_text()
    (folder / "city.toml").unlink()
    (folder / "city.toml").write_text(f'{said}\n[day_run]\nregister_is_signed_by = "person"\n')
    with override_settings(FISC_CITY=folder):
        yield small_city


class TestARegisterThatAPersonSigns:
    def test_waits_and_issues_nothing(self, careful_city: SmallCity) -> None:
        outcome = run(careful_city)

        assert outcome.run.status == "waiting"
        assert bills_of(outcome.run.run_id) == 0

    def test_goes_on_once_it_is_signed(self, careful_city: SmallCity) -> None:
        day, at = careful_city.day, careful_city.instant
        supervisor = users.user_id(username="supervisor")

        operations.sign_register(posting_day=day, user_id=supervisor, why="compared", at=at)
        outcome = run(careful_city)

        register = next(step for step in outcome.run.steps if step.name == operations.REGISTER)
        assert outcome.run.status == "done"
        assert (register.signed_by_id, register.signed_words) == (supervisor, "compared")
        assert bills_of(outcome.run.run_id) == 12

    def test_cannot_be_signed_twice(self, careful_city: SmallCity) -> None:
        day, at = careful_city.day, careful_city.instant

        with pytest.raises(machinery.NothingToSign, match="does not wait"):
            operations.sign_register(
                posting_day=day, user_id=users.user_id(username="supervisor"), why="again", at=at
            )


class TestARegisteredBillThatIsNotIssued:
    def test_stops_the_run_and_is_named(self, careful_city: SmallCity) -> None:
        day, at = careful_city.day, careful_city.instant
        waiting = run(careful_city)
        with connection.cursor() as cursor:
            # As if the ranges had been cut anew between the two steps.
            cursor.execute("update utilities_calculated_chunk set bucket_from = bucket_from + 1")
        supervisor = users.user_id(username="supervisor")
        operations.sign_register(posting_day=day, user_id=supervisor, why="compared", at=at)

        with pytest.raises(engine.TotalsDiffer) as stopped:
            run(careful_city)

        assert "bills registered 12 and issued 0" in str(stopped.value)
        assert "not issued are 12 bills of cycle 01, buckets 1 to" in str(stopped.value)
        assert bills_of(waiting.run.run_id) == 0


class TestATillLeftOpen:
    def test_keeps_its_day_open_and_becomes_a_work_item(self, small_city: SmallCity) -> None:
        yesterday = small_city.day - ONE_DAY
        cashiering.open_till(
            name="window 1",
            cashier_id=users.user_id(username="cashier"),
            posting_day=yesterday,
            float_cents=10_000,
            at=small_city.instant,
        )

        outcome = run(small_city)

        last = ledger.last_seal()
        assert outcome.run.status == "done"
        assert last is not None
        assert last.posting_day == yesterday - ONE_DAY
        assert "a till was not closed" in {
            item.reason for item in work_items.queue(today=small_city.day)
        }


class TestABadFile:
    def test_becomes_a_work_item_and_the_run_goes_on(self, small_city: SmallCity) -> None:
        (bad,) = reading.waiting_files()
        bad.write_bytes(bad.read_bytes()[:200])

        outcome = run(small_city)

        reasons = {item.reason for item in work_items.queue(today=small_city.day)}
        assert outcome.run.status == "done"
        assert "a file of reads was refused" in reasons
        assert any(reason.startswith("no read") for reason in reasons)


def words_about(name: str, *, day: datetime.date) -> str:
    """Return what the only work item about a file says."""
    (words,) = [
        item.detail["words"]
        for item in work_items.queue(today=day)
        if item.detail.get("file") == name and item.subject_kind == "read file"
    ]
    return str(words)


class TestATrayOfOddFiles:
    """Each is a work item that names the file; the run goes on with the others."""

    HEADER = b"meter,read_date,reading\n"

    def test_does_not_stop_the_run(self, small_city: SmallCity) -> None:
        tray = reading.in_tray()
        (good,) = reading.waiting_files()
        (tray / "again.CSV").write_bytes(good.read_bytes())
        (tray / "bigfield.csv").write_bytes(self.HEADER + b"M" * 200_000 + b",2026-03-01,5\n")
        (tray / "nul.csv").write_bytes(self.HEADER + b"W\0001,2026-03-01,5\nTRAILER,1\n")
        quoted = b'W1,"2026-03-01,5\n' + b"W2,2026-03-01,5\n" * 20_000
        (tray / "quote.csv").write_bytes(self.HEADER + quoted)
        (tray / "dir.csv").mkdir()
        (tray / "link.csv").symlink_to("/etc/hostname")

        outcome = run(small_city)

        assert outcome.run.status == "done"
        assert {path.name for path in (tray / "done").rglob("*.*")} >= {
            good.name, "again.CSV", "bigfield.csv", "nul.csv", "quote.csv",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("bigfield.csv", "line 2: it cannot be read as cells"),
            ("nul.csv", "line 2: a NUL character"),
            ("quote.csv", "line 2: it cannot be read as cells"),
            ("dir.csv", "is a folder or a link, not a file"),
            ("link.csv", "is a folder or a link, not a file"),
        ],
    )
    def test_says_what_to_do(self, small_city: SmallCity, name: str, says: str) -> None:
        words = words_about(name, day=small_city.day)

        assert name in words
        assert says in words
        assert words.endswith("in the in-tray; the next day's run takes it.")
        assert words.count("of it was kept") <= 1

    def test_of_a_file_that_came_twice_says_that_nothing_is_to_be_done(
        self, small_city: SmallCity
    ) -> None:
        duplicates = [
            item.detail["words"]
            for item in work_items.queue(today=small_city.day)
            if item.reason == reading.CAME_TWICE
        ]

        assert len(duplicates) == 1
        assert "Nothing is to be done" in duplicates[0]
        assert "Ask for" not in duplicates[0]


class TestAFileTakenAwayAfterItWasPlanned:
    def test_is_a_work_item_and_the_rerun_ends(
        self, small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (planned,) = reading.waiting_files()
        stopped = OSError("the disk is full")
        with monkeypatch.context() as patch:
            patch.setattr("fisc.processes.daily_runs.reading._layout", raising(stopped))
            with pytest.raises(engine.RunStopped):
                run(small_city)
        planned.unlink()

        outcome = run(small_city)

        assert outcome.run.status == "done"
        assert "is gone from the in-tray" in words_about(planned.name, day=small_city.day)


def raising(problem: Exception) -> Callable[[], None]:
    def raises() -> None:
        raise problem

    return raises


class TestAProofThatFails:
    def test_stops_the_run_and_is_proved_again(
        self, small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = invariants.Invariant(1, "books", "words", (lambda _: ["out by 1 cent"],))
        monkeypatch.setattr(invariants, "INVARIANTS", (broken,))
        with pytest.raises(engine.TotalsDiffer, match="out by 1 cent"):
            run(small_city)
        monkeypatch.undo()

        outcome = run(small_city)

        assert outcome.run.status == "done"


def test_the_history_bills_each_cycle_every_month(small_city: SmallCity) -> None:
    day = small_city.day

    assert [cycle.code for cycle in cycles.billed_on(bill_day=day)] == ["01"]
    assert len(runs.latest_runs(kind="history 1")) == 2
