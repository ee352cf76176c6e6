"""What a person says to end a waiver, and to record that a limitation was waived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class EndForm(forms.Form):
    """From which due day on nothing is waived, and why."""

    due_before = _day(gettext_lazy("Nothing is waived that is due from"))
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )


class LimitationForm(forms.Form):
    """Until when filer and city agreed that a period may be changed."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=())
    through = _day(gettext_lazy("May be changed through"))
    signed_on = _day(gettext_lazy("Signed on"))
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )

    def __init__(self, data: Any = None, *, periods: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, prefix="limitation")
        period = self.fields["period"]
        assert isinstance(period, forms.ChoiceField)
        period.choices = list(periods)
