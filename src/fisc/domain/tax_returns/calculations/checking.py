"""What is wrong with a return as it came: everything at once, in words of two languages."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from fisc.domain.tax_returns.calculations import asking, returns


class Kind(enum.StrEnum):
    """What a filing can have wrong."""

    NEGATIVE = "negative"
    TOO_LARGE = "too large"
    UNKNOWN_CLASS = "unknown class"
    UNKNOWN_REGION = "unknown region"
    UNKNOWN_DEDUCTION = "unknown deduction"
    DOUBLED_LINE = "doubled line"
    DOUBLED_DEDUCTION = "doubled deduction"
    DEDUCTIONS_OVER_GROSS = "deductions over gross"
    DEDUCTION_NOT_ALLOWED = "deduction not allowed"
    DEDUCTION_OVER_LIMIT = "deduction over limit"
    NOT_REGISTERED = "not registered"
    NOT_OWED = "not owed"
    NO_LAW = "no law"
    TOO_MANY_LINES = "too many lines"
    UNKNOWN_FORM = "unknown form"
    FORM_NOT_VALID = "form not valid"
    NO_FORM = "no form"
    NOT_ON_FORM = "not on form"
    UNKNOWN_FIGURE = "unknown figure"
    DOUBLED_FIGURE = "doubled figure"
    FIGURE_WRONG = "figure wrong"
    LAND_WITHOUT_TAX = "land without tax"
    LAND_OVER_GROSS = "land over gross"
    NO_SUCH_ACCOUNT = "no such account"
    ACCOUNT_IS_CLOSED = "account is closed"


_WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.NEGATIVE: {
        "en": "{what} is below zero, {amount}. Write it without the sign, or leave it empty.",
        "es": "{what} es menor que cero, {amount}. Escríbalo sin el signo o déjelo vacío.",
    },
    Kind.TOO_LARGE: {
        "en": "{what} is {amount}, more than the {limit} that a return can carry. Check the "
        "decimal point.",
        "es": "{what} es {amount}, más de los {limit} que admite una declaración. Revise el "
        "punto decimal.",
    },
    Kind.UNKNOWN_CLASS: {
        "en": "There is no business class “{code}” in this period. Take one from the list.",
        "es": "No existe la clase de negocio “{code}” en este período. Elija una de la lista.",
    },
    Kind.UNKNOWN_REGION: {
        "en": "There is no region “{code}” in this period. Take one from the list.",
        "es": "No existe la región “{code}” en este período. Elija una de la lista.",
    },
    Kind.UNKNOWN_DEDUCTION: {
        "en": "There is no deduction code “{code}” in this period. Take one from the list.",
        "es": "No existe el código de deducción “{code}” en este período. Elija uno de la lista.",
    },
    Kind.DOUBLED_LINE: {
        "en": "Class “{code}” of region “{region}” is already on line {other}. Put both on one "
        "line.",
        "es": "La clase “{code}” de la región “{region}” ya está en la línea {other}. Póngalas en "
        "una sola línea.",
    },
    Kind.DOUBLED_DEDUCTION: {
        "en": "Deduction code “{code}” is there {count} times. Write it once, with the sum.",
        "es": "El código de deducción “{code}” aparece {count} veces. Escríbalo una vez, con la "
        "suma.",
    },
    Kind.DEDUCTIONS_OVER_GROSS: {
        "en": "Deductions of {amount} are more than the gross receipts of {limit}. Correct one of "
        "them.",
        "es": "Las deducciones de {amount} superan los ingresos brutos de {limit}. Corrija una de "
        "las cifras.",
    },
    Kind.DEDUCTION_NOT_ALLOWED: {
        "en": "Class “{class_code}” may not take deduction code “{code}”. Remove it, or correct "
        "the class.",
        "es": "La clase “{class_code}” no puede tomar el código de deducción “{code}”. Quítelo o "
        "corrija la clase.",
    },
    Kind.DEDUCTION_OVER_LIMIT: {
        "en": "Deduction code “{code}” is {amount}; on this line it may be at most {limit}.",
        "es": "El código de deducción “{code}” es {amount}; en esta línea puede ser como máximo "
        "{limit}.",
    },
    Kind.NOT_REGISTERED: {
        "en": "The account is not registered for class “{code}” in region “{region}” in this "
        "period. Register it, or correct the line.",
        "es": "La cuenta no está registrada para la clase “{code}” en la región “{region}” en este "
        "período. Regístrela o corrija la línea.",
    },
    Kind.NOT_OWED: {
        "en": "On {received} the account owes no return for a period from {starts}. {why} The "
        "latest periods that are over begin on: {periods}. Correct the period or the day it was "
        "received, or register the account for it.",
        "es": "Al {received} la cuenta no debe declaración de un período desde {starts}. {why} Los "
        "últimos períodos terminados comienzan el: {periods}. Corrija el período o el día de "
        "recepción, o registre la cuenta.",
    },
    Kind.NO_LAW: {
        "en": "The tables give no tax for class “{class_code}” in region “{region}” in this "
        "period. Correct the line, or have a rule added to the tables.",
        "es": "Las tablas no dan impuesto para la clase “{class_code}” en la región “{region}” en "
        "este período. Corrija la línea o pida que se agregue una regla a las tablas.",
    },
    Kind.TOO_MANY_LINES: {
        "en": "The return has {count} lines; its form takes at most {limit}. Put lines of the same "
        "region and class together, or look at whether the file is of one return.",
        "es": "La declaración tiene {count} líneas; su formulario admite como máximo {limit}. "
        "Reúna las líneas de la misma región y clase, o vea si el archivo es de una sola "
        "declaración.",
    },
    Kind.UNKNOWN_FORM: {
        "en": "There is no form “{code}”. Forms of this period: {others}.",
        "es": "No existe el formulario “{code}”. Formularios de este período: {others}.",
    },
    Kind.FORM_NOT_VALID: {
        "en": "Form “{code}” is for periods that begin {days}, and this one begins on {starts}. "
        "Forms of this period: {others}.",
        "es": "El formulario “{code}” es para períodos que comienzan {days}, y este comienza el "
        "{starts}. Formularios de este período: {others}.",
    },
    Kind.NO_FORM: {
        "en": "No form of this period takes all that the account is registered for. Choose a form "
        "for the lines, or correct the registrations. Forms of this period: {others}.",
        "es": "Ningún formulario de este período admite todo aquello para lo que la cuenta está "
        "registrada. Elija un formulario para las líneas o corrija los registros. Formularios de "
        "este período: {others}.",
    },
    Kind.NOT_ON_FORM: {
        "en": "Form “{form}” has no place for class “{class_code}” in region “{region}”. Correct "
        "the line, or use another form.",
        "es": "El formulario “{form}” no tiene lugar para la clase “{class_code}” en la región "
        "“{region}”. Corrija la línea o use otro formulario.",
    },
    Kind.UNKNOWN_FIGURE: {
        "en": "Form “{form}” has no figure “{key}” that a filer works out. Take one of: {others}.",
        "es": "El formulario “{form}” no tiene una cifra “{key}” que calcule el contribuyente. "
        "Elija una de: {others}.",
    },
    Kind.DOUBLED_FIGURE: {
        "en": "Figure “{key}” is written {count} times. Write it once.",
        "es": "La cifra “{key}” está escrita {count} veces. Escríbala una vez.",
    },
    Kind.FIGURE_WRONG: {
        "en": "{what} ({key}) is {amount} on the return; it comes to {limit}. Ask the filer which "
        "figures are right, and correct them.",
        "es": "{what} ({key}) es {amount} en la declaración; el resultado es {limit}. Pregunte al "
        "contribuyente qué cifras son correctas y corríjalas.",
    },
    Kind.LAND_WITHOUT_TAX: {
        "en": "The price of land is {amount}, on receipts without tax in them. Mark that they "
        "include tax, or deduct land under its code.",
        "es": "El precio del terreno es {amount}, en ingresos sin impuesto incluido. Marque que "
        "incluyen impuesto o deduzca el terreno con su código.",
    },
    Kind.LAND_OVER_GROSS: {
        "en": "The price of land of {amount} is more than the gross receipts of {limit}. Correct "
        "one of them.",
        "es": "El precio del terreno de {amount} supera los ingresos brutos de {limit}. Corrija "
        "una de las cifras.",
    },
    Kind.NO_SUCH_ACCOUNT: {
        "en": "There is no account {number}. Find whose return it is, and file it there.",
        "es": "No existe la cuenta {number}. Busque de quién es la declaración y preséntela allí.",
    },
    Kind.ACCOUNT_IS_CLOSED: {
        "en": "The account was closed on {day}, before the return came on {received}. Look whether "
        "it is a final return, or of another account; file it if it is owed.",
        "es": "La cuenta se cerró el {day}, antes de que llegara la declaración el {received}. Vea "
        "si es una declaración final o de otra cuenta; preséntela si se debe.",
    },
}
_LINE = {"en": "Line {number}: ", "es": "Línea {number}: "}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "gross": {"en": "Gross receipts", "es": "El total de ingresos brutos"},
    "all_gross": {
        "en": "The gross receipts of all lines",
        "es": "El total de ingresos brutos de todas las líneas",
    },
    "land": {"en": "The price of land", "es": "El precio del terreno"},
    "item_price": {"en": "The price of the item", "es": "El precio del artículo"},
    "units": {"en": "The number of units", "es": "El número de unidades"},
    "filed": {"en": "A figure as filed", "es": "Una cifra declarada"},
    "deduction": {"en": "A deduction", "es": "Una deducción"},
    "excess_tax": {"en": "Excess tax collected", "es": "El impuesto cobrado en exceso"},
    "credit_carried": {"en": "The credit carried", "es": "El crédito de períodos anteriores"},
    "estimated_payments": {"en": "Estimated payments", "es": "El total de pagos estimados"},
    "credit_taken_in_year": {
        "en": "The accounting credit of the year",
        "es": "El crédito contable del año",
    },
}


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
        where = "" if self.line is None else _LINE[language].format(number=self.line)
        return where + _WORDS[self.kind][language].format(**facts)


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
        "what": _NAMES["units"],
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
        facts = {"what": _NAMES[what], "field": what, "amount": dollars(cents)}
        yield Problem(Kind.NEGATIVE, line, facts)
    if cents > most_cents:
        facts = {
            "what": _NAMES[what],
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
