"""Licenses and applications, page by page, by type and state."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django import http, shortcuts
from django.utils import timezone
from django.utils.translation import gettext as _

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices
from fisc.domain.licensing.queries import applications, fees, finding, licenses
from fisc.interfaces.web import doors, exports, seen
from fisc.interfaces.web.licenses import application_forms, words
from fisc.plumbing.users import permissions

#: A file is read in pages of this many.
_READ = 1_000


@doors.opens_with(permissions.SEE_LICENSES)
@code_lists.at_one_generation()
def listed(request: http.HttpRequest) -> http.HttpResponseBase:
    """List licenses, the newest first, as a page or as a file."""
    license_type, status, before = _asked(request, choices.LicenseStatus.values)
    file_format = exports.wanted(request)
    seen.record(request, shows="licenses", which={})
    if file_format:
        return _file(file_format, license_type, status)
    rows = licenses.listed(
        license_type=license_type, status=status, before_id=before, limit=licenses.PAGE + 1
    )
    shown = rows[: licenses.PAGE]
    return shortcuts.render(
        request,
        "licenses/licenses.html",
        {
            **_filters(license_type, status, choices.LicenseStatus.values),
            "rows": [
                (
                    each,
                    words.called(each.license_type),
                    *words.STATUSES[each.status],
                    words.last_day(each.term.ends_before),
                )
                for each in shown
            ],
            "before": shown[-1].license_id if len(rows) > len(shown) else None,
            "is_first": before is None,
        },
    )


@doors.opens_with(permissions.SEE_LICENSES)
@code_lists.at_one_generation()
def applied(request: http.HttpRequest) -> http.HttpResponse:
    """List applications, the newest first."""
    license_type, status, before = _asked(request, choices.ApplicationStatus.values)
    seen.record(request, shows="license applications", which={})
    rows = applications.listed(
        statuses=[status] if status else (),
        license_type=license_type,
        before_id=before,
        limit=applications.PAGE + 1,
    )
    shown = rows[: applications.PAGE]
    names = {
        each.business_id: each.name
        for each in finding.found(list({each.business_id for each in shown}))
    }
    return shortcuts.render(
        request,
        "licenses/applications.html",
        {
            **_filters(license_type, status, choices.ApplicationStatus.values),
            "rows": [
                (
                    each,
                    words.called(each.license_type),
                    *words.STATUSES[each.status],
                    names.get(each.business_id, ""),
                )
                for each in shown
            ],
            "before": shown[-1].application_id if len(rows) > len(shown) else None,
            "is_first": before is None,
        },
    )


def _asked(request: http.HttpRequest, statuses: Sequence[str]) -> tuple[str, str, int | None]:
    """Read which of them are asked for. Raises Http404 for a type or state that is none."""
    license_type, status = request.GET.get("type", ""), request.GET.get("state", "")
    if status and status not in statuses:
        raise http.Http404(_("There is no such state."))
    if license_type and license_type not in code_lists.codes(fees.LICENSE_TYPES):
        raise http.Http404(_("There is no such license type."))
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) <= len("9" * 18)):
        raise http.Http404(_("The list has no such page."))
    return license_type, status, int(before) if before else None


def _filters(license_type: str, status: str, statuses: Sequence[str]) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "types": application_forms.types(on=today),
        "states": [(each, words.STATUSES[each][0]) for each in statuses],
        "license_type": license_type,
        "state": status,
    }


def _file(file_format: str, license_type: str, status: str) -> http.HttpResponseBase:
    kind = exports.Kind
    columns = (
        exports.Column(_("Type")),
        exports.Column(_("Number"), kind.COUNT),
        exports.Column(_("Business")),
        exports.Column(_("Trade name")),
        exports.Column(_("State")),
        exports.Column(_("Valid from"), kind.DAY),
        exports.Column(_("Last day"), kind.DAY),
        exports.Column(_("Issued"), kind.DAY),
    )
    rows = _rows(license_type, status)
    return exports.answer(file_format=file_format, name="licenses", columns=columns, rows=rows)


def _rows(license_type: str, status: str) -> Iterator[Sequence[object]]:
    """Give every license that is asked for, read page by page."""
    before: int | None = None
    while True:
        page = licenses.listed(
            license_type=license_type, status=status, before_id=before, limit=_READ
        )
        for each in page:
            last: datetime.date | None = words.last_day(each.term.ends_before)
            yield (
                words.called(each.license_type),
                each.number,
                each.business_name,
                each.trade_name,
                str(words.STATUSES[each.status][0]),
                each.term.starts_on,
                last,
                each.issued_on,
            )
        if len(page) < _READ:
            return
        before = page[-1].license_id
