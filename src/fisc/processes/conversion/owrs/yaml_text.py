"""YAML of rate files, read safely: every scalar stays text, nothing is guessed, limits hold.

PyYAML gives the events; the tree is built here, so that duplicate keys, aliases, tags and a second
document are refused instead of resolved, and no text is ever turned into a number or a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

import yaml
from yaml import events

LARGEST_FILE = 2_000_000
MOST_LEVELS = 16
MOST_NODES = 200_000

Node = str | list["Node"] | dict[str, "Node"]

# YAML allows a tab between words, but PyYAML only where no token starts. Indentation stays as is.
_TAB_BETWEEN_WORDS = re.compile(r"(?<=\S)([ \t]*\t[ \t]*)", re.ASCII)


class _Mark(Protocol):
    """A place in a text, counted from 0."""

    line: int
    column: int


class YamlIsRefused(Exception):
    """A text is not YAML that a rate file may be written in; the words say where."""


def read(content: bytes) -> Node:
    """Read one document as texts, lists and mappings. Raises YamlIsRefused."""
    if len(content) > LARGEST_FILE:
        raise YamlIsRefused(f"The file is larger than {LARGEST_FILE:,} bytes.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise YamlIsRefused(f"The file is not UTF-8 text: {problem}.") from problem
    text = _TAB_BETWEEN_WORDS.sub(" ", text)
    try:
        return _Reading(yaml.parse(text, Loader=yaml.SafeLoader)).document()
    except yaml.MarkedYAMLError as problem:
        raise YamlIsRefused(f"Not YAML{_at(problem.problem_mark)}: {_said(problem)}.") from problem
    except yaml.YAMLError as problem:
        raise YamlIsRefused(f"Not YAML: {' '.join(str(problem).split())}.") from problem


def _said(problem: yaml.MarkedYAMLError) -> str:
    return ", ".join(each for each in (problem.context, problem.problem) if each)


def _at(mark: _Mark | None) -> str:
    return "" if mark is None else f", line {mark.line + 1}, column {mark.column + 1}"


class _Reading:
    """Builds the tree of one document from events."""

    def __init__(self, found: Iterator[events.Event]) -> None:
        self._found = found
        self._nodes = 0

    def document(self) -> Node:
        started = next(self._found)
        assert isinstance(started, events.StreamStartEvent), "a stream starts so"
        if isinstance(next(self._found), events.StreamEndEvent):
            raise YamlIsRefused("The file is empty.")
        tree = self._node(next(self._found), level=0)
        next(self._found)
        if not isinstance(after := next(self._found), events.StreamEndEvent):
            raise YamlIsRefused(f"A second document starts{_at(after.start_mark)}; one is read.")
        return tree

    def _node(self, event: events.Event, *, level: int) -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES or level > MOST_LEVELS:
            raise YamlIsRefused(
                f"Too much{_at(event.start_mark)}: a rate file has at most {MOST_LEVELS} levels and"
                f" {MOST_NODES:,} entries."
            )
        if isinstance(event, events.AliasEvent):
            raise YamlIsRefused(
                f"“*{event.anchor}” repeats another place{_at(event.start_mark)}; write it out."
            )
        if getattr(event, "tag", None) is not None:
            raise YamlIsRefused(f"A type is named{_at(event.start_mark)}; leave it out.")
        if isinstance(event, events.ScalarEvent):
            return str(event.value)
        if isinstance(event, events.SequenceStartEvent):
            return self._list(level)
        assert isinstance(event, events.MappingStartEvent), "no other node is left"
        return self._mapping(level)

    def _list(self, level: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(self._found), events.SequenceEndEvent):
            items.append(self._node(event, level=level + 1))
        return items

    def _mapping(self, level: int) -> dict[str, Node]:
        items: dict[str, Node] = {}
        while not isinstance(event := next(self._found), events.MappingEndEvent):
            key = self._node(event, level=level + 1)
            if not isinstance(key, str):
                raise YamlIsRefused(f"A key is no text{_at(event.start_mark)}.")
            if key in items:
                raise YamlIsRefused(f"“{key}” is written twice{_at(event.start_mark)}.")
            items[key] = self._node(next(self._found), level=level + 1)
        return items
