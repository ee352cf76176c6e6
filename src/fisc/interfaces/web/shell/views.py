"""Signing in and out, the lock, the language, the list of keys."""

from django import http, shortcuts, urls
from django.conf import settings
from django.contrib import auth
from django.utils import http as addresses
from django.utils import translation
from django.views.decorators import http as verbs

from fisc.interfaces.web import doors, middleware
from fisc.interfaces.web.shell import forms
from fisc.plumbing.users import choices, permissions
from fisc.plumbing.users import operations as users

UNPROCESSABLE = 422


@doors.open_to_all
@verbs.require_http_methods(["GET", "POST"])
def sign_in(request: http.HttpRequest) -> http.HttpResponse:
    """Ask who one is; a person who is known goes on to where they meant to go."""
    form = forms.SignInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid() and form.user is not None:
        auth.login(request, form.user)
        response = shortcuts.redirect(_back_to(request))
        _remember_language(response, form.user.language)
        return response
    return shortcuts.render(
        request,
        "shell/sign_in.html",
        {"form": form, "next": _back_to(request)},
        status=UNPROCESSABLE if form.is_bound else None,
    )


@doors.open_to_all
@verbs.require_POST
def sign_out(request: http.HttpRequest) -> http.HttpResponse:
    """Forget who one is."""
    auth.logout(request)
    return shortcuts.redirect("sign_in")


@doors.open_to_all
@verbs.require_http_methods(["GET", "POST"])
def unlock(request: http.HttpRequest) -> http.HttpResponse:
    """Open the session of someone who was away, with its basket."""
    if not request.user.is_authenticated:
        return shortcuts.redirect("sign_in")
    form = forms.UnlockForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session.pop(middleware.LOCKED, None)
        request.session.pop(middleware.SEEN, None)
        return shortcuts.redirect(_back_to(request))
    return shortcuts.render(
        request,
        "shell/unlock.html",
        {"form": form, "next": _back_to(request)},
        status=UNPROCESSABLE if form.is_bound else None,
    )


@doors.open_to_all
@verbs.require_POST
def language(request: http.HttpRequest) -> http.HttpResponse:
    """Show the pages in the other language, now and at the next signing in."""
    asked = request.POST.get("language", "")
    if asked not in choices.Language.values:
        return http.HttpResponseBadRequest(b"Unknown language.")
    if request.user.is_authenticated:
        users.set_language(user_id=doors.person(request), language=choices.Language(asked))
    response = shortcuts.redirect(_back_to(request))
    _remember_language(response, asked)
    return response


@doors.opens_with(permissions.SEE_BOARD)
def keys(request: http.HttpRequest) -> http.HttpResponse:
    """List the keys, for browsers that cannot open the dialog."""
    return shortcuts.render(request, "shell/keys.html")


def _back_to(request: http.HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if addresses.url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return urls.reverse("board")


def _remember_language(response: http.HttpResponse, chosen: str) -> None:
    translation.activate(chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
