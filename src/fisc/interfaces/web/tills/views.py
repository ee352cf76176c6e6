"""A cashier's till: open it, fill the basket, take the payment, void the last receipt."""

from __future__ import annotations

from django import http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.cashiering import calculations as drawers
from fisc.domain.cashiering import operations as cashiering
from fisc.domain.cashiering import queries
from fisc.domain.ledger import operations as ledger
from fisc.domain.payments import calculations as payments
from fisc.domain.payments import queries as paying
from fisc.domain.payments.operations import taking
from fisc.interfaces.web import doors
from fisc.interfaces.web.tills import basket, forms, scanning
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422

# What a cashier can put right, said on the form; anything else is our mistake.
_CANNOT_TAKE = (
    cashiering.TillIsNotOpen,
    cashiering.TillIsAnothers,
    idempotency.KeyUsedForOtherContent,
    ledger.DayIsSealed,
    payments.AccountTwiceInBasket,
    payments.BalanceIsAnother,
    payments.NoChangeForThisTender,
    payments.NothingToPay,
    payments.ReferenceIsACardNumber,
    payments.TendersFallShort,
    payments.TenderIsTooMuch,
    paying.ChargeHasNoPriority,
    taking.ReferenceIsMissing,
)
_CANNOT_VOID = (
    cashiering.TillIsNotOpen,
    cashiering.TillIsAnothers,
    cashiering.ReceiptIsNotTheLast,
    ledger.DayIsSealed,
)


@doors.opens_with(permissions.KEEP_TILL)
def till(request: http.HttpRequest) -> http.HttpResponse:
    """Show my till, or the form that opens one."""
    mine = queries.till_of(cashier_id=doors.person(request))
    if mine is None:
        return shortcuts.render(request, "tills/open.html", {"form": forms.OpenForm()})
    if mine.is_counted:
        return shortcuts.redirect("till_counted", till_id=mine.till_id)
    return _render(request, mine)


@doors.opens_with(permissions.KEEP_TILL)
@verbs.require_POST
def open_till(request: http.HttpRequest) -> http.HttpResponse:
    """Open a till with its float."""
    form = forms.OpenForm(request.POST)
    if form.is_valid():
        try:
            cashiering.open_till(
                name=form.cleaned_data["name"],
                cashier_id=doors.person(request),
                posting_day=timezone.localdate(),
                float_cents=form.cleaned_data["float_cents"],
                at=timezone.now(),
            )
        except (cashiering.TillIsOpenAlready, drawers.FloatIsTooMuch) as problem:
            form.add_error(None, str(problem))
        else:
            return shortcuts.redirect("till")
    return shortcuts.render(request, "tills/open.html", {"form": form}, status=UNPROCESSABLE)


@doors.opens_with(permissions.KEEP_TILL)
@verbs.require_POST
def scan(request: http.HttpRequest) -> http.HttpResponse:
    """Put what was scanned in the basket."""
    mine = queries.till_of(cashier_id=doors.person(request))
    form = forms.ScanForm(request.POST)
    if form.is_valid():
        try:
            account_id = scanning.account_of(
                form.cleaned_data["scanned"], as_of=timezone.localdate()
            )
        except scanning.NothingHasThisNumber as problem:
            form.add_error("scanned", str(problem))
        else:
            basket.add(request, account_id=account_id, as_of=timezone.localdate())
            return shortcuts.redirect("till")
    if mine is None:
        return shortcuts.redirect("till")
    return _render(request, mine, scan_form=form)


@doors.opens_with(permissions.KEEP_TILL)
@verbs.require_POST
def remove(request: http.HttpRequest, account_id: int) -> http.HttpResponse:
    """Take an account out of the basket."""
    basket.remove(request, account_id=account_id)
    return shortcuts.redirect("till")


@doors.opens_with(permissions.KEEP_TILL)
@verbs.require_POST
def figures(request: http.HttpRequest) -> http.HttpResponse:
    """Add up what is in the form while it is typed."""
    form = _take_form(request)
    form.is_valid()
    basket.set_amounts(request, form.amounts())
    return shortcuts.render(request, "tills/_figures.html", {"figures": forms.figures(form)})


