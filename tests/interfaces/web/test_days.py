"""A day of another age is a slip of the key, in a form and in an address."""

from __future__ import annotations

import pytest
from django import forms, urls

from fisc.interfaces.web import days


class TestDayField:
    @pytest.mark.parametrize("day", ["1899-12-31", "2200-01-01", "9999-12-31"])
    def test_a_day_of_another_age_is_refused(self, day: str) -> None:
        with pytest.raises(forms.ValidationError, match="Is the year right"):
            days.DayField().clean(day)

    @pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
    def test_the_first_and_last_are_taken(self, day: str) -> None:
        assert str(days.DayField().clean(day)) == day


@pytest.mark.parametrize(("day", "is_there"), [("2026-03-02", True), ("9999-12-31", False)])
def test_an_address_has_no_day_of_another_age(day: str, is_there: bool) -> None:
    try:
        urls.resolve(f"/runs/{day}/")
    except urls.Resolver404:
        assert not is_there
    else:
        assert is_there
