"""A license that somebody asks the fee of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.queries import fees
from fisc.interfaces.web import days, languages
from fisc.interfaces.web.money_fields import MoneyField

UNITS_MAX = 10_000


class FeeForm(forms.Form):
    """Which license, from which day, and what its fee may rest on."""

    license_type = forms.ChoiceField(label=_("License type"), choices=())
    issued_on = days.DayField(
        label=_("Day of issue"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    event_last_day = days.DayField(
        label=_("Last day of the event"),
        help_text=_("Only for a license that is for an event."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    is_renewal = forms.BooleanField(label=_("A renewal"), required=False)
    began_unlicensed = forms.BooleanField(label=_("Began without a license"), required=False)
    units = forms.IntegerField(
        label=_("Units"),
        help_text=_("How many, where the fee of the type counts them."),
        required=False,
        min_value=0,
        max_value=UNITS_MAX,
    )
    gross_receipts = MoneyField(
        label=_("Gross receipts of twelve months"),
        help_text=_("Leave it empty where they are not told."),
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"issued_on": today})
        chosen = self.fields["license_type"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            (code.code, code.label(languages.current()))
            for code in code_lists.codes(fees.LICENSE_TYPES).values()
            if code.is_current(today)
        ]

    def asked(self) -> fees.Asked:
        """Return what is asked."""
        given = self.cleaned_data
        return fees.Asked(
            license_type=given["license_type"],
            issued_on=given["issued_on"],
            is_new=not given["is_renewal"],
            began_unlicensed=given["began_unlicensed"],
            units=given["units"],
            gross_receipts_cents=given["gross_receipts"],
            event_ends_before=periods.day_after(given["event_last_day"]),
            asked_on=timezone.localdate(),
        )