@doors.opens_with(permissions.KEEP_TILL)
@verbs.require_POST
def take(request: http.HttpRequest) -> http.HttpResponse:
    """Take the payment; the same form sent again gives the same receipt."""
    mine = queries.till_of(cashier_id=doors.person(request))
    if mine is None:
        return shortcuts.redirect("till")
    form = _take_form(request)
    if form.is_valid():
        basket.set_amounts(request, form.amounts())
        try:
            taken = cashiering.take_payment(
                key=form.cleaned_data["key"],
                till_id=mine.till_id,
                tenders=[
                    payments.TenderGiven(
                        kind_id=each.kind_id, given_cents=each.cents, reference=each.reference
                    )
                    for each in form.tendered()
                ],
                basket=[
                    payments.InBasket(account_id, cents, form.seen_cents(account_id))
                    for account_id, cents in form.amounts().items()
                    if cents
                ],
                cashier_id=doors.person(request),
                at=timezone.now(),
            )
        except _CANNOT_TAKE as problem:
            form.add_error(None, str(problem))
            if isinstance(problem, payments.BalanceIsAnother):
                form.say_changed(problem.now_cents)
        else:
            basket.empty(request)
            return shortcuts.redirect(f"{urls.reverse('till')}?taken={taken.receipt_number}")
    return _render(request, mine, take_form=form)


@doors.opens_with(permissions.KEEP_TILL)
@verbs.require_POST
def void(request: http.HttpRequest) -> http.HttpResponse:
    """Void my last receipt, before the next customer."""
    mine = queries.till_of(cashier_id=doors.person(request))
    if mine is None:
        return shortcuts.redirect("till")
    form = forms.VoidForm(request.POST)
    if form.is_valid():
        try:
            cashiering.void_last_receipt(
                till_id=mine.till_id,
                number=form.cleaned_data["number"],
                reason_code_id=form.cleaned_data["reason"],
                cashier_id=doors.person(request),
                at=timezone.now(),
            )
        except _CANNOT_VOID as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The receipt is void. Its number stays used."))
            return shortcuts.redirect("till")
    return _render(request, mine, void_form=form)


def _just_taken(mine: queries.Till, number: str) -> queries.Receipt | None:
    """Return the receipt that the page before this one gave, for its change to be handed out."""
    if mine.last is None or str(mine.last.number) != number:
        return None
    return queries.receipt(till_id=mine.till_id, number=mine.last.number)


def _take_form(request: http.HttpRequest) -> forms.TakeForm:
    """Return the form of the basket, or the form that was posted, with the accounts it names."""
    today = timezone.localdate()
    if request.method != "POST":
        return forms.TakeForm(lines=basket.lines(request, as_of=today))
    try:
        lines = basket.posted_lines(request.POST, as_of=today)
    except accounts.NoSuchAccount as problem:
        raise http.Http404(str(problem)) from problem
    return forms.TakeForm(lines=lines, data=request.POST)


def _render(
    request: http.HttpRequest,
    mine: queries.Till,
    *,
    scan_form: forms.ScanForm | None = None,
    take_form: forms.TakeForm | None = None,
    void_form: forms.VoidForm | None = None,
) -> http.HttpResponse:
    form = take_form or forms.TakeForm(lines=basket.lines(request, as_of=timezone.localdate()))
    shown = request.GET.get("taken", "")
    if take_form is not None:
        # What was refused is put right among the tenders, not in the scan field.
        form.fields[f"tender_{form.kinds[0].code}"].widget.attrs["autofocus"] = "autofocus"
    bound = [each for each in (scan_form, take_form, void_form) if each is not None]
    return shortcuts.render(
        request,
        "tills/till.html",
        {
            "till": mine,
            "form": form,
            "figures": forms.figures(form),
            "key": basket.key(request),
            "scan_form": scan_form or forms.ScanForm(has_focus=take_form is None),
            "void_form": void_form or forms.VoidForm(),
            "last": mine.last,
            "taken": _just_taken(mine, shown),
        },
        status=UNPROCESSABLE if bound else None,
    )
