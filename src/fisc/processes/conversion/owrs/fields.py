"""A field of a class as a decision: a number, a formula, a map, or a charge in tiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fisc.processes.conversion.owrs import (
    class_rules,
    decisions,
    formulas,
    keys,
    problems,
    ratios,
    specification,
)
from fisc.processes.conversion.owrs.class_rules import ClassRules

Kind = decisions.Kind

# Words that YAML 1.1 takes for a truth; the data of the reference then hold its spelling.
_TRUTHS = {
    **dict.fromkeys(("true", "yes", "on"), "TRUE"),
    **dict.fromkeys(("false", "no", "off"), "FALSE"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A fact or field that a map looks up by."""

    feel: str
    kind: Kind


def make(rules: ClassRules, name: str) -> None:
    """Make the decision of a field, and of all it asks, unless they are made.

    Raises problems.FieldIsWrong, of the field that is at fault.
    """
    if name in rules.made:
        return
    if name in rules.failed:
        raise rules.failed[name]
    if name in rules.waiting:
        circle = " → ".join([*rules.waiting[rules.waiting.index(name) :], name])
        raise problems.FieldIsWrong(name, f"it asks for itself: {circle}")
    if len(rules.waiting) >= class_rules.LONGEST_CHAIN:
        raise problems.FieldIsWrong(name, "too many fields ask each other in a row")
    rules.waiting.append(name)
    rules.asked.append({})
    try:
        _make(rules, name)
    except problems.FieldIsWrong as problem:
        rules.failed[name] = problem
        raise
    except (formulas.FormulaIsWrong, keys.KeyIsUnclear) as problem:
        rules.failed[name] = problems.FieldIsWrong(name, str(problem))
        raise rules.failed[name] from problem
    except ArithmeticError as problem:
        rules.failed[name] = problems.FieldIsWrong(name, "its constants have too many digits")
        raise rules.failed[name] from problem
    finally:
        rules.waiting.pop()
        rules.asked.pop()


def formula(rules: ClassRules, text: str, *, asker: str, rounds: bool = False) -> ratios.Ratio:
    """Turn a formula of a field into FEEL.

    Raises problems.FieldIsWrong, formulas.FormulaIsWrong.
    """
    node = formulas.parse(text, names=rules.fields, rounds_operands=rounds)

    def resolve(name: str, *, is_rounded: bool) -> ratios.Ratio:
        return value_of(rules, name, asker=asker, is_rounded=is_rounded)

    return ratios.of(node, resolve=resolve)


def value_of(rules: ClassRules, name: str, *, asker: str, is_rounded: bool = False) -> ratios.Ratio:
    """Return a name as FEEL; to be rounded, a field that divides is written out, to be exact."""
    was_inexact = asker in rules.inexact
    noted = dict(rules.asked[-1])
    feel = class_rules.asked_name(rules, name, asker=asker, make=make)
    meant, is_field = class_rules.resolved(rules, name, asker=asker)
    if is_field and rules.made[meant].kind is not Kind.NUMBER:
        raise problems.FieldIsWrong(asker, f"{meant} is a word; a formula needs a number")
    if not is_rounded:
        return ratios.Ratio(feel)
    if not was_inexact:
        rules.inexact.discard(asker)
    written = rules.ratios.get(meant) if is_field else None
    if written is None or written.divisor == 1:
        return ratios.Ratio(feel)
    rules.asked[-1].clear()
    rules.asked[-1].update(noted | dict.fromkeys(rules.made[meant].requires))
    return written


def columns(rules: ClassRules, names: tuple[str, ...], *, asker: str) -> tuple[Column, ...]:
    """Return what a map's columns ask. Raises problems.FieldIsWrong."""
    found = []
    for name in names:
        feel = class_rules.asked_name(rules, name, asker=asker, make=make)
        meant, is_field = class_rules.resolved(rules, name, asker=asker)
        kind = Kind.NUMBER if meant in rules.choices.numeric else Kind.TEXT
        if is_field:
            kind = rules.made[meant].kind
        found.append(Column(feel, kind))
    return tuple(found)


def tests(column: Column, text: str) -> str:
    """Return the test of a cell: the exact text, or the number it is. Raises KeyIsUnclear."""
    if column.kind is Kind.TEXT:
        spellings = dict.fromkeys((text, _TRUTHS.get(text.casefold(), text)))
        return ", ".join(decisions.text_literal(each) for each in spellings)
    try:
        value = Decimal(text)
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite():
        raise keys.KeyIsUnclear(f"the key “{text}” is no number, but {column.feel} is one")
    return ratios.number_text(value)


def keep(rules: ClassRules, name: str, kind: Kind, body: str | decisions.Table) -> None:
    """Keep the decision of a field with all that it asked for."""
    rules.made[name] = decisions.Decision(
        name=rules.decision_name(name),
        kind=kind,
        body=body,
        requires=tuple(rules.asked[-1]),
        description=f"Citation: {rules.cites(name)}",
    )


def _make(rules: ClassRules, name: str) -> None:
    written = rules.fields[name]
    if isinstance(written, specification.Wrong):
        raise problems.FieldIsWrong(name, written.reason)
    if isinstance(written, specification.Map):
        _make_map(rules, name, written)
    elif (value := specification.single(written)) is None:
        raise problems.FieldIsWrong(name, "a list is no amount; only tiers are lists")
    elif rules.is_key(name):
        keep(rules, name, Kind.TEXT, decisions.text_literal(value.text))
    elif value.text in {class_rules.TIERED, class_rules.BUDGET}:
        rules.make_charge(rules, name, value.text)
    else:
        ratio = formula(rules, value.text, asker=name, rounds="budget" in name)
        _keep_ratio(rules, name, ratio)


def _keep_ratio(rules: ClassRules, name: str, ratio: ratios.Ratio) -> None:
    rules.ratios[name] = ratio
    if not ratio.ends:
        rules.inexact.add(name)
    keep(rules, name, Kind.NUMBER, ratio.feel)


def _make_map(rules: ClassRules, name: str, written: specification.Map) -> None:
    is_word = rules.is_key(name)
    asked = columns(rules, written.depends_on, asker=name)
    rows = tuple(_rows(rules, name, written, asked, is_word=is_word))
    if not rows:
        raise problems.FieldIsWrong(name, "no key has a value")
    if len({each.tests for each in rows}) < len(rows):
        raise problems.FieldIsWrong(name, "two keys mean the same")
    kind = Kind.TEXT if is_word else Kind.NUMBER
    keep(rules, name, kind, decisions.Table(tuple((each.feel, each.kind) for each in asked), rows))


def _rows(
    rules: ClassRules,
    name: str,
    written: specification.Map,
    asked: tuple[Column, ...],
    *,
    is_word: bool,
) -> Iterator[decisions.Rule]:
    for key, listed in written.values.items():
        value = specification.single(listed)
        if value is None:
            raise problems.FieldIsWrong(name, f"“{key}” has a list; only tiers are lists")
        if key in keys.NOTHING or value.text in keys.NOTHING:
            rules.remark(f"{name}: “{key}” has no value, so there is no bill for it")
            continue
        output = decisions.text_literal(value.text)
        if not is_word:
            ratio = formula(rules, value.text, asker=name)
            output = ratio.feel
            if not ratio.ends:
                rules.inexact.add(name)
        cells = keys.parts(key, count=len(asked))
        yield decisions.Rule(
            tuple(tests(column, text) for column, text in zip(asked, cells, strict=True)),
            output,
            rules.cites(f"{name} {key}"),
        )
