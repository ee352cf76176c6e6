"""Keying a return: the period, the grid of lines, figures beside them, and filing it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django import http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.basics import identifiers
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.payments import queries as payments
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.operations import batches, filing, holding
from fisc.domain.tax_returns.queries import returns as kept_returns
from fisc.domain.work_items import operations as work_items
from fisc.interfaces.web import doors
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.taxes import forms, keying, names, registering
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422

# What the form says of the whole return.
_REFUSED = (
    asking.NoAnswer,
    batches.BatchIsClosed,
    batches.IsKeyedAlready,
    batches.NotByTheSame,
    filing.NoReturnIsOwed,
    ledger.DayIsSealed,
    payments.ChargeHasNoPriority,
    rule_tables.NoVersionForDate,
    work_items.NotYours,
)

#: Files what was keyed, or does whatever else is done with it; gives a number, and what to say.
Filer = Callable[[filing.Came, filing.By], tuple[int, str]]

# Buttons that file; the others only show.
_FILING = ("file", "zero", "amend")


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_safe
def choose(request: http.HttpRequest) -> http.HttpResponse:
    """Ask whose return it is; a number that is known goes on to its oldest return."""
    form = forms.AccountForm(request.GET if "account" in request.GET else None)
    if form.is_valid():
        number = form.cleaned_data["account"]
        try:
            accounts.account_id(number=number)
        except (identifiers.NumberIsWrong, accounts.NoSuchAccount) as problem:
            form.add_error("account", str(problem))
        else:
            return shortcuts.redirect("return_oldest", number=number)
    return shortcuts.render(
        request,
        "taxes/choose.html",
        {"form": form},
        status=UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_safe
@code_lists.at_one_generation()
def oldest(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Go on to the oldest return that an account owes, or to its page when it owes none."""
    today = timezone.localdate()
    found = names.account_of(number, as_of=today)
    period = keying.oldest_owed(found.account.account_id, today=today, known_at=timezone.now())
    if period is None:
        messages.success(
            request,
            _("Every return of a period that is over is here. Choose one below to amend it."),
        )
        return shortcuts.redirect("tax_account", number=number)
    return shortcuts.redirect("return_enter", number=number, starts_on=period)


@doors.opens_with(permissions.KEY_RETURNS, shows="tax account")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
@code_lists.at_one_generation()
def enter(request: http.HttpRequest, number: int, starts_on: datetime.date) -> http.HttpResponse:
    """Show the form of a period; compute what stands in it, or file it, when that is asked."""
    today = timezone.localdate()
    found = names.account_of(number, as_of=today)
    try:
        sheet = keying.sheet(
            found.account.account_id,
            starts_on=starts_on,
            today=today,
            known_at=timezone.now(),
            given=request.POST if request.method == "POST" else None,
        )
    except keying.NothingIsOwed as problem:
        raise http.Http404(str(problem)) from problem
    if request.POST.get("do") == "hold":
        return _put_aside(request, found, sheet)
    if request.method == "POST":
        filed = acted(request, sheet, file=_file)
        if filed is not None:
            return shortcuts.redirect("tax_return", return_id=filed)
    return _page(request, found, sheet)


def _file(came: filing.Came, by: filing.By) -> tuple[int, str]:
    return said(filing.file_return(came, by=by, posting_day=timezone.localdate()))


def _put_aside(
    request: http.HttpRequest, found: head.Head, sheet: keying.Sheet
) -> http.HttpResponse:
    """Keep what stands in the form for later, whatever is wrong with it."""
    compute(sheet)
    holding.put_aside(
        account_id=sheet.account_id,
        starts_on=sheet.starts_on,
        cells=keying.cells(request.POST),
        problems=sheet.all_wrong(),
        due_on=sheet.today,
        by=registering.by(request, why=sheet.why.text),
    )
    messages.success(request, _("Put aside with all that was keyed. It waits in the work queue."))
    return shortcuts.redirect("tax_account", number=found.account.number)


def compute(sheet: keying.Sheet) -> None:
    """Put figures, or everything wrong, beside what stands in the form."""
    came = sheet.came(is_zero=False)
    if came is not None:
        _show(sheet, came)


def _show(sheet: keying.Sheet, came: filing.Came) -> None:
    try:
        sheet.compute(came)
    except _REFUSED as problem:
        sheet.grid.wrong.append(str(problem))


def acted(request: http.HttpRequest, sheet: keying.Sheet, *, file: Filer) -> int | None:
    """Do what a button asks; returns the number of the return where it was filed."""
    act, _dash, which = request.POST.get("do", "compute").partition("-")
    if act == "line":
        sheet.grid.wants_line()
        keying.put_places(sheet)
        return None
    if act == "figures":
        sheet.wants_figures()
        return None
    if act == "deduction":
        sheet.wants_deduction(which)
        return None
    if act == "amend":
        sheet.amends_id = sheet.newest_id
    came = sheet.came(is_zero=act == "zero")
    if came is None:
        return None
    if act in _FILING:
        return _filed(request, sheet, came, file=file)
    _show(sheet, came)
    return None


def _filed(
    request: http.HttpRequest, sheet: keying.Sheet, came: filing.Came, *, file: Filer
) -> int | None:
    if not sheet.is_ready():
        # With it all else that is wrong.
        _show(sheet, came)
        return None
    try:
        number, words = file(came, registering.by(request, why=sheet.why.text))
    except filing.ReturnIsWrong as wrong:
        sheet.put(wrong.problems)
    except filing.IsFiledAlready as problem:
        # What was there when the form was read may have changed: the other is shown as it is now.
        sheet.look_again()
        sheet.duplicate = str(problem)
    except _REFUSED as problem:
        sheet.grid.wrong.append(str(problem))
    else:
        messages.success(request, words)
        return number
    return None


def said(kept: kept_returns.Kept) -> tuple[int, str]:
    """Return the number of a return that was filed, and the words for it."""
    if kept.version > 1:
        words = _("The return is filed as version %(version)s.") % {"version": kept.version}
        return kept.return_id, words
    return kept.return_id, _("The return is filed.")


def _page(request: http.HttpRequest, found: head.Head, sheet: keying.Sheet) -> http.HttpResponse:
    here = urls.reverse("return_enter", args=[found.account.number, sheet.starts_on])
    return page(request, found, sheet, here=here, template="taxes/entry.html", can_hold=True)


def page(
    request: http.HttpRequest, found: head.Head, sheet: keying.Sheet, *, here: str, template: str,
    **also: object,
) -> http.HttpResponse:  # fmt: skip
    """Draw a page with the form of a return on it, or the form alone where that was asked."""
    in_place = request.headers.get("HX-Request")
    return shortcuts.render(
        request,
        "taxes/_entry.html" if in_place else template,
        {
            "head": found,
            "tab": "tax",
            "sheet": sheet,
            "grid": sheet.grid,
            "here": here,
            "regions": names.choices_of(names.REGIONS, on=sheet.starts_on),
            "classes": names.choices_of(names.CLASSES, on=sheet.starts_on),
            "deductions": names.choices_of(names.DEDUCTIONS, on=sheet.starts_on),
            **also,
        },
        status=UNPROCESSABLE if sheet.is_wrong and request.method == "POST" else None,
    )
