"""What holds for every page: the content policy, closed doors, and the lock of an idle session."""

import datetime
import urllib.parse
from collections.abc import Callable
from typing import Final

from django import http, shortcuts, urls
from django.conf import settings
from django.utils import timezone

from fisc.interfaces.web import doors

Next = Callable[[http.HttpRequest], http.HttpResponseBase]


def policy(*, styles: str = "'self'") -> str:
    """Return the content policy; `styles` says where styles may come from."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            f"style-src {styles}",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


_HEADERS: Final = {
    "Content-Security-Policy": policy(),
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
#: Views of parts that we do not write; they show nothing of the city's.
_OPEN_MODULES: Final = ("django.views.static", "django.contrib.staticfiles.views")

IDLE_SECONDS: Final = 15 * 60
SEEN: Final = "last_seen"
LOCKED: Final = "locked"


class SecurityHeaders:
    """Put the content policy on every answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: http.HttpRequest) -> http.HttpResponseBase:
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class ClosedByDefault:
    """Refuse any view that does not say who may pass."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: http.HttpRequest) -> http.HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: http.HttpRequest,
        view: Callable[..., http.HttpResponseBase],
        _args: tuple[object, ...],
        _kwargs: dict[str, object],
    ) -> http.HttpResponseBase | None:
        if not self.refuses(view):
            return None
        return shortcuts.render(request, "shell/no_permission.html", status=403)

    def refuses(self, view: Callable[..., http.HttpResponseBase]) -> bool:
        """Tell whether a view says nothing about who may pass."""
        return not hasattr(view, doors.MARK) and view.__module__ not in _OPEN_MODULES


class IdleLock:
    """Lock a session that was left alone; its basket and its place are kept."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: http.HttpRequest) -> http.HttpResponseBase:
        # Asset requests never load the session: they must not keep a session awake.
        if request.path.startswith(settings.STATIC_URL) or not request.user.is_authenticated:
            return self.get_response(request)
        now = int(timezone.now().timestamp())
        idle = datetime.timedelta(seconds=now - int(request.session.get(SEEN, now)))
        if idle.total_seconds() > getattr(settings, "IDLE_LOCK_SECONDS", IDLE_SECONDS):
            request.session[LOCKED] = True
        if request.session.get(LOCKED) and request.path not in _open_while_locked():
            return _to_unlock(request)
        if idle.total_seconds() >= _SECONDS_A_MARK or SEEN not in request.session:
            # Written once a minute at most, so that a page costs no write of its own.
            request.session[SEEN] = now
        return self.get_response(request)


_SECONDS_A_MARK: Final = 60


def _open_while_locked() -> tuple[str, ...]:
    return (urls.reverse("unlock"), urls.reverse("sign_out"), urls.reverse("language"))


def _to_unlock(request: http.HttpRequest) -> http.HttpResponse:
    here = request.get_full_path() if request.method == "GET" else "/"
    if request.headers.get("HX-Request"):
        here = urllib.parse.urlsplit(request.headers.get("HX-Current-URL", "/")).path
    address = f"{urls.reverse('unlock')}?{urllib.parse.urlencode({'next': here})}"
    if request.headers.get("HX-Request"):
        return http.HttpResponse(status=401, headers={"HX-Redirect": address})
    return http.HttpResponseRedirect(address)
