"""What a person reads when a page cannot be shown."""

from django import http, shortcuts


def not_found(request: http.HttpRequest, exception: Exception) -> http.HttpResponse:
    """Say in the words of whoever raised it what is not there."""
    words = exception.args[0] if exception.args else ""
    why = words if isinstance(words, str) else ""
    return shortcuts.render(request, "404.html", {"why": why}, status=404)


def forbidden(request: http.HttpRequest, exception: Exception) -> http.HttpResponse:
    """Say that the group has no permission."""
    del exception
    return shortcuts.render(request, "shell/no_permission.html", status=403)
