"""What a business is entered as, and what is added to one."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.files import uploadedfile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fisc.domain.accounts import choices as account_choices
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import entering
from fisc.domain.party_identifiers import calculations as identifier_forms
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import queries as identifiers
from fisc.domain.party_records import calculations as paper_forms
from fisc.domain.party_records import choices as record_choices
from fisc.interfaces.web import days, languages

_NOTHING: Final = ("", "—")
WHY_MAX: Final = 500


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> days.DayField:
    """Return a field for a day."""
    return days.DayField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def text_field(label: Any, most: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    """Return a field for a line of text."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def codes_of(names: Collection[str], *, on: datetime.date) -> list[tuple[str, str]]:
    """Return the codes of some lists that are in use that day, in words."""
    return [
        (code.code, code.label(languages.current()))
        for name in names
        for code in code_lists.codes_if_any(name).values()
        if code.is_current(on)
    ]


def _choose(field: forms.Field, options: Sequence[tuple[Any, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = options


class PlaceFields(forms.Form):
    """An address, all of it or nothing."""

    house_number = text_field(_("House number"), 12)
    street = text_field(_("Street"), 100)
    unit = text_field(_("Unit"), 20)
    city = text_field(_("City"), 60)
    state = text_field(_("State"), 20)
    zip = text_field(_("ZIP code"), 10)

    def place(self) -> entering.Place | None:
        """Return the address, or nothing where nothing of it was said."""
        said = {name: self.cleaned_data.get(name, "").strip() for name in PlaceFields.base_fields}
        if not said["house_number"] and not said["street"]:
            return None
        return entering.Place(**said)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        needed = ("house_number", "street", "city", "state", "zip")
        if given.get("house_number") or given.get("street") or self.needs_place(given):
            for name in needed:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("An address needs this."))
        return given

    def needs_place(self, given: dict[str, Any]) -> bool:
        """Tell whether an address must be said."""
        del given
        return False


class NumberFields(forms.Form):
    """A number by which others know the party."""

    number_kind = forms.ChoiceField(label=_("Kind of number"), required=False, choices=())
    number = text_field(
        _("Number"), 60, hint=_("Kept sealed; only its last four are shown afterwards.")
    )
    issuer = text_field(_("Given by"), 100, hint=_("Only for another kind of number."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "EIN": "EIN",
            "SSN": _("Social security number"),
            "ITIN": "ITIN",
            "other": _("Another number"),
        }
        _choose(
            self.fields["number_kind"],
            [_NOTHING, *((each.value, words[each.value]) for each in identifier_choices.Kind)],
        )

    def given(self) -> identifiers.Given | None:
        """Return the number, or nothing where none was said. Raises IdentifierIsWrong."""
        text = self.cleaned_data.get("number", "").strip()
        kind = self.cleaned_data.get("number_kind")
        if not text or not kind:
            return None
        given = identifiers.Given(
            identifier_choices.Kind(kind), text, self.cleaned_data.get("issuer", "").strip()
        )
        given.written()
        return given

    def check_number(self, *, is_needed: bool) -> None:
        """Say beside its field what is wrong with the number."""
        said = self.cleaned_data
        has_number, has_kind = bool(said.get("number")), bool(said.get("number_kind"))
        if (has_number or is_needed) and not has_kind:
            self.add_error("number_kind", _("Say what kind of number it is."))
        if (has_kind or is_needed) and not has_number:
            self.add_error("number", _("Say the number."))
        try:
            self.given()
        except identifier_forms.IdentifierIsWrong as wrong:
            self.add_error("number", str(wrong))


class EntryForm(NumberFields, PlaceFields):
    """A business as somebody tells it at the counter."""

    name = text_field(_("Name"), 200, required=True, hint=_("As it is registered."))
    trade_name = text_field(
        _("Trade name"), 200, hint=_("What it is known by, where that differs.")
    )
    kind = forms.ChoiceField(label=_("It is"), choices=())
    began_on = day_field(_("In business here since"))
    phone = text_field(_("Telephone"), 40)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    naics = forms.ChoiceField(label=_("NAICS activity"), required=False, choices=())
    business_class = forms.ChoiceField(label=_("Business class"), required=False, choices=())
    opens_account = forms.BooleanField(
        label=_("Open an account for its licenses"), required=False, initial=True
    )
    language = forms.ChoiceField(
        label=_("Language of its mail"), choices=(("en", "English"), ("es", "Español"))
    )

    def __init__(self, data: Any = None, *, told: Mapping[str, str] | None = None) -> None:
        today = timezone.localdate()
        known = {"began_on": today, "kind": "organization", **(told or {})}
        super().__init__(data, initial=known)
        self.fields["name"].widget.attrs["autofocus"] = True
        _choose(
            self.fields["kind"],
            [("organization", _("an organization")), ("person", _("one person"))],
        )
        _choose(
            self.fields["naics"],
            [_NOTHING, *_with_code(codes_of([choices.ActivityList.NAICS.value], on=today))],
        )
        _choose(
            self.fields["business_class"],
            [_NOTHING, *_with_code(codes_of([choices.ActivityList.CITY.value], on=today))],
        )

    def needs_place(self, given: dict[str, Any]) -> bool:
        return bool(given.get("opens_account"))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.check_number(is_needed=False)
        return given

    def entry(self) -> entering.Entry:
        """Return what was told, once it is valid."""
        said = self.cleaned_data
        activities = [
            (of, said[field])
            for of, field in (
                (choices.ActivityList.NAICS, "naics"),
                (choices.ActivityList.CITY, "business_class"),
            )
            if said[field]
        ]
        return entering.Entry(
            name=said["name"],
            trade_name=said["trade_name"],
            kind=account_choices.PartyKind(said["kind"]),
            began_on=said["began_on"],
            phone=said["phone"],
            email=said["email"],
            place=self.place(),
            identifier=self.given(),
            activities=activities,
            account_language=said["language"] if said["opens_account"] else "",
        )


def _with_code(options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, f"{code} {words}") for code, words in options]


class _SinceForm(forms.Form):
    """Something that lasts from a day on."""

    starts_on = day_field(_("From"))

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"starts_on": timezone.localdate()})


