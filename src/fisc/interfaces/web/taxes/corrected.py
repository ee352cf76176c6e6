"""What the filer worked out beside what it comes to, and the letter about what was corrected."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django import http, shortcuts
from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators import http as verbs

from fisc.domain.documents import queries as documents
from fisc.domain.tax_returns.calculations import comparing
from fisc.domain.tax_returns.calculations import forms as of_forms
from fisc.domain.tax_returns.operations import letters
from fisc.domain.tax_returns.queries import corrections
from fisc.domain.tax_returns.queries import forms as form_queries
from fisc.domain.tax_returns.queries import returns as queries
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.taxes import registering
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions


@dataclasses.dataclass(frozen=True)
class Row:
    """A figure as filed, what it comes to, and what was done about it."""

    line: int | None
    words: str
    filed_cents: int
    computed_cents: int
    done: str
    is_corrected: bool


@dataclasses.dataclass(frozen=True)
class Corrected:
    """The figures of a return that the filer worked out, and whether their letter is made."""

    rows: Sequence[Row]
    wants_letter: bool
    has_letter: bool


def of(kept: queries.Kept) -> Corrected | None:
    """Return the figures as filed of a return; None where the filer wrote none."""
    if not kept.figures:
        return None
    called = _names(kept)
    rows = [
        Row(
            line=each.line,
            words=called.get((each.line, each.key), each.key),
            filed_cents=each.filed_cents,
            computed_cents=each.computed_cents,
            done=_done(each),
            is_corrected=each in kept.corrections,
        )
        for each in kept.figures
    ]
    has_letter = bool(kept.corrections) and corrections.filed(kept.return_id) is not None
    return Corrected(rows, bool(kept.corrections) and not has_letter, has_letter)


def _names(kept: queries.Kept) -> dict[tuple[int | None, str], str]:
    """Return what each figure is called on the form that the return was filed on."""
    try:
        form = form_queries.by_hash(kept.form_sha256)
    except (form_queries.NoForm, of_forms.FormIsWrong):
        return {}
    language = languages.current()
    found: dict[tuple[int | None, str], str] = {
        (None, box.key): box.names[language] for box in form.boxes
    }
    for number, line in enumerate(kept.filing.lines, start=1):
        section = form.section_of(line.region, line.business_class)
        for column in section.columns if section else ():
            found[number, column.key] = column.names[language]
    return found


def _done(figure: queries.FiledFigure) -> str:
    if figure.treatment == comparing.Treatment.DISALLOW:
        return _("disallowed")
    if figure.treatment == comparing.Treatment.CORRECT:
        return _("corrected")
    return _("let be") if figure.filed_cents != figure.computed_cents else _("agrees")


@doors.opens_with(permissions.KEY_RETURNS)
@verbs.require_POST
def write(request: http.HttpRequest, return_id: int) -> http.HttpResponse:
    """Make the letter that tells the filer what was corrected; asked again, it is the same one."""
    try:
        letters.write_correction_letter(
            return_id=return_id, by=registering.by(request, why="from the page of the return")
        )
    except (corrections.NothingWasCorrected, typesetter.LetterDoesNotTypeset) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The letter is made."))
    return shortcuts.redirect("tax_return", return_id=return_id)


@doors.opens_with(permissions.SEE_RETURNS, shows="letter of correction")
@verbs.require_safe
def letter(request: http.HttpRequest, return_id: int) -> http.HttpResponse:
    """Give the letter as it was made."""
    del request
    document = corrections.filed(return_id)
    if document is None:
        raise http.Http404(_("No letter was made about this return."))
    return http.HttpResponse(
        documents.content(sha256=document.sha256),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="correction-{return_id}.pdf"'},
    )
