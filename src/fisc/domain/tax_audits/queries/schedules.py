"""What a case's schedules say, beside what the newest returns do; records and waivers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.party_records.queries import papers as party_papers
from fisc.domain.tax_audits import models
from fisc.domain.tax_audits.calculations import schedules
from fisc.domain.tax_audits.queries import cases
from fisc.domain.tax_returns.queries import limitation, returns
from fisc.plumbing.users import queries as users


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure that was looked at; money in whole cents."""

    starts_on: datetime.date
    key: schedules.Key
    reported_cents: int
    found_cents: int
    note: str
    evidence: str
    paper_id: int | None
    by: str
    at: datetime.datetime

    @property
    def difference_cents(self) -> int:
        """What was found, less what was reported."""
        return self.found_cents - self.reported_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Records that were asked for, and what became of that."""

    request_id: int
    words: str
    asked_on: datetime.date
    due_on: datetime.date
    received_on: datetime.date | None = None
    is_refused: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A later limitation day that the taxpayer signed, of some periods."""

    waiver_id: int
    case_id: int
    signed_by: str
    signed_on: datetime.date
    extends_to: datetime.date
    paper_id: int | None
    periods: tuple[datetime.date, ...]


def lines(case_id: int) -> list[Line]:
    """Return the newest of each figure of a case, by period and line."""
    rows = models.ScheduleLine.objects.filter(case_id=case_id).order_by("id")
    newest = {
        (row.starts_on, row.region_id, row.business_class_id, row.deduction_id): row for row in rows
    }
    regions = code_lists.codes_by_id("tax region")
    classes = code_lists.codes_by_id("business class")
    deductions = code_lists.codes_by_id("deduction code")
    names = users.names(user_ids={row.by_id for row in newest.values()})
    found = [
        Line(
            starts_on=row.starts_on,
            key=schedules.Key(
                regions[row.region_id].code,
                classes[row.business_class_id].code,
                deductions[row.deduction_id].code if row.deduction_id else schedules.GROSS,
            ),
            reported_cents=row.reported_cents,
            found_cents=row.found_cents,
            note=row.note,
            evidence=row.evidence,
            paper_id=row.paper_id,
            by=names[row.by_id],
            at=row.at,
        )
        for row in newest.values()
    ]
    return sorted(found, key=lambda each: (each.starts_on, each.key))


def found_of(case_id: int) -> dict[datetime.date, dict[schedules.Key, int]]:
    """Return what a case found of each figure that it looked at, by period."""
    found: dict[datetime.date, dict[schedules.Key, int]] = {}
    for each in lines(case_id):
        found.setdefault(each.starts_on, {})[each.key] = each.found_cents
    return found


def codes_for(found: cases.Case) -> schedules.Codes:
    """Return what the schedules of a case may name."""
    return schedules.Codes(
        periods=frozenset(found.periods),
        regions=frozenset(code_lists.codes("tax region")),
        business_classes=frozenset(code_lists.codes("business class")),
        deductions=frozenset(code_lists.codes("deduction code")),
    )


def papers(found: cases.Case) -> list[party_papers.Paper]:
    """Return the papers that the taxpayer handed in, the newest first."""
    party_id = accounts.party_id(account_id=found.account_id)
    return [] if party_id is None else party_papers.papers_of(party_id=party_id)


def records(case_id: int) -> list[Record]:
    """Return the records that were asked for, the first first."""
    requests = list(models.RecordRequest.objects.filter(case_id=case_id).order_by("id"))
    answers = {
        row.request_id: row
        for row in models.RecordAnswer.objects.filter(request__in=[each.id for each in requests])
    }
    return [
        Record(
            request_id=each.id,
            words=each.words,
            asked_on=each.asked_on,
            due_on=each.due_on,
            received_on=answer.received_on if (answer := answers.get(each.id)) else None,
            is_refused=answer.is_refused if answer else False,
            note=answer.note if answer else "",
        )
        for each in requests
    ]


def waivers(account_id: int) -> list[Waiver]:
    """Return the waivers of limitation that were signed for periods of an account."""
    rows = models.LimitationWaiver.objects.filter(case__account_id=account_id).order_by("id")
    periods: dict[int, list[datetime.date]] = {}
    for row in models.WaivedPeriod.objects.filter(waiver__in=rows).order_by("starts_on"):
        periods.setdefault(row.waiver_id, []).append(row.starts_on)
    return [
        Waiver(
            waiver_id=row.id,
            case_id=row.case_id,
            signed_by=row.signed_by,
            signed_on=row.signed_on,
            extends_to=row.extends_to,
            paper_id=row.paper_id,
            periods=tuple(periods.get(row.id, ())),
        )
        for row in rows
    ]


def last_day(
    first: returns.Kept, *, is_more_tax: bool, waived: Sequence[Waiver],
    known_at: datetime.datetime,
) -> datetime.date | None:  # fmt: skip
    """Return the last day on which a period may be assessed, waivers counted; None without one.

    `first` is the first version of its return. Raises asking.NoAnswer.
    """
    last = limitation.last_day(first, is_more_tax=is_more_tax, known_at=known_at)
    if last is None:
        return None
    of_period = [each.extends_to for each in waived if first.days.starts_on in each.periods]
    return max([last, *of_period])
