"""What returns come to by class, place or area, and quarter; and what of it was given out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django import http, shortcuts
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_analysis import choices, operations
from fisc.domain.tax_analysis import decision_points as points
from fisc.domain.tax_analysis.calculations import suppression
from fisc.domain.tax_analysis.queries import disclosures, figures
from fisc.interfaces.web import doors, exports, languages
from fisc.interfaces.web.analysis import charts, forms
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE = 422
PAYERS = 25
GIVEN = 200
_LISTS = {choices.By.BUSINESS_CLASS: "business class", choices.By.AREA: "tax region"}


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure on a page; None where it is kept back."""

    cents: int | None
    filers: int | None
    is_kept_back: bool


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    figures: Sequence[Figure]


@doors.opens_with(permissions.SEE_TAX_ANALYSIS, shows="tax analysis")
def analysis(request: http.HttpRequest) -> http.HttpResponse:
    """Show an analysis: whole for those who may see returns, else without what is kept back."""
    form = forms.AskedForm(request.GET, sees_all=_sees_all(request))
    return _page(request, form, forms.GiveForm())


@doors.opens_with(permissions.SEE_TAX_ANALYSIS, shows="tax analysis")
@verbs.require_POST
def give(request: http.HttpRequest) -> http.HttpResponseBase:
    """Give an analysis out as a file that holds what its recipient may have; write that down."""
    form = forms.AskedForm(request.POST, sees_all=False)
    given = forms.GiveForm(request.POST)
    if not (form.is_valid() and given.is_valid()):
        return _page(request, form, given)
    try:
        table = operations.disclose(
            form.asked(),
            to=given.purpose(),
            taken_as=given.cleaned_data["taken_as"],
            by_id=doors.person(request),
            at=timezone.now(),
            day=timezone.localdate(),
        )
    except (operations.PurposeIsMissing, figures.NoLimits) as refused:
        given.add_error(None, str(refused))
        return _page(request, form, given)
    return exports.answer(
        file_format=given.cleaned_data["taken_as"],
        name=f"tax-{table.asked.year}-{table.asked.by.value}",
        columns=[
            exports.Column(_("Row")),
            exports.Column(_("Quarter")),
            exports.Column(_("Filers"), exports.Kind.COUNT),
            *(exports.Column(str(words), exports.Kind.MONEY) for _of, words in _measures()),
            exports.Column(_("Kept back"), exports.Kind.YES_NO),
        ],
        rows=_lines(table),
    )


@doors.opens_with(permissions.SEE_RETURNS, shows="tax analysis")
def payers(request: http.HttpRequest) -> http.HttpResponseBase:
    """Show who came to the most tax in a year, as a page or as a file."""
    form = forms.AskedForm(request.GET, sees_all=True)
    found = figures.payers(form.asked(), limit=PAYERS) if form.is_valid() else ()
    if form.is_valid() and (file_format := exports.wanted(request)):
        return exports.answer(
            file_format=file_format,
            name=f"top-payers-{form.cleaned_data['year']}",
            columns=[
                exports.Column(_("Account")),
                exports.Column(_("Name")),
                exports.Column(_("Gross receipts"), exports.Kind.MONEY),
                exports.Column(_("Taxable amount"), exports.Kind.MONEY),
                exports.Column(_("Tax"), exports.Kind.MONEY),
            ],
            rows=[
                (
                    each.account_number,
                    each.name,
                    each.gross_cents,
                    each.taxable_cents,
                    each.tax_cents,
                )
                for each in found
            ],
        )
    return shortcuts.render(
        request,
        "analysis/payers.html",
        {"form": form, "payers": found},
        status=None if form.is_valid() else UNPROCESSABLE,
    )


@doors.opens_with(permissions.SEE_TAX_ANALYSIS)
def given(request: http.HttpRequest) -> http.HttpResponse:
    """List which figures left the tax office, for whom and why."""
    found = disclosures.disclosures(limit=GIVEN)
    recipients = code_lists.codes_by_id(points.RECIPIENTS)
    names = users.names(user_ids={each.made_by_id for each in found})
    return shortcuts.render(
        request,
        "analysis/given.html",
        {
            "given": [
                (
                    each,
                    recipients[each.recipient_id].label(languages.current()),
                    dict(forms.BY_WORDS)[each.rows_by],
                    names.get(each.made_by_id, ""),
                )
                for each in found
            ]
        },
    )


def _page(
    request: http.HttpRequest, form: forms.AskedForm, given: forms.GiveForm
) -> http.HttpResponse:
    context: dict[str, object] = {"form": form, "given": given, "sees_all": _sees_all(request)}
    is_right = form.is_valid() and not given.errors
    if form.is_valid():
        try:
            context.update(_shown(form, sees_all=_sees_all(request)))
        except (figures.NoLimits, rule_tables.NoVersionForDate) as refused:
            form.add_error(None, str(refused))
            is_right = False
    return shortcuts.render(
        request, "analysis/analysis.html", context, status=None if is_right else UNPROCESSABLE
    )


def _shown(form: forms.AskedForm, *, sees_all: bool) -> dict[str, object]:
    limits = None
    if not sees_all:
        limits, _version = figures.limits(
            figures.OFFICE, day=timezone.localdate(), known_at=timezone.now()
        )
    table = figures.table(form.asked(), limits=limits)
    totals = [table.cents((None, quarter), form.added_up) for quarter in figures.QUARTERS]
    return {
        "rows": [Row(_name(table, row), _figures(table, row, form.added_up)) for row in table.rows],
        "rows_by": dict(forms.BY_WORDS)[table.asked.by],
        "totals": _figures(table, None, form.added_up),
        "quarters": [_quarter(each) for each in figures.QUARTERS],
        "chart": charts.draw(
            [(_quarter(q), cents) for q, cents in zip(figures.QUARTERS, totals, strict=True)]
        ),
        "kept_back": len(table.kept_back),
        "limits": limits,
        "measure": dict(_measures())[form.added_up],
    }


def _figures(table: figures.Table, row: str | None, measure: choices.Measure) -> list[Figure]:
    return [
        Figure(
            table.cents((row, column), measure),
            table.filers((row, column)),
            (row, column) in table.kept_back,
        )
        for column in (*figures.QUARTERS, None)
    ]


def _lines(table: figures.Table) -> list[tuple[object, ...]]:
    places: list[suppression.Place] = [
        (row, column) for row in (*table.rows, None) for column in (*figures.QUARTERS, None)
    ]
    return [
        (
            _name(table, row),
            _("Year") if column is None else _quarter(column),
            table.filers((row, column)),
            *(table.cents((row, column), measure) for measure, _words in _measures()),
            (row, column) in table.kept_back,
        )
        for row, column in places
    ]


def _measures() -> list[tuple[choices.Measure, object]]:
    return [(choices.Measure(value), words) for value, words in forms.MEASURE_WORDS]


def _name(table: figures.Table, row: str | None) -> str:
    if row is None:
        return _("Total")
    if row == figures.UNKNOWN:
        return _("No known place")
    name = _LISTS.get(table.asked.by)
    codes = code_lists.codes(name) if name else {}
    return f"{row} {codes[row].label(languages.current())}" if row in codes else row


def _quarter(number: str) -> str:
    return _("Q%(number)s") % {"number": number}


def _sees_all(request: http.HttpRequest) -> bool:
    return bool(request.user.has_perm(permissions.SEE_RETURNS))
