"""One customer class: its fields as decisions that ask each other, the bill last.

Names are looked for as the reference looks for them: a fact that was given first (it overrides a
field of the same name), then a field of the class, then the same with a charge's suffix
(`indoor_commodity` for `indoor`), then whatever the data bring.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from fisc.processes.conversion.owrs import (
    decisions,
    formulas,
    problems,
    ratios,
    specification,
    tiers,
)

BILL = "bill"
USAGE = "usage_ccf"
TIERED, BUDGET = "Tiered", "Budget"
SUFFIXES = ("_commodity", "_drought", "_wastewater")
LONGEST_CHAIN = 60

# A name of this kind that is no field is a charge left out, hardly a fact about an account.
_A_CHARGE = re.compile(
    r"(flat_rate|tier_).*|.*(charge|charges|surcharge|_rate|_fee|_price|_prices|_starts)",
    re.IGNORECASE,
)
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z_0-9]*")
# Names that FEEL has for itself.
_TAKEN = frozenset(
    {
        "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or",
        "not", "between", "instance", "of", "function", "null", "true", "false", "min", "max",
        "sum", "decimal", "date", "time", "duration",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen about a whole book, and known of all its classes."""

    reading: tiers.Reading
    # The facts that are numbers; all others are texts.
    numeric: frozenset[str]
    # The facts that the data have, where that is known: any other name is an error.
    given: frozenset[str] | None = None
    # Facts that replace fields of the same name, where more is not known.
    replaced: frozenset[str] = frozenset()

    def replaces(self, name: str) -> bool:
        """Whether a fact of the data stands for a field of this name."""
        return name in self.replaced or name in (self.given or ())


@dataclass(slots=True)
class ClassRules:
    """What has been made of one class so far; `failed` has the fields that cannot be expressed."""

    name: str
    slug: str
    fields: specification.Fields
    choices: Choices
    citation: str
    # How a charge in tiers is made: charges.make, which stands on the making of fields.
    make_charge: Callable[[ClassRules, str, str], None]
    made: dict[str, decisions.Decision] = field(default_factory=dict)
    inputs: set[str] = field(default_factory=set)
    ratios: dict[str, ratios.Ratio] = field(default_factory=dict)
    inexact: set[str] = field(default_factory=set)
    failed: dict[str, problems.FieldIsWrong] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    # Decisions of fields as a single charge sees them; see of_one_charge.
    extra: list[decisions.Decision] = field(default_factory=list)
    is_of_one_charge: bool = False
    # For each decision being made, the names it has asked for.
    asked: list[dict[str, None]] = field(default_factory=list)

    def is_key(self, name: str) -> bool:
        """Whether maps of the class look up by this field, and no formula computes with it."""
        return name not in self.choices.numeric and any(
            isinstance(each, specification.Map) and name in each.depends_on
            for each in self.fields.values()
        )

    def decision_name(self, name: str) -> str:
        """What the decision of a field is called."""
        return f"{self.slug} {re.sub(r'[^A-Za-z0-9_]+', '_', name)}"

    def cites(self, name: str) -> str:
        """What a rule of a field cites."""
        return f"{self.citation}; {self.name}, {name}"

    def remark(self, text: str) -> None:
        """Note something that a coordinator should read, once."""
        if text not in self.remarks:
            self.remarks.append(text)


# How a field of a class becomes a decision: fields.make.
Make = Callable[[ClassRules, str], None]


def resolved(rules: ClassRules, name: str, *, asker: str) -> tuple[str, bool]:
    """Return the field or fact that a name means, and whether it is a field.

    Raises problems.FieldIsWrong.
    """
    given = rules.choices.given
    if rules.choices.replaces(name):
        return _fact(rules, name, asker), False
    if name in rules.fields:
        return name, True
    # The reference reads `…_commodity` as the plain name, also where another charge asks.
    meant = [name + each for each in (SUFFIXES[0], suffix_of(asker)) if name + each in rules.fields]
    if meant and meant[0] != name:
        others = f", and not as {meant[-1]}" if meant[-1] != meant[0] else ""
        rules.remark(f"{asker}: “{name}” is read as the field {meant[0]}{others}")
        return meant[0], True
    if given is not None or _A_CHARGE.fullmatch(name):
        raise problems.FieldIsWrong(asker, _missing(rules, name))
    return _fact(rules, name, asker), False


