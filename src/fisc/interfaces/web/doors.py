"""Every view is a door: it says which permission opens it and what passing through it shows.

A view without a door is refused by `middleware.ClosedByDefault`, so forgetting one closes the page
instead of opening it.
"""

import functools
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Final, ParamSpec, Protocol, cast

from django import http, shortcuts, urls
from django.utils import cache

from fisc.interfaces.web import seen

_Arguments = ParamSpec("_Arguments")

#: What a view carries to say which permission opens it; "" is a door that is open to everyone.
MARK: Final = "door_permission"
NOTHING_INSTEAD: Final[Mapping[str, str]] = {}


class View(Protocol):
    def __call__(
        self, request: http.HttpRequest, /, *args: object, **kwargs: object
    ) -> http.HttpResponseBase: ...


def open_to_all(view: Callable[_Arguments, http.HttpResponseBase]) -> View:
    """Let everyone in, signed in or not."""
    setattr(view, MARK, "")
    return cast("View", view)


def opens_with(
    permission: str, *, shows: str = "", instead: Mapping[str, str] = NOTHING_INSTEAD
) -> Callable[[Callable[..., http.HttpResponseBase]], View]:
    """Let in the signed-in person who has the permission; keep in the action log what was shown.

    `instead` sends others on to a page that they may see: its name, by the permission for it.
    """

    def around(view: Callable[..., http.HttpResponseBase]) -> View:
        @functools.wraps(view)
        def door(
            request: http.HttpRequest, /, *args: object, **kwargs: object
        ) -> http.HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if not request.user.has_perm(permission):
                for other, page in instead.items():
                    if request.user.has_perm(other):
                        return shortcuts.redirect(page)
                return shortcuts.render(request, "shell/no_permission.html", status=403)
            response = view(request, *args, **kwargs)
            if shows and response.status_code == http.HttpResponse.status_code:
                seen.record(request, shows=shows, which=kwargs)
            cache.add_never_cache_headers(response)
            return response

        setattr(door, MARK, permission)
        return cast("View", door)

    return around


def person(request: http.HttpRequest) -> int:
    """Return who is signed in; only views behind a door ask."""
    signed_in = request.user.pk
    assert signed_in is not None, "a view behind no door asked who is there"
    return signed_in


def to_sign_in(request: http.HttpRequest) -> http.HttpResponse:
    """Send someone who is not signed in to the sign-in page, and back here afterwards."""
    back_to = request.get_full_path() if request.method == "GET" else "/"
    address = f"{urls.reverse('sign_in')}?{urllib.parse.urlencode({'next': back_to})}"
    if request.headers.get("HX-Request"):
        # A partial has no page of its own to return to; the browser moves the whole page.
        here = urllib.parse.urlsplit(request.headers.get("HX-Current-URL", "/")).path
        address = f"{urls.reverse('sign_in')}?{urllib.parse.urlencode({'next': here})}"
        return http.HttpResponse(status=401, headers={"HX-Redirect": address})
    return http.HttpResponseRedirect(address)
