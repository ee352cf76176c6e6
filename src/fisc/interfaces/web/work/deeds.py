"""Doing what a work item asks for on its page: releasing or dropping a bill, entering a read."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.operations import reads, settling, single
from fisc.domain.utilities.queries import bills, held, previews
from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries
from fisc.interfaces.web import doors
from fisc.interfaces.web.work import forms, showing
from fisc.plumbing.users import permissions

# What a person can put right, said on the form; anything else is our mistake.
_CANNOT = (
    held.NothingIsHeld,
    ledger.DayIsSealed,
    previews.NothingToBill,
    reads.ReadIsRefused,
    rule_tables.NoVersionForDate,
    settling.NotWhatWasSeen,
    settling.ReadIsDoubted,
    single.CannotBeBilled,
    work_items.NotYours,
)


@doors.opens_with(permissions.RELEASE_BILLS)
@verbs.require_POST
def release(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Let a held bill go out, with a reason."""
    item = showing.found(item_id, kind=showing.HELD)
    form = forms.ReleaseForm(request.POST)
    if form.is_valid():
        try:
            bill_id = settling.release_held_bill(
                item_id=item_id,
                seen_cents=form.cleaned_data["seen_cents"],
                by=_by(request, why=form.cleaned_data["why"]),
            )
        except _CANNOT as problem:
            if _is_done(item_id):
                return _done_before(request, item_id)
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The bill is released, and the work item is done."))
            return shortcuts.redirect(
                "bill", number=bills.bill_numbers(bill_ids=[bill_id])[bill_id]
            )
    return showing.page(request, item, release=form)


@doors.opens_with(permissions.RELEASE_BILLS)
@verbs.require_POST
def drop(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Let a held bill wait for the account's next one, with a reason."""
    item = showing.found(item_id, kind=showing.HELD)
    form = forms.DropForm(request.POST)
    if form.is_valid():
        try:
            settling.drop_held_bill(
                item_id=item_id, by=_by(request, why=form.cleaned_data["why_not"])
            )
        except _CANNOT as problem:
            if _is_done(item_id):
                return _done_before(request, item_id)
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The bill will not go out; its days are on the next bill."))
            return shortcuts.redirect("work")
    return showing.page(request, item, drop=form)


@doors.opens_with(permissions.ENTER_READS)
@verbs.require_POST
def enter_read(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Record the read that was refused or never came."""
    item = showing.found(item_id, kind=showing.READ)
    form = forms.ReadForm(request.POST)
    if form.is_valid():
        try:
            settling.enter_read(
                item_id=item_id,
                entered=_entered(form),
                today=timezone.localdate(),
                by=_by(request, why=form.cleaned_data["why"]),
            )
        except _CANNOT as problem:
            if _is_done(item_id):
                return _done_before(request, item_id)
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The read is kept, and the work item is done."))
            return shortcuts.redirect("work")
    return showing.page(request, item, read=form)


def _entered(form: forms.ReadForm) -> settling.Entered:
    given = form.cleaned_data
    return settling.Entered(
        meter_number=given["meter"],
        read_on=given["read_on"],
        reading=given["reading"],
        kind=given["kind"],
        is_sure=given["is_sure"],
    )


def _by(request: http.HttpRequest, *, why: str) -> single.By:
    return single.By(
        user_id=doors.person(request),
        at=timezone.now(),
        posting_day=timezone.localdate(),
        why=why,
    )


def _is_done(item_id: int) -> bool:
    return queries.item(item_id=item_id).status == "done"


def _done_before(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    messages.success(request, _("This was done before. Nothing was done again."))
    return shortcuts.redirect("work_item", item_id=item_id)
