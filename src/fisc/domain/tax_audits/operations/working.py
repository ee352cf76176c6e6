"""What an auditor adds to a case: records asked for, waivers of limitation, schedules."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_audits import models
from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.operations import keeping
from fisc.domain.tax_audits.queries import cases, schedules
from fisc.domain.tax_returns.operations import limiting
from fisc.domain.tax_returns.queries import returns
from fisc.plumbing import transactions

By = keeping.By


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A later limitation day of some periods, under the taxpayer's signature."""

    case_id: int
    signed_by: str
    signed_on: datetime.date
    extends_to: datetime.date
    periods: Sequence[datetime.date]
    paper_id: int | None = None


@transactions.starts_transaction
def ask_for_records(*, case_id: int, words: str, due_on: datetime.date, by: By) -> int:
    """Write down what records the taxpayer is asked for. Raises CannotAudit, cases.NoSuchCase."""
    found = keeping.locked(case_id)
    problems = _not_in_work(found)
    problems += keeping.refuse_without(words, "Say which records are asked for.")
    if due_on < by.on:
        problems.append(f"The day by which they are asked for, {due_on}, is over.")
    keeping.refuse(problems)
    row, made = models.RecordRequest.objects.get_or_create(
        case_id=case_id,
        words=words.strip(),
        due_on=due_on,
        asked_on=by.on,
        defaults={"by_id": by.user_id, "at": by.at},
    )
    if made:
        keeping.log("audit: ask for records", found.account_id, {"case": case_id}, by=by)
    return row.id


@transactions.starts_transaction
def records_came(
    *, case_id: int, request_id: int, received_on: datetime.date, is_refused: bool, by: By
) -> None:
    """Write down that records came, or that they were refused; asked twice, it is kept once.

    Raises CannotAudit, cases.NoSuchCase.
    """
    found = keeping.locked(case_id)
    asked = {each.request_id: each for each in schedules.records(case_id)}
    problems = []
    if request_id not in asked:
        problems.append(f"Audit case {case_id} asked for no records under number {request_id}.")
    elif received_on < asked[request_id].asked_on or received_on > by.on:
        problems.append(
            f"Records that were asked for on {asked[request_id].asked_on} came between that day "
            f"and {by.on}, not on {received_on}."
        )
    keeping.refuse(problems)
    if asked[request_id].received_on is not None:
        return
    models.RecordAnswer.objects.create(
        request_id=request_id,
        received_on=received_on,
        is_refused=is_refused,
        note=by.why.strip(),
        by_id=by.user_id,
        at=by.at,
    )
    keeping.log("audit: records came", found.account_id, {"case": case_id}, by=by)


@transactions.starts_transaction
def waive_limitation(of: Waived, *, by: By) -> int:
    """Keep that the taxpayer signed a later limitation day of some periods.

    It is the account's too: a period may be amended, and its credit refunded, until that day. A
    waiver signed after the limitation day revives nothing. Raises CannotAudit, cases.NoSuchCase.
    """
    found = keeping.locked(of.case_id)
    waived = schedules.waivers(found.account_id)
    same = [each for each in waived if _is_same(each, of)]
    if same:
        return same[0].waiver_id
    problems = _not_in_work(found)
    problems += keeping.refuse_without(of.signed_by, "Say who signed for the taxpayer.")
    if of.signed_on > by.on:
        problems.append(f"A waiver that is signed on {of.signed_on} is not signed yet.")
    problems += _strange_papers(found, [of.paper_id])
    if not of.periods:
        problems.append("Name the periods that are waived.")
    limited = {}
    for starts_on in of.periods:
        last, wrong = _limited(found, starts_on, of=of, waived=waived, by=by)
        problems += wrong
        if last is not None:
            limited[starts_on] = last
    keeping.refuse(problems)
    row = models.LimitationWaiver.objects.create(
        case_id=of.case_id,
        signed_by=of.signed_by.strip(),
        signed_on=of.signed_on,
        extends_to=of.extends_to,
        paper_id=of.paper_id,
        by_id=by.user_id,
        at=by.at,
    )
    models.WaivedPeriod.objects.bulk_create(
        models.WaivedPeriod(waiver_id=row.id, starts_on=each, limited_on=last)
        for each, last in limited.items()
    )
    _let_be_changed(found, of, limited, by=by)
    detail = {"case": of.case_id, "extends_to": f"{of.extends_to}", "periods": len(limited)}
    keeping.log("audit: limitation waived", found.account_id, detail, by=by)
    return row.id


def _let_be_changed(
    found: cases.Case, of: Waived, periods: Iterable[datetime.date], *, by: By
) -> None:
    signer = of.signed_by.strip()
    signed = dataclasses.replace(by, why=f"Signed by {signer} in audit {of.case_id}")
    for starts_on in periods:
        limiting.extended(
            account_id=found.account_id,
            starts_on=starts_on,
            through=of.extends_to,
            signed_on=of.signed_on,
            by=signed.of_returns,
        )


