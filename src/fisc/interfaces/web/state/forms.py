"""A file of the state as it is handed in, and the cash that came with one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.files import uploadedfile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.domain.state_collections import choices, operations
from fisc.interfaces.web import days
from fisc.interfaces.web.money_fields import MoneyField

#: What is read while somebody waits; a larger one is taken in at the terminal.
FILE_BYTES_MAX: Final = 50_000_000
#: Lines of what explains a difference that the form has.
LINES: Final = 4

KIND_WORDS: Final = (
    (choices.FileKind.LICENSES.value, _("Licenses")),
    (choices.FileKind.RETURNS.value, _("Returns")),
    (choices.FileKind.PAYMENTS.value, _("Payments")),
    (choices.FileKind.DISTRIBUTION.value, _("Distribution")),
)


def _day_field(label: Any, **options: Any) -> days.DayField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return days.DayField(label=label, widget=widget, **options)


class SignedMoneyField(MoneyField):
    """An amount that may be less than nothing."""

    def clean(self, value: Any) -> Any:
        """Return cents, or None when left empty."""
        text = str(value or "").strip().replace("\N{MINUS SIGN}", "-")
        sign = -1 if text.startswith("-") else 1
        cents = super().clean(text.removeprefix("-"))
        return None if cents is None else sign * cents


class FileForm(forms.Form):
    """A file, what it holds, and the month it is of."""

    kind = forms.ChoiceField(label=_("The file holds"), choices=KIND_WORDS)
    month = days.DayField(
        label=_("Month"),
        help_text=_("Year and month that the state sent it for, as in 2026-08."),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    file = forms.FileField(
        label=_("The state's file"),
        help_text=_("As it came. All of it is taken in, or nothing."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )

    def clean_file(self) -> uploadedfile.UploadedFile[bytes]:
        """Refuse a file that is too long to be read while somebody waits."""
        file: uploadedfile.UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Take it in with `fisc state take`.")
                % {"most": FILE_BYTES_MAX // 1_000_000}
            )
        return file


class CashForm(forms.Form):
    """What the bank had, and what explains that the file says another sum."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    amount = MoneyField(label=_("What the bank had"))
    deposited_on = _day_field(_("Day of the deposit"))
    posting_day = _day_field(_("Posting day"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(
            data,
            initial={"key": f"state/{uuid.uuid4()}", "posting_day": timezone.localdate()},
        )
        for number in range(1, LINES + 1):
            self.fields[f"cents_{number}"] = SignedMoneyField(
                label=_("Line %(number)s: amount") % {"number": number}, required=False
            )
            self.fields[f"why_{number}"] = forms.CharField(
                label=_("Line %(number)s: why") % {"number": number},
                required=False,
                max_length=500,
            )

    @property
    def lines(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each line that explains a part of a difference."""
        for number in range(1, LINES + 1):
            yield self[f"cents_{number}"], self[f"why_{number}"]

    def cash(self) -> operations.Cash:
        """Return what is entered, once it is valid."""
        given = self.cleaned_data
        parts = [
            operations.Part(given.get(f"cents_{each}") or 0, given.get(f"why_{each}") or "")
            for each in range(1, LINES + 1)
            if given.get(f"cents_{each}") is not None or (given.get(f"why_{each}") or "").strip()
        ]
        return operations.Cash(given["deposited_on"], given["amount"], parts=tuple(parts))


class LookForm(forms.Form):
    """By when somebody is to have looked at who is chosen."""

    due_on = _day_field(_("To be looked at by"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"due_on": timezone.localdate()})
