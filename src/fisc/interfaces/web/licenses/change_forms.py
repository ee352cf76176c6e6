"""What is entered to change a license."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.interfaces.web.businesses import forms as fields
from fisc.interfaces.web.licenses import application_forms

WHY_MAX: Final = 1_000


class ChangeForm(forms.Form):
    """That something happens to a license on a day, and why."""

    happens_on = fields.day_field(gettext_lazy("On"))
    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=WHY_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, prefix: str) -> None:
        super().__init__(data, initial={"happens_on": timezone.localdate()}, prefix=prefix)

    def clean_happens_on(self) -> datetime.date:
        """Refuse a day that has not come: a license is at once what it was changed to."""
        day: datetime.date = self.cleaned_data["happens_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day has not come yet."))
        return day


class PlaceForm(ChangeForm):
    """Where it is from a day on."""

    premise = forms.ChoiceField(label=gettext_lazy("New place"), choices=())
    field_order = ("premise", "happens_on", "why")

    def __init__(self, data: Any = None, *, places: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, prefix="place")
        application_forms.choose(self.fields["premise"], places)


class HandOnForm(ChangeForm):
    """Whose it is from a day on."""

    to_business = forms.IntegerField(
        label=gettext_lazy("Number of the business that buys"), min_value=1, max_value=2**62
    )
    takes_over_debt = forms.BooleanField(
        label=gettext_lazy("The buyer takes over what is owed"), required=False
    )
    field_order = ("to_business", "takes_over_debt", "happens_on", "why")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="hand")
