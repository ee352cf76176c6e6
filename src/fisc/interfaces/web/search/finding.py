"""What a text could mean: the number of a thing, or words of a name or an address."""

import dataclasses
from collections.abc import Sequence

from django import urls
from django.utils.translation import gettext as _

from fisc.domain.accounts import queries as accounts


@dataclasses.dataclass(frozen=True)
class Thing:
    """Something with a number of its own."""

    kind: str
    number: str
    words: str
    address: str


@dataclasses.dataclass(frozen=True)
class Answers:
    """What was found."""

    things: Sequence[Thing] = ()
    found: Sequence[accounts.Found] = ()
    is_too_short: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not self.things and not self.found

    @property
    def only_address(self) -> str:
        """Return where the one thing is that an exact number names, or nothing."""
        if len(self.things) == 1:
            return self.things[0].address
        if len(self.found) == 1 and self.found[0].by == "number":
            return urls.reverse("account", args=[self.found[0].number])
        return ""


def find(text: str) -> Answers:
    """Return what the text names exactly, or else the accounts whose words begin like it."""
    if not text:
        return Answers()
    if things := _things(text):
        return Answers(things=things)
    return Answers(
        found=accounts.search(text=text),
        is_too_short=not any(len(word) >= accounts.LETTERS_MIN for word in text.split()),
    )
