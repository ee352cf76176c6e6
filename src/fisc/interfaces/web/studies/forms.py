"""Through which day the bills of a study count."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fisc.interfaces.web import days


class StudyForm(forms.Form):
    data_day = days.DayField(
        label=_("Bills through"),
        help_text=_("The twelve months that end with this day are studied."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
