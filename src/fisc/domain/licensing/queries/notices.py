"""What holders were told of their renewals, and the board of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import models
from fisc.domain.licensing.queries import estimates, fees, licenses, renewals
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import wording

PAGE = 50
_A_DAY = datetime.timedelta(days=1)
DUE = "due"
LAPSED = "lapsed"
WITHOUT = "without"


class NoSuchNotice(Exception):
    """There is no notice of that number."""


class NoSuchList(Exception):
    """The board has no list of that name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what a renewal costs, and the kept row that it is of."""

    # A code of “license line”.
    code: code_lists.Code
    amount_cents: int
    evaluation: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Notice:
    """What the holder of a license was told of its renewal on a day."""

    notice_id: int
    # A code of “renewal step”.
    step: code_lists.Code
    license: licenses.License
    # Of the term that is renewed.
    last_day: datetime.date
    made_on: datetime.date
    made_at: datetime.datetime
    # None where the facts did not say what it costs.
    total_cents: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A license on the board: what was told of the present term last, and what was said to cost."""

    license_id: int
    number: int
    license_type: code_lists.Code
    business_id: int
    business_name: str
    status: str
    last_day: datetime.date
    # None where nothing was told yet.
    notice_id: int | None
    told_on: datetime.date | None
    total_cents: int | None
    # The renewal that somebody works on.
    application_id: int | None


# Licenses of a list, with what was told last of the present term.
_BOARD = """
select license.id, license.number, license.license_type_id, license.business_id, party.name,
    license.status, license.term_ends_before, told.id, told.made_on,
    told.fee_cents + told.penalty_cents, asked.id
from licensing_license as license
join accounts_party as party on party.id = license.business_id
left join lateral (
    select notice.id, notice.made_on, notice.step_id, notice.fee_cents, notice.penalty_cents
    from licensing_renewal_notice as notice
    where notice.license_id = license.id and notice.term_ends_before = license.term_ends_before
    order by notice.made_on desc, notice.id desc limit 1
) as told on true
left join licensing_application as asked on asked.license_id = license.id
    and asked.kind = 'renewal' and asked.status in ('started', 'complete', 'appealed')
{wanted}
"""
_LIST = (
    _BOARD
    + """
    and (license.term_ends_before, license.id) > (%(after_day)s::date, %(after_id)s)
order by license.term_ends_before, license.id limit %(limit)s
"""
)
_COUNT = "select count(*) from (" + _BOARD + ") as listed"
# A license for an event is over with it, and nobody operates without one after it.
_NOT_OF_EVENT = """not exists (
    select from licensing_license_event as given
    join licensing_application as wanted on wanted.id = given.application_id
    where given.license_id = license.id and wanted.event_ends_before is not null)"""
_WANTED = {
    DUE: "where license.id = any(%(due)s::bigint[])",
    LAPSED: f"where license.status = 'expired' and {_NOT_OF_EVENT}",
    # Who closed the license does not operate; who applied is being worked on.
    WITHOUT: f"where license.status = 'expired' and asked.id is null and {_NOT_OF_EVENT}",
}
_TOLD = "where license.status in ('active', 'expired') and told.step_id = %(step)s"


def notice(notice_id: int) -> Notice:
    """Return what was told, with its lines. Raises NoSuchNotice."""
    row = models.RenewalNotice.objects.filter(id=notice_id).first()
    if row is None:
        raise NoSuchNotice(f"There is no renewal notice {notice_id}.")
    places = [
        (block, place)
        for block, place in (
            (row.fee_block_id, row.fee_row),
            (row.penalty_block_id, row.penalty_row),
        )
        if block is not None and place is not None
    ]
    return Notice(
        notice_id=row.id,
        step=code_lists.codes_by_id(renewals.RENEWAL_STEPS)[row.step_id],
        license=licenses.license_of(row.license_id),
        last_day=row.term_ends_before - _A_DAY,
        made_on=row.made_on,
        made_at=row.made_at,
        total_cents=None if row.fee_cents is None else row.fee_cents + row.penalty_cents,
        lines=tuple(_lines(places)),
    )


