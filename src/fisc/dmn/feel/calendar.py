"""Dates, times and durations: read, written, added and told apart."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from functools import lru_cache

from fisc.dmn.feel.values import (
    DAY_NANOSECONDS,
    NANOSECONDS,
    Date,
    DateTime,
    DaysDuration,
    FarDate,
    MonthsDuration,
    Time,
)

FARTHEST_YEAR = 999_999_999
_DATE = re.compile(r"(-?)([0-9]{4}|[1-9][0-9]{4,8})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
)
_MONTHS = re.compile(r"(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_DAYS = re.compile(
    r"(-?)P(?:([0-9]+)D)?(T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?"
)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# 1 January 1970 as datetime.date counts days.
_UNIX_DAY = datetime.date(1970, 1, 1).toordinal()


# --- Making --------------------------------------------------------------------------------------


def date(year: int, month: int, day: int) -> Date | None:
    """The date, or None when the calendar has no such day."""
    if not (1 <= month <= 12 and abs(year) <= FARTHEST_YEAR):
        return None
    if not 1 <= day <= days_in_month(year, month):
        return None
    return datetime.date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def time(
    hour: int,
    minute: int,
    second: int,
    nanosecond: int = 0,
    zone: int | str | None = None,
) -> Time | None:
    """The time of day, or None when the clock has no such time."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return None
    if isinstance(zone, int) and abs(zone) > 18 * 3600:
        return None
    if isinstance(zone, str) and not is_zone(zone):
        return None
    return Time(hour, minute, second, nanosecond, zone)


def days_in_month(year: int, month: int) -> int:
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _MONTH_DAYS[month - 1]


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    return _zone(name) is not None


@lru_cache(maxsize=1024)
def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


# --- Reading -------------------------------------------------------------------------------------


def read_date(text: str) -> Date | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year = int(found[2])
    return date(-year if found[1] else year, int(found[3]), int(found[4]))


def read_time(text: str) -> Time | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    fraction = ((found[4] or "") + "000000000")[:9]
    zone = _read_zone(found[5])
    return time(int(found[1]), int(found[2]), int(found[3]), int(fraction), zone)


def _read_zone(text: str | None) -> int | str | None:
    if not text:
        return None
    if text in ("Z", "z"):
        return 0
    if text[0] == "@":
        return text[1:]
    hours, minutes, *seconds = text[1:].split(":")
    offset = int(hours) * 3600 + int(minutes) * 60 + int(seconds[0] if seconds else 0)
    return -offset if text[0] == "-" else offset


def read_date_time(text: str) -> DateTime | None:
    """Read a date and time; a date alone is its midnight."""
    day, mark, rest = text.partition("T")
    found = read_date(day)
    if found is None:
        return None
    if rest.startswith("24:00:00"):
        # The end of a day is the midnight of the next.
        following = from_day_number(day_number(found) + 1)
        if following is None:
            return None
        return read_date_time(f"{text_of_date(following)}T00{rest[2:]}")
    at = read_time(rest) if mark else Time(0, 0, 0)
    return None if at is None else DateTime(found, at)


def read_duration(text: str) -> MonthsDuration | DaysDuration | None:
    months = _MONTHS.fullmatch(text)
    if months and (months[2] or months[3]):
        total = int(months[2] or 0) * 12 + int(months[3] or 0)
        return MonthsDuration(-total if months[1] else total)
    days = _DAYS.fullmatch(text)
    if days is None or text.endswith(("P", "T")):
        return None
    fraction = ((days[7] or "") + "000000000")[:9]
    seconds = (
        int(days[2] or 0) * 86_400
        + int(days[4] or 0) * 3600
        + int(days[5] or 0) * 60
        + int(days[6] or 0)
    )
    total = seconds * NANOSECONDS + int(fraction)
    return DaysDuration(-total if days[1] else total)


def read_any(
    text: str,
) -> Date | Time | DateTime | MonthsDuration | DaysDuration | None:
    """Read what stands in an `@"…"` literal."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if "T" in text:
        return read_date_time(text)
    return read_time(text) if ":" in text else read_date(text)


# --- Writing -------------------------------------------------------------------------------------


def text(value: Date | Time | DateTime | MonthsDuration | DaysDuration) -> str:
    """The value as FEEL's string() writes it."""
    if isinstance(value, Time):
        return _time_text(value)
    if isinstance(value, DateTime):
        return f"{text(value.date)}T{_time_text(value.time)}"
    if isinstance(value, MonthsDuration):
        return _months_text(value.months)
    if isinstance(value, DaysDuration):
        return _days_text(value.nanoseconds)
    return text_of_date(value)


