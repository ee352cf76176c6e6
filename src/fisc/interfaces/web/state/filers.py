"""Who is in the state's files and not registered here, and the reverse; having them looked at."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators import http as verbs

from fisc.domain.state_collections import choices, operations
from fisc.domain.state_collections.queries import filers
from fisc.interfaces.web import doors, exports
from fisc.interfaces.web.state import forms
from fisc.plumbing.users import permissions

UNPROCESSABLE: Final = 422
SHOWN: Final = 100
WORDS: Final = {
    choices.Side.UNREGISTERED: gettext_lazy("With the state, not registered here"),
    choices.Side.NOT_IN_FILES: gettext_lazy("Registered here, not with the state"),
}


@dataclasses.dataclass(frozen=True)
class Page:
    """The first of a list, and how many it has."""

    rows: Sequence[filers.Unregistered | filers.NotInFiles]
    count: int


@doors.opens_with(permissions.SEE_RETURNS, shows="state filers")
def listed(request: http.HttpRequest, side: str) -> http.HttpResponseBase:
    """Show who is on one side only, as a page or as a file."""
    of = _of(side)
    if file_format := exports.wanted(request):
        return _file(file_format, of)
    return _page(request, of, forms.LookForm())


@doors.opens_with(permissions.DO_WORK)
@verbs.require_POST
def look_at(request: http.HttpRequest, side: str) -> http.HttpResponse:
    """Make a work item of each that somebody ticked."""
    of = _of(side)
    if not request.user.has_perm(permissions.SEE_RETURNS):
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    form = forms.LookForm(request.POST)
    if form.is_valid():
        try:
            made = operations.have_looked_at(
                of,
                chosen=request.POST.getlist("chosen"),
                due_on=form.cleaned_data["due_on"],
                as_of=timezone.localdate(),
                by=operations.By(user_id=doors.person(request), at=timezone.now()),
            )
        except (operations.NothingChosen, operations.NotListed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _made(made))
            return shortcuts.redirect("state_filers", side)
    return _page(request, of, form)


def _page(request: http.HttpRequest, of: choices.Side, form: forms.LookForm) -> http.HttpResponse:
    found = _first(of)
    return shortcuts.render(
        request,
        "state/filers.html",
        {
            "side": of.value,
            "words": WORDS[of],
            "sides": [(each.value, words) for each, words in WORDS.items()],
            "form": form,
            "rows": found.rows,
            "count": found.count,
            "shown": SHOWN,
        },
        status=UNPROCESSABLE if form.is_bound else None,
    )


def _first(of: choices.Side) -> Page:
    today = timezone.localdate()
    if of is choices.Side.UNREGISTERED:
        known = filers.found(as_of=today, limit=SHOWN)
        return Page(known.rows, known.count)
    silent = filers.not_in_files(as_of=today)
    return Page(silent[:SHOWN], len(silent))


def _file(file_format: str, of: choices.Side) -> http.HttpResponseBase:
    today = timezone.localdate()
    if of is choices.Side.UNREGISTERED:
        columns = [
            exports.Column(_("License")),
            exports.Column(_("Name")),
            exports.Column(_("File"), exports.Kind.COUNT),
            exports.Column(_("Line"), exports.Kind.COUNT),
            exports.Column(_("Looks like")),
            exports.Column(_("Work item")),
        ]
        rows: list[tuple[object, ...]] = [
            (
                each.license_number, each.name, each.file_id, each.line,
                "; ".join(one.name for one in each.look_alikes), each.item_id or "",
            )
            for each in filers.unregistered(as_of=today)
        ]  # fmt: skip
    else:
        columns = [
            exports.Column(_("Account")),
            exports.Column(_("Name")),
            exports.Column(_("Work item")),
        ]
        rows = [
            (each.account_number, each.name, each.item_id or "")
            for each in filers.not_in_files(as_of=today)
        ]
    return exports.answer(
        file_format=file_format, name=f"state-{of.value}", columns=columns, rows=rows
    )


def _of(side: str) -> choices.Side:
    try:
        return choices.Side(side)
    except ValueError as problem:
        raise http.Http404(_("There is no such list of filers.")) from problem


def _made(count: int) -> str:
    if not count:
        return _("What was chosen has work items already. Nothing was made again.")
    return ngettext(
        "%(count)d work item was made.", "%(count)d work items were made.", count
    ) % {"count": count}  # fmt: skip
