"""A day or a month in an address (/runs/2026-03-02/, /distributions/2026-03/) and in a form."""

import datetime
from typing import Any, Final

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy

from fisc.interfaces import day_bounds

_FAR: Final = gettext_lazy("That day is too far off. Is the year right?")


class DayField(forms.DateField):
    """A day that somebody writes; one of another age is a slip of the key."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators += [
            validators.MinValueValidator(day_bounds.FIRST, message=_FAR),
            validators.MaxValueValidator(day_bounds.LAST, message=_FAR),
        ]


class DayConverter:
    """Read and write ISO days in addresses."""

    regex = r"(?:19|20|21)\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date | str) -> str:
        return str(value)


class MonthConverter:
    """Read and write months in addresses, as their first day."""

    regex = r"(?:19|20|21)\d{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(f"{value}-01")

    def to_url(self, value: datetime.date | str) -> str:
        return str(value)[:7]
