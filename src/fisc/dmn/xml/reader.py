"""Reads a decision model from the bytes of its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fisc.dmn import model
from fisc.dmn.xml import cell_types, checks, elements, source
from fisc.dmn.xml.definitions import DefinitionsReader, graph, known_namespace
from fisc.dmn.xml.elements import Element
from fisc.dmn.xml.problems import ModelIsRefused, Problem, Problems

LARGEST_FILE = source.LARGEST_FILE


def read(
    content: bytes,
    *,
    imported: Iterable[bytes] = (),
    is_strict: bool = True,
    largest: int = LARGEST_FILE,
) -> model.Model:
    """Read a model and the files it imports.

    Strictly, anything unreadable, unknown or inconsistent is refused. Not strictly, FEEL that
    cannot be read has the value null when it is reached, as the compatibility kit expects.
    Raises `ModelIsRefused` with every problem found.
    """
    problems = Problems(is_strict=is_strict)
    roots = {}
    for each in imported:
        root = _opened(each, largest)
        roots[elements.attribute(root, "namespace") or ""] = root
    reading = _Reading(roots, problems)
    main = reading.definitions(_opened(content, largest))
    problems.refuse_if_any()
    others = tuple(each for each in reading.done.values() if each is not main)
    return model.Model(main, others, reading.nodes)


def _opened(content: bytes, largest: int) -> Element:
    root = source.root(content, largest=largest)
    namespace, name = elements.split_tag(root)
    if not known_namespace(root) or name != "definitions":
        versions = ", ".join(source.NAMESPACES.values())
        raise ModelIsRefused(
            [
                Problem(
                    elements.place(root, "the file"),
                    f"It is no decision model: it starts with <{name}> of {namespace or 'nothing'}."
                    f" DMN {versions} can be read.",
                )
            ]
        )
    return root


class _Reading:
    """Reads a file after the files it imports."""

    def __init__(self, roots: Mapping[str, Element], problems: Problems) -> None:
        self.roots = roots
        self.problems = problems
        self.done: dict[str, model.Definitions] = {}
        self.nodes: dict[model.Reference, model.Node] = {}
        self.waiting: list[str] = []

    def definitions(self, root: Element) -> model.Definitions:
        namespace = elements.attribute(root, "namespace") or ""
        self.waiting.append(namespace)
        for each in elements.children(root, "import"):
            self._import(each)
        reader = DefinitionsReader(root, dict(self.done), self.problems)
        read = reader.read()
        self.waiting.pop()
        self.done[namespace] = read
        for node in graph(read):
            self.nodes[model.Reference(namespace, node.id)] = node
        checks.check(read, self.nodes, self.problems)
        cell_types.check(read, self.problems)
        return read

    def _import(self, element: Element) -> None:
        namespace = elements.attribute(element, "namespace") or ""
        place = elements.place(element, f'import "{elements.name_of(element)}"')
        if namespace in self.waiting:
            self.problems.add(place, f"{namespace} imports itself, directly or through others.")
        elif namespace in self.done:
            return
        elif namespace in self.roots:
            self.definitions(self.roots[namespace])
        elif "DMN" in (elements.attribute(element, "importType") or "DMN"):
            self.problems.add(place, f"The file of {namespace} was not given.")
