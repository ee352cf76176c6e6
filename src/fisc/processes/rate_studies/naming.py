"""What classes and charges are called where a study is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists

UNKNOWN = {"en": "not kept", "es": "no consta"}


@dataclass(frozen=True, slots=True)
class Names:
    """The labels of codes in one language."""

    classes: Mapping[str, str]
    charges: Mapping[str, str]
    unknown: str

    def rate_class(self, code: str) -> str:
        """Return what a rate class is called."""
        return self.classes.get(code, code) if code else self.unknown

    def charge(self, code: str) -> str:
        """Return what a charge is called."""
        return self.charges.get(code, code)


def names(language: str) -> Names:
    """Return the labels of classes and charges in a language."""
    return Names(
        classes={
            code: each.label(language) for code, each in code_lists.codes("rate class").items()
        },
        charges={code: each.label(language) for code, each in code_lists.codes("charge").items()},
        unknown=UNKNOWN[language],
    )
