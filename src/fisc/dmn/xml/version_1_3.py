"""Turns a stored file of any version into a DMN 1.3 document for editors that open no other.

What a file says is never changed: namespaces are, and a drawing is added where there is none. What
is newer than 1.3 is refused by name, because an editor would drop it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from fisc.dmn.xml import drawings, elements, source
from fisc.dmn.xml.elements import Element
from fisc.dmn.xml.problems import ModelIsRefused, Problem

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"

_FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
_RENAMED = {
    **dict.fromkeys(source.NAMESPACES, NAMESPACE),
    "http://www.omg.org/spec/DMN/20180521/FEEL/": _FEEL,
    "https://www.omg.org/spec/DMN/20211108/FEEL/": _FEEL,
    "https://www.omg.org/spec/DMN/20230324/FEEL/": _FEEL,
    "http://www.omg.org/spec/DMN/20180521/DMNDI/": drawings.NAMESPACE,
    "https://www.omg.org/spec/DMN/20211108/DMNDI/": drawings.NAMESPACE,
    "https://www.omg.org/spec/DMN/20230324/DMNDI/": drawings.NAMESPACE,
}
# Attributes whose value is the address of a language, which changed with each version.
_LANGUAGES = ("expressionLanguage", "typeLanguage", "importType")
_NEWER = {
    "conditional": "a boxed if",
    "filter": "a boxed filter",
    "for": "a boxed for",
    "some": "a boxed some",
    "every": "a boxed every",
    "typeConstraint": "a constraint on a whole list",
}


class NotWritable(ModelIsRefused):
    """A file cannot be written as DMN 1.3; `problems` says each reason."""


def document(content: bytes) -> bytes:
    """Return a file as DMN 1.3 with a drawing of everything in it.

    A file that is both already comes back byte for byte. Raises NotWritable, and UnreadableXml for
    what is not XML at all.
    """
    root = source.root(content)
    if problems := list(_problems(root)):
        raise NotWritable(problems)
    renamed = root if elements.split_tag(root)[0] == NAMESPACE else _renamed(root)
    if not drawings.complete(renamed) and renamed is root:
        return content
    return etree.tostring(renamed, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def comments(content: bytes) -> int:
    """Return how many XML comments a file has: editors do not keep them.

    Raises UnreadableXml.
    """
    source.root(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return sum(1 for _ in etree.fromstring(content, parser).iter(etree.Comment))


def _problems(root: Element) -> Iterator[Problem]:
    namespace, name = elements.split_tag(root)
    if namespace not in source.NAMESPACES or name != "definitions":
        yield Problem(elements.place(root, "the file"), "It is no decision model.")
        return
    for element in root.iter():
        local = elements.local(element)
        if local in _NEWER and not _inside_extensions(element):
            words = f"It uses {_NEWER[local]} (<{local}>), which is newer than DMN 1.3."
            yield Problem(elements.place(element, _owner(element)), words)
    for element in elements.children(root, *drawings.DRAWN):
        if not elements.identity(element):
            named = elements.name_of(element) or elements.local(element)
            words = "It has no id, by which a drawing would name it."
            yield Problem(elements.place(element, f"“{named}”"), words)


def _inside_extensions(element: Element) -> bool:
    return any(elements.local(each) == "extensionElements" for each in element.iterancestors())


def _owner(element: Element) -> str:
    """Name the decision, function or type that something stands in."""
    named = [each for each in element.iterancestors() if elements.name_of(each)]
    return f"“{elements.name_of(named[-2] if len(named) > 1 else named[0])}”" if named else "it"


def _renamed(element: Element) -> Element:
    """Copy a tree, with every namespace and language of another version as 1.3 calls it."""
    copy = etree.Element(_in_1_3(str(element.tag)), nsmap=_prefixes(element))
    _copy_into(copy, element)
    return copy


def _copy_into(copy: Element, original: Element) -> None:
    copy.text, copy.tail = original.text, original.tail
    for name, value in original.attrib.items():
        given = _RENAMED.get(str(value), str(value)) if name in _LANGUAGES else str(value)
        copy.set(_in_1_3(str(name)), given)
    for child in original:
        tag = _in_1_3(str(child.tag))
        _copy_into(etree.SubElement(copy, tag, nsmap=_prefixes(child)), child)


def _prefixes(element: Element) -> dict[Any, str]:
    # Any: the default namespace has the prefix None, which lxml's types forget.
    return {prefix: _RENAMED.get(uri, uri) for prefix, uri in element.nsmap.items()}


def _in_1_3(name: str) -> str:
    namespace, brace, local = name.rpartition("}")
    return f"{{{_RENAMED.get(namespace[1:], namespace[1:])}}}{local}" if brace else name
