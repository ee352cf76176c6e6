"""Through which day the bills of a study count."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StudyForm(forms.Form):
    data_day = forms.DateField(
        label=_("Bills through"),
        help_text=_("The twelve months that end with this day are studied."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
