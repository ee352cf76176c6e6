"""What is wrong with a return as it came: everything at once, in words of two languages."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

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
        if "what" in facts:
            facts["what"] = _NAMES[str(facts["what"])][language]
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
    if not found:
        found = list(_deductions(filing, laws=laws))
    return tuple(sorted(found, key=lambda each: each.line or 0))


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
    for number, line in enumerate(filing.lines, start=1):
        yield from _amount("gross", line.gross_cents, number, most_cents=most_cents)
        for each in line.deductions:
            yield from _amount("deduction", each.cents, number, most_cents=most_cents)
        if line.gross_cents >= 0 and line.deducted_cents > line.gross_cents:
            yield Problem(
                Kind.DEDUCTIONS_OVER_GROSS,
                number,
                {"amount": _dollars(line.deducted_cents), "limit": _dollars(line.gross_cents)},
            )


def _amount(what: str, cents: int, line: int | None, *, most_cents: int) -> Iterator[Problem]:
    if cents < 0:
        yield Problem(Kind.NEGATIVE, line, {"what": what, "amount": _dollars(cents)})
    if cents > most_cents:
        facts = {"what": what, "amount": _dollars(cents), "limit": _dollars(most_cents)}
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


def _deductions(filing: returns.Filing, *, laws: returns.Laws) -> Iterator[Problem]:
    tables = laws.deductions
    for place, deduction, answers in returns.deduction_answers(filing.lines, tables=tables):
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
                "amount": _dollars(deduction.cents),
                "limit": _dollars(asking.cents(limit)),
            }
            yield Problem(Kind.DEDUCTION_OVER_LIMIT, place + 1, facts)


def _dollars(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02}"
