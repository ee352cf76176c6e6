"""Charges in tiers: `Tiered` by the usage alone, `Budget` by shares of an account's own budget."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fisc.processes.conversion.owrs import (
    class_rules,
    decisions,
    fields,
    keys,
    problems,
    ratios,
    specification,
    tiers,
)
from fisc.processes.conversion.owrs.class_rules import ClassRules

MOST_RULES = 20_000

_NUMBER = re.compile(r"\d+\.?\d*|\.\d+")
_PERCENT = re.compile(r"(\d+\.?\d*|\.\d+)\s*%")
_ALLOWANCES = frozenset({"indoor", "outdoor"})
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Lists:
    """One of the two lists of a charge: by the values of the facts it depends on."""

    field: str
    depends_on: tuple[str, ...]
    by_key: Mapping[tuple[str, ...], tuple[str, ...]]


def make(rules: ClassRules, name: str, kind: str) -> None:
    """Make the table of a charge in tiers. Raises problems.FieldIsWrong."""
    own = class_rules.of_one_charge(rules, name)
    if own is None:
        _make(rules, name, kind)
        return
    fields.make(own, name)
    rules.made[name] = own.made.pop(name)
    rules.extra += own.made.values()
    if name in own.inexact:
        rules.inexact.add(name)


def _make(rules: ClassRules, name: str, kind: str) -> None:
    starts = _lists(rules, _list_field(rules, name, "tier_starts"))
    prices = _lists(rules, _list_field(rules, name, "tier_prices"))
    usage = class_rules.asked_name(rules, class_rules.USAGE, asker=name, make=fields.make)
    depends_on = tuple(dict.fromkeys((*starts.depends_on, *prices.depends_on)))
    asked = fields.columns(rules, depends_on, asker=name)
    made: list[decisions.Rule] = []
    for cells, start_texts, price_texts in _pairs(starts, prices, depends_on):
        where = f"{name} {'|'.join(cells)}".strip()
        if len(start_texts) != len(price_texts):
            _say_uneven(rules, name, where, (start_texts, price_texts), is_only=not depends_on)
            continue
        _look_at_starts(rules, name, where, start_texts, kind=kind)
        key = tuple(fields.tests(column, text) for column, text in zip(asked, cells, strict=True))
        made += [
            decisions.Rule((*key, step.test), step.amount, rules.cites(where))
            for step in tiers.steps(
                usage=usage,
                ends=[_end(rules, name, each, kind=kind) for each in start_texts[1:]],
                prices=[_price(rules, name, each) for each in price_texts],
            )
        ]
        if len(made) > MOST_RULES:
            raise problems.FieldIsWrong(name, f"its tiers make more than {MOST_RULES:,} rules")
    if not made:
        raise problems.FieldIsWrong(name, "no key has as many tier starts as tier prices")
    table = decisions.Table(
        (*((each.feel, each.kind) for each in asked), (usage, decisions.Kind.NUMBER)),
        tuple(made),
        is_sum=True,
    )
    fields.keep(rules, name, decisions.Kind.NUMBER, table)


def _list_field(rules: ClassRules, name: str, what: str) -> str:
    """Return the field that has the tiers of a charge."""
    stem = re.sub(r"_(sur)?charge$", "", re.sub(r"^variable_", "", name))
    if name == "sewer_charge":
        candidates = [f"sewer_{what}"]
    elif (suffix := class_rules.suffix_of(name)) in class_rules.SUFFIXES[1:]:
        candidates = [what + suffix]
    else:
        candidates = [f"{what}_{stem}", what, f"{what}_commodity"]
        if name == "commodity_charge":
            candidates = [what, f"{what}_commodity"]
    found = next((each for each in candidates if each in rules.fields), None)
    if found is None:
        raise problems.FieldIsWrong(name, f"its {' or '.join(candidates)} is missing")
    return found


def _lists(rules: ClassRules, name: str) -> _Lists:
    written = rules.fields[name]
    if isinstance(written, specification.Wrong):
        raise problems.FieldIsWrong(name, written.reason)
    if not isinstance(written, specification.Map):
        return _Lists(name, (), {(): _texts(written)})
    by_key = {}
    for key, value in written.values.items():
        if key in keys.NOTHING or _texts(value)[0] in keys.NOTHING:
            rules.remark(f"{name}: “{key}” has no value, so there is no bill for it")
            continue
        try:
            by_key[keys.parts(key, count=len(written.depends_on))] = _texts(value)
        except keys.KeyIsUnclear as problem:
            raise problems.FieldIsWrong(name, str(problem)) from problem
    return _Lists(name, written.depends_on, by_key)


def _texts(value: specification.Scalar | specification.Tiers) -> tuple[str, ...]:
    return (value.text,) if isinstance(value, specification.Scalar) else value.texts


def _pairs(
    starts: _Lists, prices: _Lists, depends_on: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Every combination of keys of both lists that can hold at once, with its two lists."""
    shared = [each for each in prices.depends_on if each in starts.depends_on]
    by_shared: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for key in prices.by_key:
        facts = dict(zip(prices.depends_on, key, strict=True))
        by_shared.setdefault(tuple(facts[each] for each in shared), []).append(facts)
    for key, start_texts in starts.by_key.items():
        facts = dict(zip(starts.depends_on, key, strict=True))
        for others in by_shared.get(tuple(facts[each] for each in shared), []):
            both = facts | others
            price_key = tuple(others[each] for each in prices.depends_on)
            yield tuple(both[each] for each in depends_on), start_texts, prices.by_key[price_key]


