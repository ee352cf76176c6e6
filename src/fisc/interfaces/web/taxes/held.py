"""A held return opened in the entry grid, to be set right and filed."""

from __future__ import annotations

import datetime
import urllib.parse
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import http, shortcuts, urls
from django.utils import timezone
from django.views.decorators import http as verbs

from fisc.basics import identifiers
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.operations import filing, holding
from fisc.domain.tax_returns.queries import held as queries
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.accounts import head
from fisc.interfaces.web.taxes import entry, forms, keying, names
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.KEY_RETURNS, shows="held return")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
@code_lists.at_one_generation()
def held(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Show a held return with all that is wrong; file it as set right, which closes its item."""
    try:
        found = queries.held(item_id)
    except queries.IsNoHeldReturn as problem:
        raise http.Http404(str(problem)) from problem
    form = _whose(request, found)
    if found.is_done or not form.is_valid():
        return _without_form(request, found, form)
    number, starts_on = form.cleaned_data["account"], form.cleaned_data["period"]
    try:
        accounts.account_id(number=number)
        header = names.account_of(number, as_of=timezone.localdate())
        sheet = _sheet(request, found, header.account.account_id, starts_on)
    except (identifiers.NumberIsWrong, accounts.NoSuchAccount, http.Http404) as problem:
        form.add_error("account", str(problem))
    except keying.NothingIsOwed as problem:
        form.add_error("period", str(problem))
    else:
        return _with_form(request, found, header, sheet)
    return _without_form(request, found, form)


def _whose(request: http.HttpRequest, found: queries.HeldReturn) -> forms.WhoseForm:
    """Return whose and of when it is: as it came, or as somebody says who knows better."""
    number = found.number
    if found.account_id is not None:
        number = str(accounts.names(account_ids=[found.account_id])[found.account_id][0])
    return forms.WhoseForm(
        {
            "account": request.GET.get("account", number),
            "period": request.GET.get("period", found.starts_on),
        }
    )


def _sheet(
    request: http.HttpRequest, found: queries.HeldReturn, account_id: int, starts_on: datetime.date
) -> keying.Sheet:
    is_sent = request.method == "POST"
    sheet = keying.sheet(
        account_id,
        starts_on=starts_on,
        today=timezone.localdate(),
        known_at=timezone.now(),
        given=request.POST if is_sent else found.cells or cells_of(found.came),
    )
    if not is_sent and found.came.get("is_amendment"):
        sheet.amends_id = sheet.newest_id
    return sheet


def cells_of(came: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a form that say what came."""
    cells = {"received_on": came["received_on"], "why": ""}
    if came["is_electronic"]:
        cells["is_electronic"] = "on"
    for name in ("excess_tax", "credit_carried", "estimated_payments"):
        cents = came[f"{name}_cents"]
        cells[name] = figures.plain_money(cents) if cents else ""
    cells["form"] = came.get("form", "")
    cells |= _filed("box", came)
    for number, line in enumerate(came["lines"], start=1):
        cells[f"region-{number}"] = line["region"]
        cells[f"class-{number}"] = line["business_class"]
        cells[f"gross-{number}"] = figures.plain_money(line["gross_cents"])
        cells |= _more(number, line) | _filed(f"filed-{number}", line)
        for place, each in enumerate(line["deductions"], start=1):
            cells[f"code-{number}-{place}"] = each["code"]
            cells[f"amount-{number}-{place}"] = figures.plain_money(each["cents"])
        for place, each in enumerate(line.get("by_location", ()), start=1):
            cells[f"at-{number}-{place}"] = each["location"]
            cells[f"atgross-{number}-{place}"] = figures.plain_money(each["gross_cents"])
            cells[f"atless-{number}-{place}"] = figures.plain_money(each["deducted_cents"])
    return cells


def _filed(prefix: str, said: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of what the filer worked out; what came before forms has none."""
    return {
        f"{prefix}-{each['key']}": figures.plain_money(each["cents"])
        for each in said.get("as_filed", ())
    }


def _more(number: int, line: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a line that only some forms ask for; what came before has none."""
    cells = {f"tax-{number}": "on"} if line.get("includes_tax") else {}
    for name, kept in (("land", "land_cents"), ("item", "item_price_cents")):
        if cents := line.get(kept):
            cells[f"{name}-{number}"] = figures.plain_money(cents)
    units = Decimal(line.get("units", "0"))
    if units:
        cells[f"units-{number}"] = f"{units.normalize():f}"
    return cells


def _with_form(
    request: http.HttpRequest, found: queries.HeldReturn, header: head.Head, sheet: keying.Sheet
) -> http.HttpResponse:
    item_id = found.item.item_id

    def file(came: filing.Came, by: filing.By) -> tuple[int, str]:
        day = timezone.localdate()
        return entry.said(holding.file_held(came, item_id=item_id, by=by, posting_day=day))

    if request.method == "POST":
        filed = entry.acted(request, sheet, file=file)
        if filed is not None:
            return shortcuts.redirect("tax_return", return_id=filed)
    else:
        entry.compute(sheet)
    asked = urllib.parse.urlencode(
        {"account": header.account.number, "period": sheet.starts_on.isoformat()}
    )
    return entry.page(
        request,
        header,
        sheet,
        here=f"{urls.reverse('return_held', args=[item_id])}?{asked}",
        template="taxes/held.html",
        held=found,
        problems=found.problems(languages.current()),
    )


def _without_form(
    request: http.HttpRequest, found: queries.HeldReturn, form: forms.WhoseForm
) -> http.HttpResponse:
    number = form.cleaned_data.get("account") if form.is_valid() else None
    return shortcuts.render(
        request,
        "taxes/held_aside.html",
        {
            "held": found,
            "problems": found.problems(languages.current()),
            "form": form,
            "account": _known(number),
            "lines": found.came.get("lines", ()),
        },
    )


def _known(number: int | None) -> tuple[int, str] | None:
    """Return a tax account's number and name, for a way there; None where it is none."""
    if number is None:
        return None
    try:
        account_id = accounts.account_id(number=number)
    except (identifiers.NumberIsWrong, accounts.NoSuchAccount):
        return None
    header = accounts.account(account_id=account_id, as_of=timezone.localdate())
    is_tax = header.kind == account_choices.AccountKind.TAX
    return (header.number, header.name) if is_tax else None
