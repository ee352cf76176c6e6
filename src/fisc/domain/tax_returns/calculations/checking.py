"""What is wrong with a return as it came: everything at once, in words of two languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from fisc.domain.tax_returns.calculations import asking, problem_words, returns

Kind = problem_words.Kind


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes that the city's lists have for the filing period."""

    regions: Collection[str]
    business_classes: Collection[str]
    deductions: Collection[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong; `line` counts from 1 and is None where it is of the whole return."""

    kind: Kind
    line: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Return where it is, what is wrong and what to do, in English or Spanish."""
        facts = dict(self.facts)
        for name, value in facts.items():
            if isinstance(value, Mapping):
                facts[name] = value[language]
        where = "" if self.line is None else problem_words.LINE[language].format(number=self.line)
        return where + problem_words.WORDS[self.kind][language].format(**facts)


def problems(
    filing: returns.Filing, *, laws: returns.Laws, codes: Codes, most_cents: int
) -> tuple[Problem, ...]:
    """Return everything wrong with a return as it came, by line; of one that can be computed, none.

    `most_cents` is the largest amount that the tables are declared for.
    """
    found = [
        *_amounts(filing, most_cents=most_cents),
        *_codes(filing, codes=codes),
        *_doubled(filing),
    ]
    # Of a line that is wrong otherwise, nothing is asked of tables.
    found += _deductions(filing, laws=laws, places=right_places(filing, found))
    return in_order(found)


def in_order(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems of the whole return first, then by line; each once."""
    once = {(each.kind, each.line, str(each.facts)): each for each in found}
    return tuple(sorted(once.values(), key=lambda each: each.line or 0))


def right_places(filing: returns.Filing, found: Iterable[Problem]) -> tuple[int, ...]:
    """Return the places, from 0, of the lines that no problem names."""
    wrong = {each.line for each in found}
    return tuple(place for place in range(len(filing.lines)) if place + 1 not in wrong)


def amounts(filing: returns.Filing, *, most_cents: int) -> tuple[Problem, ...]:
    """Return what is wrong with the amounts of a return alone, whatever its period and codes."""
    return in_order(_amounts(filing, most_cents=most_cents))


def no_law(filing: returns.Filing, *, places: Iterable[int]) -> tuple[Problem, ...]:
    """Return a problem for each line, by place from 0, that no rule of the tables takes."""
    return tuple(
        Problem(
            Kind.NO_LAW,
            place + 1,
            {
                "class_code": filing.lines[place].business_class,
                "region": filing.lines[place].region,
            },
        )
        for place in places
    )


def unregistered(
    filing: returns.Filing, *, lines: Collection[tuple[str, str]]
) -> tuple[Problem, ...]:
    """Return a problem for each line whose region and class are not among those of the account."""
    return tuple(
        Problem(Kind.NOT_REGISTERED, number, {"code": line.business_class, "region": line.region})
        for number, line in enumerate(filing.lines, start=1)
        if (line.region, line.business_class) not in lines
    )


def _amounts(filing: returns.Filing, *, most_cents: int) -> Iterator[Problem]:
    for what in ("excess_tax", "credit_taken_in_year", "credit_carried", "estimated_payments"):
        yield from _amount(what, getattr(filing, f"{what}_cents"), None, most_cents=most_cents)
    grosses = [line.gross_cents for line in filing.lines]
    if all(each <= most_cents for each in grosses):
        whole = max(sum(grosses), 0)
        yield from _amount("all_gross", whole, None, most_cents=most_cents)
    yield from _filed(filing.as_filed, None, most_cents=most_cents)
    for number, line in enumerate(filing.lines, start=1):
        yield from _line_amounts(line, number, most_cents=most_cents)


def _line_amounts(line: returns.Line, number: int, *, most_cents: int) -> Iterator[Problem]:
    yield from _amount("gross", line.gross_cents, number, most_cents=most_cents)
    yield from _amount("land", line.land_cents, number, most_cents=most_cents)
    yield from _amount("item_price", line.item_price_cents, number, most_cents=most_cents)
    yield from _units(line.units, number, most=most_cents // 100)
    for each in line.deductions:
        yield from _amount("deduction", each.cents, number, most_cents=most_cents)
    yield from _filed(line.as_filed, number, most_cents=most_cents)
    if line.gross_cents >= 0 and line.itemized_cents > line.gross_cents:
        yield Problem(
            Kind.DEDUCTIONS_OVER_GROSS,
            number,
            {"amount": dollars(line.itemized_cents), "limit": dollars(line.gross_cents)},
        )
    if line.land_cents > 0 and not line.includes_tax:
        yield Problem(Kind.LAND_WITHOUT_TAX, number, {"amount": dollars(line.land_cents)})
    elif line.land_cents > line.gross_cents >= 0:
        facts = {"amount": dollars(line.land_cents), "limit": dollars(line.gross_cents)}
        yield Problem(Kind.LAND_OVER_GROSS, number, facts)


def _units(units: Decimal, number: int, *, most: int) -> Iterator[Problem]:
    """Units have the bounds of dollars: so many gallons are as impossible as so much money."""
    facts = {
        "what": problem_words.NAMES["units"],
        "field": "units",
        "amount": f"{units:,}",
        "limit": f"{most:,}",
    }
    if units < 0:
        yield Problem(Kind.NEGATIVE, number, facts)
    elif units > most:
        yield Problem(Kind.TOO_LARGE, number, facts)


def _filed(
    filed: Iterable[returns.Filed], number: int | None, *, most_cents: int
) -> Iterator[Problem]:
    """A figure that the filer worked out may be below zero, but is bounded on both sides."""
    for each in filed:
        if abs(each.cents) > most_cents:
            yield from _amount("filed", abs(each.cents), number, most_cents=most_cents)


def _amount(what: str, cents: int, line: int | None, *, most_cents: int) -> Iterator[Problem]:
    if cents < 0:
        facts = {"what": problem_words.NAMES[what], "field": what, "amount": dollars(cents)}
        yield Problem(Kind.NEGATIVE, line, facts)
    if cents > most_cents:
        facts = {
            "what": problem_words.NAMES[what],
            "field": what,
            "amount": dollars(cents),
            "limit": dollars(most_cents),
        }
        yield Problem(Kind.TOO_LARGE, line, facts)


def _codes(filing: returns.Filing, *, codes: Codes) -> Iterator[Problem]:
    for number, line in enumerate(filing.lines, start=1):
        if line.region not in codes.regions:
            yield Problem(Kind.UNKNOWN_REGION, number, {"code": line.region})
        if line.business_class not in codes.business_classes:
            yield Problem(Kind.UNKNOWN_CLASS, number, {"code": line.business_class})
        for each in line.deductions:
            if each.code not in codes.deductions:
                yield Problem(Kind.UNKNOWN_DEDUCTION, number, {"code": each.code})


def _doubled(filing: returns.Filing) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(filing.lines, start=1):
        first = seen.setdefault((line.region, line.business_class), number)
        if first != number:
            facts = {"code": line.business_class, "region": line.region, "other": first}
            yield Problem(Kind.DOUBLED_LINE, number, facts)
        for code, count in Counter(each.code for each in line.deductions).items():
            if count > 1:
                yield Problem(Kind.DOUBLED_DEDUCTION, number, {"code": code, "count": count})


def _deductions(
    filing: returns.Filing, *, laws: returns.Laws, places: tuple[int, ...]
) -> Iterator[Problem]:
    right = replace(filing, lines=tuple(filing.lines[place] for place in places))
    for there, deduction, answers in returns.deduction_answers(right, laws=laws):
        place = places[there]
        if answers["is_allowed"] is not True:
            facts = {
                "code": deduction.code,
                "class_code": filing.lines[place].business_class,
            }
            yield Problem(Kind.DEDUCTION_NOT_ALLOWED, place + 1, facts)
        limit = answers.get("limit")
        if limit is not None and deduction.cents > asking.cents(limit):
            facts = {
                "code": deduction.code,
                "amount": dollars(deduction.cents),
                "limit": dollars(asking.cents(limit)),
            }
            yield Problem(Kind.DEDUCTION_OVER_LIMIT, place + 1, facts)


def dollars(cents: int) -> str:
    """Return cents as problems write money: -$1,234.56."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02}"
