"""Sentences of the floors below, said in the language of the page.

The floors below say what they have to say in English and know no other language. Here, at the door,
an English sentence is known again by the text of the program that made it, its values are taken
out and put into the same sentence in Spanish (decision 0118). What is not known stays as it is, and
what was kept years ago is known as well as what was just said.
"""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext

from fisc.interfaces.web import catalog, data_words, languages

_LOCALE: Final = pathlib.Path(__file__).resolve().parent / "locale"
_SLOT: Final = re.compile(r"\{(\w+)\}")
#: Where one sentence may end and another begin.
_MARKS: Final = ".?!;:,"
_BREAK: Final = re.compile(rf"(?<=[{_MARKS}]) ")
#: Texts that fall into more pieces than this are no words of ours.
_PIECES_MAX: Final = 40
#: Sentences stand in sentences, but not deeper than this.
_DEPTH_MAX: Final = 8
#: A name in quotation marks has none of its own; a formula may.
_CLOSING: Final = frozenset({'"', "”"})
_OPENING: Final = frozenset({'"', "“"})
_FORMULA: Final = "text"
#: A book is called on every page as in the list of books.
_BOOK: Final = "book"
#: What has less text of its own than this only joins values, as “and” does. It is looked for where
#: the program joins, and nowhere else: a name has an “and” in it too.
_JOINT_BELOW: Final = 6
_JOINED: Final = frozenset({"where", "example", "rules", "takers", "named", "differences"})


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """A text with places for values, and how another language says it."""

    pieces: Sequence[str]
    slots: Sequence[str]
    said: str

    @property
    def weight(self) -> int:
        """Return how many letters are its own; what has more of them is the surer."""
        return sum(len(each.replace(" ", "")) for each in self.pieces)

    @property
    def kept(self) -> frozenset[str]:
        """Return the places in quotation marks: what is quoted stays as it is written there."""
        return frozenset(
            slot
            for number, slot in enumerate(self.slots)
            if self.pieces[number][-1:] in _OPENING
            and self.pieces[number + 1][:1] in _CLOSING
            and slot != _BOOK
        )

    @property
    def is_sure(self) -> bool:
        """Tell whether it is known again anywhere: it has text enough, or numbers something."""
        return self.weight >= _JOINT_BELOW or self.numbers_something

    @property
    def numbers_something(self) -> bool:
        """Tell whether it is a word and a number, such as `rule 3`."""
        is_short = self.weight < _JOINT_BELOW
        return is_short and list(self.slots) == ["number"] and self.pieces[0].endswith(" ")

    def values(self, text: str) -> dict[str, str] | None:
        """Return what stands in the places of a text made of this sentence; None if it is not.

        Each place ends where the next piece is first met, so that no text takes long to refuse.
        """
        first, *between = self.pieces
        if not (text.startswith(first) and text.endswith(between[-1])):
            return None
        found, at = {}, len(first)
        for number, (slot, piece) in enumerate(zip(self.slots, between, strict=True), start=1):
            is_last = number == len(between)
            end = len(text) - len(piece) if is_last else text.find(piece, at)
            if end < at or not text.startswith(piece, end):
                return None
            found[slot] = text[at:end]
            if piece[:1] in _CLOSING and piece[0] in found[slot] and slot != _FORMULA:
                return None
            at = end + len(piece)
        if at != len(text) or (self.numbers_something and not found["number"].isdecimal()):
            return None
        return found

    def filled(self, values: Mapping[str, str]) -> str:
        """Say the sentence with some values in its places."""
        return _SLOT.sub(lambda match: values[match[1]], self.said)


@dataclasses.dataclass(frozen=True)
class Book:
    """Every sentence there is in a language: those without a place by their text."""

    whole: Mapping[str, str]
    # By the first letter of the text that they may be, the surest first. Those that begin with a
    # value are under each letter, and alone under none.
    with_places: Mapping[str, Sequence[Sentence]]
    joints: Sequence[Sentence]

    def of(self, words: str) -> Sequence[Sentence]:
        """Return the sentences that a text may be, the surest first."""
        return self.with_places.get(words[:1]) or self.with_places.get("", ())


