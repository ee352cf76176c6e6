"""Functions of text."""

from __future__ import annotations

from decimal import Decimal

from fisc.dmn.feel import patterns, texts
from fisc.dmn.feel.functions.registry import function
from fisc.dmn.feel.values import Value


@function("string", "from: any")
def string(value: Value) -> str | None:
    return None if value is None else texts.text(value)


@function("string length", "string: string")
def string_length(text: str) -> Decimal:
    return Decimal(len(text))


@function("upper case", "string: string")
def upper_case(text: str) -> str:
    return text.upper()


@function("lower case", "string: string")
def lower_case(text: str) -> str:
    return text.lower()


@function("substring", "string: string, start position: number, length: number? = _")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    first = int(start)
    if first == 0 or abs(first) > len(text) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    return text[begin : begin + int(min(length, Decimal(len(text))))]


@function("substring before", "string: string, match: string")
def substring_before(text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@function("substring after", "string: string, match: string")
def substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@function("contains", "string: string, match: string")
def contains(text: str, match: str) -> bool:
    return match in text


@function("starts with", "string: string, match: string")
def starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@function("ends with", "string: string, match: string")
def ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@function("matches", "input: string, pattern: string, flags: string? = _")
def matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    compiled = patterns.compiled(pattern, flags or "", text)
    return None if compiled is None else compiled.search(text) is not None


@function("replace", "input: string, pattern: string, replacement: string, flags: string? = _")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    compiled = patterns.compiled(pattern, flags or "", text)
    return None if compiled is None else patterns.replaced(compiled, replacement, text)


@function("split", "string: string, delimiter: string")
def split(text: str, delimiter: str) -> list[str] | None:
    compiled = patterns.compiled(delimiter, "", text)
    return None if compiled is None else patterns.split(compiled, text)


@function("string join", "list: list, delimiter: string? = _")
def string_join(items: list[Value], delimiter: str | None = None) -> str | None:
    if not all(item is None or isinstance(item, str) for item in items):
        return None
    return (delimiter or "").join(item for item in items if item is not None)


@function("string join", "list: list, delimiter: string?, prefix: string?, suffix: string?")
def string_join_between(
    items: list[Value], delimiter: str | None, prefix: str | None, suffix: str | None
) -> str | None:
    joined = string_join(items, delimiter)
    return None if joined is None else f"{prefix or ''}{joined}{suffix or ''}"
