"""What a person says of a version: which days, why, by which law, and whether they agree."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fisc.basics import periods

REASON_MAX = 2_000
CITATION_MAX = 2_000


def _words(label: Any, *, missing: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": missing},
    )


def _day(label: Any, *, is_required: bool = True, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=is_required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class DescribeForm(forms.Form):
    """The days a draft is meant for, why, and by which law."""

    starts_on = _day(_("In force from"))
    ends_before = _day(
        _("Until, not counting this day"),
        is_required=False,
        hint=_("Leave it empty when it is until further notice."),
    )
    reason = _words(
        _("Why"), missing=_("Say why the table changes."), hint=_("In a sentence or two.")
    )
    citation = _words(
        _("Law or source"),
        missing=_("Name the ordinance, resolution or published rate."),
        hint=_("The ordinance, resolution or published rate, with its address if it has one."),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        starts_on, ends_before = given.get("starts_on"), given.get("ends_before")
        if starts_on and ends_before and ends_before <= starts_on:
            self.add_error("ends_before", _("The period must end after it begins."))
        return given

    def period(self) -> periods.Period:
        """Return the days that the version is meant for."""
        ends_before: datetime.date | None = self.cleaned_data["ends_before"]
        return periods.Period(starts_on=self.cleaned_data["starts_on"], ends_before=ends_before)


class ReasonForm(forms.Form):
    """A reason, kept with the name of who gives it."""

    reason = _words(_("Why"), missing=_("Say why, in a few words."))


class ApproveForm(forms.Form):
    """What a person agrees to: the file they looked at, and why it is right."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    # The study that the page showed; empty where there was none of what the version is now.
    study = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    reason = _words(
        _("What you looked at"),
        missing=_("Say what you looked at."),
        hint=_("The changes, the cases, the study: what makes it right. It stays with your name."),
    )
    reviewer = forms.ChoiceField(
        label=_("Who confirms it"),
        help_text=_("Only where you wrote some of it yourself and your office allows that."),
        required=False,
        choices=(),
    )
    review_by = _day(_("By when"), is_required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        sha256: str = "",
        reviewers: list[tuple[str, str]],
        study_id: int | None = None,
    ) -> None:
        super().__init__(data, initial={"sha256": sha256, "study": study_id})
        field = self.fields["reviewer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nobody: I wrote none of it")), *reviewers]


class AcceptForm(forms.Form):
    """That no case has to notice a change, and why."""

    key = forms.CharField(max_length=500, widget=forms.HiddenInput)
    reason = _words(_("Why no case has to notice it"), missing=_("Say why, in a few words."))


class SheetForm(forms.Form):
    """A case sheet as a file, and the sheet that it was made from."""

    based_on = forms.CharField(max_length=64, widget=forms.HiddenInput)
    sheet = forms.FileField(
        label=_("Case sheet (CSV)"), error_messages={"required": _("Choose a file.")}
    )


class WorkbookForm(forms.Form):
    """A spreadsheet of a version's tables, changed."""

    workbook = forms.FileField(
        label=_("Spreadsheet (xlsx)"), error_messages={"required": _("Choose a file.")}
    )


class SourceForm(forms.Form):
    """The file that a look-up table was taken from."""

    file = forms.FileField(
        label=_("Source file (CSV)"),
        help_text=_("In UTF-8, its first line the names of the columns. Every cell is plain text."),
        max_length=200,
        error_messages={
            "required": _("Choose a file."),
            "max_length": _("The file's name is too long: give it one of at most 200 letters."),
            "empty": _("The file is empty. Choose another."),
        },
    )


class CaseFromForm(forms.Form):
    """Which draft gets a case, and what it is called there."""

    draft = forms.TypedChoiceField(
        label=_("Draft"),
        coerce=int,
        choices=(),
        error_messages={"required": _("Choose the draft that gets the case.")},
    )
    words = forms.CharField(
        label=_("What the case shows"),
        max_length=300,
        error_messages={"required": _("Say in words what the case shows.")},
    )

    def __init__(self, data: Any = None, *, drafts: list[tuple[int, str]], words: str) -> None:
        super().__init__(data, initial={"words": words})
        field = self.fields["draft"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = drafts
