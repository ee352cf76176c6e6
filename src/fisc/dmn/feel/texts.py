"""How FEEL writes any value as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from fisc.dmn.feel import calendar, numbers
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.values import Function, Range, Value

_PLAIN_NAME = re.compile(r"[^\W\d]\w*(?: \w+)*")


def text(value: Value) -> str:
    """The value as string() gives it, shortened where it would be absurdly long."""
    if isinstance(value, str):
        return value
    parts: list[str] = []
    left = kinds.LONGEST_TEXT
    for part in _parts(value):
        parts.append(part)
        left -= len(part)
        if left < 0:
            parts.append("…")
            break
    return "".join(parts)


def _parts(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        yield "["
        for index, item in enumerate(value):
            yield ", " if index else ""
            yield from _parts(item)
        yield "]"
    elif isinstance(value, dict):
        yield "{"
        for index, (name, each) in enumerate(value.items()):
            yield f"{', ' if index else ''}{_key(name)}: "
            yield from _parts(each)
        yield "}"
    else:
        yield _inner(value)


def _inner(value: Value) -> str:
    """A plain value as it stands inside a list: text in quotes."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, Decimal):
        return numbers.text(value)
    return _other(value)


def _other(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Function):
        return f"function {value.name}".rstrip()
    if isinstance(value, Range):
        return _range(value)
    return calendar.text(value)


def _range(value: Range) -> str:
    if value.equality:
        return f"{value.equality} {_inner(value.low)}"
    if value.low is None and value.high is not None:
        return f"{'<=' if value.includes_high else '<'} {_inner(value.high)}"
    if value.high is None and value.low is not None:
        return f"{'>=' if value.includes_low else '>'} {_inner(value.low)}"
    opening = "[" if value.includes_low else "("
    closing = "]" if value.includes_high else ")"
    return f"{opening}{_inner(value.low)}..{_inner(value.high)}{closing}"


def _key(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else _inner(name)
