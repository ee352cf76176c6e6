"""Which month to distribute, and on which day it is posted."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.interfaces.web import days as of_days

_A_DAY = datetime.timedelta(days=1)


class MonthForm(forms.Form):
    """The month that ended last, posted today, unless said otherwise."""

    month = of_days.DayField(
        label=_("Month"),
        help_text=_("Year and month, as in 2026-08. Earlier months come with it."),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    posting_day = of_days.DayField(
        label=_("Posting day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None) -> None:
        today = timezone.localdate()
        last = (today.replace(day=1) - _A_DAY).replace(day=1)
        super().__init__(data, initial={"month": last, "posting_day": today})
