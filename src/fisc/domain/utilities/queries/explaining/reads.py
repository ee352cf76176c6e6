"""Explaining a read: where it came from, how it was estimated, or why it is doubted."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, values, wording
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import choices
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.queries import doubtful_reads, reads
from fisc.domain.utilities.queries.explaining import words


class NoSuchRead(Exception):
    """There is no read of that number."""


class ReadCannotBeJudged(Exception):
    """The table is not asked about such a read; the item says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Read:
    read_id: int
    point_id: int
    register_id: int
    service: str
    unit: str
    meter: str
    read_on: datetime.date
    reading: int
    kind: int
    multiplier_milli: int
    digits: int
    recorded_at: datetime.datetime
    file: str
    last_read_on: datetime.date | None
    last_reading: int | None


_READ = """
select read.id, read.service_point_id, register.id, point.service, register.unit, meter.number,
    read.read_on, read.reading, read.kind, register.multiplier_milli, register.digits,
    read.recorded_at, coalesce(file.name, ''), last.read_on, last.reading
from utilities_read read
join utilities_register register on register.id = read.register_id
join utilities_meter meter on meter.id = register.meter_id
join utilities_service_point point on point.id = read.service_point_id
left join utilities_read_file file on file.id = read.read_file_id
left join lateral (
    select earlier.read_on, earlier.reading from utilities_read earlier
    where earlier.service_point_id = read.service_point_id
        and earlier.register_id = read.register_id and earlier.read_on < read.read_on
        and not exists (
            select from utilities_read later
            where later.supersedes_id = earlier.id and later.recorded_at <= read.recorded_at)
    order by earlier.read_on desc, earlier.id desc limit 1
) last on true
where read.id = %(read)s
"""

# The history that an estimate is made from, as reads.unread finds it, as it stood on that day.
_HISTORY = """
select year.used, year.days, three.used, three.days
from (
    select agreement.* from utilities_service_agreement agreement
    where agreement.service_point_id = %(point)s and agreement.starts_on < %(day)s
        and (agreement.ends_before is null or agreement.ends_before > %(day)s)
    order by agreement.starts_on desc limit 1
) agreement
left join lateral (
    select segment.usage_milli as used, segment.ends_before - segment.starts_on as days
    from utilities_bill_segment segment
    where segment.account_bucket = agreement.account_bucket
        and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
        and segment.starts_on <= %(day)s - interval '1 year'
        and segment.ends_before > %(day)s - interval '1 year'
    order by segment.id desc limit 1
) year on true
left join lateral (
    select sum(recent.usage_milli)::bigint as used, sum(recent.days)::bigint as days from (
        select segment.usage_milli, segment.ends_before - segment.starts_on as days
        from utilities_bill_segment segment
        where segment.account_bucket = agreement.account_bucket
            and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
            and segment.ends_before < %(day)s
            and not exists (
                select from utilities_bill_cancellation cancelled
                where cancelled.bill_id = segment.bill_id and cancelled.cancelled_at < %(at)s)
        order by segment.ends_before desc limit 3
    ) recent
) three on true
"""


def explain_read(*, read_id: int, language: str = "en") -> explanations.Why:
    """Explain a read by its source; an estimate by the table and the history that made it.

    Raises NoSuchRead, rule_tables.NoVersionForDate.
    """
    rows = _rows(_READ, read=read_id)
    if not rows:
        raise NoSuchRead(f"There is no read {read_id}.")
    read = _Read(*rows[0])
    if read.kind == choices.ReadKind.ESTIMATED and read.last_read_on is not None:
        return _explain_estimate(read, language=language)
    shown = f"{read.reading:,}"
    return explanations.Why(
        title=f"{read.meter}, {wording.day(read.read_on, language=language)}",
        value=shown,
        sentence=wording.sentence(
            words.SAYINGS[language]["read"].format(
                service=_service(read.service, language=language),
                meter=read.meter,
                day=wording.day(read.read_on, language=language),
                reading=shown,
            )
        ),
        is_equal=None,
        inputs=(
            explanations.InputUsed(
                words=words.READ_KINDS[language][read.kind],
                value=shown,
                origin=words.ORIGINS[language]["file"].format(file=read.file) if read.file else "",
            ),
        ),
    )


def _explain_estimate(read: _Read, *, language: str) -> explanations.Why:
    assert read.last_read_on is not None
    assert read.last_reading is not None
    found = _rows(_HISTORY, point=read.point_id, day=read.read_on, at=read.recorded_at)
    year_used, year_days, three_used, three_days = found[0] if found else (None,) * 4
    given: dict[str, values.Value] = {
        "service": read.service,
        "days": Decimal((read.read_on - read.last_read_on).days),
        "usage_same_period_last_year": _milli(year_used),
        "days_same_period_last_year": _whole(year_days),
        "usage_last_three_periods": _milli(three_used),
        "days_last_three_periods": _whole(three_days),
    }
    version = rule_tables.in_force(
        points.ESTIMATE.name, day=read.read_on, known_at=read.recorded_at
    )
    (line,) = points.ESTIMATE.outputs
    answer = tables.asked(version, given, names=[line.name])[line.name]
    origins = words.ORIGINS[language]
    history = origins["history"].format(day=wording.day(read.read_on, language=language))
    before = origins["read_before"].format(
        day=wording.day(read.last_read_on, language=language), reading=f"{read.last_reading:,}"
    )
    told = {name: history if given[name] is not None else origins["no_history"] for name in given}
    told |= {"days": before, "service": read.meter}
    usage = _of_unit(answer.value, unit=read.unit, language=language)
    return _judged(
        answer,
        title=f"{read.meter}, {wording.day(read.read_on, language=language)}",
        value=f"{read.reading:,}",
        saying=("read_estimated", {
            "service": _service(read.service, language=language),
            "meter": read.meter,
            "day": wording.day(read.read_on, language=language),
            "usage": usage,
        }),
        is_equal=_reading_again(read, answer.value) == read.reading,
        told=told,
        language=language,
    )  # fmt: skip


