"""What a cashier types: a float, a number, amounts, tenders, counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fisc.basics import money
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.payments import calculations as payments
from fisc.interfaces.web import languages, money_fields
from fisc.interfaces.web.templatetags import figures as written
from fisc.interfaces.web.tills import basket, scanning


class TextWithoutCard(forms.CharField):
    """A text that is refused, and not shown again, where it could be the number of a card."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if payments.could_be_a_card_number(text):
            raise forms.ValidationError(
                _(
                    "This looks like the number of a card. Nothing of it was kept. Enter the "
                    "check's number, or the reference that the card terminal printed."
                )
            )
        return text

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what stands in the field again: nothing of a card's number."""
        return "" if payments.could_be_a_card_number(str(data or "")) else data


class OpenForm(forms.Form):
    name = TextWithoutCard(
        label=_("Drawer"), help_text=_("The name on the drawer, such as 3."), max_length=40
    )
    float_cents = money_fields.MoneyField(label=_("Float in the drawer"))


class Scanned(forms.CharField):
    """A number that was scanned; a card's is not shown again."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what stands in the field again."""
        return "" if scanning.is_card_number(str(data or "")) else data


class ScanForm(forms.Form):
    scanned = Scanned(
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "data-key": "s",
            }
        ),
        error_messages={"required": _("Scan a coupon or type a number.")},
    )

    def __init__(self, data: Any = None, *, has_focus: bool = True) -> None:
        super().__init__(data)
        if has_focus:
            self.fields["scanned"].widget.attrs["autofocus"] = "autofocus"


class VoidForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.TypedChoiceField(label=_("Reason"), coerce=int, choices=())

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.TypedChoiceField)
        reason.choices = [(each.id, _label(each)) for each in _codes("void reason")]


@dataclasses.dataclass(frozen=True)
class Row:
    """An account in the basket with its fields, and whether the cashier is asked a second time."""

    line: basket.Line
    pays: forms.BoundField
    seen: forms.BoundField
    asks: bool
    # What the page says was seen: as it was posted, until the change was told.
    seen_cents: int


@dataclasses.dataclass(frozen=True)
class TenderRow:
    """The fields of one kind of tender."""

    amount: forms.BoundField
    reference: forms.BoundField | None


@dataclasses.dataclass(frozen=True)
class Tendered:
    """One kind of tender that was handed over."""

    kind_id: int
    cents: int
    reference: str
    gives_change: bool


class TakeForm(forms.Form):
    """What each account in the basket pays, and by what means."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, *, lines: Sequence[basket.Line], data: Any = None) -> None:
        super().__init__(data)
        self.lines = lines
        self.kinds = _codes("tender kind")
        for line in lines:
            self.fields[f"{basket.FIELD}{line.account_id}"] = money_fields.MoneyField(
                label=_("Pays"),
                initial=money.formatted(line.pays_cents).replace(",", ""),
                error_messages={"required": _("How much?")},
            )
            self.fields[f"{basket.SEEN}{line.account_id}"] = forms.IntegerField(required=False)
        for kind in self.kinds:
            self.fields[f"tender_{kind.code}"] = money_fields.MoneyField(
                label=_label(kind), required=False
            )
            if kind.attributes.get("needs_reference"):
                self.fields[f"reference_{kind.code}"] = TextWithoutCard(
                    label=f"{_label(kind)}: {gettext('number')}",
                    max_length=60,
                    required=False,
                    widget=forms.TextInput(attrs={"class": "box", "autocomplete": "off"}),
                )

    def clean(self) -> dict[str, Any]:
        for line in self.lines:
            if self.seen_cents(line.account_id) is None:
                self.add_error(
                    f"{basket.SEEN}{line.account_id}",
                    _("Look at the balance, and say that you take the amount all the same."),
                )
        missing = figures(self).short_cents
        if missing and not self.errors:
            raise forms.ValidationError(
                _("%(missing)s is still missing. Take another tender, or lower what is paid."),
                params={"missing": f"${money.formatted(missing)}"},
            )
        return self.cleaned_data

    def tender_rows(self) -> list[TenderRow]:
        """Return the fields of each kind of tender, in the order of the city's list."""
        return [
            TenderRow(
                amount=self[f"tender_{kind.code}"],
                reference=self[f"reference_{kind.code}"]
                if f"reference_{kind.code}" in self.fields
                else None,
            )
            for kind in self.kinds
        ]

    def rows(self) -> list[Row]:
        """Return each account with its fields."""
        return [self._row(line) for line in self.lines]

    def _row(self, line: basket.Line) -> Row:
        seen = self[f"{basket.SEEN}{line.account_id}"]
        was_told = bool(self.is_bound and seen.errors)
        posted = self.seen_cents(line.account_id) if self.is_bound and not was_told else None
        return Row(
            line=line,
            pays=self[f"{basket.FIELD}{line.account_id}"],
            seen=seen,
            # What was refused once and is more than is owed now, is never taken by Enter alone.
            asks=was_told and self.amounts().get(line.account_id, 0) > line.balance_cents,
            seen_cents=line.balance_cents if posted is None else posted,
        )

    def seen_cents(self, account_id: int) -> int | None:
        """Return the balance that was shown when the amount was typed; None if it was not taken."""
        seen: int | None = self.cleaned_data.get(f"{basket.SEEN}{account_id}")
        return seen

    def say_changed(self, now_cents: Mapping[int, int]) -> None:
        """Say of each account what it owes now that its balance is another than was seen."""
        for account_id, cents in now_cents.items():
            self.add_error(
                f"{basket.SEEN}{account_id}",
                forms.ValidationError(
                    _("Paid or charged elsewhere meanwhile: the balance is %(now)s now."),
                    params={"now": written.money(cents)},
                ),
            )

    def amounts(self) -> dict[int, int]:
        """Return the cents that each account pays, of those that could be read."""
        given = getattr(self, "cleaned_data", {})
        found = {
            line.account_id: given.get(f"{basket.FIELD}{line.account_id}") for line in self.lines
        }
        return {account_id: cents for account_id, cents in found.items() if cents is not None}

    def tendered(self) -> list[Tendered]:
        """Return the tenders that were handed over, of those that could be read."""
        given = getattr(self, "cleaned_data", {})
        return [
            Tendered(
                kind_id=kind.id,
                cents=cents,
                reference=given.get(f"reference_{kind.code}", ""),
                gives_change=bool(kind.attributes.get("gives_change")),
            )
            for kind in self.kinds
            if (cents := given.get(f"tender_{kind.code}"))
        ]


