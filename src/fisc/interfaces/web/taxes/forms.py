"""What a person says about a tax account: registered for what, until when, how often it files."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.core.files import uploadedfile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.basics import periods
from fisc.domain.tax_returns.queries import batches, registrations
from fisc.interfaces.web import days as of_days
from fisc.interfaces.web.money_fields import MoneyField
from fisc.interfaces.web.taxes import names

#: What is read while somebody waits for the page.
FILE_BYTES_MAX = 50_000_000
_A_DAY = datetime.timedelta(days=1)


def _day(label: Any, **options: Any) -> of_days.DayField:
    return of_days.DayField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **options,
    )


def _offer(field: forms.Field, name: str, *, coded: bool = True) -> None:
    """Let a field choose among the current codes of a list."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = [
        (each.code, f"{each.code} {each.words}" if coded else each.words)
        for each in names.choices_of(name, on=timezone.localdate())
    ]


class RegisterForm(forms.Form):
    """A class in a region from a day."""

    region = forms.ChoiceField(label=_("Region"), choices=())
    business_class = forms.ChoiceField(label=_("Business class"), choices=())
    starts_on = _day(_("Registered from"))
    last_day = _day(_("Last day"), required=False, help_text=_("Leave it empty while it goes on."))
    why = forms.CharField(label=_("Why"), max_length=500, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="register", initial={"starts_on": timezone.localdate()})
        _offer(self.fields["region"], names.REGIONS)
        _offer(self.fields["business_class"], names.CLASSES)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        starts_on, last_day = given.get("starts_on"), given.get("last_day")
        if starts_on and last_day and last_day < starts_on:
            self.add_error("last_day", _("The last day comes before the first."))
        return given

    def days(self) -> periods.Period:
        """Return the days of the registration, once it is valid."""
        last_day = self.cleaned_data["last_day"]
        return periods.Period(
            starts_on=self.cleaned_data["starts_on"],
            ends_before=last_day + _A_DAY if last_day else None,
        )


class EndForm(forms.Form):
    """The last day of a registration."""

    last_day = _day(_("Last day"))
    why = forms.CharField(
        label=_("Why"), max_length=500, error_messages={"required": _("Say why, in a few words.")}
    )

    def ends_before(self) -> datetime.date:
        """Return the day that it ends before, once it is valid."""
        last_day: datetime.date = self.cleaned_data["last_day"]
        return last_day + _A_DAY


class FrequencyForm(forms.Form):
    """How often an account files, from the first day of a period."""

    frequency = forms.ChoiceField(label=_("Files"), choices=())
    from_day = _day(_("From the first day of a period"))
    seasonal_months = forms.TypedMultipleChoiceField(
        label=_("Only in these months"),
        help_text=_("None chosen: every month has business."),
        required=False,
        coerce=int,
        choices=(),
        widget=forms.CheckboxSelectMultiple,
    )
    year_starts_in = forms.TypedChoiceField(
        label=_("Its year begins in"),
        help_text=_("Quarters and years are counted from that month."),
        required=False,
        coerce=int,
        choices=(),
    )
    cuts_short = forms.BooleanField(
        label=_("Cut the period that runs short"),
        help_text=_("It then ends before that day, and its return is due for the days until then."),
        required=False,
    )
    why = forms.CharField(label=_("Why"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, term: registrations.Term | None = None) -> None:
        first = timezone.localdate().replace(day=1)
        initial: dict[str, Any] = {"from_day": first, "year_starts_in": 1}
        if term is not None:
            initial["frequency"] = term.frequency
            initial["seasonal_months"] = list(term.seasonal_months)
            initial["year_starts_in"] = term.year_starts_in
        super().__init__(data, prefix="frequency", initial=initial)
        _offer(self.fields["frequency"], names.FREQUENCIES, coded=False)
        for name in ("seasonal_months", "year_starts_in"):
            months = self.fields[name]
            assert isinstance(months, forms.ChoiceField)
            months.choices = [
                (month, names.month_words(datetime.date(datetime.MINYEAR, month, 1)))
                for month in range(1, names.MONTHS_IN_YEAR + 1)
            ]


class OnForm(forms.Form):
    """A day on which something is owed."""

    on = _day(_("On the day"))


class AccountForm(forms.Form):
    """The number of an account, typed or scanned."""

    account = forms.IntegerField(
        label=_("Account"),
        help_text=_("Type or scan its number, then Enter."),
        min_value=1,
        max_value=10**12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}
        ),
    )


class WhoseForm(forms.Form):
    """Whose return it is, and of which period."""

    account = forms.IntegerField(
        label=_("Account"),
        min_value=1,
        max_value=10**12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    period = _day(_("First day of the period"))


class ControlsForm(forms.Form):
    """What was counted of a stack of paper."""

    count = forms.IntegerField(label=_("Returns"), min_value=1, max_value=10_000)
    gross_cents = MoneyField(label=_("Gross receipts"), required=False)
    tax_cents = MoneyField(label=_("Tax due"), required=False)
    net_cents = MoneyField(label=_("Net due"), required=False)
    remitted_cents = MoneyField(label=_("Remitted"), required=False)

    def clean(self) -> dict[str, Any]:
        sums = ("gross_cents", "tax_cents", "net_cents", "remitted_cents")
        if not self.errors and all(self.cleaned_data.get(each) is None for each in sums):
            raise forms.ValidationError(
                _("Write at least one sum that was counted: the batch is balanced by it.")
            )
        return self.cleaned_data

    def controls(self) -> batches.Controls:
        """Return the control totals, once they are valid."""
        given = self.cleaned_data
        return batches.Controls(
            count=given["count"],
            gross_cents=given["gross_cents"],
            tax_cents=given["tax_cents"],
            net_cents=given["net_cents"],
            remitted_cents=given["remitted_cents"],
        )


class BatchForm(ControlsForm):
    """A batch to be opened: what it is called, and what was counted of it."""

    words = forms.CharField(
        label=_("Batch"), max_length=200, help_text=_("What it is called: mail of Monday, box 2.")
    )
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    field_order = ("words",)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": f"batch/{uuid.uuid4()}"})


class TakeOutForm(forms.Form):
    """Why a return is no longer of its batch."""

    why = forms.CharField(
        label=_("Why"), max_length=500, error_messages={"required": _("Say why, in a few words.")}
    )


class FileForm(forms.Form):
    """A file of returns."""

    file = forms.FileField(
        label=_("File of returns"),
        help_text=_("CSV or JSON, as the city's layout of returns says. Nothing is filed yet."),
        widget=forms.FileInput(attrs={"accept": ".csv,.json,.txt"}),
    )

    def clean_file(self) -> uploadedfile.UploadedFile[bytes]:
        """Refuse a file that is too long to be read while somebody waits."""
        file: uploadedfile.UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Take it in with `fisc returns file`.")
                % {"most": FILE_BYTES_MAX // 1_000_000}
            )
        return file
