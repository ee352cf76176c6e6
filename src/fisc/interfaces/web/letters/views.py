"""Letters to print by day: printed together once, mailed once; one letter by itself."""

from __future__ import annotations

import datetime
import uuid

from django import forms, http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators import http as verbs

from fisc.domain.accounts import queries as accounts
from fisc.domain.documents import choices, operations, queries
from fisc.interfaces.web import days, doors
from fisc.interfaces.web.letters import showing
from fisc.interfaces.web.licenses import words
from fisc.plumbing.idempotency import calculations as askings
from fisc.plumbing.idempotency import operations as idempotency
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions
from fisc.processes.letters import printing

Kind = choices.Kind
PAGE = 50
BATCHES_SHOWN = 20


class PrintForm(forms.Form):
    """Which letters are printed; the key keeps a second click from printing the next ones."""

    name = forms.ChoiceField(choices=[(each.name, each.name) for each in showing.KINDS.values()])
    day = days.DayField()
    key = forms.CharField(max_length=100)


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="letters")
@verbs.require_safe
def letters(request: http.HttpRequest) -> http.HttpResponse:
    """Show what waits to be printed by day, and what was printed and is to be mailed."""
    kinds = showing.seen_by(request)
    batches = queries.batches(kinds=kinds, limit=BATCHES_SHOWN)
    people = words.people(
        who for each in batches for who in (each.printed_by_id, each.mailed_by_id)
    )
    return shortcuts.render(
        request,
        "letters/letters.html",
        {
            "days": [
                (each, showing.KINDS[Kind(each.kind)], _may_print(request, each.kind), uuid.uuid4())
                for each in queries.days(kinds=kinds)
            ],
            "batches": [
                {
                    "batch": each,
                    "words": showing.KINDS[Kind(each.kind)].words,
                    "may_mail": _may_print(request, each.kind),
                    "printed_by": people.get(each.printed_by_id, ""),
                    "mailed_by": people.get(each.mailed_by_id, ""),
                }
                for each in batches
            ],
            "at_once": printing.LETTERS_A_BATCH,
            "shown": BATCHES_SHOWN,
        },
    )


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="letters")
@verbs.require_safe
def day(request: http.HttpRequest, written_on: datetime.date, name: str) -> http.HttpResponse:
    """Show to whom the letters of a kind and day go that wait."""
    kind = _kind(name)
    if not request.user.has_perm(showing.KINDS[kind].sees):
        return _refused(request)
    found = queries.waiting(
        kind=kind, written_on=written_on, after=_after(request.GET.get("after", "")), limit=PAGE
    )
    called = accounts.names(account_ids=[each.account_id for each in found])
    return shortcuts.render(
        request,
        "letters/day.html",
        {
            "words": showing.KINDS[kind].words,
            "written_on": written_on,
            "rows": [(each, *called[each.account_id]) for each in found],
            "next": f"{found[-1].account_id}.{found[-1].letter_id}" if len(found) == PAGE else "",
        },
    )


@doors.opens_with(permissions.SEE_ACCOUNTS)
@verbs.require_POST
def print_next(request: http.HttpRequest) -> http.HttpResponse:
    """Print the next letters of a kind and day as one document."""
    form = PrintForm(request.POST)
    if not form.is_valid():
        raise http.Http404(_("There are no such letters."))
    kind, on = _kind(form.cleaned_data["name"]), form.cleaned_data["day"]
    if not _may_print(request, kind):
        return _refused(request)
    at, user_id = timezone.now(), doors.person(request)

    def do() -> dict[str, int]:
        made = printing.print_part(kind=kind, written_on=on, user_id=user_id, at=at)
        return {"letters": made.letters, "overtaken": made.overtaken}

    try:
        made = idempotency.once(
            key=form.cleaned_data["key"],
            content_sha256=askings.content_sha256({"kind": kind.name, "day": f"{on}"}),
            do=do,
            at=at,
        )
    except (
        operations.NothingToPrint,
        typesetter.LetterDoesNotTypeset,
        idempotency.KeyUsedForOtherContent,
    ) as problem:
        messages.error(request, str(problem))
    else:
        _say(request, letters=int(made["letters"]), overtaken=int(made["overtaken"]))
    return shortcuts.redirect("letters")


@doors.opens_with(permissions.SEE_ACCOUNTS)
@verbs.require_POST
def mailed(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Note that a batch was mailed."""
    found = _batch(number)
    if not _may_print(request, found.kind):
        return _refused(request)
    try:
        operations.mail_batch(batch_id=number, user_id=doors.person(request), at=timezone.now())
    except operations.CannotMail as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The letters are noted as mailed."))
    return shortcuts.redirect("letters")


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="letters")
@verbs.require_safe
def batch(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give the letters of a batch as they were printed."""
    found = _batch(number)
    if not request.user.has_perm(showing.KINDS[Kind(found.kind)].sees):
        return _refused(request)
    document = queries.document_of(
        kind=Kind.PRINT_BATCH, subject_kind=choices.Subject.PRINT_BATCH, subject_id=number
    )
    assert document is not None, "a batch is kept with its document"
    return _pdf(queries.content(sha256=document.sha256), f"letters-{number}")


@doors.opens_with(permissions.SEE_ACCOUNTS, shows="letter")
@verbs.require_safe
def letter(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give one letter: as it was printed, or, while it waits, as it would be."""
    try:
        found = queries.letter(number)
        if not request.user.has_perm(showing.KINDS[Kind(found.kind)].sees):
            return _refused(request)
        if found.batch_id is None:
            return _pdf(printing.preview(number, at=timezone.now()), f"letter-{number}-preview")
        filed = operations.reprint(letter_id=number)
    except (queries.NoSuchLetter, printing.LetterWasOvertaken) as problem:
        raise http.Http404(str(problem)) from problem
    return _pdf(queries.content(sha256=filed.sha256), f"letter-{number}")


def _say(request: http.HttpRequest, *, letters: int, overtaken: int) -> None:
    if letters:
        said = ngettext(
            "%(count)d letter is printed: open the file below and send it to the printer.",
            "%(count)d letters are printed: open the file below and send it to the printer.",
            letters,
        )
        messages.success(request, said % {"count": letters})
    if overtaken:
        said = ngettext(
            "%(count)d letter was left out: what it tells is no longer so.",
            "%(count)d letters were left out: what they tell is no longer so.",
            overtaken,
        )
        messages.info(request, said % {"count": overtaken})


def _may_print(request: http.HttpRequest, kind: int) -> bool:
    return request.user.has_perm(showing.KINDS[Kind(kind)].prints)


def _kind(name: str) -> Kind:
    for kind, called in showing.KINDS.items():
        if called.name == name:
            return kind
    raise http.Http404(_("There are no such letters."))


def _batch(number: int) -> queries.Batch:
    try:
        return queries.batch(number)
    except queries.NoSuchLetter as problem:
        raise http.Http404(str(problem)) from problem


def _after(text: str) -> tuple[int, int]:
    if not text:
        return 0, 0
    account_id, _point, letter_id = text.partition(".")
    if not (account_id.isdecimal() and letter_id.isdecimal() and len(text) < 40):
        raise http.Http404(_("There is no such page of letters."))
    return int(account_id), int(letter_id)


def _refused(request: http.HttpRequest) -> http.HttpResponse:
    return shortcuts.render(request, "shell/no_permission.html", status=403)


def _pdf(content: bytes, name: str) -> http.HttpResponse:
    return http.HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )
