"""A day that tables or lists are asked about, and the day at whose end that was known."""

from __future__ import annotations

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.domain.code_lists import queries as code_lists
from fisc.interfaces.web import days as of_days


class AsOfForm(forms.Form):
    """Asks what governed a day, as known at the end of another."""

    day = of_days.DayField(
        label=_("On the day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    known_on = of_days.DayField(
        label=_("As known at the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def as_of(self) -> code_lists.AsOf:
        """Return what was asked, once it is valid."""
        known_on: datetime.date | None = self.cleaned_data["known_on"]
        known_at = None
        if known_on is not None:
            following = known_on + datetime.timedelta(days=1)
            known_at = timezone.make_aware(datetime.datetime.combine(following, datetime.time()))
        return code_lists.AsOf(self.cleaned_data["day"], known_at)

    def clean_known_on(self) -> datetime.date | None:
        """Refuse a day that has none after it."""
        given: datetime.date | None = self.cleaned_data["known_on"]
        if given is not None and given.year >= datetime.MAXYEAR:
            raise forms.ValidationError(_("That day is too far off."))
        return given
