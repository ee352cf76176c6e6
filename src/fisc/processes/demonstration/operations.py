"""Filling a database with the demonstration city."""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
from collections.abc import Mapping, Sequence

from django.db import connection

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries as books
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.plumbing.runs import engine, locks, operations, pieces, workers
from fisc.plumbing.runs import queries as runs
from fisc.processes.daily_runs import control_totals, reading
from fisc.processes.demonstration import (
    applicants,
    audits,
    history,
    moving_in,
    opening,
    read_file,
    schedule,
    staff,
    state_files,
    tax_history,
)

KIND = "demonstration"
AGAIN = "fisc serve --demonstration"
PEOPLE = "people"
BUSINESSES = "businesses"
HELD_BY = "the demonstration"
# Today, and yesterday for the day's run to seal.
DAYS_LEFT_OPEN = datetime.timedelta(days=2)


class CityIsReal(Exception):
    """The database holds accounts that no demonstration made."""


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The city to be, and the day and instant it is made on."""

    city: pathlib.Path
    accounts: int
    today: datetime.date
    at: datetime.datetime
    months: int = schedule.MONTHS


def fill(*, wanted: Wanted, watch: engine.Watch) -> int:
    """Make the people, accounts and history that are not there yet; returns how many accounts.

    A city that is there keeps its size, whatever is wanted.

    Interrupted at any instant, the next call goes on; what is there is never made twice. Raises
    locks.RunIsHeld, engine.RunStopped, and CityIsReal where others have accounts.
    """
    begun = runs.latest_runs(kind=KIND, limit=1)
    if not begun and accounts.open_count():
        raise CityIsReal(
            "This database holds accounts that no demonstration made, so nothing is added to it. "
            "Serve it without --demonstration, or name another folder with FISC_HOME."
        )
    today = begun[0].posting_day if begun else wanted.today
    with locks.held(kind=KIND, posting_day=today) as holder:
        rule_tables.import_city(path=wanted.city, at=wanted.at)
        ledger.load_gl_accounts()
        staff.make(at=wanted.at)
        if begun and begun[0].status == "done":
            return _moved(begun[0].run_id).accounts
        plans = _plans(wanted)
        started = operations.start_run(
            kind=KIND,
            posting_day=today,
            instant=wanted.at,
            steps=[plan.name for plan in plans],
            held_by=HELD_BY,
            city=wanted.city.name,
        )
        with workers.crew() as crew:
            _go(started, plans=plans, holder=holder, crew=crew, watch=watch)
        # The day's run is a city's, and waits for its commits again.
        connection.close()
        return _moved(started.run_id).accounts


def _plans(wanted: Wanted) -> Sequence[engine.StepPlan]:
    subject = {"accounts": wanted.accounts, "months": wanted.months}
    return (
        engine.StepPlan(
            name=PEOPLE,
            words="People move in",
            cut=lambda _: [pieces.Piece(subject=subject)],
            work=_move_in,
            agree=control_totals.nothing_posted,
        ),
        engine.StepPlan(
            name=BUSINESSES,
            words="Businesses open",
            cut=_today,
            work=_open_businesses,
            agree=control_totals.nothing_posted,
        ),
        engine.StepPlan(
            name="history",
            words="Two years go by",
            cut=_months,
            work=_live_a_month,
            agree=control_totals.nothing_posted,
            is_alone=True,
            lanes=schedule.CYCLES,
        ),
        engine.StepPlan(
            name="tax history",
            words="Businesses file and pay",
            cut=_tax_months,
            work=_live_a_tax_month,
            agree=control_totals.nothing_posted,
            is_alone=True,
            lanes=tax_history.LANES,
        ),
        *_last_plans(),
    )


def _last_plans() -> Sequence[engine.StepPlan]:
    """Return what is done once the history is there."""
    return (
        engine.StepPlan(
            name="state files",
            words="The state sends its files",
            cut=_state_files,
            work=state_files.come,
            agree=control_totals.nothing_posted,
            is_alone=True,
        ),
        engine.StepPlan(
            name="applications",
            words="Others ask for licenses, and the days before are sealed",
            cut=_applicants_and_seals,
            work=_apply_or_seal,
            agree=control_totals.nothing_posted,
            is_alone=True,
            lanes=2,
        ),
        engine.StepPlan(
            name="audits",
            words="Some are audited",
            cut=audits.subjects,
            work=audits.go_on,
            agree=control_totals.nothing_posted,
            is_alone=True,
        ),
        engine.StepPlan(
            name="read file",
            words="The reads of today come in",
            cut=_today,
            work=_bring_reads,
            agree=control_totals.nothing_posted,
        ),
    )


def _move_in(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    moved = moving_in.move_in(
        count=chunk.subject["accounts"],
        months=chunk.subject["months"],
        today=chunk.posting_day,
        at=chunk.instant,
    )
    history.first_readings(moved=moved, today=chunk.posting_day, at=chunk.instant)
    return moved.counts()


def _today(run: engine.RunOf) -> Sequence[pieces.Piece]:
    return [pieces.Piece(subject=dict(_moved(run.run_id).counts()))]


def _bring_reads(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    read_file.write(
        folder=reading.in_tray(),
        moved=moving_in.MovedIn(**chunk.subject),
        today=chunk.posting_day,
    )
    return {"files": 1}


def _open_businesses(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    return opening.open_businesses(
        moved=moving_in.MovedIn(**chunk.subject), today=chunk.posting_day, at=chunk.instant
    ).counts()


def _opened(run_id: int) -> opening.Opened:
    step_id = operations.step_id(run_id=run_id, ordinal=2)
    return opening.Opened(**runs.results_by_step(run_id=run_id)[step_id])


def _moved(run_id: int) -> moving_in.MovedIn:
    people = operations.step_id(run_id=run_id, ordinal=1)
    return moving_in.MovedIn(**runs.results_by_step(run_id=run_id)[people])


def _months(run: engine.RunOf) -> Sequence[pieces.Piece]:
    moved = _moved(run.run_id)
    return [
        pieces.Piece(subject=history.subject(billing, moved=moved, today=run.posting_day))
        for billing in schedule.billings(today=run.posting_day, months=moved.months)
    ]


def _tax_months(run: engine.RunOf) -> Sequence[pieces.Piece]:
    subjects = tax_history.subjects(
        opened=_opened(run.run_id), today=run.posting_day, months=_moved(run.run_id).months
    )
    return [pieces.Piece(subject=each) for each in subjects]


def _applicants_and_seals(run: engine.RunOf) -> Sequence[pieces.Piece]:
    """Cut into applicants, one after the other, and the seals beside them: of other days."""
    told = applicants.subjects(_opened(run.run_id))
    return [
        *(pieces.Piece(subject={**each, "lane": 0}) for each in told),
        pieces.Piece(subject={"seals": True, "lane": 1}),
    ]


def _apply_or_seal(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    _hurry()
    return _seal(chunk) if "seals" in chunk.subject else applicants.go_on(chunk)


def _state_files(run: engine.RunOf) -> Sequence[pieces.Piece]:
    return [pieces.Piece(subject=dict(_opened(run.run_id).counts()))]


def _live_a_tax_month(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    month = tax_history.about(chunk.subject)
    return _live(
        chunk,
        kind=f"{tax_history.KIND} {month.lane + 1}",
        day=month.last_day,
        plans=tax_history.steps(chunk.subject),
    )


def _live_a_month(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    billing, _ = history.about(chunk)
    return _live(
        chunk,
        kind=f"{history.KIND} {billing.cycle + 1}",
        day=billing.bill_day,
        plans=history.steps(chunk.subject),
    )


@code_lists.at_one_generation()
def _live(
    chunk: pieces.ClaimedChunk, *, kind: str, day: datetime.date, plans: Sequence[engine.StepPlan]
) -> Mapping[str, int]:
    """Go through a month of something as a run of its own, which knows what of it is done."""
    _hurry()
    with locks.held(kind=kind, posting_day=day) as holder:
        started = operations.start_run(
            kind=kind,
            posting_day=day,
            instant=chunk.instant,
            steps=[plan.name for plan in plans],
            held_by=HELD_BY,
            city=chunk.city,
        )
        _go(
            started,
            plans=plans,
            holder=holder,
            crew=workers.Crew(size=1),
            watch=engine.Unwatched(),
        )
    return {"months": 1}


def _seal(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Seal the history but for yesterday, which today's run seals."""
    through = chunk.posting_day - DAYS_LEFT_OPEN
    last = books.last_seal()
    if last is None or last.posting_day < through:
        ledger.seal_days(through=through, at=chunk.instant)
    return {"sealed": len(books.seals())}


def _hurry() -> None:
    """Let an invented history be written faster than a city's books may be."""
    with connection.cursor() as cursor:
        # A crash may lose the last commits, never a part of one; the next call makes them again.
        cursor.execute("set synchronous_commit = off")
        # PostgreSQL keeps the plans of the walls for as long as a connection lives; those it made
        # when the tables were empty would read all of them for every bill.
        cursor.execute("discard plans")


def _go(
    started: operations.StartedRun,
    *,
    plans: Sequence[engine.StepPlan],
    holder: locks.Holder,
    crew: workers.Crew,
    watch: engine.Watch,
) -> None:
    if started.status == "done":
        return
    engine.go_through(
        engine.Engine(
            run=engine.RunOf(
                run_id=started.run_id,
                posting_day=started.posting_day,
                instant=started.instant,
                city=started.city,
            ),
            holder=holder,
            crew=crew,
            totals=control_totals.of_run,
            watch=watch,
        ),
        plans=plans,
        again=AGAIN,
    )