@functools.cache
def book(language: str) -> Book:
    """Read the sentences of a language; English has none, since they are said in it."""
    path = _LOCALE / language / "LC_MESSAGES" / "sentences.po"
    if not path.exists():
        return Book(whole={}, with_places={}, joints=())
    whole, with_places = {}, []
    for text, (said,) in catalog.read(path.read_text(encoding="utf-8")).items():
        slots = _SLOT.findall(text.singular)
        if slots:
            with_places.append(Sentence(_SLOT.split(text.singular)[::2], slots, said))
        else:
            whole[text.singular] = said
    with_places.sort(key=lambda each: each.weight, reverse=True)
    sure = [each for each in with_places if each.is_sure]
    by_letter = {
        letter: [each for each in sure if each.pieces[0][:1] in ("", letter)]
        for letter in {each.pieces[0][:1] for each in sure} | {""}
    }
    joints = [each for each in with_places if not each.is_sure]
    return Book(whole=whole, with_places=by_letter, joints=joints)


def in_language(words: object) -> str:
    """Say what a floor below said in the language of the page."""
    text = str(words)
    if text in data_words.WORDS:
        return gettext(text)
    return said(text, language=languages.current())


@functools.lru_cache(maxsize=8192)
def said(text: str, *, language: str) -> str:
    """Say a text, of one or more sentences, in a language."""
    known = book(language)
    if not (known.whole or known.with_places):
        return text
    return "\n".join(_line(line, known, depth=0) for line in text.split("\n"))


def _line(line: str, known: Book, *, depth: int) -> str:
    """Say a line; what is not known as a whole is taken sentence by sentence, the longest first."""
    words = line.strip()
    if not words or depth > _DEPTH_MAX:
        return line
    before, after = line[: line.index(words[0])], line[len(line.rstrip()) :]
    whole = _clauses(words, known, depth=depth) or _sentence(words, known, depth=depth)
    if whole is not None:
        return f"{before}{whole}{after}"
    pieces = _BREAK.split(words)
    if len(pieces) > _PIECES_MAX:
        return line
    return f"{before}{' '.join(_pieces(pieces, known, depth=depth))}{after}"


def _clauses(words: str, known: Book, *, depth: int) -> str:
    """Say clauses that were put in a row with semicolons, if each of them is known."""
    clauses = words.split("; ")
    if not 1 < len(clauses) <= _PIECES_MAX:
        return ""
    said = [_sentence(each, known, depth=depth) for each in clauses]
    return "; ".join(each for each in said if each) if all(said) else ""


def _pieces(pieces: Sequence[str], known: Book, *, depth: int) -> Iterator[str]:
    at = 0
    while at < len(pieces):
        for end in range(len(pieces), at, -1):
            words = " ".join(pieces[at:end])
            found = _sentence(words, known, depth=depth)
            if found is None and words[-1] in _MARKS:
                # A clause that was joined to the next by a mark of its own.
                clause = _sentence(words[:-1], known, depth=depth)
                found = None if clause is None else f"{clause}{words[-1]}"
            if found is not None:
                break
        else:
            found, end = pieces[at], at + 1
        yield found
        at = end


def _sentence(words: str, known: Book, *, depth: int) -> str | None:
    if words in known.whole:
        return known.whole[words]
    for each in known.of(words):
        values = each.values(words)
        if values is not None:
            kept = each.kept
            return each.filled(
                {
                    slot: value if slot in kept else _put(slot, value, known, depth=depth)
                    for slot, value in values.items()
                }
            )
    return None


def _put(slot: str, value: str, known: Book, *, depth: int) -> str:
    say = _joined if slot in _JOINED else _value
    return say(value, known, depth=depth)


def _joined(value: str, known: Book, *, depth: int) -> str:
    """Say a value that the program joined out of others: `1, 2 and 3`."""
    if value not in known.whole and depth <= _DEPTH_MAX:
        for each in known.joints:
            values = each.values(value)
            if values is not None:
                put = {name: _joined(one, known, depth=depth + 1) for name, one in values.items()}
                return each.filled(put)
    return _value(value, known, depth=depth)


def _value(value: str, known: Book, *, depth: int) -> str:
    """Say a value: a sentence in itself, a word such as a status, or what stays as it is."""
    if value in data_words.WORDS:
        return gettext(value)
    return _line(value, known, depth=depth + 1)
