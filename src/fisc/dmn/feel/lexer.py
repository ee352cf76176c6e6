"""Cuts FEEL text into tokens. Names of several words are put together later, by the parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["number", "string", "name", "symbol", "end"]

LONGEST_TEXT = 100_000

# Longest first, so that `..` is not read as two full stops.
_SYMBOLS = ("**", "<=", ">=", "!=", "..", "->", *"()[]{},:.+-*/<>=@'%&|!;#$^~")
# Names may hold any letter of any script, digits after the first character, and `_` or `?`.
_NAME = re.compile(
    r"(?:[^\W\d]|\?|[^\x00-\x7f\s])"
    r"(?:\w|\?|[^\x00-\x7f\s])*"
)
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPACE = re.compile(r"(?:\s|[\u200b\ufeff\u180e]|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class UnreadableFeel(Exception):
    """The text is not FEEL; says where and what was expected."""

    def __init__(self, problem: str, *, at: int, text: str) -> None:
        self.problem = problem
        self.at = at
        self.text = text
        super().__init__(near(problem, text, at))


def near(words: str, text: str, at: int) -> str:
    """Say in words where an offset is: `… at "rate *" (character 7)`."""
    if at >= len(text):
        return f'{words} at the end of "{_shortened(text[-40:])}"'
    return f'{words} at "{_shortened(text[at : at + 40])}" (character {at + 1})'


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) < 40 else line[:37] + "…"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    at: int

    def is_symbol(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens, ending with one of kind `end`; raises `UnreadableFeel`."""
    if len(text) > LONGEST_TEXT:
        raise UnreadableFeel(
            f"An expression may have {LONGEST_TEXT:,} characters; this has {len(text):,}.",
            at=0,
            text=text[:100],
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        token, at = _token(text, at)
        found.append(token)
    found.append(Token("end", "", len(text)))
    return found


def _token(text: str, at: int) -> tuple[Token, int]:
    if number := _NUMBER.match(text, at):
        return Token("number", number.group(), at), number.end()
    if name := _NAME.match(text, at):
        return Token("name", name.group(), at), name.end()
    if text[at] == '"':
        return _string(text, at)
    for symbol in _SYMBOLS:
        if text.startswith(symbol, at):
            return Token("symbol", symbol, at), at + len(symbol)
    raise UnreadableFeel(f"The character {text[at]!r} has no meaning here", at=at, text=text)


def _string(text: str, at: int) -> tuple[Token, int]:
    literal = _STRING.match(text, at)
    if literal is None:
        raise UnreadableFeel(
            'A text is opened by " and never closed; end it with another "',
            at=at,
            text=text,
        )
    value = _joined_surrogates(_ESCAPE.sub(_unescaped, literal.group(1)))
    return Token("string", value, at), literal.end()


def _joined_surrogates(value: str) -> str:
    """One character for each pair of UTF-16 escapes."""
    if not any("\ud800" <= character <= "\udfff" for character in value):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(escape: re.Match[str]) -> str:
    code = escape.group(1)
    if len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else escape.group()
    # A backslash before any other character stands for itself, as regular expressions need.
    return _ESCAPED.get(code, escape.group())


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The token texts of a name, by which it is recognized whatever its spaces."""
    try:
        return tuple(token.text for token in tokens(name)[:-1])
    except UnreadableFeel:
        return (name,)


def normalized(name: str) -> str:
    """A name with each run of spaces made one."""
    return " ".join(name.split())
