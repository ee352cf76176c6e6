"""What letters are called on pages, who may see and print them, and those to one account."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django import http
from django.utils.translation import gettext_lazy

from fisc.domain.documents import choices, queries
from fisc.domain.licensing.queries import letters as of_licenses
from fisc.plumbing.users import permissions

Kind = choices.Kind


@dataclass(frozen=True, slots=True)
class Called:
    """A kind of letter: its name in addresses and words, and whose it is to see and to print."""

    name: str
    words: object
    sees: str
    prints: str


def _of_licenses(name: str, words: object) -> Called:
    return Called(name, words, permissions.SEE_LICENSES, permissions.HANDLE_APPLICATIONS)


def _of_returns(name: str, words: object) -> Called:
    return Called(name, words, permissions.SEE_RETURNS, permissions.KEY_RETURNS)


KINDS: Final = {
    Kind.RENEWAL_NOTICE: _of_licenses("renewals", gettext_lazy("Renewal of a license")),
    Kind.LAPSE_NOTICE: _of_licenses("lapses", gettext_lazy("Lapse of a license")),
    Kind.NONFILER_NOTICE: _of_returns("missing", gettext_lazy("Missing tax return")),
    Kind.ASSESSMENT_NOTICE: _of_returns("assessments", gettext_lazy("Estimated assessment")),
    Kind.RETURN_CORRECTION: _of_returns("corrections", gettext_lazy("Corrected tax return")),
}
OF_RETURNS: Final = (Kind.NONFILER_NOTICE, Kind.ASSESSMENT_NOTICE, Kind.RETURN_CORRECTION)


@dataclass(frozen=True, slots=True)
class Row:
    """A letter as a page lists it."""

    letter: queries.Letter
    words: object


def seen_by(request: http.HttpRequest) -> tuple[Kind, ...]:
    """Return the kinds that whoever is signed in may see."""
    return tuple(kind for kind, called in KINDS.items() if request.user.has_perm(called.sees))


def to_account(
    request: http.HttpRequest, account_id: int, *, kinds: Collection[Kind] = tuple(KINDS)
) -> list[Row]:
    """Return the newest letters to an account of the kinds that may be seen."""
    wanted = [kind for kind in seen_by(request) if kind in kinds]
    return rows(queries.letters(account_id=account_id, kinds=wanted)) if wanted else []


def about_license(license_id: int) -> list[Row]:
    """Return the newest letters about a license; whoever sees the license sees them."""
    notices, lapses = of_licenses.subjects_of(license_id)
    return rows(queries.letters_about({Kind.RENEWAL_NOTICE: notices, Kind.LAPSE_NOTICE: lapses}))


def rows(letters: Sequence[queries.Letter]) -> list[Row]:
    """Return letters with what they are called."""
    return [Row(each, KINDS[Kind(each.kind)].words) for each in letters]
