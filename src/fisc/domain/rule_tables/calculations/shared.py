"""Shared tables: which of them a file imports, and what a shared book's file declares of itself.

A shared book answers no subject. Its name is `shared.<name>`, and the namespace of its files ends
in that name; an import of such a namespace means that book, whichever version governs the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fisc.dmn import imports
from fisc.dmn import model as dmn
from fisc.dmn.columns import types
from fisc.dmn.feel import syntax
from fisc.dmn.xml import elements, problems, source
from fisc.domain.rule_tables import declarations

NAME = re.compile(r"shared\.[a-z][a-z_0-9]*")
_LAST_PART = re.compile(r"[^/#:]*$")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z_0-9]*")

# Of a number whose type says no bounds: as many decimals as a rate or a factor is published with.
DECIMALS = 6
# A type of this name is an amount of money.
MONEY = "money"

_KINDS = {
    "boolean": types.Kind.BOOLEAN,
    "string": types.Kind.TEXT,
    "date": types.Kind.DATE,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shared book that a file imports: the book's name, and what the file calls it."""

    book: str
    namespace: str
    called: str
    place: dmn.Place


def is_shared(decision_point: str) -> bool:
    """Tell whether a name is one of a shared book."""
    return NAME.fullmatch(decision_point) is not None


def named_by(namespace: str) -> str:
    """Return what a namespace ends in: the name of the shared book, if it is one."""
    found = _LAST_PART.search(namespace)
    return found.group() if found else ""


def wanted(content: bytes) -> tuple[Wanted, ...]:
    """Return the shared books that a file imports, in the order written.

    Raises ModelIsRefused for an import of anything else, and for what is no XML.
    """
    if b"import" not in content and b"\x00" not in content:
        return ()
    root = source.root(content)
    found = [_wanted(each) for each in elements.children(root, "import")]
    refused = [
        problems.Problem(
            each.place,
            f"The namespace “{each.namespace}” is not one of a shared book: it would end in the "
            "book's name, as in https://…/shared.fees. Other files cannot be imported.",
        )
        for each in found
        if not is_shared(each.book)
    ]
    if refused:
        raise problems.ModelIsRefused(refused)
    return tuple(found)


def misfits(model: dmn.Model, *, point: declarations.DecisionPoint) -> tuple[str, ...]:
    """Return in words what keeps a file from being one of its shared book."""
    if not point.is_shared:
        return ()
    found = []
    if named_by(model.definitions.namespace) != point.name:
        found.append(
            f"the namespace “{model.definitions.namespace}” does not end in “{point.name}”, by "
            "which other books import it"
        )
    if not point.outputs:
        found.append(
            "no decision of it is a number, a text, a truth or a date, so no case can test it"
        )
    return tuple(found)


def point(name: str, model: dmn.Model | None) -> declarations.DecisionPoint:
    """Return what a shared book's file asks and answers, read from the file; of none, nothing.

    A type with bounds gives an input its bounds and decimals: `[0.000..500.000]` has three.
    """
    inputs, outputs = [], []
    if model is not None:
        inputs = list(_inputs(model))
        outputs = list(_outputs(model, taken={each.name for each in inputs}))
    words = "" if model is None else model.definitions.description.strip().partition("\n")[0]
    return declarations.DecisionPoint(
        name=name,
        words=words or name,
        date_basis=declarations.DateBasis.IMPORTER,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        is_required=False,
        is_shared=True,
    )


def _wanted(element: elements.Element) -> Wanted:
    namespace = elements.attribute(element, "namespace") or ""
    called = elements.name_of(element)
    place = elements.place(element, f"import “{called}”")
    return Wanted(named_by(namespace), namespace, called, place)


def _inputs(model: dmn.Model) -> Iterator[declarations.Input]:
    seen: set[str] = set()
    for definitions, each in imports.inputs(model):
        found = _declared(each.variable.type_ref, definitions)
        if found is None or each.name in seen or not _PLAIN.fullmatch(each.name):
            continue
        seen.add(each.name)
        yield declarations.Input(
            name=each.name,
            kind=types.Kind.QUANTITY if found.kind is types.Kind.NUMBER else found.kind,
            scale=found.scale,
            low=found.low,
            high=found.high,
            words=each.description.strip().partition("\n")[0],
        )


def _outputs(model: dmn.Model, *, taken: set[str]) -> Iterator[declarations.OutputLine]:
    # No line is called like a fact or a decision, nor a decision like a fact.
    used = taken | {each.name for each in model.definitions.decisions}
    for each in model.definitions.decisions:
        found = _declared(each.variable.type_ref, model.definitions)
        if found is None or each.name in taken:
            continue
        plain = "_".join(re.findall(r"[A-Z0-9]+", each.name.upper())) or "LINE"
        plain = plain if plain[0].isalpha() else f"LINE_{plain}"
        names = (plain, *(f"{plain}_{number}" for number in range(2, len(used) + 3)))
        name = next(one for one in names if one not in used)
        used.add(name)
        yield declarations.OutputLine(
            decision=each.name, name=name, kind=found.kind, scale=found.scale
        )


@dataclass(frozen=True, slots=True)
class _Declared:
    kind: types.Kind
    scale: int = 0
    low: Decimal | None = None
    high: Decimal | None = None


def _declared(type_ref: str | None, definitions: dmn.Definitions) -> _Declared | None:
    """Return what a type says of a column; None for a list, a context or anything undeclared."""
    named = {each.name: each for each in definitions.item_definitions}
    is_money, tests, seen = False, None, set[str]()
    while type_ref in named and type_ref not in seen:
        item = named[type_ref]
        if item.is_collection or item.components:
            return None
        seen.add(type_ref)
        is_money = is_money or item.name.lower() == MONEY
        tests = tests or item.allowed_values
        type_ref = item.type_ref
    if type_ref == "number":
        return _number(tests, is_money=is_money)
    kind = _KINDS.get(type_ref or "")
    return None if kind is None else _Declared(kind)


def _number(tests: syntax.UnaryTests | None, *, is_money: bool) -> _Declared:
    low, high, decimals = _bounds(tests)
    scale = types.MONEY_SCALE if is_money else decimals
    return _Declared(types.Kind.MONEY if is_money else types.Kind.NUMBER, scale, low, high)


def _bounds(tests: syntax.UnaryTests | None) -> tuple[Decimal | None, Decimal | None, int]:
    """Return the ends of a type that is one range, and the decimals they are written with."""
    if tests is None or tests.is_negated or len(tests.tests) != 1:
        return None, None, DECIMALS
    test = tests.tests[0]
    within = test.expression if isinstance(test, syntax.Matches) else None
    if not isinstance(within, syntax.RangeLiteral):
        return None, None, DECIMALS
    low, high = _written(within.low), _written(within.high)
    if low is None or high is None or low > high:
        return None, None, DECIMALS
    scale = max(0, *(-int(each.as_tuple().exponent) for each in (low, high)))
    return low, high, scale


def _written(node: syntax.Expression | None) -> Decimal | None:
    if isinstance(node, syntax.Negation):
        inner = _written(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, syntax.NumberLiteral) else None
