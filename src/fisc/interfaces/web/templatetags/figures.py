"""How amounts, days and instants are written on a page."""

import datetime
import functools

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext

from fisc.basics import money as amounts
from fisc.interfaces.web import languages

register = template.Library()

MINUS = "\u2212"


@register.filter
def money(cents: int | None) -> str:
    """Write cents as dollars: 123456 becomes $1,234.56, and less than nothing has a minus."""
    if cents is None:
        return ""
    return f"{MINUS if cents < 0 else ''}${amounts.formatted(abs(cents))}"


@register.filter
def plain_money(cents: int | None) -> str:
    """Write cents as a form wants them back: 123456 becomes 1234.56."""
    return "" if cents is None else amounts.formatted(cents).replace(",", "")


@register.filter
def day(value: datetime.date | None) -> str:
    """Write a day in the reader's language: Mar 4, 2026."""
    if value is None:
        return ""
    return _written_day(value, languages.current())


_DAY_BY_LANGUAGE = {"es": "j M Y"}


@functools.lru_cache(maxsize=4096)
def _written_day(value: datetime.date, language: str) -> str:
    # A page writes the same few days over and over.
    return formats.date_format(value, _DAY_BY_LANGUAGE.get(language, "M j, Y"))


@register.filter
def said(value: object) -> object:
    """Write true and false as yes and no and nothing as a dash; anything else is as it is."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return value


@register.filter
def instant(value: datetime.datetime | None) -> str:
    """Write an instant in the city's zone: Mar 4, 2026, 14:05."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local.date())}, {local:%H:%M}"


@register.filter
def instant_of(value: datetime.datetime | None, said: datetime.date) -> str:
    """Write an instant where a day was said just before: of that day, only 14:05."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if local.date() == said else instant(value)


@register.filter
def clock(value: datetime.datetime | None) -> str:
    """Write the time of day of an instant, in the city's zone."""
    return "" if value is None else f"{timezone.localtime(value):%H:%M:%S}"


@register.filter
def duration(seconds: float | None) -> str:
    """Write how long something took: 0.4 s, 12 s, 3 min 5 s."""
    if seconds is None:
        return ""
    if seconds < _A_MINUTE:
        return f"{seconds:.1f} s" if seconds < _TENTHS_BELOW else f"{seconds:.0f} s"
    return f"{int(seconds) // _A_MINUTE} min {int(seconds) % _A_MINUTE} s"


_A_MINUTE = 60
_TENTHS_BELOW = 10


@register.filter
def count(value: int | None) -> str:
    """Write a whole number with separators."""
    return "" if value is None else f"{value:,}"


@register.filter
def whole_dollars(cents: int) -> str:
    """Write cents as whole dollars, for the marks of a picture."""
    return f"${cents // 100:,}"


@register.filter
def quantity(milli: int | None) -> str:
    """Write thousandths of a unit without idle zeros: 5250 becomes 5.25, 5000 becomes 5."""
    if milli is None:
        return ""
    whole, part = divmod(abs(milli), 1000)
    fraction = f".{part:03}".rstrip("0").rstrip(".")
    return f"{MINUS if milli < 0 else ''}{whole:,}{fraction}"


@register.filter
def month(value: datetime.date) -> str:
    """Write a month for the foot of a picture: Mar 26."""
    return _written_month(value, languages.current())


@functools.lru_cache(maxsize=1024)
def _written_month(value: datetime.date, language: str) -> str:
    del language
    return formats.date_format(value, "M y")
