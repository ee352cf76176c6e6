"""What a case comes to: computed as of a day, and as it was kept; what of it is protested."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits import decision_points as points
from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.calculations import standing
from fisc.domain.tax_audits.queries import cases, schedules
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.calculations import postings as tax_sums
from fisc.domain.tax_returns.calculations import returns as computing
from fisc.domain.tax_returns.queries import audited, forecasts, governing, postings, returns


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What a period comes to beyond its newest return; money in whole cents.

    Penalty and interest are what they grow by with what was found. `problems` say why it cannot be
    assessed; its figures then mean nothing where there is no return.
    """

    starts_on: datetime.date
    kept: returns.Kept | None = None
    by_region: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    penalty_cents: int = 0
    interest_cents: int = 0
    civil_cents: int = 0
    limited_on: datetime.date | None = None
    problems: tuple[str, ...] = ()
    # Of one that was kept: its number, and the version of the return that it rests on.
    period_id: int | None = None
    return_id: int | None = None

    @property
    def rests_on(self) -> returns.Kept:
        """The version of the return; read where it is not at hand."""
        if self.kept is not None:
            return self.kept
        # One without a return has problems, and is neither kept nor posted.
        assert self.return_id is not None
        return returns.one(self.return_id)

    @property
    def filed_cents(self) -> int:
        """Tax as it was filed."""
        return sum(filed for filed, _ in self.by_region.values())

    @property
    def found_cents(self) -> int:
        """Tax as it was found."""
        return sum(found for _, found in self.by_region.values())

    @property
    def tax_cents(self) -> int:
        """What was found, less what was filed."""
        return self.found_cents - self.filed_cents

    @property
    def total_cents(self) -> int:
        """Tax, penalty, interest and civil penalty."""
        return self.tax_cents + self.penalty_cents + self.interest_cents + self.civil_cents

    @property
    def is_changed(self) -> bool:
        """Whether anything of it was found otherwise than it was filed."""
        return any(filed != found for filed, found in self.by_region.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a case came to, as it was kept."""

    assessment_id: int
    case_id: int
    stage: str
    computed_to: datetime.date
    cause: str
    known_at: datetime.datetime
    periods: tuple[Period, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything was found otherwise than it was filed."""
        return any(each.is_changed for each in self.periods)

    @property
    def tax_cents(self) -> int:
        """The tax of all periods."""
        return sum(each.tax_cents for each in self.periods)

    @property
    def total_cents(self) -> int:
        """All of it."""
        return sum(each.total_cents for each in self.periods)


def computed(
    case: cases.Case, *, cause: str, on: datetime.date, known_at: datetime.datetime
) -> list[Period]:
    """Compute what a case comes to on a day, by the tables of its periods.

    Raises versions.NoVersionForDate, asking.NoAnswer.
    """
    found = schedules.found_of(case.case_id)
    waived = schedules.waivers(case.account_id)
    return [
        _period(
            case.account_id, each, found=found.get(each, {}), waived=waived, cause=cause, on=on,
            known_at=known_at,
        )
        for each in case.periods
    ]  # fmt: skip


def _period(
    account_id: int, starts_on: datetime.date, *, found: Mapping[sums.Key, int],
    waived: Sequence[schedules.Waiver], cause: str, on: datetime.date,
    known_at: datetime.datetime,
) -> Period:  # fmt: skip
    filed = returns.versions_of(account_id, starts_on=starts_on)
    if not filed:
        return Period(
            starts_on=starts_on,
            problems=(
                (
                    f"No return of the period from {starts_on} is here. Have the return filed, or "
                    "estimate it under missing returns; an audit changes what was filed."
                ),
            ),
        )
    kept = filed[-1]
    by_region, problems = _found_by_region(kept, found)
    tax_cents = sum(each[1] - each[0] for each in by_region.values())
    last = schedules.last_day(
        filed[0], is_more_tax=tax_cents >= 0, waived=waived, known_at=known_at
    )
    penalty, interest = _lateness(kept, by_region, on=on, known_at=known_at)
    deficiency = max(tax_cents, 0)
    return Period(
        starts_on=starts_on,
        kept=kept,
        by_region=by_region,
        penalty_cents=penalty,
        interest_cents=interest,
        civil_cents=audited.civil_penalty(
            cause=cause, deficiency_cents=deficiency, day=kept.due_on, known_at=known_at
        ),
        limited_on=last,
        problems=(*problems, *beyond(starts_on, last=last, on=on, is_changed=bool(tax_cents))),
    )


def beyond(
    starts_on: datetime.date, *, last: datetime.date | None, on: datetime.date, is_changed: bool
) -> tuple[str, ...]:
    """Say that a period is beyond its limitation on a day, where it is and would be changed."""
    if last is None or on <= last or not is_changed:
        return ()
    return (
        (
            f"The period from {starts_on} could be assessed until {last}, and no waiver of "
            f"limitation reaches to {on}. Leave it as it was filed."
        ),
    )


def _found_by_region(
    kept: returns.Kept, found: Mapping[sums.Key, int]
) -> tuple[dict[int, tuple[int, int]], tuple[str, ...]]:
    """What was filed and found by region, by the tables that gave the return's own figures."""
    filed = tax_sums.by_region(postings.filed_amounts(kept))
    filing = sums.with_found(kept.filing, found)
    wrong = governing.problems(filing, days=kept.days, known_at=kept.recorded_at)
    if wrong:
        return (
            {region_id: (cents, cents) for region_id, cents in filed.items()},
            tuple(f"In the period from {kept.days.starts_on}: {each.said('en')}" for each in wrong),
        )
    laws = governing.governing(kept.days, known_at=kept.recorded_at).laws
    figures = computing.compute(filing, laws=laws)
    regions = code_lists.codes("tax region")
    now = tax_sums.by_region(
        tax_sums.of_return(
            (
                (regions[line.region].id, each.tax_cents)
                for line, each in zip(filing.lines, figures.lines, strict=True)
            ),
            excess_cents=filing.excess_tax_cents,
            accounting_credit_cents=figures.accounting_credit_cents,
            tax_due_cents=figures.tax_due_cents,
        )
    )
    return {each: (filed.get(each, 0), now.get(each, 0)) for each in sorted({*filed, *now})}, ()


def _lateness(
    kept: returns.Kept, by_region: Mapping[int, tuple[int, int]], *, on: datetime.date,
    known_at: datetime.datetime,
) -> tuple[int, int]:  # fmt: skip
    """What penalty and interest grow by, from what stands in the books to what was found."""
    there = postings.standing(kept.account_id, starts_on=kept.days.starts_on)
    filed = tax_sums.by_region(postings.filed_amounts(kept))
    wanted = sum(tax_sums.audited(by_region, filed=filed).values())
    costs = [
        forecasts.cost_on(owed, on=on, known_at=known_at)
        for owed in (
            postings.lateness_of(kept, there=there),
            postings.lateness_of(kept, audited_cents=wanted),
        )
    ]
    before, after = (
        (each.penalty_cents, each.interest_cents) if each else (0, 0) for each in costs
    )
    return after[0] - before[0], after[1] - before[1]


def newest(case_id: int, *, stage: choices.Stage | None = None) -> Assessment | None:
    """Return what a case last came to, of one stage or any; None before it was computed."""
    rows = models.Assessment.objects.filter(case_id=case_id)
    if stage is not None:
        rows = rows.filter(stage=stage)
    row = rows.order_by("-id").first()
    return None if row is None else _one(row)


def _one(row: models.Assessment) -> Assessment:
    periods = list(models.AssessedPeriod.objects.filter(assessment_id=row.id).order_by("starts_on"))
    regions: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    ids = [each.id for each in periods]
    for each in models.AssessedRegion.objects.filter(period__in=ids).order_by("id"):
        regions[each.period_id][each.region_id or 0] = (each.filed_cents, each.found_cents)
    return Assessment(
        assessment_id=row.id,
        case_id=row.case_id,
        stage=row.stage,
        computed_to=row.computed_to,
        cause=code_lists.codes_by_id(audited.CAUSES)[row.cause_id].code,
        known_at=row.known_at,
        periods=tuple(
            Period(
                starts_on=each.starts_on,
                return_id=each.tax_return_id,
                by_region=regions[each.id],
                penalty_cents=each.penalty_cents,
                interest_cents=each.interest_cents,
                civil_cents=each.civil_cents,
                limited_on=each.limited_on,
                period_id=each.id,
            )
            for each in periods
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtestLine:
    """What is protested of a period: tax of a region (0 is none), or its civil penalty."""

    line_id: int
    starts_on: datetime.date
    is_civil: bool
    region_id: int
    cents: int
    upheld_cents: int | None


def protest_lines(assessment_id: int) -> list[ProtestLine]:
    """Return what is protested of an assessment, and what of that was decided to stand."""
    rows = models.ProtestLine.objects.filter(period__assessment_id=assessment_id).select_related(
        "period", "region"
    )
    decided = {
        each.line_id: each.upheld_cents
        for each in models.DecisionLine.objects.filter(line__period__assessment_id=assessment_id)
    }
    return [
        ProtestLine(
            line_id=row.id,
            starts_on=row.period.starts_on,
            is_civil=row.region_id is None,
            region_id=(row.region.region_id or 0) if row.region else 0,
            cents=row.cents,
            upheld_cents=decided.get(row.id),
        )
        for row in rows.order_by("period__starts_on", "id")
    ]


def protested(assessment_id: int) -> Mapping[datetime.date, standing.Protested]:
    """Return what is protested of each period of an assessment; none of those without any."""
    by_period: dict[datetime.date, list[ProtestLine]] = defaultdict(list)
    for each in protest_lines(assessment_id):
        by_period[each.starts_on].append(each)
    return {
        starts_on: standing.Protested(
            by_region={each.region_id: each.cents for each in found if not each.is_civil},
            civil_cents=sum(each.cents for each in found if each.is_civil),
            upheld_by_region={
                each.region_id: each.upheld_cents or 0 for each in found if not each.is_civil
            },
            upheld_civil_cents=sum(each.upheld_cents or 0 for each in found if each.is_civil),
        )
        for starts_on, found in by_period.items()
    }


def protested_until(case: cases.Case, *, is_more_tax: bool) -> datetime.date | None:
    """Return the last day to protest an approved assessment; None before its approval.

    By the table in force on the day of the notice. Raises versions.NoVersionForDate,
    asking.NoAnswer.
    """
    approved = case.last(choices.EventKind.APPROVED)
    if approved is None:
        return None
    version = versions.in_force(points.PROTEST.name, day=approved.on, known_at=approved.at)
    facts: asking.Facts = {"is_more_tax": is_more_tax}
    (answers,) = asking.ask(version.tables, [facts])
    asking.needed(answers, "days_to_protest", tables=version.tables, facts=facts)
    return approved.on + datetime.timedelta(days=asking.whole(answers["days_to_protest"]))


def is_amended(account_id: int, kept: returns.Kept) -> bool:
    """Tell whether a newer version of an audited return came since."""
    newest_version = returns.versions_of(account_id, starts_on=kept.days.starts_on)[-1]
    return newest_version.return_id != kept.return_id
