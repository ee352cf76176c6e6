"""What a person does with a work item, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
    until = forms.DateField(
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
        return given