def of_license(license_id: int) -> tuple[Notice, ...]:
    """Return what the holder of a license was told, the last first."""
    ids = models.RenewalNotice.objects.filter(license_id=license_id)
    return tuple(
        notice(each) for each in ids.order_by("-made_on", "-id").values_list("id", flat=True)[:PAGE]
    )


def lists() -> tuple[str, ...]:
    """Return the names of the board's lists: due, each step that is told, lapsed, without."""
    told = [each for each in code_lists.codes(renewals.RENEWAL_STEPS) if each != renewals.LAPSE]
    return (DUE, *told, LAPSED, WITHOUT)


def counts(*, on: datetime.date, known_at: datetime.datetime) -> Mapping[str, int]:
    """Return how many licenses each list of the board has on a day."""
    found = {}
    with connection.cursor() as cursor:
        for name in lists():
            wanted, given = _asked(name, on=on, known_at=known_at)
            cursor.execute(_COUNT.format(wanted=wanted), given)
            found[name] = int(cursor.fetchone()[0])
    return found


def listed(
    name: str, *, on: datetime.date, known_at: datetime.datetime,
    after: tuple[datetime.date, int] = (datetime.date.min, 0), limit: int | None = PAGE,
) -> list[Row]:  # fmt: skip
    """Return a page of a list, by the day the term ends and the license; `after` is a row's.

    No limit gives all. Raises NoSuchList.
    """
    if name not in lists():
        raise NoSuchList(f"There is no list “{name}”. Choose one of {', '.join(lists())}.")
    wanted, given = _asked(name, on=on, known_at=known_at)
    with connection.cursor() as cursor:
        cursor.execute(
            _LIST.format(wanted=wanted),
            {**given, "after_day": after[0], "after_id": after[1], "limit": limit},
        )
        rows = cursor.fetchall()
    types = code_lists.codes_by_id(fees.LICENSE_TYPES)
    return [_row(row, types) for row in rows]


def _row(row: Sequence[Any], types: Mapping[int, code_lists.Code]) -> Row:
    license_id, number, type_id, business_id, name, status, ends_before, *told = row
    notice_id, told_on, total_cents, application_id = told
    return Row(
        license_id=license_id,
        number=number,
        license_type=types[type_id],
        business_id=business_id,
        business_name=name,
        status=status,
        last_day=ends_before - _A_DAY,
        notice_id=notice_id,
        told_on=told_on,
        total_cents=total_cents,
        application_id=application_id,
    )


def expected(*, on: datetime.date, known_at: datetime.datetime) -> Mapping[str, int]:
    """Return what a day's run would do, and keep none of it.

    Raises fees.NoTermsOfType, rule_tables.NoVersionForDate.
    """
    scope = renewals.Scope()
    due = renewals.due(scope, on=on, known_at=known_at)
    found = estimates.estimate(due, on=on, known_at=known_at)
    return {
        "paid": len(renewals.paid(scope)),
        "lapsing": len(renewals.lapsing(scope, on=on, known_at=known_at)),
        "due": len(due["license_id"]),
        "due_fee_cents": int(found.fee_cents[found.is_known].sum()),
        "due_penalty_cents": int(found.penalty_cents.sum()),
        "due_no_estimate": int((~found.is_known).sum()),
    }


def _asked(
    name: str, *, on: datetime.date, known_at: datetime.datetime
) -> tuple[str, dict[str, Any]]:
    if name == DUE:
        due = renewals.due(renewals.Scope(), on=on, known_at=known_at)["license_id"].tolist()
        return _WANTED[name], {"due": due}
    if name in _WANTED:
        return _WANTED[name], {}
    return _TOLD, {"step": code_lists.code(renewals.RENEWAL_STEPS, name).id}


def _lines(places: Sequence[tuple[int, int]]) -> Iterator[Line]:
    codes = code_lists.codes(fees.LICENSE_LINES)
    kept = tables.kept(places) if places else {}
    for place in places:
        answers = {each.name: each.value for each in kept[place].row.outputs}
        for line in kept[place].version.tables.lines:
            cents = wording.in_cents(answers.get(line.decision, answers.get(line.name)))
            if cents:
                yield Line(codes[line.name], cents, place)
