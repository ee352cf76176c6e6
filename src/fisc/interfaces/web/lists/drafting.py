"""Writing a change of a list: starting it, describing it, putting it in test, giving it up."""

from __future__ import annotations

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes.calculations import sheets
from fisc.domain.list_changes.operations import approvals, drafts
from fisc.domain.list_changes.queries import changes
from fisc.domain.rule_tables.operations import people
from fisc.interfaces.web import doors
from fisc.interfaces.web.lists import showing
from fisc.interfaces.web.tables import writing
from fisc.plumbing.users import permissions

# What a coordinator can put right, said on the page; anything else is our mistake.
CANNOT = (
    approvals.NotApprovable,
    approvals.NotTestable,
    approvals.NotTheReviewer,
    changes.NoSuchChange,
    code_lists.NoSuchCodeList,
    drafts.DraftChangedMeanwhile,
    drafts.NotADraft,
    drafts.NothingToStartFrom,
    drafts.RowsAreWrong,
    people.NotPermitted,
    people.NothingSaid,
    sheets.NotASheet,
)


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def start(request: http.HttpRequest, name: str) -> http.HttpResponse:
    """Ask for which days and why, then start a change of a list."""
    if name not in code_lists.list_names():
        raise http.Http404(f"The city has no code list “{name}”.")
    form = writing.describing(request)
    if form.is_valid():
        try:
            change_id = drafts.start_draft(
                list_name=name,
                effective=form.period(),
                by=showing.username(request),
                reason=form.cleaned_data["reason"],
                citation=form.cleaned_data["citation"],
                at=timezone.now(),
            )
        except CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The draft is started. It is a copy until you change it."))
            return shortcuts.redirect("list_change", change_id=change_id)
    return shortcuts.render(
        request,
        "lists/describe.html",
        {"name": name, "form": form},
        status=showing.UNPROCESSABLE if form.is_bound else None,
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_http_methods(["GET", "POST"])
def describe(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Say anew for which days a draft is meant, why, and by which law."""
    change = showing.found(change_id)
    form = writing.describing(request, change)

    def again() -> http.HttpResponse:
        return shortcuts.render(
            request,
            "lists/describe.html",
            {"name": change.list, "change": change, "form": form},
            status=showing.UNPROCESSABLE if form.is_bound else None,
        )

    return writing.describe(
        request, written(request, change), form=form, act=drafts.describe_draft, again=again
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def test(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Run the cases of every book that uses the list, and close the draft for changes."""
    return writing.put_in_test(
        request,
        written(request, showing.found(change_id)),
        act=approvals.put_in_test,
        said=_("The change is in test: nobody alters it now. Another approves."),
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def take_back(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Open a change in test again."""
    return writing.with_reason(
        request,
        written(request, showing.found(change_id)),
        act=approvals.take_back,
        said=_("The change is a draft again. What was agreed to so far no longer counts."),
    )


@doors.opens_with(permissions.WRITE_TABLES)
@verbs.require_POST
def discard(request: http.HttpRequest, change_id: int) -> http.HttpResponse:
    """Give a draft up; it stays to be read."""
    return writing.with_reason(
        request,
        written(request, showing.found(change_id)),
        act=drafts.discard_draft,
        said=_("The draft is given up. It can be read, never approved."),
    )


def written(request: http.HttpRequest, change: changes.Change) -> writing.Written:
    """Return a change as the pages of drafts act on it."""
    return writing.Written(
        key={"change_id": change.change_id},
        page_name="list_change",
        cannot=CANNOT,
        shown=lambda given: showing.page(request, change, given=given),
    )
