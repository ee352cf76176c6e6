"""What is entered of an audit: whom, steps, schedules, records, waivers, protests, decisions."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.operations import protesting
from fisc.domain.tax_audits.queries import assessing, cases, schedules
from fisc.domain.tax_returns.queries import audited
from fisc.interfaces.web import days, languages
from fisc.interfaces.web.money_fields import MoneyField
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

_DAY = {"type": "date"}
FILE_BYTES_MAX = 2_000_000


def _why(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=500, required=required, widget=forms.Textarea(attrs={"rows": 2})
    )


def _day(label: Any, **more: Any) -> days.DayField:
    return days.DayField(label=label, widget=forms.DateInput(attrs=_DAY), **more)


def _paper() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Paper"), coerce=int, empty_value=None, required=False, choices=()
    )


def _offer_papers(form: forms.Form, case: cases.Case) -> None:
    """Offer the papers that the taxpayer handed in."""
    field = form.fields["paper"]
    assert isinstance(field, forms.TypedChoiceField)
    field.choices = [("", "-"), *((each.paper_id, each.name) for each in schedules.papers(case))]


def choices_of(name: str) -> list[tuple[str, str]]:
    """Return the current codes of a list, as a page names them."""
    today, language = timezone.localdate(), languages.current()
    return [
        (each.code, f"{each.code} {each.label(language)}")
        for each in code_lists.codes(name).values()
        if each.is_current(today)
    ]


def _auditors() -> list[tuple[int, str]]:
    return [(each.user_id, each.full_name) for each in users.staff_with(permissions.KEEP_AUDITS)]


class AuditorForm(forms.Form):
    """Who audits."""

    auditor = forms.TypedChoiceField(label=_("Auditor"), coerce=int, choices=())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["auditor"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = _auditors()


class WhoseForm(AuditorForm):
    """Whose cases are listed: of one auditor, or of all."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["auditor"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Everybody")), *_auditors()]


