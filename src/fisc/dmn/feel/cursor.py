"""The parser's place in a row of tokens, with the names known there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fisc.dmn.feel import lexer, syntax
from fisc.dmn.feel.lexer import Token, UnreadableFeel
from fisc.dmn.feel.scopes import Names, Scope

# Deeper than any table needs, and shallow enough for Python's own stack.
DEEPEST_NESTING = 60

# Words that end a name, because they continue the expression around it.
KEYWORDS = frozenset(
    (
        *("and", "or", "in", "between", "instance", "of"),
        *("if", "then", "else", "for", "return", "some", "every", "satisfies"),
        *("function", "external", "true", "false", "null"),
    )
)
# Symbols that a name may hold between its words.
_NAME_SYMBOLS = (".", "/", "-", "'", "+", "*")


class Cursor:
    """Reads tokens one after another; every parser of FEEL's parts is one."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.tokens = lexer.tokens(text)
        self.index = 0
        self.scope = scope
        self.local_names: list[Names] = []
        # Open where values with names of their own are looked into: inside `list[…]`.
        self.open_places = 1 if scope.is_open else 0
        self.unknown_names: list[syntax.Name] = []
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.index += 1
        return token

    def is_word(self, word: str) -> bool:
        return self.token.kind == "name" and self.token.text == word

    def take(self, *symbols: str) -> bool:
        if self.token.is_symbol(*symbols):
            self.index += 1
            return True
        return False

    def take_word(self, word: str) -> bool:
        if self.is_word(word):
            self.index += 1
            return True
        return False

    def expect(self, symbol: str, why: str) -> None:
        if not self.take(symbol):
            raise self.problem(f'Expected the sign "{symbol}" {why}')

    def expect_word(self, word: str, why: str) -> None:
        if not self.take_word(word):
            raise self.problem(f'Expected the word "{word}" {why}')

    def problem(self, words: str, *, at: int | None = None) -> UnreadableFeel:
        return UnreadableFeel(words, at=self.token.at if at is None else at, text=self.text)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise self.problem(
                f"This is nested more than {DEEPEST_NESTING} levels deep; split it into decisions"
            )
        try:
            yield
        finally:
            self.depth -= 1

    # --- Names -----------------------------------------------------------------------------------

    @contextmanager
    def names(self, *names: str) -> Iterator[Names]:
        """Make names known while a part of the text is read."""
        known = Names(names)
        self.local_names.append(known)
        try:
            yield known
        finally:
            self.local_names.pop()

    @contextmanager
    def open_scope(self) -> Iterator[None]:
        """Allow names that only the values will tell, as inside a filter."""
        self.open_places += 1
        try:
            yield
        finally:
            self.open_places -= 1

    def known_name(self) -> tuple[str, int]:
        """The longest known name here and its number of tokens; members count where open."""
        places = [*reversed(self.local_names), *reversed(self.scope.variables)]
        if self.open_places:
            places.append(self.scope.members)
        best, length = "", 0
        for place in places:
            name, count = place.longest(self.tokens, self.index)
            if count > length:
                best, length = name, count
        return best, length

    def member_name(self) -> str:
        """Read the name after a full stop."""
        best, length = "", 0
        for place in (self.scope.members, *self.scope.variables, *self.local_names):
            name, count = place.longest(self.tokens, self.index)
            if count > length:
                best, length = name, count
        if length:
            self.index += length
            return best
        return self.loose_name("after the full stop")

    def loose_name(self, why: str) -> str:
        """Read a name nobody declared: words up to the next keyword or symbol."""
        if self.token.kind != "name":
            raise self.problem(f"Expected a name {why}")
        words = [self.advance().text]
        while self._at_plain_word():
            words.append(self.advance().text)
        return " ".join(words)

    def _at_plain_word(self) -> bool:
        return self.token.kind == "name" and self.token.text not in KEYWORDS

    def declared_name(self, why: str, *, until: tuple[str, ...]) -> str:
        """Read a name being declared: everything up to one of some symbols or words."""
        first = self.token
        if first.kind != "name":
            raise self.problem(f"Expected a name {why}")
        while self.token.text not in until or self.token.kind == "string":
            odd_symbol = self.token.kind == "symbol" and self.token.text not in _NAME_SYMBOLS
            if odd_symbol or self.token.kind in ("end", "string"):
                raise self.problem(f"Expected a name {why}, followed by {' or '.join(until)}")
            self.advance()
        return lexer.normalized(self.text[first.at : self.token.at])

    def declared_name_ahead(self, ending: str) -> bool:
        """Whether a name and then a certain symbol come next, as in `scale: 2`."""
        index = self.index
        if self.tokens[index].kind != "name":
            return False
        while self.tokens[index].kind in ("name", "number") or self.tokens[index].is_symbol(
            *_NAME_SYMBOLS
        ):
            index += 1
        return self.tokens[index].is_symbol(ending)
