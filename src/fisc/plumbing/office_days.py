"""The day in the city's office that an instant, kept in UTC, falls on there."""

import datetime
import zoneinfo

from django.conf import settings


def office_day(at: datetime.datetime) -> datetime.date:
    """Return the day that an instant falls on in the city's office."""
    return at.astimezone(zoneinfo.ZoneInfo(settings.TIME_ZONE)).date()