@dataclasses.dataclass(frozen=True)
class Figures:
    """What is to pay, what was handed over, and what goes back."""

    due_cents: int
    tendered_cents: int

    @property
    def short_cents(self) -> int:
        """Return what is still missing."""
        return max(self.due_cents - self.tendered_cents, 0)

    @property
    def change_cents(self) -> int:
        """Return what goes back."""
        return max(self.tendered_cents - self.due_cents, 0)


def figures(form: TakeForm) -> Figures:
    """Add up what stands in the form now."""
    amounts = form.amounts() if form.is_bound else {}
    return Figures(
        due_cents=sum(amounts.get(line.account_id, line.pays_cents) for line in form.lines),
        tendered_cents=sum(each.cents for each in form.tendered()),
    )


class CloseForm(forms.Form):
    reason = TextWithoutCard(
        label=_("What was found"),
        help_text=_("Why money is over or short. It is kept with your name."),
        max_length=500,
        required=False,
    )


class CountForm(forms.Form):
    """How many pieces of each denomination, and how much of everything else that is counted."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.denominations = _codes("denomination")
        self.others = [
            each
            for each in _codes("tender kind")
            if each.attributes.get("is_counted") and not each.attributes.get("gives_change")
        ]
        for piece in self.denominations:
            self.fields[f"pieces_{piece.code}"] = forms.IntegerField(
                label=_label(piece),
                required=False,
                min_value=0,
                max_value=1_000_000,
                widget=forms.TextInput(
                    attrs={
                        "class": "box box--count",
                        "inputmode": "numeric",
                        "autocomplete": "off",
                    }
                ),
            )
        for kind in self.others:
            self.fields[f"total_{kind.code}"] = money_fields.MoneyField(
                label=_label(kind), required=False
            )

    def pieces(self) -> list[forms.BoundField]:
        """Return the fields of the denominations."""
        return [self[f"pieces_{each.code}"] for each in self.denominations]

    def totals(self) -> list[forms.BoundField]:
        """Return the fields of everything else."""
        return [self[f"total_{each.code}"] for each in self.others]

    def counted_pieces(self) -> Mapping[str, int]:
        """Return how many pieces of each denomination there were."""
        return {
            each.code: self.cleaned_data[f"pieces_{each.code}"] or 0 for each in self.denominations
        }

    def counted_totals(self) -> Mapping[str, int]:
        """Return the cents of everything else, by kind of tender."""
        return {each.code: self.cleaned_data[f"total_{each.code}"] or 0 for each in self.others}


def _codes(name: str) -> list[code_lists.Code]:
    today = timezone.localdate()
    return [each for each in code_lists.codes(name).values() if each.is_current(today)]


def _label(code: code_lists.Code) -> str:
    return code.label(languages.current())
