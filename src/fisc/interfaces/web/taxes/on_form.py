"""A form's own cells on the sheet: what it asks of a line, and what the filer worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.domain.tax_returns.calculations import comparing, form_checks
from fisc.domain.tax_returns.calculations import forms as of_forms
from fisc.domain.tax_returns.queries import forms as form_queries
from fisc.domain.tax_returns.queries import registrations
from fisc.interfaces.web import languages
from fisc.interfaces.web.taxes import entry_cells
from fisc.interfaces.web.taxes import grid as grids
from fisc.interfaces.web.templatetags import figures

_MORE = {
    "land": (of_forms.Holds.LAND, gettext_lazy("Price of land")),
    "item": (of_forms.Holds.ITEM_PRICE, gettext_lazy("Price of the item")),
    "units": (of_forms.Holds.UNITS, gettext_lazy("Units")),
}
_MONEY, _CODE = "box--money", "box--code"


def lay_out(
    grid: grids.Grid, *, code: str, owed: registrations.Owed, with_figures: bool
) -> tuple[of_forms.Form | None, Mapping[str, str]]:
    """Put a form's cells on each line; returns the form, and those of the period by code.

    It is the form that the return names, else that of the code, else the account's. Figures as
    filed have a cell where one stands; every one that the form has, only `with_figures`.
    """
    starts_on = owed.obligation.days.starts_on
    all_forms = form_queries.all_forms()
    form, _none = form_checks.chosen(
        grid.form.text or code,
        all_forms=all_forms,
        starts_on=starts_on,
        lines=owed.lines,
        frequency=owed.frequency,
    )
    for row in grid.rows:
        section = (
            form.section_of(row.region.text.upper(), row.business_class.text) if form else None
        )
        row.asked = list(_asked(row, section))
        row.filed_asked = list(
            _filed(
                row.filed,
                section.columns if section else (),
                prefix=f"filed-{row.number}",
                with_all=with_figures,
            )
        )
    grid.boxes_asked = list(
        _filed(grid.boxes, form.boxes if form else (), prefix="box", with_all=with_figures)
    )
    valid = {each.code: each for each in all_forms if each.days.holds(starts_on)}
    is_asked = with_figures or grid.form.text
    return form, {code: each.names[languages.current()] for code, each in valid.items() if is_asked}


def _asked(row: grids.Row, section: of_forms.Section | None) -> Iterable[entry_cells.Asked]:
    named = {each.holds: each.names for each in section.columns} if section else {}
    for name, cell in row.more.items():
        holds, own = _MORE[name]
        if holds in named:
            words = named[holds][languages.current()]
        elif cell.text:
            words = str(own)
        else:
            continue
        yield entry_cells.Asked(words, cell, _CODE if holds is of_forms.Holds.UNITS else _MONEY)


def _filed(
    cells: dict[str, entry_cells.Cell],
    printed: Iterable[of_forms.Column | of_forms.Box],
    *,
    prefix: str,
    with_all: bool,
) -> Iterable[entry_cells.Asked]:
    """Give the figures that a form has room for in its order, then what it has no place for."""
    known = {
        each.key: each.names[languages.current()]
        for each in printed
        if not each.is_keyed and each.holds is not of_forms.Holds.RATE
    }
    if with_all:
        for key in known:
            cells.setdefault(key, entry_cells.Cell(f"{prefix}-{key}"))
    for key in (*known, *(each for each in cells if each not in known)):
        if key in cells and (with_all or cells[key].text):
            yield entry_cells.Asked(known.get(key, key), cells[key], _MONEY)


def put_compared(grid: grids.Grid, compared: Iterable[comparing.Compared]) -> None:
    """Say beside each figure as filed that comes out otherwise what is done about it."""
    rows = grid.keyed
    for each in compared:
        cells = grid.boxes if each.line is None else rows[each.line - 1].filed
        if each.filed_cents != each.computed_cents and each.key in cells:
            cells[each.key].note = _done(each.treatment) % {
                "amount": figures.money(each.computed_cents)
            }


def _done(treatment: comparing.Treatment) -> str:
    if treatment is comparing.Treatment.DISALLOW:
        return _("disallowed: it counts for nothing, and a letter says so")
    if treatment is comparing.Treatment.CORRECT:
        return _("comes to %(amount)s: corrected, and a letter says so")
    return _("comes to %(amount)s: let be")
