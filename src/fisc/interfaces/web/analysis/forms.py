"""Which analysis is asked for, and for whom figures leave."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_analysis import choices, operations
from fisc.domain.tax_analysis import decision_points as points
from fisc.domain.tax_analysis.queries import figures
from fisc.interfaces.web import exports, languages

FIRST_YEAR = 1990
YEARS_AHEAD = 1

BY_WORDS = (
    (choices.By.BUSINESS_CLASS.value, _("Business class")),
    (choices.By.PLACE.value, _("Place (ZIP code)")),
    (choices.By.AREA.value, _("Area (tax region)")),
)
TIMING_WORDS = (
    (choices.Timing.EARNED.value, _("By the period earned")),
    (choices.Timing.RECEIVED.value, _("By the day received")),
)
MEASURE_WORDS = (
    (choices.Measure.TAX.value, _("Tax")),
    (choices.Measure.TAXABLE.value, _("Taxable amount")),
    (choices.Measure.GROSS.value, _("Gross receipts")),
)


class AskedForm(forms.Form):
    """A year, what its rows are, when a return counts, and what is added up.

    Outside the tax office a return counts by its period: two cuts of time would give each other's
    figures away.
    """

    year = forms.IntegerField(label=_("Year"))
    by = forms.ChoiceField(label=_("Rows"), choices=BY_WORDS)
    timing = forms.ChoiceField(label=_("When a return counts"), choices=TIMING_WORDS)
    measure = forms.ChoiceField(label=_("Figures"), choices=MEASURE_WORDS)

    def __init__(self, data: Any, *, sees_all: bool) -> None:
        this_year = timezone.localdate().year
        initial = {
            "year": this_year,
            "by": choices.By.BUSINESS_CLASS.value,
            "timing": choices.Timing.EARNED.value,
            "measure": choices.Measure.TAX.value,
        }
        given = {name: data.get(name, initial[name]) for name in initial}
        super().__init__(given, initial=initial)
        # Django makes the check of a limit with the field, so one of today is made here.
        self.fields["year"] = forms.IntegerField(
            label=_("Year"), min_value=FIRST_YEAR, max_value=this_year + YEARS_AHEAD
        )
        if not sees_all:
            timing = self.fields["timing"]
            assert isinstance(timing, forms.ChoiceField)
            timing.choices = TIMING_WORDS[:1]

    def asked(self) -> figures.Asked:
        """Return which analysis is asked for."""
        given = self.cleaned_data
        return figures.Asked(
            given["year"], choices.By(given["by"]), choices.Timing(given["timing"])
        )

    @property
    def added_up(self) -> choices.Measure:
        """What is added up."""
        return choices.Measure(self.cleaned_data["measure"])


class YearForm(forms.Form):
    """Of which calendar year a list is; this one, where none is said."""

    year = forms.IntegerField(label=_("Year"))

    def __init__(self, data: Any) -> None:
        this_year = timezone.localdate().year
        super().__init__({"year": data.get("year", this_year)})
        self.fields["year"] = forms.IntegerField(
            label=_("Year"), min_value=FIRST_YEAR, max_value=this_year + YEARS_AHEAD
        )

    @property
    def year_asked(self) -> int:
        """The year that is asked for."""
        return int(self.cleaned_data["year"])


class GiveForm(forms.Form):
    """For whom figures leave the tax office, and why."""

    recipient = forms.ChoiceField(label=_("Who receives it"), choices=())
    for_whom = forms.CharField(label=_("Name of the person or office"), max_length=200)
    why = forms.CharField(label=_("Why"), max_length=500)
    taken_as = forms.ChoiceField(
        label=_("As"), choices=((exports.XLSX, _("Excel workbook")), (exports.CSV, "CSV"))
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        recipient = self.fields["recipient"]
        assert isinstance(recipient, forms.ChoiceField)
        today = timezone.localdate()
        recipient.choices = [
            (each.code, each.label(languages.current()))
            for each in code_lists.codes(points.RECIPIENTS).values()
            if each.is_current(today)
        ]

    def purpose(self) -> operations.Purpose:
        """Return who is to have the figures, and why."""
        given = self.cleaned_data
        return operations.Purpose(given["recipient"], given["for_whom"], given["why"])
