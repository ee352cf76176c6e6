"""Papers of a business: taken in, handed out as downloads only, taken away."""

from __future__ import annotations

import urllib.parse
from typing import Final

from django import http
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.licensing.operations import entering
from fisc.domain.party_records import calculations
from fisc.domain.party_records.operations import papers as paper_writes
from fisc.domain.party_records.queries import papers
from fisc.interfaces.web import doors
from fisc.interfaces.web.businesses import adding, forms, showing
from fisc.plumbing import document_store, transactions
from fisc.plumbing.users import permissions

#: Not even a browser that ignores the download may run what somebody handed in.
_POLICY: Final = "default-src 'none'; sandbox"


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def add(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Take a paper in."""
    is_sent = request.method == "POST"
    form = forms.PaperForm(request.POST, request.FILES) if is_sent else forms.PaperForm()

    def do(by: entering.By) -> None:
        said = form.cleaned_data
        with transactions.started(by="taking a paper in"):
            paper_writes.add_paper(
                party_id=number,
                kind=said["kind"],
                name=said["file"].name or "",
                content=said["file"].read(),
                at=by.at,
                user_id=by.user_id,
                reference=said["reference"],
                expires_on=said["expires_on"],
            )

    return adding.answer(
        request,
        number,
        form,
        do,
        title=_("Take a paper in"),
        done=_("The paper is filed."),
        tab="business_papers",
        refused=(
            calculations.FileIsWrong,
            document_store.DocumentStoreIsFull,
            paper_writes.KindIsUnknown,
        ),
        has_files=True,
    )


@doors.opens_with(permissions.SEE_BUSINESSES, shows="business paper")
def give(request: http.HttpRequest, number: int, paper: int) -> http.HttpResponse:
    """Hand a paper out as a download, never to be shown in place."""
    del request
    found = _of_business(number, paper)
    response = http.HttpResponse(papers.content(found), content_type=found.file_kind)
    name = urllib.parse.quote(found.name)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@doors.opens_with(permissions.KEEP_BUSINESSES, shows="business")
@verbs.require_http_methods(["GET", "POST"])
def end(request: http.HttpRequest, number: int, paper: int) -> http.HttpResponse:
    """Take a paper away that came by mistake."""
    found = _of_business(number, paper)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)

    def do(by: entering.By) -> None:
        with transactions.started(by="taking a paper away"):
            paper_writes.end_paper(
                paper_id=found.paper_id,
                why=form.cleaned_data["why"],
                user_id=by.user_id,
                at=by.at,
            )

    return adding.answer(
        request,
        number,
        form,
        do,
        title=_("Take “%(name)s” away") % {"name": found.name},
        done=_("The paper is taken away."),
        tab="business_papers",
        refused=(paper_writes.NothingSaid,),
    )


def _of_business(number: int, paper: int) -> papers.Paper:
    showing.found(number, as_of=timezone.localdate())
    try:
        found = papers.paper(paper_id=paper)
    except papers.NoSuchPaper as problem:
        raise http.Http404(str(problem)) from problem
    if found.party_id != number:
        raise http.Http404(_("That paper is of another."))
    return found
