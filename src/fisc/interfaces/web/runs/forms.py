"""Which day to run, and the words under which a register is signed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fisc.interfaces.web import days


class DayForm(forms.Form):
    day = days.DayField(
        label=_("Posting day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SignForm(forms.Form):
    why = forms.CharField(
        label=_("I have looked at the totals, and"),
        help_text=_("What you compared, in a few words. It is kept with your name."),
        max_length=500,
        error_messages={"required": _("Say what you compared.")},
    )
