"""Why a bill is cancelled, and whether its period is billed again."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    why = forms.CharField(
        label=_("Why"),
        help_text=_("What was wrong, in a few words. It stays on the bill."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what was wrong.")},
    )
    rebill = forms.BooleanField(
        label=_("Bill the same period again, as the tables and reads are now"),
        required=False,
        initial=True,
    )
