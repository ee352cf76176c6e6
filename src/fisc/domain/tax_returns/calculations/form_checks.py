"""What is wrong with a return as something written on a form: everything at once."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from fisc.domain.rule_tables.calculations import loading
from fisc.domain.tax_returns.calculations import checking, comparing, forms, returns

Kind = checking.Kind
Problem = checking.Problem


def chosen(
    code: str,
    *,
    all_forms: Collection[forms.Form],
    starts_on: datetime.date,
    lines: Collection[tuple[str, str]],
    frequency: str,
) -> tuple[forms.Form | None, tuple[Problem, ...]]:
    """Return the form of that code for a period, or the account's own where no code is given.

    None with the reason where it cannot be used; None alone in a city that has no forms.
    """
    valid = [each for each in all_forms if each.days.holds(starts_on)]
    others = ", ".join(sorted(each.code for each in valid)) or "—"
    if not code:
        found = forms.choose(valid, starts_on=starts_on, lines=lines, frequency=frequency)
        lacks = found is None and bool(all_forms)
        return found, (Problem(Kind.NO_FORM, facts={"others": others}),) if lacks else ()
    named = [each for each in all_forms if each.code == code]
    if not named:
        return None, (Problem(Kind.UNKNOWN_FORM, facts={"code": code, "others": others}),)
    for each in named:
        if each in valid:
            return each, ()
    facts = {"code": code, "starts": starts_on, "others": others, "days": _days(named)}
    return None, (Problem(Kind.FORM_NOT_VALID, facts=facts),)


def _days(named: Iterable[forms.Form]) -> dict[str, str]:
    spans = [(each.days.starts_on, each.days.ends_before) for each in named]
    return {
        "en": "; ".join(f"from {first} before {end or 'further notice'}" for first, end in spans),
        "es": "; ".join(f"del {first} antes del {end or 'nuevo aviso'}" for first, end in spans),
    }


def too_many(form: forms.Form | None, filing: returns.Filing, *, most: int) -> tuple[Problem, ...]:
    """Return the problem of a return with more lines than its form, or any form, takes."""
    limit = form.most_lines if form else most
    count = len(filing.lines)
    if count <= limit:
        return ()
    return (Problem(Kind.TOO_MANY_LINES, facts={"count": f"{count:,}", "limit": f"{limit:,}"}),)


def problems(form: forms.Form | None, filing: returns.Filing) -> tuple[Problem, ...]:
    """Return each line and figure that the form has no place for."""
    found = list(_figures(filing.as_filed, None, form, _workable_boxes(form)))
    for number, line in enumerate(filing.lines, start=1):
        section = form.section_of(line.region, line.business_class) if form else None
        if form is not None and section is None:
            facts = {
                "form": form.code, "class_code": line.business_class, "region": line.region
            }  # fmt: skip
            found.append(Problem(Kind.NOT_ON_FORM, number, facts))
            continue
        found += _figures(line.as_filed, number, form, _workable_columns(section))
    return tuple(found)


def _workable_boxes(form: forms.Form | None) -> list[str]:
    return [each.key for each in form.boxes if not each.is_keyed] if form else []


def _workable_columns(section: forms.Section | None) -> list[str]:
    if section is None:
        return []
    return [
        each.key
        for each in section.columns
        if not each.is_keyed and each.holds is not forms.Holds.RATE
    ]


def _figures(
    filed: Iterable[returns.Filed],
    number: int | None,
    form: forms.Form | None,
    known: Collection[str],
) -> Iterator[Problem]:
    counted = Counter(each.key for each in filed)
    for key, count in counted.items():
        if key not in known:
            facts = {
                "form": form.code if form else "—",
                "key": key,
                "others": ", ".join(known) or "—",
            }
            yield Problem(Kind.UNKNOWN_FIGURE, number, facts)
        if count > 1:
            yield Problem(Kind.DOUBLED_FIGURE, number, {"key": key, "count": count})


def refused(compared: Iterable[comparing.Compared]) -> Iterator[Problem]:
    """Give a problem for each figure whose difference the table refuses."""
    for each in compared:
        if each.treatment is comparing.Treatment.REFUSE:
            facts = {
                "what": each.names,
                "key": each.key,
                "amount": checking.dollars(each.filed_cents),
                "limit": checking.dollars(each.computed_cents),
            }
            yield Problem(Kind.FIGURE_WRONG, each.line, facts)


def of_right_lines(
    form: forms.Form,
    filing: returns.Filing,
    *,
    found: Collection[Problem],
    laws: returns.Laws,
    tables: loading.Tables | None,
) -> tuple[Problem, ...]:
    """Return what the figures of the lines have wrong that no other problem names.

    So that a return with a wrong line is told about the sums of its other lines too.
    """
    places = checking.right_places(filing, found)
    right = replace(filing, lines=tuple(filing.lines[place] for place in places))
    try:
        computed = returns.computed_lines(right, laws=laws)
    except returns.NoLaw as problem:
        return checking.no_law(filing, places=[places[each] for each in problem.places])
    columns = comparing.lines_of(form, right, computed)
    compared = comparing.treated(
        tuple(comparing.written_on_lines(form, right, columns)),
        form=form,
        filing=right,
        tables=tables,
    )
    return tuple(
        replace(each, line=None if each.line is None else places[each.line - 1] + 1)
        for each in refused(compared)
    )
