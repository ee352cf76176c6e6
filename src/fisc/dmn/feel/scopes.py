"""Which names are known where FEEL text stands, so that `monthly base rate` is read as one name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fisc.dmn.feel import lexer
from fisc.dmn.feel.lexer import Token

# Names that values have without anybody declaring them.
PROPERTY_NAMES = ("time offset", "start included", "end included")


class Names:
    """A set of names, found again in a row of tokens."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first_word: dict[str, dict[tuple[str, ...], str]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        words = lexer.words_of(name)
        if words:
            self._by_first_word.setdefault(words[0], {})[words] = lexer.normalized(name)

    def __iter__(self) -> Iterator[str]:
        for names in self._by_first_word.values():
            yield from names.values()

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """The longest known name that starts at a token, and how many tokens it takes (or 0)."""
        best, length = "", 0
        for words, name in self._by_first_word.get(tokens[at].text, {}).items():
            if len(words) <= length or at + len(words) >= len(tokens):
                continue
            if all(tokens[at + i].text == word for i, word in enumerate(words)) and not any(
                token.kind == "string" for token in tokens[at : at + len(words)]
            ):
                best, length = name, len(words)
        return best, length


@dataclass(frozen=True, slots=True)
class Scope:
    """The names in sight, and those that only values have (components, context entries).

    `is_open` says that other names than these may turn up when the text is evaluated, so that
    an unknown one is no mistake.
    """

    variables: tuple[Names, ...]
    members: Names
    is_open: bool = True
    # Names that exist elsewhere in the model, for a better message when one is used here.
    unconnected: frozenset[str] = frozenset()

    def with_names(self, *names: str) -> Scope:
        """The scope with more variables."""
        return replace(self, variables=(*self.variables, Names(names)))

    def opened(self) -> Scope:
        """The scope where values with names of their own are looked into."""
        return replace(self, is_open=True)

    def names(self) -> Iterator[str]:
        for place in self.variables:
            yield from place


def scope(
    variables: Iterable[str] = (), members: Iterable[str] = (), *, is_open: bool = True
) -> Scope:
    """Make a scope of variables and of the names that values may have inside."""
    return Scope(
        variables=(Names(variables),),
        members=Names((*members, *PROPERTY_NAMES)),
        is_open=is_open,
    )
