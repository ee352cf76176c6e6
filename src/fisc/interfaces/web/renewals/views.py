"""The renewal board: who is due, told, lapsed and operating without a license; what was told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from django import http, shortcuts, urls
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import explaining
from fisc.domain.licensing.queries import notices as queries
from fisc.domain.licensing.queries import renewals
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.interfaces.web import doors, exports, languages, seen, sentences
from fisc.interfaces.web.explain import showing
from fisc.plumbing.users import permissions

# What the board calls its own lists; a step is called as the city's code list calls it.
_WORDS = {
    queries.DUE: gettext_lazy("Due"),
    queries.LAPSED: gettext_lazy("Lapsed"),
    queries.WITHOUT: gettext_lazy("Operating without"),
}


@doors.opens_with(permissions.SEE_LICENSES)
def board(request: http.HttpRequest) -> http.HttpResponseBase:
    """Show a list of the renewal board with the count of each, as a page or as a file."""
    name, on, now = request.GET.get("list", queries.DUE), timezone.localdate(), timezone.now()
    if name not in queries.lists():
        raise http.Http404(_("The renewal board has no such list."))
    file_format = exports.wanted(request)
    try:
        with code_lists.at_one_generation():
            rows = queries.listed(
                name,
                on=on,
                known_at=now,
                after=_after(request.GET.get("after", "")),
                limit=None if file_format else queries.PAGE,
            )
            counts: Mapping[str, int] = {} if file_format else queries.counts(on=on, known_at=now)
    except rule_tables.NoVersionForDate as problem:
        return shortcuts.render(
            request, "renewals/board.html", {"problem": str(problem)}, status=409
        )
    seen.record(request, shows="renewals", which={})
    if file_format:
        return _file(file_format, name, rows)
    last = rows[-1] if len(rows) == queries.PAGE else None
    return shortcuts.render(
        request,
        "renewals/board.html",
        {
            "on": on,
            "lists": [(each, _words(each), counts[each]) for each in queries.lists()],
            "list": name,
            "list_words": _words(name),
            "rows": [(each, each.license_type.label(languages.current())) for each in rows],
            "next": "" if last is None else f"{last.last_day.isoformat()}.{last.license_id}",
        },
    )


@doors.opens_with(permissions.SEE_LICENSES, shows="renewal notice")
def notice(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Show what the holder of a license was told: the step, the term, what renewing costs."""
    found = _found(number)
    return shortcuts.render(
        request,
        "renewals/notice.html",
        {
            "notice": found,
            "step": found.step.label(languages.current()),
            "type": found.license.license_type.label(languages.current()),
            "lines": [(each, each.code.label(languages.current())) for each in found.lines],
        },
    )


@doors.opens_with(permissions.SEE_LICENSES, shows="renewal notice")
def why(request: http.HttpRequest, number: int, line: str) -> http.HttpResponse:
    """Explain a line of what was told, by the rows that made it."""
    found = _found(number)
    if line not in {each.code.code for each in found.lines}:
        raise http.Http404(_("This notice has no such line."))
    return showing.page(
        request,
        lambda: explaining.explain_told(found.notice_id, line=line, language=languages.current()),
        back=showing.Back(urls.reverse("renewal_notice", args=[number]), _("Back to the notice")),
    )


def _found(number: int) -> queries.Notice:
    try:
        return queries.notice(number)
    except queries.NoSuchNotice as problem:
        raise http.Http404(str(problem)) from problem


def _words(name: str) -> str:
    if name in _WORDS:
        return str(_WORDS[name])
    return code_lists.code(renewals.RENEWAL_STEPS, name).label(languages.current())


def _after(text: str) -> tuple[datetime.date, int]:
    """Return where the page before ended: the day before which its term ends, and its license."""
    if not text:
        return datetime.date.min, 0
    day, _point, license_id = text.partition(".")
    try:
        last_day = datetime.date.fromisoformat(day)
        return last_day + datetime.timedelta(days=1), int(license_id)
    except (ValueError, OverflowError) as problem:
        raise http.Http404(_("The renewal board has no such page.")) from problem


def _file(file_format: str, name: str, rows: Sequence[queries.Row]) -> http.HttpResponseBase:
    kind = exports.Kind
    columns = (
        exports.Column(_("License type")),
        exports.Column(_("License"), kind.COUNT),
        exports.Column(_("Business")),
        exports.Column(_("State")),
        exports.Column(_("Last day"), kind.DAY),
        exports.Column(_("Told on"), kind.DAY),
        exports.Column(_("Estimate"), kind.MONEY),
        exports.Column(_("Renewal applied for"), kind.YES_NO),
    )
    return exports.answer(
        file_format=file_format, name=f"renewals-{name}", columns=columns, rows=_rows(rows)
    )


def _rows(rows: Sequence[queries.Row]) -> Iterator[Sequence[object]]:
    for each in rows:
        yield (
            each.license_type.label(languages.current()),
            each.number,
            each.business_name,
            sentences.in_language(each.status),
            each.last_day,
            each.told_on,
            each.total_cents,
            each.application_id is not None,
        )
