"""Two audits of the demonstration city: one in work, one that waits for its approval.

By the operations that the pages use; nothing of them is in the books yet.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from fisc.domain.tax_audits import choices
from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.operations import keeping, proposing, selecting, working
from fisc.domain.tax_audits.queries import cases, selection
from fisc.domain.tax_returns.queries import returns
from fisc.plumbing.runs import engine, pieces
from fisc.plumbing.users import queries as users

AUDITS = "auditor"
COUNT, PERIODS = 2, 3
_SCORES_LOOKED_AT = 20


def subjects(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """One piece an audit, the first one first."""
    return [pieces.Piece(subject={"audit": number}) for number in range(COUNT)]


def go_on(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Open an audit of an account that the points speak for, and come as far as it has."""
    number = int(chunk.subject["audit"])
    there = cases.listed(states=[each.value for each in choices.EventKind])
    if len(there) > number:
        case_id = there[number].case_id
    else:
        opened = _opened(number, chunk)
        if opened is None:
            return {"audits": 0}
        case_id = opened
    _come_on(case_id, number, chunk)
    return {"audits": 1}


def _by(chunk: pieces.ClaimedChunk, *, days_ago: int, why: str = "") -> keeping.By:
    return keeping.By(
        user_id=users.user_id(username=AUDITS),
        on=chunk.posting_day - datetime.timedelta(days=days_ago),
        at=chunk.instant,
        why=why,
    )


def _opened(number: int, chunk: pieces.ClaimedChunk) -> int | None:
    by = _by(chunk, days_ago=40, why="High in the points, never audited.")
    found = selection.scored(on=chunk.posting_day, known_at=chunk.instant, most=_SCORES_LOOKED_AT)
    for each in found:
        with_tax = [
            kept.days.starts_on
            for kept in returns.newest(each.account_id)
            if kept.tax_due_cents > 0 and kept.received_on < by.on
        ]
        if len(with_tax) < PERIODS:
            continue
        first = with_tax[-PERIODS]
        before = with_tax[-1] + datetime.timedelta(days=1)
        return selecting.select(
            selecting.Selected(
                account_id=each.account_id,
                auditor_id=by.user_id,
                first=first,
                before=before,
                selected_by=choices.SelectedBy.SCORE,
                source={name: str(value) for name, value in each.facts.items()},
                score=each.score,
            ),
            key=f"demonstration audit {number}",
            by=by,
        )
    return None


def _come_on(case_id: int, number: int, chunk: pieces.ClaimedChunk) -> None:
    found = cases.case(case_id)
    if found.state == choices.EventKind.SELECTED:
        selecting.engage(case_id=case_id, by=_by(chunk, days_ago=35))
    if not cases.case(case_id).is_in_work:
        return
    asked = _by(chunk, days_ago=34)
    request_id = working.ask_for_records(
        case_id=case_id,
        words="Register tapes and bank statements",
        due_on=asked.on + datetime.timedelta(days=20),
        by=asked,
    )
    if number == 0:
        return
    came = _by(chunk, days_ago=20)
    working.records_came(
        case_id=case_id, request_id=request_id, received_on=came.on, is_refused=False, by=came
    )
    entries = [_more(found.account_id, starts_on) for starts_on in found.periods[-1:]]
    working.enter_schedule(case_id=case_id, entries=entries, by=_by(chunk, days_ago=5))
    proposing.propose(case_id=case_id, cause="NEGLIGENCE", by=_by(chunk, days_ago=1))


def _more(account_id: int, starts_on: datetime.date) -> sums.Entry:
    """A fifth more was taken in than was reported on the first line."""
    line = returns.versions_of(account_id, starts_on=starts_on)[-1].filing.lines[0]
    return sums.Entry(
        starts_on=starts_on,
        key=sums.Key(line.region, line.business_class, sums.GROSS),
        found_cents=line.gross_cents * 6 // 5,
        note="Tapes of two registers were not in the books.",
        evidence="Register tapes, box 2",
    )