class PersonFields(forms.Form):
    """Who: somebody known by number, or a new person by name."""

    person = text_field(
        _("Name"),
        200,
        required=True,
        hint=_(
            "Of a person or organization; “#” and a number for one that is known, such as #1204."
        ),
    )
    is_organization = forms.BooleanField(label=_("It is an organization"), required=False)


def _people_listed(form: forms.Form) -> None:
    # The page lists who is known around the business under this id.
    form.fields["person"].widget.attrs.update({"list": "people", "autofocus": True})


class OwnerForm(PersonFields, _SinceForm):
    """Who holds what of the business."""

    percent = forms.DecimalField(
        label=_("Percent held"), min_value=Decimal(0), max_value=Decimal(100), decimal_places=2
    )
    controls = forms.BooleanField(label=_("Controls the business"), required=False)
    field_order = ("person", "is_organization", "percent", "controls", "starts_on")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        _people_listed(self)


class OfficerForm(PersonFields, _SinceForm):
    """Who acts for the business."""

    title = forms.ChoiceField(label=_("Title"), choices=())
    field_order = ("person", "title", "starts_on")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        del self.fields["is_organization"]
        _people_listed(self)
        _choose(
            self.fields["title"],
            codes_of([record_choices.OFFICER_TITLES], on=timezone.localdate()),
        )


class PlaceForm(PlaceFields, _SinceForm):
    """Where the business is."""

    def needs_place(self, given: dict[str, Any]) -> bool:
        del given
        return True


class ActivityForm(_SinceForm):
    """What the business does."""

    activity = forms.ChoiceField(label=_("Activity"), choices=())
    field_order = ("activity", "starts_on")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        today = timezone.localdate()
        _choose(
            self.fields["activity"],
            [
                (label, [(f"{each.name}:{code}", words) for code, words in found])
                for each, label in (
                    (choices.ActivityList.NAICS, "NAICS"),
                    (choices.ActivityList.CITY, _("Business class")),
                )
                if (found := _with_code(codes_of([each.value], on=today)))
            ],
        )

    def chosen(self) -> tuple[choices.ActivityList, str]:
        """Return the list and the code."""
        name, _colon, code = self.cleaned_data["activity"].partition(":")
        return choices.ActivityList[name], code


class AccountForm(PlaceFields):
    """An account of the business, and where its mail goes."""

    kind = forms.ChoiceField(
        label=_("For"), choices=(("license", _("licenses")), ("tax", _("taxes")))
    )
    language = EntryForm.base_fields["language"]
    field_order = ("kind", "language")

    def needs_place(self, given: dict[str, Any]) -> bool:
        del given
        return True


class NumberForm(NumberFields):
    """A number of the business."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_number(is_needed=True)
        return self.cleaned_data


class PaperForm(forms.Form):
    """A file that the business hands in."""

    kind = forms.ChoiceField(label=_("Kind of paper"), choices=())
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, PNG or JPEG of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    reference = text_field(_("Number on it"), 100, hint=_("Of a policy, bond or permit."))
    expires_on = day_field(_("Good through"), required=False)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        _choose(self.fields["kind"], codes_of(record_choices.PAPER_KINDS, on=timezone.localdate()))

    def clean_file(self) -> uploadedfile.UploadedFile[bytes]:
        """Refuse a file before it is read whole where its size says enough."""
        file: uploadedfile.UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > paper_forms.BYTES_MAX:
            raise forms.ValidationError(
                _("The file is larger than 10 MB. Scan it with fewer dots per inch, or in parts.")
            )
        return file


class EndForm(forms.Form):
    """The day something ends."""

    ends_before = day_field(_("Ends before"), hint=_("The first day on which it is so no longer."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"ends_before": timezone.localdate()})


class WhyForm(forms.Form):
    """Why something is seen or taken away."""

    why = forms.CharField(
        label=_("Why"),
        max_length=WHY_MAX,
        help_text=_("In a few words. It stays in the record of who saw what."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )
