from __future__ import annotations

import datetime
import pathlib
from collections.abc import Sequence

import pytest

from fisc.domain.work_items import queries as work_items
from fisc.plumbing.runs import engine, locks, operations, queries, workers
from tests.plumbing.runs import trivial_steps

INSTANT_OF_ANOTHER_START = trivial_steps.INSTANT + datetime.timedelta(hours=3)


def subjects() -> Sequence[int]:
    return [item.subject_id for item in work_items.queue(today=trivial_steps.DAY)]


@pytest.mark.usefixtures("city_database")
class TestARun:
    def test_does_every_chunk_once(self) -> None:
        with trivial_steps.started("raise") as started:
            status = started.go(trivial_steps.plan())

        assert status == "done"
        assert subjects() == [0, 819, 1638, 2457, 3276]

    def test_does_nothing_when_it_is_done(self) -> None:
        with trivial_steps.started("raise") as started:
            started.go(trivial_steps.plan())

        assert len(subjects()) == 5
        assert queries.run_of_day(posting_day=trivial_steps.DAY).status == "done"

    def test_keeps_the_instant_of_its_first_start(self) -> None:
        again = operations.start_run(
            kind="day",
            posting_day=trivial_steps.DAY,
            instant=INSTANT_OF_ANOTHER_START,
            steps=["raise"],
            held_by="another",
        )

        assert again.instant == trivial_steps.INSTANT
        assert not again.is_new

    def test_refuses_steps_of_another_version(self) -> None:
        with pytest.raises(operations.StepsHaveChanged, match="begun with the steps raise"):
            operations.start_run(
                kind="day",
                posting_day=trivial_steps.DAY,
                instant=trivial_steps.INSTANT,
                steps=["raise", "lower"],
                held_by="another",
            )


@pytest.mark.usefixtures("city_database")
class TestARunThatFails:
    def test_says_why_and_goes_on_to_the_same_rows(self) -> None:
        failing = trivial_steps.plan(trivial_steps.raise_one_and_fail)
        with (
            trivial_steps.started("raise") as started,
            pytest.raises(engine.RunStopped, match=r"third chunk has a fault.*the same command"),
        ):
            started.go(failing)
        before = subjects()

        with trivial_steps.started("raise") as started:
            started.go(trivial_steps.plan())

        assert before == [0, 819]
        assert subjects() == [0, 819, 1638, 2457, 3276]
        identifiers = [item.item_id for item in work_items.queue(today=trivial_steps.DAY)]
        assert identifiers == [1 << 43 | number << 31 for number in range(5)]


@pytest.mark.usefixtures("city_database")
class TestSeveralWorkers:
    def test_do_every_chunk_once_even_when_one_is_killed(
        self, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FISC_TEST_MARK", str(tmp_path / "died"))
        dying = trivial_steps.plan(trivial_steps.raise_one_and_die_once)
        with (
            trivial_steps.started("raise", crew_size=2) as started,
            pytest.raises(engine.RunStopped, match="worker process was killed"),
        ):
            started.go(dying)

        with trivial_steps.started("raise", crew_size=2) as started:
            started.go(dying)

        assert subjects() == [0, 819, 1638, 2457, 3276]


@pytest.mark.usefixtures("city_database")
class TestTwoAtOnce:
    def test_the_second_is_told_who_is_first(self) -> None:
        with (
            trivial_steps.started("raise"),
            pytest.raises(locks.RunIsHeld, match=r"worked on by a test since 20.* UTC"),
            trivial_steps.started("raise"),
        ):
            pass

    def test_the_lock_goes_with_its_holder(self) -> None:
        with trivial_steps.started("raise"):
            pass

        with trivial_steps.started("raise") as started:
            assert started.go(trivial_steps.plan()) == "done"


@pytest.mark.usefixtures("city_database")
class TestControlTotals:
    def test_stop_the_run_when_they_differ(self) -> None:
        short = trivial_steps.plan()
        differs = engine.StepPlan(
            name=short.name,
            words=short.words,
            cut=short.cut,
            work=short.work,
            agree=lambda before, after, result: ["one cent is missing"],
        )
        with (
            trivial_steps.started("raise") as started,
            pytest.raises(engine.TotalsDiffer, match="one cent is missing"),
        ):
            started.go(differs)

        seen = queries.run_of_day(posting_day=trivial_steps.DAY)
        assert (seen.status, seen.steps[0].status) == ("stopped", "differs")


@pytest.mark.usefixtures("city_database")
class TestSigning:
    def plan(self, words: str) -> engine.StepPlan:
        asked = trivial_steps.plan()
        return engine.StepPlan(
            name="register",
            words=asked.words,
            cut=asked.cut,
            work=asked.work,
            agree=asked.agree,
            signs=lambda day, results: words,
        )

    def test_waits_for_a_person_and_goes_on(self) -> None:
        with trivial_steps.started("register") as started:
            waiting = started.go(self.plan(""))
        step = queries.run_of_day(posting_day=trivial_steps.DAY).steps[0]

        operations.sign_step(step_id=step.step_id, words="looked", at=trivial_steps.INSTANT)
        with trivial_steps.started("register") as started:
            status = started.go(self.plan(""))

        assert (waiting, step.status, status) == ("waiting", "to sign", "done")

    def test_is_not_done_twice(self) -> None:
        step = queries.run_of_day(posting_day=trivial_steps.DAY).steps[0]

        with pytest.raises(operations.NothingToSign):
            operations.sign_step(step_id=step.step_id, words="again", at=trivial_steps.INSTANT)


def test_a_full_disk_is_said_in_words() -> None:
    import psycopg

    problem = RuntimeError("could not extend file")
    problem.__cause__ = psycopg.errors.DiskFull("could not extend file")

    assert "disk that holds the database is full" in engine.in_words(problem)


def test_a_crew_is_as_large_as_the_machine() -> None:
    with workers.crew() as crew:
        assert crew is not None
