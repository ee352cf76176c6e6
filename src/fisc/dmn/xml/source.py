"""Opens XML safely: no entities, no document type, no network, limits on size and depth."""

from __future__ import annotations

import re
from typing import Any, cast

from lxml import etree

from fisc.dmn.model import Place
from fisc.dmn.xml.problems import Problem, UnreadableXml

LARGEST_FILE = 10_000_000
DEEPEST_ELEMENT = 150

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}

_DOCTYPE = re.compile(rb"<!\s*DOCTYPE", re.IGNORECASE)


def _refusal(words: str, *, line: int = 0) -> UnreadableXml:
    return UnreadableXml([Problem(Place("the file", line), words)])


# lxml has no public name for the type of an element.
Element = etree._Element  # noqa: SLF001


def line(element: Element) -> int:
    """The line an element starts on."""
    found: Any = element.sourceline
    return int(found or 0)


def root(content: bytes, *, largest: int = LARGEST_FILE) -> Element:
    """Open XML from bytes; raises `UnreadableXml` with the reason."""
    if len(content) > largest:
        raise _refusal(
            f"It has {len(content):,} bytes; the most that is opened is {largest:,}. Put long"
            " look-up tables into files of their own."
        )
    if not content.strip():
        raise _refusal("It is empty.")
    _refuse_document_type(content)
    # The parser's own limits stay on (huge_tree=False): 256 levels, 10 MB of text a node.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        opened = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise _refusal(_in_words(problem), line=problem.lineno or 0) from problem
    except ValueError as problem:
        raise _refusal(f"It is not XML: {problem}") from problem
    opened_as: Any = opened.getroottree().docinfo
    if opened_as.doctype:
        raise _no_document_type()
    _refuse_depth(opened)
    return opened


def _refuse_document_type(content: bytes) -> None:
    # Also as UTF-16 writes it, with a zero byte beside each letter.
    if _DOCTYPE.search(content.replace(b"\x00", b"")):
        raise _no_document_type()


def _no_document_type() -> UnreadableXml:
    return _refusal(
        "It declares a document type or entities (<!DOCTYPE …>). A decision model needs none, and"
        " they are never opened: save it again from a DMN editor."
    )


# The first element that stands too deep. Asked inside libxml2: a walk in Python makes an object
# of each of the half million elements of a large table.
_TOO_DEEP = etree.XPath(f"({'/*' * (DEEPEST_ELEMENT + 1)})[1]")


def _refuse_depth(opened: Element) -> None:
    # A path of elements gives elements; the package's types allow for any other result too.
    found = cast("list[Element]", _TOO_DEEP(opened))
    if found:
        raise _refusal(
            f"Its elements are nested more than {DEEPEST_ELEMENT} deep.", line=line(found[0])
        )


def _in_words(problem: etree.XMLSyntaxError) -> str:
    message = problem.msg or "unknown reason"
    if "depth" in message.lower():
        return f"Its elements are nested too deep ({message})."
    return f"It is not well-formed XML: {message}."