class SelectForm(AuditorForm):
    """Which periods of an account are audited, by whom and why."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    # Of a row of a discovery list, or of the scores.
    how = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    first = _day(_("Periods that begin from"))
    before = _day(_("and before"))
    why = _why(_("Why"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        today = timezone.localdate()
        self.initial = {
            "key": f"audit/{uuid.uuid4()}",
            "first": today.replace(month=1, day=1, year=today.year - 1),
            "before": today.replace(day=1),
            **self.initial,
        }


class StepForm(forms.Form):
    """A step of a case, and what is said of it."""

    why = _why(_("Note"), required=False)
    cause = forms.ChoiceField(label=_("Cause of what was not reported"), choices=(), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["cause"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices_of(audited.CAUSES)


class ScheduleForm(forms.Form):
    """What was found of one figure of a line."""

    starts_on = forms.ChoiceField(label=_("Period from"), choices=())
    region = forms.ChoiceField(label=_("Region"), choices=())
    business_class = forms.ChoiceField(label=_("Business class"), choices=())
    figure = forms.ChoiceField(label=_("Figure"), choices=())
    found = MoneyField(label=_("As found"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    evidence = forms.CharField(label=_("Evidence"), max_length=200, required=False)
    paper = _paper()

    def __init__(self, case: cases.Case, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer_papers(self, case)
        offered: dict[str, list[tuple[Any, Any]]] = {
            "starts_on": list(periods_of(case)),
            "region": list(choices_of("tax region")),
            "business_class": list(choices_of("business class")),
            "figure": [(sums.GROSS, _("Gross receipts")), *choices_of("deduction code")],
        }
        for name, given in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = given

    def entry(self) -> sums.Entry:
        """Return what was entered."""
        given = self.cleaned_data
        return sums.Entry(
            starts_on=datetime.date.fromisoformat(given["starts_on"]),
            key=sums.Key(given["region"], given["business_class"], given["figure"]),
            found_cents=given["found"],
            note=given["note"],
            evidence=given["evidence"],
            paper_id=given["paper"],
        )


def periods_of(case: cases.Case) -> list[tuple[str, str]]:
    """Return the periods of a case, as a page names them."""
    return [(each.isoformat(), figures.day(each)) for each in case.periods]


class ScheduleFileForm(forms.Form):
    """A schedule as a CSV file."""

    file = forms.FileField(label=_("CSV file"))

    def clean_file(self) -> bytes:
        """Return what is in it."""
        given = self.cleaned_data["file"]
        if given.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than 2 MB. Cut it in two."))
        content: bytes = given.read()
        return content


class RecordsForm(forms.Form):
    """Records that are asked for."""

    words = forms.CharField(label=_("Records asked for"), max_length=300)
    due_on = _day(_("By when"))


class CameForm(forms.Form):
    """Records that came, or did not."""

    request_id = forms.TypedChoiceField(label=_("Records"), coerce=int, choices=())
    received_on = _day(_("Received on"))
    is_refused = forms.BooleanField(label=_("They were refused"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, records: Sequence[schedules.Record], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["request_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (each.request_id, each.words) for each in records if each.received_on is None
        ]


class WaiverForm(forms.Form):
    """A waiver of limitation under the taxpayer's signature."""

    signed_by = forms.CharField(label=_("Signed by"), max_length=200)
    signed_on = _day(_("Signed on"))
    extends_to = _day(_("New last day"))
    periods = forms.MultipleChoiceField(
        label=_("Periods"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    paper = _paper()

    def __init__(self, case: cases.Case, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer_papers(self, case)
        field = self.fields["periods"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = periods_of(case)


class ProtestForm(forms.Form):
    """How much of what is protested, and on what grounds."""

    received_on = _day(_("Received on"))
    why = _why(_("Grounds"))

    def __init__(self, of: assessing.Assessment, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.of = of
        regions, language = code_lists.codes_by_id("tax region"), languages.current()
        for period in of.periods:
            for region_id, (filed, found) in period.by_region.items():
                if found > filed:
                    region = regions.get(region_id)
                    name = region.label(language) if region else "-"
                    self.fields[f"tax_{period.starts_on}_{region_id}"] = MoneyField(
                        label=_("Tax of %(day)s, %(region)s, of %(most)s")
                        % {
                            "day": figures.day(period.starts_on),
                            "region": name,
                            "most": figures.money(found - filed),
                        },
                        required=False,
                    )
            if period.civil_cents:
                self.fields[f"civil_{period.starts_on}"] = MoneyField(
                    label=_("Civil penalty of %(day)s, of %(most)s")
                    % {
                        "day": figures.day(period.starts_on),
                        "most": figures.money(period.civil_cents),
                    },
                    required=False,
                )

    def amounts(self) -> list[forms.BoundField]:
        """Return the fields that say how much."""
        return [self[name] for name in self.fields if name.startswith(("tax_", "civil_"))]

    def parts(self) -> list[protesting.Part]:
        """Return what is protested."""
        given = self.cleaned_data
        return [
            protesting.Part(
                each.starts_on,
                {
                    region_id: cents
                    for region_id in each.by_region
                    if (cents := given.get(f"tax_{each.starts_on}_{region_id}"))
                },
                given.get(f"civil_{each.starts_on}") or 0,
            )
            for each in self.of.periods
        ]


class DecisionForm(forms.Form):
    """How much of each part that was protested stands, and why."""

    why = _why(_("What the decision rests on"))

    def __init__(self, lines: Sequence[assessing.ProtestLine], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.lines = lines
        for line in lines:
            words = (
                _("Stands of %(cents)s of civil penalty of %(day)s")
                if line.is_civil
                else _("Stands of %(cents)s of tax of %(day)s")
            )
            self.fields[f"upheld_{line.line_id}"] = MoneyField(
                label=words
                % {"cents": figures.money(line.cents), "day": figures.day(line.starts_on)}
            )

    def amounts(self) -> list[forms.BoundField]:
        """Return the fields that say how much."""
        return [self[f"upheld_{each.line_id}"] for each in self.lines]

    def upheld(self) -> dict[int, int]:
        """Return how many cents stand, by line."""
        return {
            each.line_id: self.cleaned_data[f"upheld_{each.line_id}"] or 0 for each in self.lines
        }


class DisclosureForm(forms.Form):
    """A voluntary disclosure as it came."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    representative = forms.CharField(label=_("Who speaks for the applicant"), max_length=200)
    contact = forms.CharField(label=_("How to reach them"), max_length=200, required=False)
    words = _why(_("What is disclosed"))
    received_on = _day(_("Received on"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"key": f"disclosure/{uuid.uuid4()}", "received_on": timezone.localdate()}


class DisclosureStepForm(forms.Form):
    """A step of a disclosure: whose account it is, who signed, what is said."""

    account = forms.IntegerField(label=_("Account"), required=False, min_value=1)
    signed_by = forms.CharField(label=_("Signed by"), max_length=200, required=False)
    why = _why(_("Note"), required=False)
