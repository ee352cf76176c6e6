"""The drawing of a decision model: which box stands where, and the lines between them.

A drawing says nothing that is computed. Where a file has none, one is made: what is asked at the
bottom, each decision above what it needs.
"""

from __future__ import annotations

import dataclasses
import graphlib
from collections import defaultdict
from collections.abc import Iterator, Mapping

from lxml import etree

from fisc.dmn.xml import elements
from fisc.dmn.xml.elements import Element

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
_BOUNDS = "http://www.omg.org/spec/DMN/20180521/DC/"
_POINTS = "http://www.omg.org/spec/DMN/20180521/DI/"

DRAWN = ("inputData", "decision", "businessKnowledgeModel", "knowledgeSource")
_NEEDS = {
    "informationRequirement": ("requiredInput", "requiredDecision"),
    "knowledgeRequirement": ("requiredKnowledge",),
    "authorityRequirement": ("requiredInput", "requiredDecision", "requiredAuthority"),
}
# Points on a screen: nothing of a city.
_WIDTH, _HEIGHT = 180, 60
_ACROSS, _DOWN = 220, 140
_MARGIN = 100


@dataclasses.dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float = _WIDTH
    height: float = _HEIGHT

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def foot(self) -> float:
        return self.y + self.height


@dataclasses.dataclass(frozen=True)
class _Line:
    """A requirement: from what is needed to what needs it."""

    requirement: Element
    needed: str
    needing: str


def complete(root: Element) -> bool:
    """Draw, in a tree of DMN 1.3, everything that is not drawn; tell whether anything was.

    A drawing without any line is a list of boxes, and is laid out anew.
    """
    boxes = [each for each in root if elements.local(each) in DRAWN]
    lines = list(_lines(boxes))
    shapes = _drawn(root, "DMNShape")
    edges = _drawn(root, "DMNEdge")
    bare = [each for each in boxes if elements.identity(each) not in shapes]
    loose = [each for each in lines if elements.identity(each.requirement) not in edges]
    if not bare and not loose:
        return False
    diagram = _diagram(root)
    if not edges:
        for shape in shapes.values():
            _remove(shape)
        bare, shapes = boxes, {}
    places = {name: _box(shape) for name, shape in shapes.items()}
    added = _laid_out(bare, lines, below=max((each.foot for each in places.values()), default=0))
    for name, box in added.items():
        _draw_box(diagram, name, box)
    places.update(added)
    for number, line in enumerate(loose, start=1):
        if line.needed in places and line.needing in places:
            _draw_line(diagram, line, number, places)
    return True


def _lines(boxes: list[Element]) -> Iterator[_Line]:
    for box in boxes:
        for name, targets in _NEEDS.items():
            for requirement in elements.children(box, name):
                for target in elements.children(requirement, *targets):
                    namespace, _, needed = (target.get("href") or "").rpartition("#")
                    if not namespace:
                        yield _Line(requirement, str(needed), elements.identity(box))


def _drawn(root: Element, kind: str) -> dict[str, Element]:
    found = root.iter(f"{{{NAMESPACE}}}{kind}")
    return {str(each.get("dmnElementRef")): each for each in found}


def _remove(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None, "a shape stands in a diagram"
    parent.remove(element)


def _diagram(root: Element) -> Element:
    found = next(root.iter(f"{{{NAMESPACE}}}DMNDiagram"), None)
    if found is not None:
        return found
    prefixes = {"dmndi": NAMESPACE, "dc": _BOUNDS, "di": _POINTS}
    holder = etree.SubElement(root, f"{{{NAMESPACE}}}DMNDI", nsmap=prefixes)
    return etree.SubElement(holder, f"{{{NAMESPACE}}}DMNDiagram", id="drawing")


def _box(shape: Element) -> _Box:
    bounds = shape.find(f"{{{_BOUNDS}}}Bounds")
    if bounds is None:
        return _Box(_MARGIN, _MARGIN)
    given = {name: float(bounds.get(name) or 0) for name in ("x", "y", "width", "height")}
    return _Box(**given)


# --- Where things stand --------------------------------------------------------------------------


def _laid_out(bare: list[Element], lines: list[_Line], *, below: float) -> dict[str, _Box]:
    """Place boxes in rows: each above everything it needs, and about over the middle of it."""
    names = [elements.identity(each) for each in bare]
    needs: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        needs[line.needing].append(line.needed)
    heights = _heights(needs, names)
    top = below + _MARGIN
    highest = max(heights.values(), default=0)
    placed: dict[str, _Box] = {}
    for height in range(highest + 1):
        row = [name for name in names if heights[name] == height]
        wanted = {name: _over(name, needs, placed) for name in row}
        x = float(_MARGIN)
        for name in sorted(row, key=lambda each: wanted[each]):
            x = max(x, wanted[name])
            placed[name] = _Box(x, top + (highest - height) * _DOWN)
            x += _ACROSS
    return placed


def _heights(needs: Mapping[str, list[str]], names: list[str]) -> dict[str, int]:
    """Count the rows under each box. A circle, which the reader refuses, is laid out as one row."""
    heights = dict.fromkeys(names, 0)
    try:
        for name in graphlib.TopologicalSorter(needs).static_order():
            below = [heights[each] for each in needs.get(name, ()) if each in heights]
            if name in heights:
                heights[name] = 1 + max(below, default=-1)
    except graphlib.CycleError:
        return dict.fromkeys(names, 0)
    return heights


def _over(name: str, needs: Mapping[str, list[str]], placed: Mapping[str, _Box]) -> float:
    found = [placed[each].x for each in needs.get(name, ()) if each in placed]
    return sum(found) / len(found) if found else 0.0


# --- What is written -----------------------------------------------------------------------------


def _draw_box(diagram: Element, name: str, box: _Box) -> None:
    shape = etree.SubElement(
        diagram, f"{{{NAMESPACE}}}DMNShape", id=f"shape_{name}", dmnElementRef=name
    )
    given = {each.name: f"{getattr(box, each.name):g}" for each in dataclasses.fields(box)}
    etree.SubElement(shape, f"{{{_BOUNDS}}}Bounds", given)


def _draw_line(diagram: Element, line: _Line, number: int, places: Mapping[str, _Box]) -> None:
    if not elements.identity(line.requirement):
        line.requirement.set("id", f"requirement_{line.needing}_{number}")
    name = elements.identity(line.requirement)
    edge = etree.SubElement(
        diagram, f"{{{NAMESPACE}}}DMNEdge", id=f"edge_{name}", dmnElementRef=name
    )
    needed, needing = places[line.needed], places[line.needing]
    for x, y in ((needed.middle, needed.y), (needing.middle, needing.foot)):
        etree.SubElement(edge, f"{{{_POINTS}}}waypoint", x=f"{x:g}", y=f"{y:g}")
