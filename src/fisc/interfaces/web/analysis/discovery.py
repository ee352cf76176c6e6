"""Lists of what is worth a look, and having somebody look at it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django import http, shortcuts, urls
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators import http as verbs

from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.tax_analysis import choices, explaining, operations
from fisc.domain.tax_analysis.queries import discovery
from fisc.interfaces.web import doors, exports, languages
from fisc.interfaces.web.analysis import forms
from fisc.interfaces.web.explain import showing
from fisc.plumbing.users import permissions

UNPROCESSABLE = 422
SHOWN = 100
_D = choices.Discovery
WORDS = {
    _D.UNREGISTERED: gettext_lazy("Licensed, not registered"),
    _D.UNLICENSED: gettext_lazy("Registered, not licensed"),
    _D.DROPS: gettext_lazy("Drops against last year"),
    _D.DEDUCTIONS: gettext_lazy("Deductions above the norm"),
}


@dataclasses.dataclass(frozen=True)
class Row:
    """One listed, as the page shows it; `choice` is what its box sends."""

    listed: discovery.Listed
    code: str
    part: str
    norm: str
    choice: str
    why: str
    panel: str


@doors.opens_with(permissions.SEE_RETURNS, shows="tax discovery")
def listed(request: http.HttpRequest, of: str) -> http.HttpResponseBase:
    """Show a list, what stands out most first, as a page or as a file."""
    form = forms.YearForm(request.GET)
    if not form.is_valid():
        return _page(request, _of(of), form, None, status=UNPROCESSABLE)
    asked = _asked(_of(of), form.year_asked)
    file_format = exports.wanted(request)
    try:
        found = discovery.found(asked, limit=None if file_format else SHOWN)
    except rule_tables.NoVersionForDate as refused:
        form.add_error(None, str(refused))
        return _page(request, asked.of, form, None, status=UNPROCESSABLE)
    if file_format:
        return _file(asked, found.listed, file_format=file_format)
    return _page(request, asked.of, form, (asked, found))


@doors.opens_with(permissions.DO_WORK)
@verbs.require_POST
def look_at(request: http.HttpRequest, of: str) -> http.HttpResponse:
    """Make a work item of each that somebody ticked."""
    form = forms.YearForm(request.POST)
    if form.is_valid():
        try:
            made = operations.have_looked_at(
                _asked(_of(of), form.year_asked),
                chosen=_chosen(request.POST.getlist("chosen")),
                by_id=doors.person(request),
            )
        except (
            operations.NothingChosen, operations.NotListed, rule_tables.NoVersionForDate
        ) as refused:  # fmt: skip
            messages.error(request, str(refused))
        else:
            messages.success(request, _made(made))
        return shortcuts.redirect(
            f"{urls.reverse('tax_discovery', args=[of])}?year={form.year_asked}"
        )
    return shortcuts.redirect("tax_discovery", of)


@doors.opens_with(permissions.SEE_RETURNS)
def why(
    request: http.HttpRequest, of: str, year: int, subject_id: int, code: str
) -> http.HttpResponse:
    """Explain why something is listed."""
    asked = _asked(_of(of), year)
    try:
        return showing.page(
            request,
            lambda: explaining.why_listed(
                asked, subject_id=subject_id, code=code, language=languages.current()
            ),
            back=showing.Back(
                f"{urls.reverse('tax_discovery', args=[of])}?year={year}", _("Back to the list")
            ),
        )
    except (explaining.IsNotListed, ValueError) as problem:
        raise http.Http404(str(problem)) from problem


def _page(
    request: http.HttpRequest,
    of: choices.Discovery,
    form: forms.YearForm,
    shown: tuple[discovery.Asked, discovery.Page] | None,
    *,
    status: int | None = None,
) -> http.HttpResponse:
    return shortcuts.render(
        request,
        "analysis/discovery.html",
        {
            "of": of.value,
            "words": WORDS[of],
            "lists": [(each.value, words) for each, words in WORDS.items()],
            "is_of_years": of in discovery.OF_YEARS,
            "form": form,
            "rows": _rows(*shown) if shown else (),
            "count": shown[1].count if shown else 0,
            "shown": SHOWN,
        },
        status=status,
    )


def _rows(asked: discovery.Asked, found: discovery.Page) -> list[Row]:
    codes, language = discovery.codes_of(asked), languages.current()
    return [
        Row(
            listed=each,
            code=f"{each.code} {codes[each.code].label(language)}"
            if each.subject_kind == "account"
            else codes[each.code].label(language),
            part=explaining.percent(each.part),
            norm=explaining.percent(each.norm),
            choice=f"{each.subject_id} {each.code}",
            why=urls.reverse(
                "why_discovered", args=[asked.of.value, asked.year, each.subject_id, each.code]
            ),
            panel=f"why-{each.subject_id}-{each.code}",
        )
        for each in found.listed
    ]


def _file(
    asked: discovery.Asked, found: Sequence[discovery.Listed], *, file_format: str
) -> http.HttpResponseBase:
    return exports.answer(
        file_format=file_format,
        name=f"{asked.of.value}-{asked.year}",
        columns=[
            exports.Column(_("Number")),
            exports.Column(_("Name")),
            exports.Column(_("Code")),
            exports.Column(_("Since"), exports.Kind.DAY),
            exports.Column(
                _("Deducted") if asked.of is _D.DEDUCTIONS else _("Year before"),
                exports.Kind.MONEY,
            ),
            exports.Column(_("Gross receipts"), exports.Kind.MONEY),
            exports.Column(_("Percent")),
            exports.Column(_("Norm")),
            exports.Column(_("Work item")),
        ],
        rows=(
            (
                each.number,
                each.name,
                each.code,
                each.since,
                each.beside_cents,
                each.gross_cents,
                explaining.percent(each.part),
                explaining.percent(each.norm),
                each.item_id or "",
            )
            for each in found
        ),
    )


def _made(count: int) -> str:
    if not count:
        return _("What was chosen has work items already. Nothing was made again.")
    return ngettext(
        "%(count)d work item was made.", "%(count)d work items were made.", count
    ) % {"count": count}  # fmt: skip


def _of(of: str) -> choices.Discovery:
    try:
        return choices.Discovery(of)
    except ValueError as problem:
        raise http.Http404(f"There is no list “{of}”.") from problem


def _asked(of: choices.Discovery, year: int) -> discovery.Asked:
    return discovery.Asked(of, year, timezone.localdate(), timezone.now())


def _chosen(sent: Sequence[str]) -> list[tuple[int, str]]:
    """Return the subjects and codes of ticked boxes; what no box of ours sends is left out."""
    pairs = [each.partition(" ") for each in sent]
    return [
        (int(subject), code)
        for subject, _space, code in pairs
        if subject.isascii() and subject.isdigit() and len(subject) < 19 and code
    ]
