"""The form that each of many returns is on, as `forms.choose` finds it for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.tax_returns.calculations import forms as of_forms
from fisc.domain.tax_returns.calculations import many
from fisc.domain.tax_returns.queries import forms

Numbers = many.Numbers
Flags = many.Flags

_NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lined:
    """What accounts are registered for, pair by pair: `of` is the row of a return.

    Regions, classes and, by return, frequencies are ids of codes.
    """

    of: Numbers
    region: Numbers
    business_class: Numbers
    frequency: Numbers


@dataclass(frozen=True, slots=True)
class Chosen:
    """The forms of a city, and by return the place of its own; below zero where it has none."""

    forms: tuple[of_forms.Form, ...]
    place: Numbers

    @property
    def is_right(self) -> Flags:
        """Tell which returns can be taken so: all, in a city that has no forms."""
        found: Flags = (self.place >= 0) | (not self.forms)
        return found

    def at(self, rows: Numbers) -> Chosen:
        """Return some of the rows."""
        return Chosen(self.forms, self.place[rows])

    def too_many(self, lines: many.Lines) -> Flags:
        """Tell which returns have more lines than their forms take."""
        counts = np.bincount(lines.of, minlength=len(self.place))
        most = np.array([*(each.most_lines for each in self.forms), of_forms.MOST_LINES])
        found: Flags = counts > most[self.place]
        return found


def chosen(of: many.Returns, lined: Lined) -> Chosen:
    """Return the form of each return. Raises forms.FormIsWrong."""
    ordered = tuple(sorted(forms.all_forms(), key=lambda each: (each.preference, each.code)))
    place = np.full(len(of), _NONE, dtype=np.int64)
    regions, classes, frequencies = (
        code_lists.code_ids(name) for name in ("tax region", "business class", "filing frequency")
    )
    for nth, form in reversed(list(enumerate(ordered))):
        fits = of.starts_on >= many.number_of(form.days.starts_on)
        if form.days.ends_before is not None:
            fits &= of.starts_on < many.number_of(form.days.ends_before)
        if form.frequencies is not None:
            fits &= np.isin(lined.frequency, _ids(frequencies, form.frequencies))
        out = lined.of[~_taken(form, lined, regions, classes)]
        fits &= np.bincount(out, minlength=len(of)) == 0
        place[fits] = nth
    return Chosen(ordered, place)


def _taken(
    form: of_forms.Form, lined: Lined, regions: Mapping[str, int], classes: Mapping[str, int]
) -> Flags:
    found = np.zeros(len(lined.of), dtype=np.bool_)
    for section in form.sections:
        here = np.isin(lined.region, _ids(regions, section.regions))
        if section.classes is not None:
            here &= np.isin(lined.business_class, _ids(classes, section.classes))
        found |= here
    return found


def _ids(known: Mapping[str, int], codes: frozenset[str]) -> list[int]:
    return [known[code] for code in codes if code in known]
