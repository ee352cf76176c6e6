"""What is asked to be paid out, and what is decided about it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.domain.accounts import operations as accounts
from fisc.domain.accounts import queries as account_queries
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements.operations import preparing
from fisc.domain.disbursements.queries import credits, policies
from fisc.interfaces.web import days, languages
from fisc.interfaces.web.money_fields import MoneyField
from fisc.interfaces.web.templatetags import figures

#: What the purpose is at first, by the kind of the account.
_PURPOSE_OF = {"tax": "tax_credit", "license": "license_credit"}

# No item has a number of so many digits.
_LONG = 19


class RefundForm(forms.Form):
    """How much of which open credits, for whom and why."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=())
    was_asked_for = forms.BooleanField(
        label=_("The payee asked for it"), required=False, initial=True
    )
    w9_on_file = forms.BooleanField(label=_("Form W-9 is on file"), required=False)
    claimed_on = days.DayField(
        label=_("Claim received"),
        help_text=_("The day a letter came. Empty where a return asks for it, or nobody did."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    payee_name = forms.CharField(label=_("Payee"), max_length=200)
    line_1 = forms.CharField(label=_("Street or box"), max_length=100)
    line_2 = forms.CharField(label=_("Second line"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=60)
    state = forms.CharField(label=_("State"), max_length=20)
    zip = forms.CharField(label=_("ZIP code"), max_length=10)
    why = forms.CharField(
        label=_("Why"),
        help_text=_("What the approvers need to know. It is kept."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in a few words.")},
    )

    def __init__(
        self,
        *,
        holder: account_queries.Holder,
        open_credits: Sequence[credits.OpenCredit],
        data: Any = None,
    ) -> None:
        super().__init__(
            data,
            initial={
                "key": f"refund/{uuid.uuid4()}",
                "purpose": _PURPOSE_OF.get(holder.kind, "overpayment"),
                "payee_name": holder.name,
                "line_1": holder.line_1,
                "line_2": holder.line_2,
                "city": holder.city,
                "state": holder.state,
                "zip": holder.zip,
            },
        )
        today = timezone.localdate()
        purpose = self.fields["purpose"]
        assert isinstance(purpose, forms.ChoiceField)
        purpose.choices = [
            (code.code, code.label(languages.current()))
            for code in code_lists.codes(policies.PURPOSES).values()
            if code.is_current(today)
        ]
        self.holder = holder
        self.open_credits = open_credits
        self.credits = [each for each in open_credits if each.is_offered]
        names = code_lists.codes_by_id("charge")
        for credit in self.credits:
            self.fields[f"take_{credit.item_id}"] = MoneyField(
                label=_("%(code)s of %(day)s, %(open)s open")
                % {
                    "code": names[credit.code_id].label(languages.current()),
                    "day": figures.day(credit.arises_on),
                    "open": figures.money(credit.open_cents),
                },
                required=False,
                initial=figures.plain_money(credit.open_cents),
            )

    def takes(self) -> list[forms.BoundField]:
        """Return the fields that say how much of each credit."""
        return [self[f"take_{each.item_id}"] for each in self.credits]

    def settles(self) -> tuple[int, ...]:
        """Return the charges that were chosen to be settled."""
        chosen = self.data.getlist("settles") if isinstance(self.data, QueryDict) else []
        return tuple(sorted(int(each) for each in chosen if each.isdecimal() and len(each) < _LONG))

    def was_seen(self) -> bool:
        """Tell whether what was chosen is what was shown before it is prepared."""
        return settles_seen(self.settles()) == str(self.data.get("seen", ""))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for credit in self.credits:
            name = f"take_{credit.item_id}"
            if (given.get(name) or 0) > credit.open_cents:
                self.add_error(name, _("There is less open. Take at most what is open."))
        takes = [given.get(f"take_{each.item_id}") for each in self.credits]
        if not any(takes) and not self.errors:
            self.add_error(None, _("Nothing is taken. Say how much of which credit."))
        return given

    def asked(self) -> preparing.Asked:
        """Return what is asked."""
        given = self.cleaned_data
        return preparing.Asked(
            takes=tuple(
                preparing.Take(each.item_id, cents)
                for each in self.credits
                if (cents := given[f"take_{each.item_id}"])
            ),
            purpose=given["purpose"],
            w9_on_file=given["w9_on_file"],
            was_asked_for=given["was_asked_for"],
            why=given["why"],
            claimed_on=given["claimed_on"],
            settles=self.settles(),
            payee=preparing.Payee(
                name=given["payee_name"],
                mailing=accounts.Mailing(
                    line_1=given["line_1"],
                    line_2=given["line_2"],
                    city=given["city"],
                    state=given["state"],
                    zip=given["zip"],
                ),
            ),
        )


def settles_seen(settles: Sequence[int]) -> str:
    """Return the charges that a plan was shown for, as the page sends them back."""
    return ",".join(str(each) for each in settles)


class OfferForm(forms.Form):
    """Why credits that are carried forward are offered again."""

    reason = forms.CharField(
        label=_("Why they are offered again"),
        max_length=500,
        error_messages={"required": _("Say why, in a few words.")},
    )


class ApproveForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        help_text=_("May stay empty. It is kept with your name."),
        max_length=500,
        required=False,
    )


class StopForm(forms.Form):
    why = forms.CharField(
        label=_("Why not"),
        help_text=_("The preparer and the auditor read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in a few words.")},
    )


class PaidForm(forms.Form):
    reference = forms.CharField(
        label=_("Check or transfer"),
        help_text=_("Its number, as the finance system gave it."),
        max_length=60,
        error_messages={"required": _("Enter the number of the check or transfer.")},
    )
