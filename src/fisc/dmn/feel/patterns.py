"""Regular expressions as FEEL has them (XPath's), carried out by Python's."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_PATTERN = 1000
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": 0, "q": 0}
_REFERENCE = re.compile(r"\\(.)|\$([0-9]+)|(\$|\\)", re.DOTALL)
_CLASS = re.compile(r"\[(?:\\.|[^\\\]])*\]|\\.|\s+|\$|.", re.DOTALL)


class UnusableReplacement(Exception):
    """A replacement has a lone `$` or backslash."""


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> re.Pattern[str] | None:
    """The pattern ready for use, or None when FEEL has no such pattern or flag."""
    if any(flag not in _FLAGS for flag in flags) or len(pattern) > LONGEST_PATTERN:
        return None
    options = re.NOFLAG
    for flag in flags:
        options |= _FLAGS[flag]
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    try:
        return re.compile(_translated(pattern, flags), options)
    except (re.error, RecursionError, OverflowError):
        return None


def _translated(pattern: str, flags: str) -> str:
    parts = []
    for part in _CLASS.findall(pattern):
        if part.isspace() and "x" in flags:
            continue
        if part == "$" and "m" not in flags:
            # Python's $ also matches before a last line feed.
            parts.append(r"\Z")
        elif part == "." and "s" not in flags:
            parts.append(r"[^\n\r]")
        else:
            parts.append(part)
    return "".join(parts)


def replaced(pattern: re.Pattern[str], replacement: str, text: str) -> str | None:
    """The text with each match replaced, `$1` standing for the first group; None if unusable."""
    if pattern.search("") is not None:
        return None  # FEEL refuses a pattern that matches nothing at all.
    try:
        return pattern.sub(lambda match: _filled(match, replacement), text)
    except UnusableReplacement:
        return None


def _filled(match: re.Match[str], replacement: str) -> str:
    def part(reference: re.Match[str]) -> str:
        if reference[1] is not None:
            if reference[1] not in "$\\":
                raise UnusableReplacement(replacement)
            return reference[1]
        if reference[2] is None:
            raise UnusableReplacement(replacement)
        return _group(match, reference[2])

    return _REFERENCE.sub(part, replacement)


def _group(match: re.Match[str], digits: str) -> str:
    # As many digits as there are groups; the rest stand for themselves.
    groups = len(match.groups())
    kept = digits
    while len(kept) > 1 and int(kept) > groups:
        kept = kept[:-1]
    number = int(kept)
    found = (match[number] or "") if number <= groups else ""
    return found + digits[len(kept) :]


def split(pattern: re.Pattern[str], text: str) -> list[str] | None:
    """The parts of the text between matches."""
    if pattern.search("") is not None:
        return None
    parts, start = [], 0
    for match in pattern.finditer(text):
        parts.append(text[start : match.start()])
        start = match.end()
    return [*parts, text[start:]]
