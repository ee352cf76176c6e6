"""The paper of a license, and the page that its QR code leads to, open to everybody."""

from __future__ import annotations

import pathlib
from typing import Any

import segno
from django import http, shortcuts, urls
from django.conf import settings
from django.utils import cache, timezone

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing.queries import licenses
from fisc.domain.rule_tables.calculations import wording
from fisc.domain.utilities.queries import bill_documents
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.licenses import words
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions

_CODE_MAX = 32


@doors.opens_with(permissions.SEE_LICENSES, shows="license")
def paper(request: http.HttpRequest, number: int) -> http.HttpResponse:
    """Give a license as PDF/UA-1, in the language of the page.

    It says what the license is since its last event: until another one, the same bytes.
    """
    found = words.license_of(number)
    last = licenses.history(found.license_id)[-1]
    made = typesetter.typeset(
        template=pathlib.Path(settings.FISC_CITY) / "letters" / "license.typ",
        data=_data(request, found),
        made_at=last.made_at,
    )
    name = f"{found.license_type.code}-{found.number}.pdf"
    return http.HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@doors.open_to_all
@code_lists.at_one_generation()
def public(request: http.HttpRequest, code: str) -> http.HttpResponse:
    """Tell anybody whether the license of a code is valid today; it names no person.

    What has no such code is answered in the same words, so that a guess learns nothing more.
    """
    today = timezone.localdate()
    try:
        asked = code.strip().upper()
        # What is no code at all, such as one with a NUL, is not asked of the database.
        could_be = len(asked) <= _CODE_MAX and asked.isascii() and asked.isalnum()
        validity = licenses.is_valid_on(asked, today) if could_be else None
    except licenses.NoSuchLicense:
        validity = None
    answer = shortcuts.render(
        request,
        "licenses/public.html",
        {"today": today, "code": code[:_CODE_MAX], **_public(validity)},
        status=None if validity else 404,
    )
    # Not kept by what stands between: tomorrow it may not be valid. No list of pages holds it.
    answer["X-Robots-Tag"] = "noindex"
    cache.add_never_cache_headers(answer)
    return answer


def public_address(request: http.HttpRequest, found: licenses.License) -> str:
    """Return where anybody asks whether a license is valid."""
    path = urls.reverse("public_license", args=[found.public_code])
    if settings.FISC_PUBLIC_ADDRESS:
        return f"{settings.FISC_PUBLIC_ADDRESS}{path}"
    return request.build_absolute_uri(path)


def _public(validity: licenses.Validity | None) -> dict[str, Any]:
    if validity is None:
        return {"is_valid": False, "found": None}
    found = validity.license
    return {
        "is_valid": validity.is_valid,
        "why": words.NOT_VALID.get(validity.why, ""),
        "found": found,
        "type_words": words.called(found.license_type),
        "trade_name": _shown_name(found),
        "place": words.place(found.premise_id),
        "last_day": words.last_day(validity.term.ends_before) if validity.term else None,
    }


def _shown_name(found: licenses.License) -> str:
    """Return what a business is known by; a person's own name is not told to everybody."""
    if found.trade_name or found.is_person:
        return found.trade_name
    return found.business_name


def _data(request: http.HttpRequest, found: licenses.License) -> dict[str, Any]:
    """Return everything that the paper prints, in the language of the page."""
    language = languages.current()
    last = words.last_day(found.term.ends_before)
    assert last is not None
    address = public_address(request, found)
    return {
        "language": language,
        "city": bill_documents.city_data(),
        "type": found.license_type.label(language),
        "number": str(found.number),
        "status": found.status,
        "holder": found.business_name,
        "trade_name": found.trade_name,
        "place": words.place(found.premise_id),
        "issued_on": wording.day(found.issued_on, language=language),
        "first_day": wording.day(found.term.starts_on, language=language),
        "last_day": wording.day(last, language=language),
        "address": address,
        "qr": _qr(address),
    }


def _qr(text: str) -> str:
    """Return a QR code as SVG."""
    drawn: str = segno.make(text, error="m", micro=False).svg_inline(border=2)
    # As a file of its own it names what it is; in a page it would not.
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
