"""What a person reads when a page cannot be shown."""

import secrets

from django import http, shortcuts
from django.conf import settings
from django.core import exceptions
from django.template import loader


def not_found(request: http.HttpRequest, exception: Exception) -> http.HttpResponse:
    """Say in the words of whoever raised it what is not there."""
    words = exception.args[0] if exception.args else ""
    why = words if isinstance(words, str) else ""
    return shortcuts.render(request, "404.html", {"why": why}, status=404)


def not_taken(request: http.HttpRequest, exception: Exception) -> http.HttpResponse:
    """Say that what was sent is too large, or is nothing that a form sends; nothing was kept."""
    megabytes = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024**2
    is_too_large = isinstance(exception, exceptions.RequestDataTooBig)
    return shortcuts.render(
        request,
        "shell/not_taken.html",
        {"megabytes": megabytes, "is_too_large": is_too_large},
        status=413 if is_too_large else 400,
    )


def forbidden(request: http.HttpRequest, exception: Exception) -> http.HttpResponse:
    """Say that the group has no permission."""
    del exception
    return shortcuts.render(request, "shell/no_permission.html", status=403)


def broken(request: http.HttpRequest) -> http.HttpResponse:
    """Say that something of ours broke, and under which reference it stands in the log.

    The page stands alone: what its frame would ask for may be what broke.
    """
    drawn = secrets.token_hex(4).upper()
    reference = f"{drawn[:4]}-{drawn[4:]}"
    request.problem_reference = reference  # type: ignore[attr-defined]
    page = loader.render_to_string("500.html", {"reference": reference})
    return http.HttpResponseServerError(page)
