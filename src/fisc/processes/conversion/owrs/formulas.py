"""Formulas of rate files: numbers, names, `+ - * /` and parentheses; nothing is ever executed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

LONGEST_FORMULA = 4_000
MOST_DIGITS = 30
MOST_WORDS = 400
MOST_LEVELS = 40

# Only this module writes it, around the operands of a budget; no text of a file holds it.
_ROUND = "round of a budget's operand"

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?)(?![\w.])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_.]*)|(?P<sign>[-+*/()]))"
)


class FormulaIsWrong(ValueError):
    """A text is no formula that can be read."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Node


@dataclass(frozen=True, slots=True)
class Rounded:
    """To a whole unit, halves to the even one."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    sign: str
    left: Node
    right: Node


Node = Number | Name | Negative | Rounded | Binary


def parse(text: str, *, names: Collection[str] = (), rounds_operands: bool = False) -> Node:
    """Read a formula; `names` with hyphens are known as one name where the text has them.

    With `rounds_operands` each operand between `+` and `*` is rounded, as the reference does in
    every field that is called a budget. Raises FormulaIsWrong.
    """
    tokens = _tokens(text, hyphenated=[each for each in names if "-" in each])
    return _Parser(text, _with_rounding(tokens) if rounds_operands else tokens).whole()


def names_in(node: Node) -> frozenset[str]:
    """Return the names that a formula asks for."""
    if isinstance(node, Name):
        return frozenset({node.name})
    if isinstance(node, Number):
        return frozenset()
    if isinstance(node, Binary):
        return names_in(node.left) | names_in(node.right)
    return names_in(node.operand)


def _number(text: str) -> Number:
    value = Decimal(text)
    if len(format(value, "f")) > MOST_DIGITS:
        raise FormulaIsWrong(f"the number {text} has more than {MOST_DIGITS} digits")
    return Number(value)


def _tokens(text: str, *, hyphenated: Sequence[str]) -> list[str]:
    if len(text) > LONGEST_FORMULA:
        raise FormulaIsWrong(f"a formula of more than {LONGEST_FORMULA:,} characters")
    if not text.strip():
        raise FormulaIsWrong("nothing is written where a number or a formula is due")
    tokens: list[str] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        start = place + len(text[place:]) - len(text[place:].lstrip())
        known = max(
            (each for each in hyphenated if _stands(text, each, start)), default="", key=len
        )
        match = None if known else _TOKEN.match(text, place)
        if not known and match is None:
            raise FormulaIsWrong(
                f"“{text}” is no formula at “{text[start : start + 20]}”: numbers, names,"
                " + - * / and parentheses are read"
            )
        tokens.append(known or (match[match.lastgroup or 0] if match else ""))
        place = start + len(known) if match is None else match.end()
        if len(tokens) > MOST_WORDS:
            raise FormulaIsWrong(f"a formula of more than {MOST_WORDS} numbers, names and signs")
    return tokens


def _stands(text: str, name: str, start: int) -> bool:
    after = text[start + len(name) : start + len(name) + 1]
    return text.startswith(name, start) and not (after.isalnum() or after in {"_", "-", "."})


def _with_rounding(tokens: Sequence[str]) -> list[str]:
    """Write the rounding around whatever stands between plus and times signs, as text.

    The reference works on the text too: in `(a+b)*2` the operands are `(a`, `b)` and `2`.
    """
    written = [_ROUND, "("]
    for each in tokens:
        written += [")", each, _ROUND, "("] if each in {"+", "*"} else [each]
    return [*written, ")"]


class _Parser:
    """Recursive descent: a sum of products of signed atoms."""

    def __init__(self, text: str, tokens: Sequence[str]) -> None:
        self._text = text
        self._tokens = tokens
        self._place = 0
        self._level = 0

    def whole(self) -> Node:
        node = self._sum()
        if self._next is not None:
            raise self._wrong()
        return node

    @property
    def _next(self) -> str | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self) -> str:
        token = self._next
        if token is None:
            raise self._wrong()
        self._place += 1
        return token

    def _wrong(self) -> FormulaIsWrong:
        found = f"at “{self._next}”" if self._next else "where it ends"
        return FormulaIsWrong(f"“{self._text}” is no formula: something is missing {found}")

    def _sum(self) -> Node:
        self._level += 1
        if self._level > MOST_LEVELS:
            raise FormulaIsWrong(f"parentheses more than {MOST_LEVELS} deep")
        node = self._product()
        while self._next in {"+", "-"}:
            node = Binary(self._take(), node, self._product())
        self._level -= 1
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._next in {"*", "/"}:
            node = Binary(self._take(), node, self._signed())
        return node

    def _signed(self) -> Node:
        is_negative = False
        while self._next in {"+", "-"}:
            is_negative ^= self._take() == "-"
        atom = self._atom()
        return Negative(atom) if is_negative else atom

    def _atom(self) -> Node:
        word = self._take()
        if word == _ROUND:
            return Rounded(self._inside(self._take()))
        if word == "(":
            return self._inside(word)
        if word[0].isdigit() or word[0] == ".":
            return _number(word)
        if word in {"+", "-", "*", "/", ")"}:
            self._place -= 1
            raise self._wrong()
        if self._next == "(":
            raise FormulaIsWrong(
                f"“{word}(…)” in “{self._text}” is a function, or a times sign is missing;"
                " formulas have + - * / and parentheses only"
            )
        return Name(word)

    def _inside(self, opened: str) -> Node:
        assert opened == "(", "a rounding is followed by its parenthesis"
        node = self._sum()
        if self._next != ")":
            raise self._wrong()
        self._take()
        return node
