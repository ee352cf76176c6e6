"""What every page's frame needs to know."""

import functools
import pathlib
import tomllib

from django import http
from django.conf import settings


@functools.cache
def _city_name(described: pathlib.Path) -> str:
    if not described.exists():
        return ""
    return str(tomllib.loads(described.read_text(encoding="utf-8"))["name"])


def frame(request: http.HttpRequest) -> dict[str, object]:
    """The city's name and the room that the page is in."""
    room = request.path.strip("/").partition("/")[0] or "board"
    return {"city_name": _city_name(settings.FISC_CITY / "city.toml"), "room": room}
