"""Schedules by location: what of each line is of which place, and how its tax is shared out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from fisc.domain.tax_returns.calculations import checking, problem_words, returns

Kind = checking.Kind


def problems(
    filing: returns.Filing, *, locations: Collection[str], tolerance_cents: int
) -> tuple[checking.Problem, ...]:
    """Return everything wrong with the schedules of a return's lines.

    `locations` are the codes that are members on some day of the period: where there are some,
    every line has a schedule, and its sums are those of the line within the tolerance.
    """
    found: list[checking.Problem] = []
    for number, line in enumerate(filing.lines, start=1):
        if not line.by_location:
            if locations:
                facts = {"locations": ", ".join(locations)}
                found.append(checking.Problem(Kind.NO_SCHEDULE, number, facts))
            continue
        found += _codes(line, number, locations=locations)
        found += _amounts(line, number)
        found += _sums(line, number, tolerance_cents=tolerance_cents)
    return tuple(found)


def _codes(
    line: returns.Line, number: int, *, locations: Collection[str]
) -> Iterator[checking.Problem]:
    others = ", ".join(locations) or "—"
    for code, count in Counter(each.location for each in line.by_location).items():
        if code not in locations:
            facts: dict[str, object] = {"code": code, "others": others}
            yield checking.Problem(Kind.UNKNOWN_LOCATION, number, facts)
        if count > 1:
            facts = {"code": code, "count": count}
            yield checking.Problem(Kind.DOUBLED_LOCATION, number, facts)


def _amounts(line: returns.Line, number: int) -> Iterator[checking.Problem]:
    for each in line.by_location:
        for what, cents in (("at_gross", each.gross_cents), ("at_deducted", each.deducted_cents)):
            if cents < 0:
                facts = {
                    "what": problem_words.NAMES[what],
                    "field": what,
                    "code": each.location,
                    "amount": checking.dollars(cents),
                }
                yield checking.Problem(Kind.NEGATIVE, number, facts)
        if each.deducted_cents > each.gross_cents >= 0:
            facts = {
                "code": each.location,
                "amount": checking.dollars(each.deducted_cents),
                "limit": checking.dollars(each.gross_cents),
            }
            yield checking.Problem(Kind.LOCATION_OVER_GROSS, number, facts)


def _sums(line: returns.Line, number: int, *, tolerance_cents: int) -> Iterator[checking.Problem]:
    sums = (
        ("gross", sum(each.gross_cents for each in line.by_location), line.gross_cents),
        (
            "deductions",
            sum(each.deducted_cents for each in line.by_location),
            line.itemized_cents,
        ),
    )
    for what, cents, of_line in sums:
        if abs(cents - of_line) > tolerance_cents:
            facts = {
                "what": problem_words.NAMES[what],
                "field": what,
                "amount": checking.dollars(cents),
                "limit": checking.dollars(of_line),
                "tolerance": checking.dollars(tolerance_cents),
            }
            yield checking.Problem(Kind.LOCATIONS_DO_NOT_ADD_UP, number, facts)


def shares(tax_cents: int, at: Sequence[returns.AtLocation]) -> list[int]:
    """Share a line's tax out over its locations, by what is left of their receipts; no cent lost.

    Cents that are left over go to the largest fractions, the first of equal ones first. Where
    nothing is left of any, receipts count, and without those the locations count alike.
    """
    weights = [max(each.gross_cents - each.deducted_cents, 0) for each in at]
    if not any(weights):
        weights = [max(each.gross_cents, 0) for each in at]
    if not any(weights):
        weights = [1] * len(at)
    whole = sum(weights)
    parts = [divmod(tax_cents * each, whole) for each in weights]
    found = [share for share, _ in parts]
    by_fraction = sorted(range(len(at)), key=lambda place: -parts[place][1])
    for place in by_fraction[: tax_cents - sum(found)]:
        found[place] += 1
    return found
