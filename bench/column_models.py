"""The tables that `bench.columns` computes: as DMN for Fisc, as JDM and expressions for zen."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from fisc.dmn.columns import compile, types
from fisc.dmn.xml import reader

DECISION = "Water charge"
SIZES = ("5/8", "3/4", "1", "1 1/2", "2", "3", "4", "6")
CLASSES = tuple(f"class {number:02}" for number in range(50))

_BASES = ("40.95", "40.95", "102.35", "204.70", "327.51", "655.02", "1023.47", "2046.94")
# Where a block ends, and its price per 1,000 gallons.
_BLOCKS = (("6", "6.85"), ("9", "12.00"), ("12", "13.735"), ("20", "14.425"), ("", "15.035"))

INPUTS = (
    types.Declared("usage_kgal", types.Kind.QUANTITY, scale=3, low=0, high=10_000_000),
    types.Declared("meter_size", types.Kind.CODE, codes=SIZES),
    types.Declared("rate_class", types.Kind.CODE, codes=CLASSES),
)
OUTPUTS = (types.Declared(DECISION, types.Kind.MONEY),)


def compiled(
    content: bytes, *, numbers: compile.Numbers = compile.Numbers.PROVED
) -> compile.Program:
    """Read a model and compile it; nothing may be left to the case evaluator."""
    model = reader.read(content)
    asked = {each.name for each in model.definitions.inputs}
    inputs = [each for each in INPUTS if each.name in asked]
    program = compile.compile_model(model=model, inputs=inputs, outputs=OUTPUTS, numbers=numbers)
    assert not program.by_case, compile.words(program.report)
    return program


# --- DMN -----------------------------------------------------------------------------------------


def _model(decisions: str, names: Sequence[str]) -> bytes:
    inputs = "".join(
        f'<inputData id="i_{each.name}" name="{each.name}">'
        f'<variable id="v_{each.name}" name="{each.name}"/></inputData>'
        for each in INPUTS
        if each.name in names
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="Bench"'
        f' namespace="urn:bench">{inputs}{decisions}</definitions>'
    ).encode()


def _decision(name: str, needs: Sequence[str], body: str) -> str:
    needed = "".join(
        f'<informationRequirement id="r_{name}_{place}">{each}</informationRequirement>'
        for place, each in enumerate(needs)
    )
    return (
        f'<decision id="{name}" name="{name}"><variable id="v_{name}" name="{name}"'
        f' typeRef="number"/>{needed}{body}</decision>'
    ).replace('id="Water charge"', 'id="charge"')


def _input(name: str) -> str:
    return f'<requiredInput href="#i_{name}"/>'


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def _table(inputs: Sequence[str], rules: Sequence[Sequence[str]]) -> str:
    columns = "".join(
        f'<input id="c{place}"><inputExpression id="e{place}">{_text(each)}'
        "</inputExpression></input>"
        for place, each in enumerate(inputs)
    )
    rows = []
    for number, cells in enumerate(rules):
        conditions = "".join(
            f'<inputEntry id="r{number}c{place}">{_text(each)}</inputEntry>'
            for place, each in enumerate(cells[:-1])
        )
        rows.append(
            f'<rule id="r{number}">{conditions}<outputEntry id="r{number}o">'
            f"{_text(cells[-1])}</outputEntry></rule>"
        )
    return (
        f'<decisionTable id="t" hitPolicy="UNIQUE">{columns}<output id="o"/>{"".join(rows)}'
        "</decisionTable>"
    )


def _tiers() -> str:
    parts = []
    start = "0"
    for end, price in _BLOCKS:
        capped = f"min(usage_kgal, {end})" if end else "usage_kgal"
        above = f"max(0, {capped} - {start})" if start != "0" else capped
        parts.append(f"{above} * {price}")
        start = end
    return " + ".join(parts)


WATER = _model(
    _decision(
        "Base",
        [_input("meter_size")],
        _table(
            ["meter_size"],
            [[f'"{size}"', base] for size, base in zip(SIZES, _BASES, strict=True)],
        ),
    )
    + _decision(
        DECISION,
        [_input("usage_kgal"), '<requiredDecision href="#Base"/>'],
        f'<literalExpression id="l">{_text(f"round half up(Base + {_tiers()}, 2)")}'
        "</literalExpression>",
    ),
    names=("usage_kgal", "meter_size"),
)


def many_rows(*, classes: int, ranges: int) -> bytes:
    """A table with a row for each class and range of usage, each with its own price.

    Classes past those listed take the last row, so that every account has an answer.
    """
    rules = []
    for place in range(classes):
        name = f'"{CLASSES[place]}"'
        if place == classes - 1:
            name = ", ".join(f'"{each}"' for each in CLASSES[place:])
        for step in range(ranges):
            last = step == ranges - 1
            span = f">= {step * 2}" if last else f"[{step * 2}..{step * 2 + 2})"
            price = f"{5 + place % 7}.{step:02}5"
            rules.append([name, span, f"round half up({20 + place} + usage_kgal * {price}, 2)"])
    names = ("rate_class", "usage_kgal")
    needs = [_input(each) for each in names]
    return _model(_decision(DECISION, needs, _table(names, rules)), names=names)


# --- zen-engine ----------------------------------------------------------------------------------


def _zen_tiers(usage: str) -> str:
    parts = []
    start = "0"
    for end, price in _BLOCKS:
        capped = f"min([{usage}, {end}])" if end else usage
        above = f"max([0, {capped} - {start}])" if start != "0" else capped
        parts.append(f"{above} * {price}")
        start = end
    return " + ".join(parts)


def zen_expression(usage: str, size: str) -> str:
    """The whole rate as one expression, sizes as a chain of conditions."""
    base = _BASES[-1]
    for name, price in reversed(list(zip(SIZES, _BASES, strict=True))[:-1]):
        base = f"({size} == '{name}' ? {price} : {base})"
    return f"round({base} + {_zen_tiers(usage)}, 2)"


def zen_graph() -> dict[str, object]:
    """A table for the base, then an expression for the charge, as its editor would save them."""
    table = {
        "hitPolicy": "first",
        "passThrough": True,
        "inputs": [{"id": "size", "name": "size", "field": "size"}],
        "outputs": [{"id": "base", "name": "base", "field": "base"}],
        "rules": [
            {"_id": str(place), "size": f'"{size}"', "base": base}
            for place, (size, base) in enumerate(zip(SIZES, _BASES, strict=True))
        ],
    }
    charge = f"round(base + {_zen_tiers('usage')}, 2)"
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "content": {"schema": ""}},
            {"id": "table", "type": "decisionTableNode", "name": "base", "content": table},
            {
                "id": "sum",
                "type": "expressionNode",
                "name": "charge",
                "content": {"expressions": [{"id": "x", "key": "total", "value": charge}]},
            },
            {"id": "out", "type": "outputNode", "name": "out", "content": {"schema": ""}},
        ],
        "edges": [
            {"id": f"e{place}", "sourceId": source, "targetId": target, "type": "edge"}
            for place, (source, target) in enumerate(
                [("in", "table"), ("table", "sum"), ("sum", "out")]
            )
        ],
    }
