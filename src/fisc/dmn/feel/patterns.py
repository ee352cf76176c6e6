"""Regular expressions as FEEL has them (XPath's), carried out by Python's."""

from __future__ import annotations

import re
from functools import lru_cache

from fisc.dmn.feel import values as kinds

LONGEST_PATTERN = 1000
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": 0, "q": 0}
_REFERENCE = re.compile(r"\\(.)|\$([0-9]+)|(\$|\\)", re.DOTALL)
_PART = re.compile(r"\\.|\s+|\[|\$|.", re.DOTALL)
_LONE_BRACKET = re.compile(r"\\.|\[", re.DOTALL)
_BACK_REFERENCE = re.compile(r"\\[0-9]")
# Classes of characters by the name of their Unicode block, as far as anybody has asked.
_BLOCKS = {"IsBasicLatin": r"\x00-\x7f", "IsLatin-1Supplement": r"\x80-\xff"}
_BLOCK = re.compile(r"\\([pP])\{([^}]*)\}")


class UnusablePattern(Exception):
    """The pattern is no regular expression of FEEL's."""


class UnusableReplacement(Exception):
    """A replacement has a lone `$` or backslash."""


def compiled(pattern: str, flags: str, text: str) -> re.Pattern[str] | None:
    """The pattern ready to be sought in a text.

    None when FEEL has no such pattern or flag, or when the search might never end.
    """
    found = _compiled(pattern, flags)
    return found if found is not None and is_safe(found, text) else None


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> re.Pattern[str] | None:
    if any(flag not in _FLAGS for flag in flags) or len(pattern) > LONGEST_PATTERN:
        return None
    options = re.NOFLAG
    for flag in flags:
        options |= _FLAGS[flag]
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    try:
        return re.compile(_translated(pattern, flags), options)
    except (UnusablePattern, re.error, RecursionError, OverflowError):
        return None


def _translated(pattern: str, flags: str) -> str:
    """The pattern as Python writes it; raises `UnusablePattern`."""
    if "x" in flags:
        pattern = _without_spaces(pattern)
    parts = []
    at = 0
    while at < len(pattern):
        if block := _BLOCK.match(pattern, at):
            parts.append(f"[{'^' if block[1] == 'P' else ''}{_block(block[2])}]")
            at = block.end()
            continue
        part = _PART.match(pattern, at)
        assert part is not None
        if part.group() == "[":
            translated, at = _class(pattern, at)
            parts.append(translated)
            continue
        parts.append(_part(part.group(), flags))
        at = part.end()
    return "".join(parts)


def _part(part: str, flags: str) -> str:
    if part == "\\0":
        raise UnusablePattern(part)
    if part == "$" and "m" not in flags:
        # Python's $ also matches before a last line feed.
        return r"\Z"
    if part == "." and "s" not in flags:
        return r"[^\n\r]"
    return part


def _block(name: str) -> str:
    if name not in _BLOCKS:
        raise UnusablePattern(name)
    return _BLOCKS[name]


def _without_spaces(pattern: str) -> str:
    """The pattern without white space, which counts only inside square brackets."""
    depth, kept = 0, []
    for index, character in enumerate(pattern):
        is_escaped = index > 0 and pattern[index - 1] == "\\"
        if not is_escaped:
            depth += (character == "[") - (character == "]")
        if depth > 0 or not character.isspace():
            kept.append(character)
    return "".join(kept)


def _class(pattern: str, start: int) -> tuple[str, int]:
    """A class in square brackets; `[A-Z-[OI]]` takes away what the inner class has."""
    at = start + 1
    while at < len(pattern) and pattern[at] != "]":
        if pattern.startswith("-[", at):
            taken, after = _class(pattern, at + 1)
            if not pattern.startswith("]", after):
                raise UnusablePattern(pattern)
            return f"(?:(?!{taken}){_checked(pattern[start:at])}])", after + 1
        at += 2 if pattern[at] == "\\" else 1
    if at >= len(pattern):
        raise UnusablePattern(pattern)
    return f"{_checked(pattern[start:at])}]", at + 1


def _checked(opened_class: str) -> str:
    if _BACK_REFERENCE.search(opened_class):
        raise UnusablePattern(opened_class)
    # A lone bracket inside a class could be read by Python as the start of a set operation.
    return opened_class[0] + _LONE_BRACKET.sub(
        lambda found: r"\[" if found[0] == "[" else found[0], opened_class[1:]
    )


# Texts that a pattern of one repetition inside another may look at: such a pattern can try
# twice as many ways for each further character.
_SHORT_TEXT = 20
_MOST_WAYS = 10**8
_REPEATS = re.compile(r"[*+]|\{[0-9]+,[0-9]*\}")


def is_safe(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a search is sure to end soon."""
    if len(text) <= _SHORT_TEXT:
        return True
    # Each repetition may try every length of text that is left.
    repetitions = max(1, len(_REPEATS.findall(pattern.pattern)))
    ways = len(text) ** repetitions
    return ways <= _MOST_WAYS and not _nests_repetitions(pattern.pattern)


@lru_cache(maxsize=512)
def _nests_repetitions(pattern: str) -> bool:
    """Whether a group that repeats or chooses inside is itself repeated."""
    groups = [False]
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 2
            continue
        if pattern[at] == "[":
            at = _after_class(pattern, at)
            continue
        if pattern[at] == "(":
            groups.append(False)
        elif pattern[at] == ")" and len(groups) > 1:
            is_busy = groups.pop()
            is_repeated = _REPEATS.match(pattern, at + 1) is not None
            if is_busy and is_repeated:
                return True
            groups[-1] = groups[-1] or is_busy or is_repeated
        elif pattern[at] == "|" or _REPEATS.match(pattern, at):
            groups[-1] = True
        at += 1
    return False


def _after_class(pattern: str, start: int) -> int:
    at = start + 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def replaced(pattern: re.Pattern[str], replacement: str, text: str) -> str | None:
    """The text with each match replaced, `$1` standing for the first group; None if unusable."""
    if pattern.search("") is not None:
        return None  # FEEL refuses a pattern that matches nothing at all.
    if len(text) * max(1, len(replacement)) > 10 * kinds.LONGEST_TEXT:
        return None
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
