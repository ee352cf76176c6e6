"""Requisitions: the list by state, one with its history, and its paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django import http, shortcuts
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements import choices
from fisc.domain.disbursements.queries import policies
from fisc.domain.disbursements.queries import requisitions as queries
from fisc.interfaces.web import doors, exports, languages, seen, sentences
from fisc.interfaces.web.disbursements import papers, showing
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions

_KIND = choices.EventKind
#: The tabs of the list: what each is called and which states it shows.
TABS = {
    "waiting": (gettext_lazy("To decide"), choices.WAITING),
    "approved": (gettext_lazy("Approved, to be paid"), (_KIND.APPROVED,)),
    "paid": (gettext_lazy("Paid"), (_KIND.PAID,)),
    "stopped": (
        gettext_lazy("Rejected, withdrawn, cancelled"),
        (_KIND.REJECTED, _KIND.WITHDRAWN, _KIND.CANCELLED),
    ),
    "all": (gettext_lazy("All"), None),
}


@doors.opens_with(permissions.SEE_REFUNDS)
def requisitions(request: http.HttpRequest) -> http.HttpResponseBase:
    """List requisitions by state, as a page or as a file."""
    tab = request.GET.get("state", "waiting")
    if tab not in TABS:
        raise http.Http404(_("There is no such list of requisitions."))
    file_format = exports.wanted(request)
    lines = queries.listed(states=TABS[tab][1], limit=None if file_format else queries.LIST_SHOWN)
    seen.record(request, shows="requisitions", which={})
    if file_format:
        return _file(file_format, lines)
    return shortcuts.render(
        request,
        "disbursements/requisitions.html",
        {
            "tabs": [(name, words) for name, (words, _states) in TABS.items()],
            "tab": tab,
            "lines": lines,
            "purposes": {
                each.id: each.label(languages.current())
                for each in code_lists.codes(policies.PURPOSES).values()
            },
            "shown": queries.LIST_SHOWN,
            "paid_cents": sum(each.paid_cents for each in lines),
        },
    )


@doors.opens_with(permissions.SEE_REFUNDS, shows="requisition")
def requisition(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show what a requisition takes, settles and pays, and everything that happened to it."""
    return showing.page(request, showing.found(number))


@doors.opens_with(permissions.SEE_REFUNDS, shows="requisition")
def paper(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give a requisition as PDF/UA-1, in the language of the page."""
    del request
    data = papers.data(showing.found(number), language=languages.current())
    return http.HttpResponse(
        typesetter.typeset(template=papers.template(), data=data, made_at=timezone.now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="requisition-{number}.pdf"'},
    )


def _file(file_format: str, lines: Sequence[queries.Line]) -> http.HttpResponseBase:
    kind = exports.Kind
    columns = (
        exports.Column(_("Requisition"), kind.COUNT),
        exports.Column(_("State")),
        exports.Column(_("Payee")),
        exports.Column(_("Purpose")),
        exports.Column(_("Taken"), kind.MONEY),
        exports.Column(_("Settles debts"), kind.MONEY),
        exports.Column(_("Pays"), kind.MONEY),
        exports.Column(_("Prepared"), kind.DAY),
        exports.Column(_("Prepared by")),
        exports.Column(_("Last step"), kind.INSTANT),
        exports.Column(_("By")),
    )
    return exports.answer(
        file_format=file_format, name="requisitions", columns=columns, rows=_rows(lines)
    )


def _rows(lines: Sequence[queries.Line]) -> Iterator[Sequence[object]]:
    purposes = code_lists.codes_by_id(policies.PURPOSES)
    for each in lines:
        yield (
            each.number,
            sentences.in_language(each.state),
            each.payee_name,
            purposes[each.purpose_id].label(languages.current()),
            each.taken_cents,
            each.offset_cents,
            each.paid_cents,
            each.prepared_on,
            each.prepared_by,
            each.moved_at,
            each.moved_by,
        )
