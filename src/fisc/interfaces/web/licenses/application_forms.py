"""What is entered for an application, step by step."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.operations import applying
from fisc.domain.licensing.queries import applications, fees, finding, requirements
from fisc.interfaces.web import days
from fisc.interfaces.web.businesses import forms as fields
from fisc.interfaces.web.licenses import words
from fisc.interfaces.web.money_fields import MoneyField

ANSWER_MAX: Final = 2_000
WHY_MAX: Final = 1_000
_ANSWER: Final = "answer-"


def choose(field: forms.Field, options: Sequence[tuple[Any, Any]]) -> None:
    """Give a field what may be chosen in it."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = options


class StartForm(forms.Form):
    """What a business asks for."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    license_type = forms.ChoiceField(label=gettext_lazy("License type"), choices=())
    premise = forms.ChoiceField(label=gettext_lazy("Place"), choices=(), required=False)
    received_on = fields.day_field(gettext_lazy("Received"))
    begins_on = fields.day_field(gettext_lazy("Wanted from"))
    event_last_day = days.DayField(
        label=gettext_lazy("Last day of the event"),
        help_text=gettext_lazy("Only for a license that is for an event."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    units = forms.IntegerField(
        label=gettext_lazy("Units"),
        help_text=gettext_lazy("How many, where the fee of the type counts them."),
        required=False,
        min_value=0,
        max_value=fees.UNITS_MAX,
    )
    gross_receipts = MoneyField(
        label=gettext_lazy("Gross receipts of twelve months"),
        help_text=gettext_lazy("Leave it empty where they are not told."),
        required=False,
    )
    began_unlicensed = forms.BooleanField(
        label=gettext_lazy("Began without a license"), required=False
    )

    def __init__(self, data: Any, *, business_id: int, today: datetime.date) -> None:
        first = {
            "key": f"license application/{uuid.uuid4()}",
            "received_on": today,
            "begins_on": today,
        }
        places = [
            (str(each.premise_id), f"{each.address}, {each.city}".strip(", "))
            for each in finding.places_of(business_id)
            if each.ends_before is None or each.ends_before > today
        ]
        super().__init__(data, initial={**first, **({"premise": places[0][0]} if places else {})})
        choose(self.fields["premise"], [*places, ("", _("No place"))])
        choose(self.fields["license_type"], types(on=today))

    def clean_received_on(self) -> datetime.date:
        """Refuse a day that has not come."""
        return _come(self.cleaned_data["received_on"])

    def asked(self, business_id: int) -> applying.Application:
        """Return what is asked for."""
        told = self.cleaned_data
        return applying.Application(
            license_type=told["license_type"],
            business_id=business_id,
            received_on=told["received_on"],
            begins_on=told["begins_on"],
            premise_id=int(told["premise"]) if told["premise"] else None,
            units=told["units"],
            gross_receipts_cents=told["gross_receipts"],
            began_unlicensed=told["began_unlicensed"],
            event_ends_before=periods.day_after(told["event_last_day"]),
        )


class TellForm(forms.Form):
    """What an applicant answers, and the facts that the fee rests on."""

    def __init__(self, data: Any, *, found: applications.Application) -> None:
        said = applications.answers(found.application_id)
        self.questions = requirements.questions(found.asking)
        first: dict[str, Any] = {
            f"{_ANSWER}{each.code}": said.get(each.code, "") for each in self.questions
        }
        first["units"] = found.units
        super().__init__(data, initial=first)
        for each in self.questions:
            self.fields[f"{_ANSWER}{each.code}"] = forms.CharField(
                label=words.called(each),
                required=False,
                max_length=ANSWER_MAX,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        terms = fees.terms(
            license_type=found.license_type.code, day=found.begins_on, known_at=found.received_at
        )
        if terms.unit is not None:
            unit = code_lists.code(fees.LICENSE_UNITS, terms.unit)
            self.fields["units"] = forms.IntegerField(
                label=words.called(unit), required=False, min_value=0, max_value=fees.UNITS_MAX
            )
        if terms.asks_receipts:
            cents = found.gross_receipts_cents
            self.fields["gross_receipts"] = MoneyField(
                label=_("Gross receipts of twelve months"),
                required=False,
                initial="" if cents is None else f"{cents // 100}.{cents % 100:02}",
            )

    def answers(self) -> Mapping[str, str]:
        """Return what was answered, by the codes of the questions."""
        return {
            each.code: self.cleaned_data.get(f"{_ANSWER}{each.code}", "") for each in self.questions
        }


class AttachForm(forms.Form):
    """A paper that came, and where it is."""

    attachment = forms.ChoiceField(label=gettext_lazy("Paper"), choices=())
    reference = fields.text_field(
        gettext_lazy("Where it is"),
        200,
        required=True,
        hint=gettext_lazy("Such as the folder or the number of the scan."),
    )
    received_on = fields.day_field(gettext_lazy("Received"))

    def __init__(
        self, data: Any, *, asked: Sequence[requirements.AskedAttachment], missing: Sequence[str]
    ) -> None:
        first = {"received_on": timezone.localdate(), "attachment": next(iter(missing), None)}
        super().__init__(data, initial=first)
        choose(
            self.fields["attachment"],
            [(each.code.code, words.called(each.code)) for each in asked],
        )


class CoverageForm(forms.Form):
    """An insurance or bond, and the days that it holds."""

    kind = forms.ChoiceField(label=gettext_lazy("Insurance or bond"), choices=())
    number = fields.text_field(gettext_lazy("Policy or bond number"), 200, required=True)
    insurer = fields.text_field(gettext_lazy("Insurer"), 200)
    amount = MoneyField(label=gettext_lazy("Amount covered"), required=False)
    starts_on = fields.day_field(gettext_lazy("First day"))
    last_day = fields.day_field(gettext_lazy("Last day"))

    def __init__(self, data: Any, *, kinds: Sequence[code_lists.Code]) -> None:
        super().__init__(data)
        choose(self.fields["kind"], [(each.code, words.called(each)) for each in kinds])


class WhyForm(forms.Form):
    """A decision with its reason."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=WHY_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NoteForm(forms.Form):
    """A step that may be given a reason."""

    why = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=WHY_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AppealForm(WhyForm):
    """What an appeal comes to."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=(
            ("upheld", gettext_lazy("The denial stands")),
            ("granted", gettext_lazy("The appeal is granted: go on with the application")),
        ),
    )


class SignOffForm(forms.Form):
    """What a department says."""

    outcome = forms.ChoiceField(choices=(("approved", ""), ("refused", "")))
    why = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("A refusal says why: the applicant is told."),
        max_length=WHY_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RenewForm(forms.Form):
    """What the holder tells with a renewal."""

    received_on = fields.day_field(gettext_lazy("Received"))
    units = forms.IntegerField(
        label=gettext_lazy("Units"),
        help_text=gettext_lazy("How many, where the fee of the type counts them."),
        required=False,
        min_value=0,
        max_value=fees.UNITS_MAX,
    )
    gross_receipts = MoneyField(
        label=gettext_lazy("Gross receipts of twelve months"),
        help_text=gettext_lazy("Leave it empty where they are not told."),
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"received_on": timezone.localdate()}, prefix="renew")

    def clean_received_on(self) -> datetime.date:
        """Refuse a day that has not come."""
        return _come(self.cleaned_data["received_on"])


def _come(day: datetime.date) -> datetime.date:
    if day > timezone.localdate():
        raise forms.ValidationError(_("That day has not come yet."))
    return day


def types(*, on: datetime.date) -> list[tuple[str, str]]:
    """Return the license types in use on a day, in words."""
    return [
        (code.code, words.called(code))
        for code in code_lists.codes(fees.LICENSE_TYPES).values()
        if code.is_current(on)
    ]
