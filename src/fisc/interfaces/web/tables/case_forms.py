"""One case as a form: a field a fact, a field an answer, made from the decision point."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import exceptions
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import case_sheets, values
from fisc.interfaces.web import languages

FACT, ANSWER = "fact_", "answer_"
NOT_CHECKED = case_sheets.NOT_CHECKED
NONE = "—"


class ValueField(forms.CharField):
    """A value as a case sheet has it, of the kind that a fact or an answer is."""

    def __init__(self, *, kind: types.Kind, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)
        self.kind = kind

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return values.from_text(text, kind=self.kind)
        except values.ValueIsWrong as problem:
            raise exceptions.ValidationError(str(problem)) from problem


class AnswerField(ValueField):
    """The same, or the mark that a case does not check this answer."""

    def clean(self, value: Any) -> Any:
        if str(value or "").strip() == NOT_CHECKED:
            return NOT_CHECKED
        return super().clean(value)


class CaseForm(forms.Form):
    """What a case is called, its facts, and what the tables must answer."""

    words = forms.CharField(
        label=_("What the case shows"),
        max_length=300,
        error_messages={"required": _("Say in words what the case shows.")},
    )
    sheet = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        point: declarations.DecisionPoint,
        case: case_sheets.Case | None,
        based_on: str,
    ) -> None:
        super().__init__(data, initial={"sheet": based_on, "words": case.words if case else ""})
        self.point = point
        self.rules = dict(case.rules) if case else {}
        for each in point.inputs:
            self.fields[f"{FACT}{each.name}"] = _fact(each, case)
        for line in point.outputs:
            self.fields[f"{ANSWER}{line.name}"] = _answer(line, case)

    def facts(self) -> list[forms.BoundField]:
        """Return the fields of the facts."""
        return [self[name] for name in self.fields if name.startswith(FACT)]

    def answers(self) -> list[forms.BoundField]:
        """Return the fields of what the tables must answer."""
        return [self[name] for name in self.fields if name.startswith(ANSWER)]

    def based_on(self) -> str:
        """Return the sheet that the form was made from."""
        return str(self.cleaned_data["sheet"])

    def case(self) -> case_sheets.Case:
        """Return the case as it was written."""
        given = self.cleaned_data
        return case_sheets.Case(
            words=given["words"],
            inputs={each.name: given[f"{FACT}{each.name}"] for each in self.point.inputs},
            expected={
                line.decision: given[f"{ANSWER}{line.name}"]
                for line in self.point.outputs
                if given[f"{ANSWER}{line.name}"] != NOT_CHECKED
            },
            rules=self.rules,
        )


def _fact(each: declarations.Input, case: case_sheets.Case | None) -> forms.Field:
    label = each.words or each.name.replace("_", " ")
    if each.unit:
        label = f"{label} ({each.unit})"
    initial = case_sheets.text_of(case.inputs.get(each.name)) if case else ""
    return ValueField(
        kind=each.kind,
        label=label,
        initial=initial,
        widget=_choices(each.kind, each.code_list) or forms.TextInput(attrs={"size": 12}),
        help_text=_bounds(each),
    )


def _answer(line: declarations.OutputLine, case: case_sheets.Case | None) -> forms.Field:
    initial = NOT_CHECKED
    if case is not None and line.decision in case.expected:
        initial = case_sheets.text_of(case.expected[line.decision])
    return AnswerField(
        kind=line.kind,
        label=line.decision,
        initial=initial,
        widget=forms.TextInput(attrs={"size": 12}),
    )


def _choices(kind: types.Kind, code_list: str) -> forms.Widget | None:
    if kind is types.Kind.BOOLEAN:
        options = [("", NONE), ("true", now("yes")), ("false", now("no"))]
        return forms.Select(choices=options)
    if kind is not types.Kind.CODE or not code_list:
        return None
    try:
        listed = code_lists.codes(code_list).values()
    except code_lists.NoSuchCodeList:
        return None
    language = languages.current()
    return forms.Select(
        choices=[("", NONE), *((each.code, each.label(language)) for each in listed)]
    )


def _bounds(each: declarations.Input) -> str:
    if each.low is None or each.high is None:
        return ""
    return now("from %(low)s to %(high)s") % {"low": each.low, "high": each.high}
