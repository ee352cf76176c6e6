"""An instant late in the evening of the office is of that day, though UTC has the next."""

import datetime

import pytest
from django.test import override_settings

from fisc.plumbing import office_days


@pytest.mark.parametrize(
    ("hour", "day"), [(6, 25), (7, 26)], ids=["before midnight", "at midnight"]
)
def test_day_is_of_the_office(hour: int, day: int) -> None:
    at = datetime.datetime(2026, 11, 26, hour, 0, tzinfo=datetime.UTC)
    with override_settings(TIME_ZONE="America/Phoenix"):
        assert office_days.office_day(at) == datetime.date(2026, 11, day)