def of_one_charge(rules: ClassRules, charge: str) -> ClassRules | None:
    """Return the class as a charge with a suffix of its own sees it, where that is different.

    Inside a drought surcharge the reference reads `indoor` as indoor_drought, although everywhere
    else it reads indoor_commodity.
    """
    suffix = suffix_of(charge)
    if rules.is_of_one_charge or suffix not in SUFFIXES[1:]:
        return None
    own = {each.removesuffix(suffix): each for each in rules.fields if each.endswith(suffix)}
    differing = [
        plain
        for plain, each in own.items()
        for other in (plain, plain + SUFFIXES[0])
        if not plain.startswith("tier_")
        and other in rules.fields
        and rules.fields[other] != rules.fields[each]
    ]
    if not differing:
        return None
    seen = dict(rules.fields) | {plain: rules.fields[each] for plain, each in own.items()}
    return dataclasses.replace(
        rules,
        slug=f"{rules.slug} {suffix[1:]}",
        fields=seen,
        is_of_one_charge=True,
        made={},
        ratios={},
        inexact=set(),
        failed={},
        waiting=[],
        asked=[],
    )


def suffix_of(name: str) -> str:
    """Return the suffix that the fields of the same charge have."""
    for each in SUFFIXES:
        if each[1:] in name:
            return each
    return ""


def asked_name(rules: ClassRules, name: str, *, asker: str, make: Make) -> str:
    """Return the FEEL name of what a name means, made if need be, and note that it is asked."""
    meant, is_field = resolved(rules, name, asker=asker)
    if is_field:
        make(rules, meant)
        feel = rules.made[meant].name
        if meant in rules.inexact:
            rules.inexact.add(asker)
    else:
        feel = meant
    if rules.asked:
        rules.asked[-1][feel] = None
    return feel


def _fact(rules: ClassRules, name: str, asker: str) -> str:
    if not _PLAIN_NAME.fullmatch(name) or name in _TAKEN:
        raise problems.FieldIsWrong(asker, f"“{name}” is no name that a fact can have in a table")
    rules.inputs.add(name)
    return name


def _missing(rules: ClassRules, name: str) -> str:
    close = [each for each in rules.fields if each.casefold() == name.casefold()]
    hint = f"; is {close[0]} meant?" if close else ""
    return f"“{name}” is neither a field of the class nor a fact of the data{hint}"


def numeric_names(classes: Collection[specification.Fields]) -> frozenset[str]:
    """Return every name that some formula of some class computes with."""
    found = {USAGE}
    for fields in classes:
        words = {
            name
            for each in fields.values()
            if isinstance(each, specification.Map)
            for name in each.depends_on
        }
        for name, each in fields.items():
            # What maps look up by holds words, which only look like names.
            if name not in words:
                for text in _texts(each):
                    found |= _names(text, fields)
    return frozenset(found)


def _texts(each: specification.Field) -> list[str]:
    if isinstance(each, specification.Scalar):
        return [each.text]
    if isinstance(each, specification.Tiers):
        return list(each.texts)
    if isinstance(each, specification.Map):
        return [text for value in each.values.values() for text in _texts(value)]
    return []


def _names(text: str, fields: specification.Fields) -> frozenset[str]:
    if text in {TIERED, BUDGET}:
        return frozenset()
    try:
        return formulas.names_in(formulas.parse(text, names=fields))
    except formulas.FormulaIsWrong:
        return frozenset()