def _is_same(kept: schedules.Waiver, of: Waived) -> bool:
    return (kept.case_id, kept.signed_by, kept.signed_on, kept.extends_to, kept.periods) == (
        of.case_id, of.signed_by.strip(), of.signed_on, of.extends_to, tuple(sorted(of.periods)),
    )  # fmt: skip


def _limited(
    found: cases.Case, starts_on: datetime.date, *, of: Waived,
    waived: Sequence[schedules.Waiver], by: By,
) -> tuple[datetime.date | None, list[str]]:  # fmt: skip
    """Return the limitation day of a period as it is, and what is wrong with waiving it."""
    if starts_on not in found.periods:
        return None, [f"The period from {starts_on} is not under audit in this case."]
    filed = returns.versions_of(found.account_id, starts_on=starts_on)
    if not filed:
        return None, [f"No return of the period from {starts_on} is here: nothing limits it yet."]
    last = schedules.last_day(filed[0], is_more_tax=True, waived=waived, known_at=by.at)
    if last is None:
        return None, [f"No table limits the period from {starts_on}: there is nothing to waive."]
    wrong = []
    if of.signed_on > last:
        wrong.append(
            f"The period from {starts_on} could be assessed until {last}; a waiver signed on "
            f"{of.signed_on} came too late and revives nothing."
        )
    if of.extends_to <= last:
        wrong.append(
            f"The period from {starts_on} can be assessed until {last} already. Extend it beyond."
        )
    return last, wrong


@transactions.starts_transaction
def enter_schedule(*, case_id: int, entries: Sequence[sums.Entry], by: By) -> int:
    """Add what was found to a case's schedules; returns how many figures are new or changed.

    Entered twice, the second adds nothing. Raises CannotAudit, schedules.ScheduleIsWrong,
    cases.NoSuchCase.
    """
    found = keeping.locked(case_id)
    keeping.refuse(_not_in_work(found))
    wrong = sums.wrong(entries, codes=schedules.codes_for(found))
    wrong += _strange_papers(found, [each.paper_id for each in entries])
    if wrong:
        raise sums.ScheduleIsWrong(wrong)
    return _entered(found, entries, by=by)


@transactions.starts_transaction
def import_schedule(*, case_id: int, content: bytes, by: By) -> int:
    """Do the same from a CSV file, all of it or nothing.

    Raises CannotAudit, schedules.ScheduleIsWrong with every error of the file, cases.NoSuchCase.
    """
    found = keeping.locked(case_id)
    keeping.refuse(_not_in_work(found))
    return _entered(found, sums.read(content, codes=schedules.codes_for(found)), by=by)


def _entered(found: cases.Case, entries: Sequence[sums.Entry], *, by: By) -> int:
    there = {(each.starts_on, each.key): each for each in schedules.lines(found.case_id)}
    reported = _reported(found, {each.starts_on for each in entries})
    new = [
        each
        for each in entries
        if (kept := there.get((each.starts_on, each.key))) is None
        or (kept.found_cents, kept.note, kept.evidence, kept.paper_id)
        != (each.found_cents, each.note, each.evidence, each.paper_id)
    ]
    regions, classes = code_lists.codes("tax region"), code_lists.codes("business class")
    deductions = code_lists.codes("deduction code")
    models.ScheduleLine.objects.bulk_create(
        models.ScheduleLine(
            case_id=found.case_id,
            starts_on=each.starts_on,
            region_id=regions[each.key.region].id,
            business_class_id=classes[each.key.business_class].id,
            deduction_id=None if each.key.figure == sums.GROSS else deductions[each.key.figure].id,
            reported_cents=reported[each.starts_on].get(each.key, 0),
            found_cents=each.found_cents,
            note=each.note,
            evidence=each.evidence,
            paper_id=each.paper_id,
            by_id=by.user_id,
            at=by.at,
        )
        for each in new
    )
    if new:
        detail = {"case": found.case_id, "figures": len(new)}
        keeping.log("audit: schedules", found.account_id, detail, by=by)
    return len(new)


def _strange_papers(found: cases.Case, paper_ids: Sequence[int | None]) -> list[str]:
    """Say which papers that are named are none of the taxpayer's."""
    own = {each.paper_id for each in schedules.papers(found)}
    strange = sorted({each for each in paper_ids if each is not None} - own)
    return [f"Paper {each} is none of this taxpayer's. Choose another." for each in strange]


def _reported(
    found: cases.Case, periods: set[datetime.date]
) -> dict[datetime.date, dict[sums.Key, int]]:
    reported: dict[datetime.date, dict[sums.Key, int]] = {}
    for starts_on in periods:
        filed = returns.versions_of(found.account_id, starts_on=starts_on)
        reported[starts_on] = sums.reported(filed[-1].filing) if filed else {}
    return reported


def _not_in_work(found: cases.Case) -> list[str]:
    if found.is_in_work:
        return []
    return [
        (
            f"Audit case {found.case_id} is “{found.state}”: records, waivers and schedules are "
            "added after the engagement and until an assessment is proposed."
        )
    ]
