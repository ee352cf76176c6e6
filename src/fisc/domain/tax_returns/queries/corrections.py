"""What the letter about a corrected return says, as plain data for the city's template."""

from __future__ import annotations

import datetime
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import dateformat, translation

from fisc.basics import money
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.documents import choices as documents
from fisc.domain.documents import queries as filed_documents
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.calculations import forms as of_forms
from fisc.domain.tax_returns.queries import forms, returns

KIND = documents.Kind.RETURN_CORRECTION
SUBJECT = documents.Subject.TAX_RETURN
_ONE_DAY = datetime.timedelta(days=1)
_DAYS_WRITTEN: Mapping[str, str] = {"en": "F j, Y", "es": r"j \d\e F \d\e Y"}


class NothingWasCorrected(Exception):
    """A return stands as the filer wrote it: there is nothing to write a letter about."""


def template() -> pathlib.Path:
    """Return the city's letter about corrected returns."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "return_correction.typ"


def filed(return_id: int) -> filed_documents.FiledDocument | None:
    """Return the letter that was made about a return, if one was."""
    return filed_documents.document_of(kind=KIND, subject_kind=SUBJECT, subject_id=return_id)


def waiting(*, limit: int) -> tuple[int, ...]:
    """Return the first corrected returns, by id, of which no letter was made yet."""
    corrected = (
        models.FiledFigure.objects.exclude(treatment="accept")
        .values_list("tax_return_id", flat=True)
        .distinct()
        .order_by("tax_return_id")
    )
    return tuple(each for each in corrected if filed(each) is None)[:limit]


def language_of(kept: returns.Kept) -> str:
    """Return the language in which the filer is written to."""
    account = accounts.account(account_id=kept.account_id, as_of=kept.received_on)
    return account.language if account.language in _DAYS_WRITTEN else "en"


def letter(kept: returns.Kept, *, language: str, written_on: datetime.date) -> dict[str, Any]:
    """Return what the letter about a return prints. Raises NothingWasCorrected, forms.NoForm."""
    if not kept.corrections:
        raise NothingWasCorrected(
            f"No figure of version {kept.version} of the return from {kept.days.starts_on} was "
            "corrected. Choose another return."
        )
    account = accounts.account(account_id=kept.account_id, as_of=kept.received_on)
    form = forms.by_hash(kept.form_sha256)
    assert kept.days.ends_before is not None
    with translation.override(language):
        first, last = (
            _day(day, language) for day in (kept.days.starts_on, kept.days.ends_before - _ONE_DAY)
        )
        return {
            "language": language,
            "city": _city(),
            "written_on": _day(written_on, language),
            "filer": {"name": account.name, "address_lines": list(account.mailing_lines)},
            "account_number": str(account.number),
            "form": form.names[language],
            "period": f"{first} - {last}",
            "received_on": _day(kept.received_on, language),
            "figures": [_figure(each, kept, form, language) for each in kept.corrections],
            "tax_due": _dollars(kept.tax_due_cents),
            "net_due": _dollars(kept.net_due_cents),
        }


def _figure(
    figure: returns.FiledFigure, kept: returns.Kept, form: of_forms.Form, language: str
) -> dict[str, Any]:
    named: of_forms.Column | of_forms.Box
    place = ""
    if figure.line is None:
        (named,) = (each for each in form.boxes if each.key == figure.key)
    else:
        line = kept.filing.lines[figure.line - 1]
        section = form.section_of(line.region, line.business_class)
        assert section is not None, "a line of no section was refused"
        (named,) = (each for each in section.columns if each.key == figure.key)
        place = code_lists.code("business class", line.business_class).label(language)
    return {
        "line": figure.line or 0,
        "place": place,
        "key": figure.key,
        "name": named.names[language],
        "filed": _dollars(figure.filed_cents),
        "corrected": _dollars(figure.computed_cents),
        "is_disallowed": figure.treatment == "disallow",
    }


def _city() -> dict[str, Any]:
    described = pathlib.Path(settings.FISC_CITY) / "city.toml"
    city = tomllib.loads(described.read_text(encoding="utf-8"))
    return {"name": city["name"], **city["office"]}


def _day(day: datetime.date, language: str) -> str:
    return dateformat.format(day, _DAYS_WRITTEN[language])


def _dollars(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}${money.formatted(abs(cents))}"
