"""A form field for an amount of dollars and cents, given on as whole cents."""

from typing import Any, Final

from django import forms
from django.core import exceptions
from django.utils.translation import gettext_lazy as _

from fisc.basics import money

#: No field of a page takes more: fewer digits than an account's number has, should one be
#: scanned into it, and far within what every sum of them can be kept in.
CENTS_MAX: Final = 99_999_999_99


class MoneyField(forms.CharField):
    """Read an amount as people write it; its value is cents, or None when left empty."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})
        self.widget.attrs["class"] = "box box--money"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            cents = money.parsed(text)
        except money.NotAnAmount as problem:
            raise exceptions.ValidationError(
                _("“%(text)s” is no amount. Write dollars and cents, such as 1,234.56."),
                params={"text": text},
            ) from problem
        if cents < 0:
            raise exceptions.ValidationError(_("An amount here cannot be less than nothing."))
        if cents > CENTS_MAX:
            raise exceptions.ValidationError(
                _("“%(text)s” is more than can be entered here, $%(most)s. Is it an amount?"),
                params={"text": text, "most": money.formatted(CENTS_MAX)},
            )
        return cents
