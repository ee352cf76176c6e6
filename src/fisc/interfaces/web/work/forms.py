"""What a person does with a work item, and why."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.domain.utilities import choices
from fisc.interfaces.web import days
from fisc.plumbing.users import queries as users


class MoveForm(forms.Form):
    """One reason, and one of four things to do."""

    DONE = "done"
    FORWARD = "forward"
    SNOOZE = "snooze"
    PUT_BACK = "put_back"
    ACTIONS = ((DONE, _("Done")), (FORWARD, _("Forward")), (SNOOZE, _("Snooze")), (PUT_BACK, ""))

    action = forms.ChoiceField(choices=ACTIONS, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("A few words, so that the next person understands."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in a few words.")},
    )
    to_user = forms.TypedChoiceField(label=_("Forward to"), coerce=int, required=False, choices=())
    until = days.DayField(
        label=_("Snooze until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    whole_cause = forms.BooleanField(
        label=_("All items of this cause that I have"), required=False, initial=True
    )

    def __init__(self, *, user_id: int, data: Any = None) -> None:
        super().__init__(data)
        others = [(one.user_id, one.full_name) for one in users.staff() if one.user_id != user_id]
        field = self.fields["to_user"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", ""), *others]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("action") == self.FORWARD and not given.get("to_user"):
            self.add_error("to_user", _("Choose who gets it."))
        if given.get("action") == self.SNOOZE and not given.get("until"):
            self.add_error("until", _("Choose the day it comes back."))
        if (until := given.get("until")) and until <= timezone.localdate():
            self.add_error("until", _("Choose a day that is still to come."))
        return given


class ReleaseForm(forms.Form):
    """Why a held bill goes out, and the amount that was seen when that was decided."""

    why = forms.CharField(
        label=_("Why it is right"),
        help_text=_("What you looked at, in a few words. It stays with the bill."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the bill is right.")},
    )
    seen_cents = forms.IntegerField(widget=forms.HiddenInput)


class DropForm(forms.Form):
    """Why a held bill does not go out."""

    why_not = forms.CharField(
        label=_("Why it must not go out"),
        help_text=_("Its days and usage wait for the account's next bill."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the bill must not go out.")},
    )


class ReadForm(forms.Form):
    """The read as somebody vouches for it."""

    meter = forms.CharField(label=_("Meter"), max_length=40)
    read_on = days.DayField(
        label=_("Read on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reading = forms.IntegerField(
        label=_("Reading"),
        min_value=0,
        max_value=10**9,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Write the digits of the dial, and nothing else.")},
    )
    kind = forms.TypedChoiceField(
        label=_("Who read it"),
        coerce=lambda value: choices.ReadKind(int(value)),
        choices=(
            (choices.ReadKind.ACTUAL.value, _("the city")),
            (choices.ReadKind.CUSTOMER.value, _("the customer")),
        ),
    )
    why = forms.CharField(
        label=_("Why"),
        help_text=_("How you know, in a few words."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how you know the reading.")},
    )
    is_sure = forms.BooleanField(label=_("I am sure, though it looks wrong"), required=False)
