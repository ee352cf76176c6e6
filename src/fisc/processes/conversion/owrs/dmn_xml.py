"""Decisions as DMN 1.3, the version that every editor opens, with a drawing of what asks what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lxml import etree

from fisc.processes.conversion.owrs import decisions

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DRAWING = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
SHAPES = "http://www.omg.org/spec/DMN/20180521/DC/"

# The default namespace has no prefix, which the stubs of lxml do not know.
_PREFIXES: Any = {None: MODEL, "dmndi": DRAWING, "dc": SHAPES}
_WIDTH, _HEIGHT, _STEP_ACROSS, _STEP_DOWN, _IN_A_ROW = 180, 60, 200, 110, 10


def write(
    *,
    name: str,
    identifier: str,
    description: str,
    inputs: Mapping[str, decisions.Kind],
    made: Sequence[decisions.Decision],
) -> bytes:
    """Return the bytes of a file; the same decisions give the same bytes."""
    root = etree.Element(
        f"{{{MODEL}}}definitions",
        {
            "id": f"_{identifier}",
            "name": name,
            "namespace": f"https://fisc.example/tables/{identifier}",
        },
        nsmap=_PREFIXES,
    )
    _child(root, "description").text = description
    ids = _ids(inputs, made)
    for each, kind in inputs.items():
        data = _child(root, "inputData", id=ids[each], name=each)
        _child(data, "variable", id=f"{ids[each]}_v", name=each, typeRef=kind.value)
    for decision in made:
        _decision(root, decision, ids)
    _drawing(root, [ids[each] for each in inputs], [ids[each.name] for each in made])
    etree.indent(root)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content + b"\n"


def _child(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{MODEL}}}{tag}", attributes)


def _ids(inputs: Iterable[str], made: Iterable[decisions.Decision]) -> dict[str, str]:
    names = [*((each, "i_") for each in inputs), *((each.name, "d_") for each in made)]
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for name, start in names:
        base = start + re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower()
        wanted, number = base, 1
        while wanted in taken:
            number += 1
            wanted = f"{base}__{number}"
        taken.add(wanted)
        ids[name] = wanted
    return ids


def _decision(root: etree._Element, decision: decisions.Decision, ids: Mapping[str, str]) -> None:
    own = ids[decision.name]
    element = _child(root, "decision", id=own, name=decision.name)
    _child(element, "description").text = decision.description
    _child(element, "variable", id=f"{own}_v", name=decision.name, typeRef=decision.kind.value)
    for number, name in enumerate(decision.requires, start=1):
        needed = _child(element, "informationRequirement", id=f"{own}_n{number}")
        tag = "requiredInput" if ids[name].startswith("i_") else "requiredDecision"
        _child(needed, tag, href=f"#{ids[name]}")
    if isinstance(decision.body, decisions.Table):
        _table(element, decision.body, own, decision.kind)
    else:
        literal = _child(element, "literalExpression", id=f"{own}_e")
        _child(literal, "text").text = decision.body


def _table(parent: etree._Element, table: decisions.Table, own: str, kind: decisions.Kind) -> None:
    element = _child(parent, "decisionTable", id=f"{own}_t")
    element.set("hitPolicy", "COLLECT" if table.is_sum else "UNIQUE")
    if table.is_sum:
        element.set("aggregation", "SUM")
    for number, (name, of_column) in enumerate(table.columns, start=1):
        column = _child(element, "input", id=f"{own}_c{number}", label=name)
        asked = _child(column, "inputExpression", id=f"{own}_c{number}_e", typeRef=of_column.value)
        _child(asked, "text").text = name
    _child(element, "output", id=f"{own}_o", typeRef=kind.value)
    _child(element, "annotation", name="citation")
    for number, rule in enumerate(table.rules, start=1):
        row = _child(element, "rule", id=f"{own}_r{number}")
        for place, test in enumerate(rule.tests, start=1):
            cell = _child(row, "inputEntry", id=f"{own}_r{number}_i{place}")
            _child(cell, "text").text = test
        result = _child(row, "outputEntry", id=f"{own}_r{number}_o")
        _child(result, "text").text = rule.output
        _child(_child(row, "annotationEntry"), "text").text = rule.citation


def _drawing(root: etree._Element, inputs: Sequence[str], made: Sequence[str]) -> None:
    diagrams = etree.SubElement(root, f"{{{DRAWING}}}DMNDI")
    diagram = etree.SubElement(diagrams, f"{{{DRAWING}}}DMNDiagram", {"id": "drawing"})
    rows = [list(made[at : at + _IN_A_ROW]) for at in range(0, len(made), _IN_A_ROW)]
    rows += [list(inputs[at : at + _IN_A_ROW]) for at in range(0, len(inputs), _IN_A_ROW)]
    for down, row in enumerate(rows):
        for across, each in enumerate(row):
            shape = etree.SubElement(
                diagram, f"{{{DRAWING}}}DMNShape", {"id": f"s_{each}", "dmnElementRef": each}
            )
            etree.SubElement(
                shape,
                f"{{{SHAPES}}}Bounds",
                {
                    "x": str(_STEP_ACROSS * across),
                    "y": str(_STEP_DOWN * down),
                    "width": str(_WIDTH),
                    "height": str(_HEIGHT),
                },
            )
