"""How names sound, and how candidates of a search are ranked. No Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[a-z0-9]+")
_SOUNDS = {
    letter: digit
    for letters, digit in {
        "bfpv": "1",
        "cgjkqsxz": "2",
        "dt": "3",
        "l": "4",
        "mn": "5",
        "r": "6",
    }.items()
    for letter in letters
}
# Letters that say nothing when two of the same sound stand on either side.
_SILENT = "hw"


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents."""
    bare = unicodedata.normalize("NFKD", text.lower())
    return _WORD.findall("".join(each for each in bare if not unicodedata.combining(each)))


def sound(word: str) -> str:
    """Return how a word sounds, by the American Soundex; empty where it has no first letter.

    A zero in front keeps sounds apart from words and house numbers.
    """
    if not word[:1].isalpha():
        return ""
    found, last = "", _SOUNDS.get(word[0], "")
    for letter in word[1:]:
        digit = _SOUNDS.get(letter, "")
        if digit and digit != last:
            found += digit
        if letter not in _SILENT:
            last = digit
    return f"0{word[0]}{(found + '000')[:3]}"


def sounds(text: str) -> str:
    """Return how the words of a name sound, for a search document; and them without accents."""
    heard = [sound(word) for word in plain_words(text) if len(word) > 2]
    return " ".join(dict.fromkeys(each for each in [*heard, bare(text)] if each))


def bare(text: str) -> str:
    """Return the words that are written with accents, without them."""
    return " ".join(word for word in plain_words(text) if word not in text.lower())


def sounds_like(*, words: Sequence[str], name: str, place: str) -> bool:
    """Tell whether each word sounds like one of a name, or begins one of it or of its place."""
    of_name = plain_words(name)
    heard = {sound(each) for each in of_name}
    known = [*of_name, *plain_words(place)]
    return all(
        (sound(word) or word) in heard or any(each.startswith(word) for each in known)
        for word in words
    )


def rank(*, words: Sequence[str], name: str, place: str, is_closed: bool) -> tuple[int, ...]:
    """Return what a candidate is sorted by: whole words of the name first, closed ones last."""
    of_name, of_place = plain_words(name), plain_words(place)
    whole = sum(word in of_name for word in words) * 2 + sum(word in of_place for word in words)
    begun = sum(any(each.startswith(word) for each in of_name) for word in words)
    heard = {sound(each) for each in of_name}
    alike = sum(sound(word) in heard for word in words)
    is_first = bool(words) and of_name[:1] == [words[0]]
    return (int(is_closed), -whole, -begun, -alike, -int(is_first))
