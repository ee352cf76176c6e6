"""The programs' door: what it is called, what it answers, and its description for programs."""

from __future__ import annotations

from typing import Any, Final

from django import http
from django.urls import URLPattern
from ninja import NinjaAPI

from fisc.interfaces.api import (
    answers,
    applications,
    businesses,
    doors,
    licensing,
    refunds,
    tax_accounts,
    tax_returns,
)

#: What a view carries to say who may pass: the closed doors of the pages ask for it.
_MARK: Final = "door_permission"
_PREFIX: Final = "/api/"
#: What the library answers at the root with nothing.
_LIBRARY_ROOT: Final = "api-root"

api = NinjaAPI(
    title="Fisc",
    version="1",
    description="Licenses and tax returns of a city's revenue office. Money is whole cents, days "
    "are days of the city. Every write takes a key of its own: asked again, it is done once.",
    # An operation that names no permission opens to nobody.
    auth=doors.Closed(),
    # The description is behind a door like everything else, and the pages made of it need a script
    # of another site, which the content policy refuses.
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
answers.declare(api)
api.add_router("", businesses.router)
api.add_router("", applications.router)
api.add_router("", licensing.router)
api.add_router("", tax_accounts.router)
api.add_router("", tax_returns.router)
api.add_router("", refunds.router)


def described() -> dict[str, Any]:
    """Return the description of every call, its refusals by the kind they are sent as."""
    found = dict(api.get_openapi_schema(path_prefix=_PREFIX))
    for calls in found["paths"].values():
        for call in calls.values():
            for status in answers.REFUSED & call["responses"].keys():
                sent = call["responses"][status]
                sent["content"] = {answers.KIND: sent["content"]["application/json"]}
    return found


@api.get("/openapi.json", auth=doors.Opens(doors.ANY), include_in_schema=False)
def description(request: http.HttpRequest) -> http.HttpResponse:
    """Describe every call, as OpenAPI 3.1."""
    return http.JsonResponse(described())


def _addresses() -> list[URLPattern]:
    """Return the addresses, each marked as a door of this room: its operations ask for keys."""
    found = [
        each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != _LIBRARY_ROOT
    ]
    for each in found:
        setattr(each.callback, _MARK, "api")
    return found


app_name = "api"
urlpatterns = _addresses()
