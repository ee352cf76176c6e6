"""The one search box."""

from django import http, shortcuts
from django.utils import timezone

from fisc.interfaces.web import doors
from fisc.interfaces.web.search import finding
from fisc.plumbing.users import permissions


@doors.opens_with(permissions.SEE_ACCOUNTS)
def search(request: http.HttpRequest) -> http.HttpResponse:
    """Answer while someone types; when they are done, open the one thing an exact number names."""
    text = request.GET.get("q", "").strip()
    answers = finding.find(
        text,
        as_of=timezone.localdate(),
        with_businesses=request.user.has_perm(permissions.SEE_BUSINESSES),
    )
    if request.headers.get("HX-Request"):
        return shortcuts.render(request, "search/_answers.html", {"answers": answers, "q": text})
    if answers.only_address:
        return http.HttpResponseRedirect(answers.only_address)
    return shortcuts.render(request, "search/search.html", {"answers": answers, "q": text})
