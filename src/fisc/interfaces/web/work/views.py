"""The work queue: what waits, the next thing, and what became of it."""

from collections.abc import Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.work_items import operations as work_items
from fisc.domain.work_items import queries
from fisc.interfaces.web import doors, exports, seen
from fisc.interfaces.web.work import forms, showing, taking_out
from fisc.plumbing.users import permissions

CAUSES_SHOWN = 200


@doors.opens_with(permissions.SEE_WORK)
def work(request: http.HttpRequest) -> http.HttpResponseBase:
    """Show my items and what waits, one line a reason with its causes."""
    today = timezone.localdate()
    mine = queries.owned(user_id=doors.person(request))
    if file_format := exports.wanted(request):
        # The file names the customers of my items and leaves the house.
        seen.record(request, shows="work queue", which={})
        return taking_out.work(
            file_format=file_format, mine=mine, causes=queries.causes(today=today)
        )
    lines = showing.lines(queries.causes(today=today, limit=CAUSES_SHOWN))
    firsts = [cause.first for line in lines for cause in line.causes]
    return shortcuts.render(
        request,
        "work/work.html",
        {
            "mine": showing.in_city_words(mine),
            "accounts": showing.names([*mine, *firsts]),
            "lines": lines,
            "today": today,
        },
    )


@doors.opens_with(permissions.DO_WORK)
@verbs.require_POST
def take_next(request: http.HttpRequest) -> http.HttpResponse:
    """Lock the most urgent item to me and open it."""
    found = work_items.take_next(user_id=doors.person(request), today=timezone.localdate())
    if found is None:
        messages.success(request, _("Nothing waits. The queue is empty."))
        return shortcuts.redirect("work")
    return shortcuts.redirect("work_item", item_id=found)


@doors.opens_with(permissions.DO_WORK)
@verbs.require_POST
def take(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Lock this item to me and open it."""
    try:
        work_items.take(item_id=item_id, user_id=doors.person(request), today=timezone.localdate())
    except work_items.NotYours as problem:
        messages.error(request, str(problem))
        return shortcuts.redirect("work")
    return shortcuts.redirect("work_item", item_id=item_id)


@doors.opens_with(permissions.SEE_WORK, shows="work item")
@verbs.require_http_methods(["GET", "POST"])
def work_item(request: http.HttpRequest, item_id: int) -> http.HttpResponse:
    """Show one item and the others of its cause; move it with a reason."""
    item = showing.found(item_id)
    posted = request.POST if request.method == "POST" else None
    form = forms.MoveForm(user_id=doors.person(request), data=posted)
    if posted is not None and not request.user.has_perm(permissions.DO_WORK):
        return shortcuts.render(request, "shell/no_permission.html", status=403)
    if form.is_valid():
        try:
            _move(request, form, item, queries.same_cause(cause_key=item.cause_key))
        except (work_items.NotYours, work_items.NoReasonGiven) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Kept. Here is what else waits."))
            return shortcuts.redirect("work")
    return showing.page(request, item, move=form)


def _move(
    request: http.HttpRequest,
    form: forms.MoveForm,
    item: queries.ItemSeen,
    same: Sequence[queries.ItemSeen],
) -> None:
    given = form.cleaned_data
    mine = [other.item_id for other in same if other.owner_id == doors.person(request)]
    item_ids = mine if given["whole_cause"] and mine else [item.item_id]
    user_id, reason = doors.person(request), given["reason"]
    match given["action"]:
        case form.DONE:
            work_items.done(item_ids=item_ids, user_id=user_id, reason=reason, at=timezone.now())
        case form.FORWARD:
            work_items.forward(
                item_ids=item_ids, user_id=user_id, to_user_id=given["to_user"], reason=reason
            )
        case form.SNOOZE:
            work_items.snooze(
                item_ids=item_ids, user_id=user_id, until=given["until"], reason=reason
            )
        case _:
            work_items.put_back(item_ids=item_ids, user_id=user_id, reason=reason)
