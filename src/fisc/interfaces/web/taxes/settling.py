"""What two people keyed differently, field by field, and what the paper says of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_returns.calculations import asking, keyings
from fisc.domain.tax_returns.operations import batches as operations
from fisc.domain.tax_returns.operations import filing
from fisc.domain.tax_returns.queries import batches as queries
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.taxes import batches, names, registering
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users

UNPROCESSABLE = 422
FIRST, SECOND, OTHER = "first", "second", "other"
_TEXT_MAX = 40
Kind = keyings.Kind


@dataclasses.dataclass
class Row:
    """A field that differs: what each keyed, what is chosen, and what is wrong with that."""

    number: int
    words: str
    first: str
    second: str
    can_be_other: bool
    chosen: str = ""
    text: str = ""
    wrong: str = ""


@doors.opens_with(permissions.KEY_RETURNS, shows="tax account")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
@code_lists.at_one_generation()
def settle(request: http.HttpRequest, keyed_id: int) -> http.HttpResponse:
    """Show only what differs; take what the paper says, and settle the return with it."""
    one = batches.keyed(keyed_id)
    if not one.differences:
        messages.success(request, _("Nothing of the return waits to be settled."))
        return shortcuts.redirect("return_batch", one.batch_id)
    rows = [_row(number, each) for number, each in enumerate(one.differences, start=1)]
    problems: Sequence[str] = ()
    if request.method == "POST":
        chosen = _chosen(one, rows, request.POST)
        if not any(row.wrong for row in rows):
            problems = _settled(request, one, chosen)
            if not problems:
                messages.success(request, _("Settled. The return says what the paper says."))
                return shortcuts.redirect("return_batch", one.batch_id)
    return _page(request, one, rows, problems)


def _page(
    request: http.HttpRequest, one: queries.Keyed, rows: Sequence[Row], problems: Sequence[str]
) -> http.HttpResponse:
    number, name = accounts.names(account_ids=[one.account_id])[one.account_id]
    people = users.names(user_ids={one.keyed_by_id, one.second_by_id or one.keyed_by_id})
    return shortcuts.render(
        request,
        "taxes/batch_settle.html",
        {
            "keyed": one,
            "number": number,
            "name": name,
            "rows": rows,
            "problems": problems,
            "first_by": people[one.keyed_by_id],
            "second_by": people[one.second_by_id or one.keyed_by_id],
            "is_mine": one.keyed_by_id == doors.person(request),
        },
        status=UNPROCESSABLE if request.method == "POST" else None,
    )


def _row(number: int, differs: queries.Difference) -> Row:
    assert differs.of is not None
    return Row(
        number=number,
        words=_words(differs.of),
        first=_value(differs.of, differs.first),
        second=_value(differs.of, differs.second),
        can_be_other=differs.of.kind not in keyings.AS_KEYED,
    )


def _chosen(
    one: queries.Keyed, rows: Sequence[Row], given: Mapping[str, str]
) -> dict[keyings.Field, str | None]:
    """Read what was chosen; what is missing or cannot be said is noted in its row."""
    found: dict[keyings.Field, str | None] = {}
    for row, differs in zip(rows, one.differences, strict=True):
        assert differs.of is not None
        row.chosen = given.get(f"field-{row.number}", "")
        row.text = given.get(f"other-{row.number}", "").strip()[:_TEXT_MAX]
        if row.chosen == OTHER and row.can_be_other:
            try:
                found[differs.of] = keyings.read(differs.of, row.text)
            except keyings.CannotBeSaid as problem:
                row.wrong = str(problem)
        elif row.chosen in (FIRST, SECOND):
            found[differs.of] = differs.first if row.chosen == FIRST else differs.second
        else:
            row.wrong = _("Choose what the paper says.")
    return found


def _settled(
    request: http.HttpRequest, one: queries.Keyed, chosen: Mapping[keyings.Field, str | None]
) -> Sequence[str]:
    """Settle the return; returns everything that keeps it from being settled."""
    assert one.second is not None
    content = keyings.put_together(one.came, one.second, chosen)
    try:
        operations.settle(
            operations.came_of(content, account_id=one.account_id),
            keyed_id=one.keyed_id,
            by=registering.by(request, why=""),
            remitted_cents=content["remitted_cents"],
        )
    except filing.ReturnIsWrong as problem:
        return [each.said(languages.current()) for each in problem.problems]
    except (
        asking.NoAnswer,
        filing.IsFiledAlready,
        operations.BatchIsClosed,
        operations.IsKeyedAlready,
        operations.NotByTheSame,
        rule_tables.NoVersionForDate,
    ) as problem:
        return [str(problem)]
    return ()


def _value(of: keyings.Field, said: str | None) -> str:
    if of.kind in (Kind.IS_ELECTRONIC, Kind.IS_AMENDMENT, Kind.INCLUDES_TAX):
        return _("yes") if said == "True" else _("no")
    if of.kind is Kind.GROSS and said is None:
        return _("the line is not there")
    return said or _("nothing")


def _words(of: keyings.Field) -> str:
    own = {
        Kind.RECEIVED_ON: _("Received on"),
        Kind.IS_ELECTRONIC: _("Sent electronically"),
        Kind.IS_AMENDMENT: _("An amendment"),
        Kind.FORM: _("Form"),
        Kind.EXCESS_TAX: _("Excess tax collected"),
        Kind.CREDIT_CARRIED: _("Credit carried"),
        Kind.ESTIMATED_PAYMENTS: _("Estimated payments"),
        Kind.REMITTED: _("Remitted"),
        Kind.FILED: _("As filed: %(what)s") % {"what": of.key},
        Kind.GROSS: _("Gross receipts"),
        Kind.INCLUDES_TAX: _("Tax included"),
        Kind.LAND: _("Price of land"),
        Kind.ITEM_PRICE: _("Price of the item"),
        Kind.UNITS: _("Units"),
        Kind.DEDUCTION: f"{of.key} {names.words(names.DEDUCTIONS, of.key)}",
    }[of.kind]
    if not of.region:
        return own
    return f"{of.region} {of.business_class} {names.words(names.CLASSES, of.business_class)}: {own}"
