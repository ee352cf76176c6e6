"""Every address of the staff pages, area by area."""

from django.urls import include, path, register_converter

from fisc.interfaces.web import days

# Before the areas, whose addresses have days in them.
register_converter(days.DayConverter, "day")

handler400 = "fisc.interfaces.web.shell.problems.not_taken"
handler403 = "fisc.interfaces.web.shell.problems.forbidden"
handler500 = "fisc.interfaces.web.shell.problems.broken"
handler404 = "fisc.interfaces.web.shell.problems.not_found"

_AREAS = (
    "shell",
    "board",
    "search",
    "accounts",
    "bills",
    "explain",
    "quotes",
    "businesses",
    "licenses",
    "renewals",
    "letters",
    "distributions",
    "analysis",
    "state",
    "conversions",
    "taxes",
    "disbursements",
    "audits",
    "runs",
    "work",
    "tills",
    "tables",
    "lists",
    "editor",
    "studies",
)

urlpatterns = [path("", include(f"fisc.interfaces.web.{area}.urls")) for area in _AREAS]
