"""A usage that somebody asks the cost of."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core import exceptions
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.utilities import choices
from fisc.domain.utilities.queries import previews, quoting
from fisc.interfaces.web import days as of_days
from fisc.interfaces.web import languages

USAGE_MAX = 9_999_999
A_BILLED_MONTH = datetime.timedelta(days=30)


class Quantity(forms.DecimalField):
    """Read a number of the digits 0 to 9, as amounts are."""

    def to_python(self, value: Any) -> Any:
        """Return the number; raises ValidationError."""
        if isinstance(value, str) and not value.isascii():
            raise exceptions.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class QuoteForm(forms.Form):
    """Which services, over which days, on which class."""

    rate_class = forms.ChoiceField(label=_("Rate class"), choices=())
    electric_class = forms.ChoiceField(
        label=_("Rate class of the electricity"),
        help_text=_("Leave it where it is the same."),
        required=False,
        choices=(),
    )
    inside_city = forms.BooleanField(label=_("Inside the city"), required=False, initial=True)
    starts_on = of_days.DayField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_before = of_days.DayField(
        label=_("Until, not counting this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    water = Quantity(
        label=_("Water used (kgal)"),
        required=False,
        min_value=0,
        max_value=USAGE_MAX,
        decimal_places=3,
    )
    water_size = forms.ChoiceField(label=_("Meter size"), choices=())
    has_sewer = forms.BooleanField(label=_("With sewer"), required=False, initial=True)
    winter_average = Quantity(
        label=_("Winter average (kgal a month)"),
        help_text=_("Leave it empty where there is none."),
        required=False,
        min_value=0,
        max_value=USAGE_MAX,
        decimal_places=3,
    )
    electric = Quantity(
        label=_("Electricity used (kWh)"),
        required=False,
        min_value=0,
        max_value=USAGE_MAX,
        decimal_places=3,
    )
    phase = forms.ChoiceField(label=_("Phase"), choices=())

    def __init__(self, data: Any = None, *, of: quoting.OfAccount | None = None) -> None:
        today = timezone.localdate()
        initial = {"starts_on": today - A_BILLED_MONTH, "ends_before": today}
        super().__init__(data, initial={**initial, **(_begun_with(of) if of else {})})
        for field, name in (
            ("rate_class", "rate class"),
            ("electric_class", "rate class"),
            ("water_size", "meter size"),
            ("phase", "phase"),
        ):
            chosen = self.fields[field]
            assert isinstance(chosen, forms.ChoiceField)
            current = [
                (code.code, code.label(languages.current()))
                for code in code_lists.codes(name).values()
                if code.is_current(today)
            ]
            chosen.choices = current if chosen.required else [("", "—"), *current]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        starts_on, ends_before = given.get("starts_on"), given.get("ends_before")
        if starts_on and ends_before and ends_before <= starts_on:
            self.add_error("ends_before", _("The period must end after it begins."))
        if given.get("water") is None and given.get("electric") is None and not self.errors:
            raise forms.ValidationError(_("Give the water or the electricity that was used."))
        return given

    def period(self) -> periods.Period:
        """Return the days of the quote."""
        return periods.Period(
            starts_on=self.cleaned_data["starts_on"], ends_before=self.cleaned_data["ends_before"]
        )

    def services(self) -> list[previews.QuotedService]:
        """Return the services that are asked about."""
        given = self.cleaned_data
        asked = []
        if given["water"] is not None:
            asked.append(
                previews.QuotedService(
                    service=choices.Service.WATER.value,
                    rate_class=given["rate_class"],
                    size=given["water_size"],
                    usage=given["water"],
                )
            )
            if given["has_sewer"]:
                asked.append(
                    previews.QuotedService(
                        service=choices.Service.SEWER.value,
                        rate_class=given["rate_class"],
                        size=given["water_size"],
                        usage=given["water"],
                        winter_average=given["winter_average"],
                    )
                )
        if given["electric"] is not None:
            asked.append(
                previews.QuotedService(
                    service=choices.Service.ELECTRIC.value,
                    rate_class=given["electric_class"] or given["rate_class"],
                    size=given["phase"],
                    usage=given["electric"],
                )
            )
        return asked


def _begun_with(of: quoting.OfAccount) -> dict[str, Any]:
    """Return what stands in the fields of a quote for an account before anything is typed."""
    water = of.service(choices.Service.WATER.value)
    sewer = of.service(choices.Service.SEWER.value)
    electric = of.service(choices.Service.ELECTRIC.value)
    begun: dict[str, Any] = {
        "inside_city": of.inside_city,
        "has_sewer": sewer is not None,
        "winter_average": sewer.winter_average if sewer else None,
    }
    if of.starts_on and of.ends_before:
        begun.update(starts_on=of.starts_on, ends_before=of.ends_before)
    if water:
        begun.update(rate_class=water.rate_class, water_size=water.size, water=water.usage)
    if electric:
        begun.update(electric_class=electric.rate_class, phase=electric.size)
        begun.update(electric=electric.usage)
        begun.setdefault("rate_class", electric.rate_class)
    return begun
