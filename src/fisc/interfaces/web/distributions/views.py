"""What was collected of each month, and what funds and jurisdictions received of it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django import http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.distributions import calculations, explaining, operations
from fisc.domain.distributions import decision_points as points
from fisc.domain.distributions.queries import distributions as queries
from fisc.domain.distributions.queries import laws, letters
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.interfaces.web import doors, exports, languages
from fisc.interfaces.web.distributions import forms
from fisc.interfaces.web.explain import showing
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE = 422
# What is said beside the form instead of a distribution.
_REFUSED = (
    operations.FundHasNoGL,
    operations.MonthIsNotOver,
    laws.ShareIsMissing,
    calculations.PartsAreNotWhole,
    ledger.DayIsSealed,
    rule_tables.NoVersionForDate,
)


@dataclasses.dataclass(frozen=True)
class Share:
    """What a fund receives of a charge on a basis; `why` is where that is explained."""

    charge: str
    basis: str
    fund: str
    collected_cents: int
    cents: int
    why: str
    panel: str


@doors.opens_with(permissions.SEE_RETURNS)
def distributions(request: http.HttpRequest) -> http.HttpResponse:
    """List the distributions, and offer to distribute another month."""
    return _list(request, forms.MonthForm())


@doors.opens_with(permissions.DISTRIBUTE_TAX)
@verbs.require_POST
def distribute(request: http.HttpRequest) -> http.HttpResponse:
    """Distribute what was collected up to the end of a month."""
    form = forms.MonthForm(request.POST)
    if form.is_valid():
        try:
            made = operations.distribute(
                month=form.cleaned_data["month"],
                posting_day=form.cleaned_data["posting_day"],
                by=operations.By(user_id=doors.person(request), at=timezone.now()),
            )
        except _REFUSED as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said(made))
            return shortcuts.redirect("distributions")
    return _list(request, form)


@doors.opens_with(permissions.SEE_RETURNS)
def month(request: http.HttpRequest, month: datetime.date) -> http.HttpResponseBase:
    """Show what was collected of a month and who received it, as a page or as a file."""
    found = _found(month)
    shares = _shares(found)
    if file_format := exports.wanted(request):
        return exports.answer(
            file_format=file_format,
            name=f"distribution-{month:%Y-%m}",
            columns=[
                exports.Column(_("Month"), exports.Kind.DAY),
                exports.Column(_("Charge")),
                exports.Column(_("Basis")),
                exports.Column(_("Fund")),
                exports.Column(_("Share"), exports.Kind.MONEY),
            ],
            rows=[(month, each.charge, each.basis, each.fund, each.cents) for each in shares],
        )
    names = users.names(user_ids={each.made_by_id for each in found.made if each.made_by_id})
    return shortcuts.render(
        request,
        "distributions/month.html",
        {
            "found": found,
            "shares": shares,
            "funds": _by_fund(found),
            "names": names,
            "made": [(each, names.get(each.made_by_id or 0, "")) for each in found.made],
        },
    )


@doors.opens_with(permissions.SEE_RETURNS)
def letter(request: http.HttpRequest, month: datetime.date) -> http.HttpResponse:
    """Give the monthly report as a letter in PDF."""
    found = _found(month)
    data = letters.data(found, language=languages.current(), on=timezone.localdate())
    return http.HttpResponse(
        typesetter.typeset(template=letters.template(), data=data, made_at=found.made[-1].made_at),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="distribution-{month:%Y-%m}.pdf"'},
    )


@doors.opens_with(permissions.SEE_RETURNS)
def why(
    request: http.HttpRequest, month: datetime.date, charge: str, basis: str, fund: str
) -> http.HttpResponse:
    """Explain what a fund receives."""
    try:
        return showing.page(
            request,
            lambda: explaining.why_share(
                month=month, charge=charge, basis=basis, fund=fund, language=languages.current()
            ),
            back=showing.Back(
                urls.reverse("distribution", args=[month]), _("Back to the distribution")
            ),
        )
    except (queries.NoSuchDistribution, explaining.NoSuchShare) as problem:
        raise http.Http404(str(problem)) from problem


def _list(request: http.HttpRequest, form: forms.MonthForm) -> http.HttpResponse:
    made = queries.made()
    names = users.names(user_ids={each.made_by_id for each in made if each.made_by_id})
    return shortcuts.render(
        request,
        "distributions/distributions.html",
        {"made": [(each, names.get(each.made_by_id or 0, "")) for each in made], "form": form},
        status=UNPROCESSABLE if form.is_bound else None,
    )


def _said(made: Sequence[queries.Made]) -> str:
    if not made:
        return _("Nothing was left to distribute: what was distributed is what was collected.")
    return ngettext(
        "Distributed: %(count)d month had something to distribute.",
        "Distributed: %(count)d months had something to distribute.",
        len(made),
    ) % {"count": len(made)}


def _found(month: datetime.date) -> queries.Month:
    try:
        return queries.of_month(month)
    except queries.NoSuchDistribution as problem:
        raise http.Http404(str(problem)) from problem


def _shares(found: queries.Month) -> list[Share]:
    charges, bases, funds = (
        code_lists.codes(name) for name in (laws.CHARGES, points.BASES, points.FUNDS)
    )
    language = languages.current()
    summed: dict[tuple[str, str, str], tuple[int, int]] = {}
    for each in found.amounts:
        for fund, cents in each.shares.items():
            key = (each.key.charge, each.key.basis, fund)
            collected, share = summed.get(key, (0, 0))
            summed[key] = (collected + each.collected_cents, share + cents)
    order = {fund: number for number, fund in enumerate(funds)}
    return [
        Share(
            charge=charges[charge].label(language),
            basis=bases[basis].label(language),
            fund=funds[fund].label(language),
            collected_cents=collected,
            cents=cents,
            why=urls.reverse("why_share", args=[found.month, charge, basis, fund]),
            panel=f"why-{charge}-{basis}-{fund}",
        )
        for (charge, basis, fund), (collected, cents) in sorted(
            summed.items(), key=lambda each: (each[0][0], each[0][1], order[each[0][2]])
        )
    ]


def _by_fund(found: queries.Month) -> list[tuple[str, int]]:
    funds = code_lists.codes(points.FUNDS)
    summed = queries.by_fund(found.amounts)
    return [
        (code.label(languages.current()), summed[fund])
        for fund, code in funds.items()
        if fund in summed
    ]