def _reading_again(read: _Read, usage: object) -> int | None:
    """Return the reading that an estimated usage makes, as the estimate was entered."""
    if not isinstance(usage, Decimal) or read.last_reading is None:
        return None
    turned = int(usage.scaleb(3)) // read.multiplier_milli
    return int((read.last_reading + turned) % 10**read.digits)


def explain_doubt(
    *, meter: str, read_on: datetime.date, reading: int, known_at: datetime.datetime,
    language: str = "en",
) -> explanations.Why:  # fmt: skip
    """Explain what the read-check table says of a reading that came, beside the usual use.

    Raises ReadCannotBeJudged where the reading is refused before any table is asked, and
    rule_tables.NoVersionForDate.
    """
    (known,) = reads.meters_on(numbers=[meter], days=[read_on])
    if known.last_reading is None or known.last_read_on is None or known.digits is None:
        raise ReadCannotBeJudged(f"Meter {meter} has no reading before {read_on} to compare with.")
    given = _doubted_facts(known, read_on=read_on, reading=reading)
    version = rule_tables.in_force(points.READ_CHECK.name, day=read_on, known_at=known_at)
    (line,) = points.READ_CHECK.outputs
    answer = tables.asked(version, given, names=[line.name])[line.name]
    origins = words.ORIGINS[language]
    before = origins["read_before"].format(
        day=wording.day(known.last_read_on, language=language), reading=f"{known.last_reading:,}"
    )
    code = code_lists.codes("service").get(str(known.service))
    unit = str(code.attributes["unit"]) if code else ""
    return _judged(
        answer,
        title=f"{meter}, {wording.day(read_on, language=language)}",
        value=f"{reading:,}",
        saying=("doubted" if answer.value else "not_doubted", {
            "reading": f"{reading:,}",
            "day": wording.day(read_on, language=language),
            "usage": _of_unit(given["usage"], unit=unit, language=language),
        }),
        is_equal=answer.value == _by_columns(version, given),
        told={
            "service": meter,
            "usage": before,
            "days": before,
            "expected_usage": origins["history"].format(
                day=wording.day(read_on, language=language)
            )
            if given["expected_usage"] is not None
            else origins["no_history"],
        },
        language=language,
    )  # fmt: skip


def _doubted_facts(
    known: reads.MeterOn, *, read_on: datetime.date, reading: int
) -> dict[str, values.Value]:
    """Return what the table is asked of a reading, as files of reads are judged."""
    assert known.last_reading is not None
    assert known.last_read_on is not None
    assert known.digits is not None
    turned = (reading - known.last_reading) % 10**known.digits
    days = min((read_on - known.last_read_on).days, doubtful_reads.DAYS_MAX)
    expected_milli = (known.used_milli or 0) * days // known.used_days if known.used_days else None
    return {
        "service": str(known.service),
        "usage": _milli(turned * (known.multiplier_milli or 0)),
        "expected_usage": _milli(expected_milli),
        "days": Decimal(days),
    }


def _by_columns(
    version: rule_tables.LoadedVersion, given: Mapping[str, values.Value]
) -> values.Value:
    """Return what the column evaluator, which judges files of reads, makes of one read."""
    declared = version.point.input_by_name
    columns = {
        each.name: values.to_column([given[each.name]], declared=declared[each.name].declared())
        for each in version.tables.program.inputs
    }
    (line,) = version.tables.lines
    result = version.tables.evaluate(columns)
    return values.from_column(result.outputs[line.decision], 0, declared=line.declared())


def _judged(
    answer: tables.Answered, *, title: str, value: str, saying: tuple[str, dict[str, str]],
    is_equal: bool, told: Mapping[str, str], language: str,
) -> explanations.Why:  # fmt: skip
    key, parts = saying
    return tables.why_of(
        answer,
        title=title,
        value=value,
        sentence=words.SAYINGS[language][key].format(
            said=words.behind(tables.said_of(answer, language=language)), **parts
        ),
        is_equal=is_equal,
        vocabulary=tables.vocabulary(
            [answer.version.point], language=language, facts=words.FACTS[language]
        ),
        origins=told,
    )


def _of_unit(value: object, *, unit: str, language: str) -> str:
    if not isinstance(value, Decimal):
        return wording.NOTHING
    return wording.quantity(value, unit=unit, language=language)


def _service(service: str, *, language: str) -> str:
    code = code_lists.codes("service").get(service)
    return code.label(language).lower() if code else service


def _milli(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-3)


def _whole(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _rows(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