def text_of_date(value: Date) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _time_text(value: Time) -> str:
    plain = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.nanosecond:
        plain += f".{value.nanosecond:09}".rstrip("0")
    if value.zone is None:
        return plain
    if isinstance(value.zone, str):
        return f"{plain}@{value.zone}"
    if value.zone == 0:
        return f"{plain}Z"
    hours, rest = divmod(abs(value.zone), 3600)
    minutes, seconds = divmod(rest, 60)
    sign = "-" if value.zone < 0 else "+"
    return f"{plain}{sign}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _months_text(months: int) -> str:
    if not months:
        return "P0M"
    years, rest = divmod(abs(months), 12)
    sign = "-" if months < 0 else ""
    return f"{sign}P" + (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")


def _days_text(nanoseconds: int) -> str:
    if not nanoseconds:
        return "PT0S"
    seconds, fraction = divmod(abs(nanoseconds), NANOSECONDS)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}" + (f".{fraction:09}".rstrip("0") if fraction else "") + "S"
    sign = "-" if nanoseconds < 0 else ""
    return f"{sign}P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


# --- Counting days -------------------------------------------------------------------------------


def day_number(value: Date) -> int:
    """Days since 1 January 1970, for any year."""
    if isinstance(value, datetime.date):
        return value.toordinal() - _UNIX_DAY
    # Whole 400-year cycles of 146,097 days bring any year into datetime.date's reach.
    cycles, year = divmod(value.year - 2000, 400)
    near = datetime.date(2000 + year, value.month, value.day)
    return near.toordinal() - _UNIX_DAY + cycles * 146_097


def from_day_number(number: int) -> Date | None:
    start = datetime.date(2000, 1, 1).toordinal() - _UNIX_DAY
    cycles, rest = divmod(number - start, 146_097)
    near = datetime.date.fromordinal(rest + start + _UNIX_DAY)
    return date(near.year + cycles * 400, near.month, near.day)


def weekday(value: Date) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day_number(value) + 3) % 7 + 1


def add_months(value: Date, months: int) -> Date | None:
    """The same day of another month, or that month's last day when it is shorter."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    day = min(value.day, days_in_month(year, month + 1))
    return date(year, month + 1, day)


def months_between(start: Date, end: Date) -> int:
    """Whole months from one date to another, toward zero."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months


# --- Instants ------------------------------------------------------------------------------------


def offset_seconds(zone: int | str | None, on: Date, at: Time) -> int | None:
    """Seconds east of UTC that a zone has at a local time; None for local time."""
    if zone is None or isinstance(zone, int):
        return zone
    found = _zone(zone)
    if found is None or isinstance(on, FarDate):
        return 0
    local = datetime.datetime.combine(
        on, datetime.time(at.hour, at.minute, at.second), tzinfo=found
    )
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def instant(value: DateTime) -> int:
    """Nanoseconds since 1970 in UTC, local time counted as UTC."""
    offset = offset_seconds(value.time.zone, value.date, value.time) or 0
    local = day_number(value.date) * DAY_NANOSECONDS + value.time.day_nanoseconds
    return local - offset * NANOSECONDS


def time_instant(value: Time) -> int:
    """Nanoseconds since midnight in UTC; a zone by name counts as on 1 January 1970."""
    offset = offset_seconds(value.zone, datetime.date(1970, 1, 1), value) or 0
    return value.day_nanoseconds - offset * NANOSECONDS


def has_zone(value: DateTime | Time) -> bool:
    time_part = value.time if isinstance(value, DateTime) else value
    return time_part.zone is not None


def midnight(value: Date) -> DateTime:
    return DateTime(value, Time(0, 0, 0, 0, 0))


def time_from_nanoseconds(nanoseconds: int, zone: int | str | None) -> Time:
    seconds, fraction = divmod(nanoseconds % DAY_NANOSECONDS, NANOSECONDS)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    return Time(hours, minutes, seconds, fraction, zone)


def add_nanoseconds(value: DateTime, nanoseconds: int) -> DateTime | None:
    """The date and time so much later, in the same zone."""
    local = day_number(value.date) * DAY_NANOSECONDS + value.time.day_nanoseconds + nanoseconds
    day = from_day_number(local // DAY_NANOSECONDS)
    if day is None:
        return None
    return DateTime(day, time_from_nanoseconds(local, value.time.zone))