def _say_uneven(
    rules: ClassRules,
    name: str,
    where: str,
    lists: tuple[tuple[str, ...], tuple[str, ...]],
    *,
    is_only: bool,
) -> None:
    text = f"{len(lists[0])} tier starts but {len(lists[1])} tier prices"
    if is_only:
        raise problems.FieldIsWrong(name, text)
    rules.remark(f"{where}: {text}, so there is no bill for it")


def _look_at_starts(
    rules: ClassRules, name: str, where: str, texts: Sequence[str], *, kind: str
) -> None:
    """Note what a coordinator should know about starts before believing them."""
    numbers = [Decimal(each) for each in texts if _NUMBER.fullmatch(each)]
    if not _NUMBER.fullmatch(texts[0]) or numbers[0] != 0:
        rules.doubts.append(f"{where}: the first tier starts at {texts[0]}, and is read from 0")
    if len(numbers) < len(texts):
        return
    if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
        rules.doubts.append(f"{where}: the tier starts {', '.join(texts)} are out of order")
    if kind == class_rules.BUDGET or rules.choices.reading is tiers.Reading.BOUNDARY:
        return
    later_starts = numbers[1:]
    if any(each % 1 for each in later_starts) or (
        later_starts and all(each % 5 == 0 for each in later_starts)
    ):
        start = f"{name}: tier starts such as "
        if not any(each.startswith(start) for each in rules.remarks):
            rules.remark(
                f"{start}{', '.join(texts)} look like boundaries; read as the first unit of each"
                " tier, the tier below ends one unit earlier"
            )


def _price(rules: ClassRules, name: str, text: str) -> ratios.Ratio:
    ratio = fields.formula(rules, text, asker=name)
    if not ratio.ends:
        rules.inexact.add(name)
    return ratio


def _end(rules: ClassRules, name: str, text: str, *, kind: str) -> ratios.Ratio:
    """Return where the tier below a start ends."""
    if kind == class_rules.BUDGET:
        return _budget_end(rules, name, text)
    start = fields.formula(rules, text, asker=name)
    if not start.ends:
        rules.inexact.add(name)
    if rules.choices.reading is tiers.Reading.BOUNDARY:
        return start
    if start.constant is not None:
        return ratios.of_number(start.constant - 1)
    rules.remark(f"{name}: the tier start “{text}” is a formula, computed for each account")
    return ratios.less_one(start)


def _budget_end(rules: ClassRules, name: str, text: str) -> ratios.Ratio:
    if _NUMBER.fullmatch(text):
        return ratios.of_number(Decimal(text))
    if text.casefold() in _ALLOWANCES:
        allowance = fields.value_of(rules, text.casefold(), asker=name, is_rounded=True)
        return ratios.rounded(allowance)
    if percent := _PERCENT.fullmatch(text):
        budget = fields.value_of(rules, _budget_name(rules, name), asker=name, is_rounded=True)
        return ratios.rounded(ratios.times(Decimal(percent[1]) / _HUNDRED, budget))
    rules.doubts.append(
        f"{name}: the tier start “{text}” is no number, percentage, indoor or outdoor; the"
        " reference reads it as 0"
    )
    return ratios.of_number(Decimal(0))


def _budget_name(rules: ClassRules, name: str) -> str:
    if name == "sewer_charge" and "sewer_budget" in rules.fields:
        return "sewer_budget"
    own = f"budget{class_rules.suffix_of(name)}"
    return own if own in rules.fields else "budget"
