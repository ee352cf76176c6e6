"""Writing a version: starting a draft, describing it, putting it in test, giving it up."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.rule_tables.operations import approvals, drafts, people
from fisc.domain.rule_tables.queries import drafts as kept
from fisc.domain.rule_tables.queries import versions
from fisc.interfaces.web import doors
from fisc.interfaces.web.tables import showing, writing
from fisc.plumbing.users import permissions

# What a coordinator can put right, said on the page; anything else is our mistake.
CANNOT = (
    approvals.NotApprovable,
    approvals.NotTestable,
    approvals.NotTheReviewer,
    drafts.FileIsUnreadable,
    drafts.NotADraft,
    drafts.NothingToStartFrom,
    people.NoSuchDraft,
    people.NotPermitted,
    people.NothingSaid,
    versions.NoSuchDecisionPoint,
)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def start(request: http.HttpRequest) -> http.HttpResponse:
    """Ask for which days and why, then start a draft of a book from one of its versions."""
    source = showing.found(_number(request, "from"))
    form = writing.describing(request)
    if form.is_valid():
        try:
            version_id = drafts.start_draft(
                book=source.book,
                effective=form.period(),
                by=showing.username(request),
                reason=form.cleaned_data["reason"],
                citation=form.cleaned_data["citation"],
                at=timezone.now(),
                from_version_id=source.version_id,
            )
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The draft is started. It is a copy until you change it."))
            return shortcuts.redirect("table_version", version_id=version_id)
    return shortcuts.render(
        request,
        "tables/describe.html",
        {"source": source, "form": form},
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def describe(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Say anew for which days a draft is meant, why, and by which law."""
    draft = showing.found(version_id)
    form = writing.describing(request, draft)

    def again() -> http.HttpResponse:
        return shortcuts.render(
            request,
            "tables/describe.html",
            {"source": draft, "draft": draft, "form": form},
            status=showing.UNPROCESSABLE if form.is_bound else None,
        )

    return writing.describe(
        request, written(request, draft), form=form, act=drafts.describe_draft, again=again
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def test(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Close a draft for changes, so that others can study and approve it."""
    return writing.put_in_test(
        request,
        written(request, showing.found(version_id)),
        act=approvals.put_in_test,
        said=_("The version is in test: nobody changes it now. Another approves."),
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def take_back(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Open a version in test for changes again."""
    return writing.with_reason(
        request,
        written(request, showing.found(version_id)),
        act=approvals.take_back,
        said=_("The version is a draft again. What was agreed to so far no longer counts."),
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def discard(request: http.HttpRequest, version_id: int) -> http.HttpResponse:
    """Give a draft up; it stays to be read."""
    return writing.with_reason(
        request,
        written(request, showing.found(version_id)),
        act=drafts.discard_draft,
        said=_("The draft is given up. It can be read and started from, never approved."),
    )


def written(request: http.HttpRequest, draft: kept.Draft) -> writing.Written:
    """Return a version as the pages of drafts act on it."""
    return writing.Written(
        key={"version_id": draft.version_id},
        page_name="table_version",
        cannot=CANNOT,
        shown=lambda given: showing.page(request, draft, given=given),
    )


def _number(request: http.HttpRequest, name: str) -> int:
    text = request.GET.get(name, "") or request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise http.Http404(f"“{text}” is no version.")
    return int(text)
