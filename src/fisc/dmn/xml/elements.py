"""Small questions asked of XML elements."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from lxml import etree

from fisc.dmn.feel import lexer
from fisc.dmn.model import Place
from fisc.dmn.xml import source

Element = source.Element

EXPRESSIONS = frozenset(
    (
        *("literalExpression", "decisionTable", "context", "invocation", "list", "relation"),
        *("functionDefinition", "conditional", "filter", "for", "some", "every"),
    )
)


def split_tag(element: Element) -> tuple[str, str]:
    """Namespace and local name of an element."""
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace[1:], name


def local(element: Element) -> str:
    """The local name of a DMN element; empty for an element of another namespace."""
    return _local_of(str(element.tag))


# A table of twenty thousand rules asks half a million times for the same dozen names.
@functools.lru_cache(maxsize=1024)
def _local_of(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    return name if namespace[1:] in source.NAMESPACES else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    for child in element:
        if local(child) in names:
            yield child


def child(element: Element | None, name: str) -> Element | None:
    return None if element is None else next(children(element, name), None)


def expression_child(element: Element | None) -> Element | None:
    """The boxed expression directly inside an element."""
    return None if element is None else next(children(element, *EXPRESSIONS), None)


def text(element: Element | None) -> str:
    """All text of an element."""
    return "" if element is None else "".join(str(part) for part in element.itertext())


def child_text(element: Element | None, name: str) -> str:
    return text(child(element, name))


def attribute(element: Element, name: str) -> str | None:
    value = element.get(name)
    return None if value is None else str(value)


def name_of(element: Element) -> str:
    return lexer.normalized(attribute(element, "name") or "")


def identity(element: Element) -> str:
    return attribute(element, "id") or ""


def identity_or_name(element: Element) -> str:
    """What an element of the graph is found by; its name where the file gives it no id."""
    return identity(element) or name_of(element)


def description(element: Element) -> str:
    return child_text(element, "description").strip()


def place(element: Element, words: str) -> Place:
    return Place(words, source.line(element))


def extensions(element: Element) -> dict[str, str]:
    """What an element carries for others: attributes and extension elements not of DMN."""
    found = {
        str(name): str(value) for name, value in element.attrib.items() if str(name).startswith("{")
    }
    for holder in children(element, "extensionElements"):
        for extension in holder:
            found[str(extension.tag)] = etree.tostring(
                extension, encoding="unicode", with_tail=False
            )
    return found


def type_ref(element: Element) -> str | None:
    """The type an element names, as an attribute or, in item definitions, as a child."""
    written = attribute(element, "typeRef") or child_text(element, "typeRef")
    name = lexer.normalized(written)
    if name.startswith(("feel:", "feel.")):
        name = name[5:]
    return name or None
