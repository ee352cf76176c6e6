"""What a number by which others know a party may look like, and how it is written and masked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DIGITS: Final = 9
OTHER_MIN: Final = 4
OTHER_MAX: Final = 40
_SHOWN: Final = 4
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015./]")
_NOT_A_SIGN = re.compile(r"[^A-Z0-9]")

# The fourth and fifth digit of an ITIN (IRS Publication 1915).
_ITIN_GROUPS: Final = frozenset([*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)])
#: The largest area of a social security number is below these (SSA, POMS RM 10201.035).
_SSN_AREAS_FROM: Final = 900
_SSN_NEVER_AN_AREA: Final = frozenset([0, 666])


class IdentifierIsWrong(Exception):
    """A text cannot be a number of the kind it is said to be."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number in the form in which it is compared, and the end of it that may be shown."""

    text: str
    last: str


def ein(text: str) -> Written:
    """Read an employer identification number, 12-3456789. Raises IdentifierIsWrong.

    The prefixes in use grow (IRS, “How EINs are assigned and valid EIN prefixes”); 00 was none.
    """
    digits = _nine_digits(text, "An EIN has 9 digits, such as 12-3456789.")
    if digits.startswith("00"):
        raise IdentifierIsWrong("No EIN begins with 00. Look at the IRS letter again.")
    return _written(digits)


def ssn(text: str) -> Written:
    """Read a social security number (SSA, POMS RM 10201.035). Raises IdentifierIsWrong."""
    digits = _nine_digits(text, "A social security number has 9 digits, such as 123-45-6789.")
    area, group, serial = int(digits[:3]), int(digits[3:5]), int(digits[5:])
    if area in _SSN_NEVER_AN_AREA or area >= _SSN_AREAS_FROM:
        raise IdentifierIsWrong(
            "No social security number begins with 000, 666 or 9. One that begins with 9 may be "
            "an ITIN."
        )
    if not group or not serial:
        raise IdentifierIsWrong(
            "No social security number has 00 in the middle or 0000 at its end. Look at the card "
            "again."
        )
    return _written(digits)


def itin(text: str) -> Written:
    """Read an individual taxpayer number (IRS Publication 1915). Raises IdentifierIsWrong."""
    digits = _nine_digits(text, "An ITIN has 9 digits, such as 912-70-3456.")
    if not digits.startswith("9") or int(digits[3:5]) not in _ITIN_GROUPS:
        raise IdentifierIsWrong(
            "An ITIN begins with 9, and its fourth and fifth digit are 50 to 65, 70 to 88, "
            "90 to 92 or 94 to 99."
        )
    return _written(digits)


def other(text: str) -> Written:
    """Read a number that somebody else gave: letters and digits. Raises IdentifierIsWrong."""
    signs = _SEPARATORS.sub("", text).upper()
    if _NOT_A_SIGN.search(signs) or not OTHER_MIN <= len(signs) <= OTHER_MAX:
        raise IdentifierIsWrong(
            f"Such a number has {OTHER_MIN} to {OTHER_MAX} letters and digits, apart from spaces, "
            "points and hyphens."
        )
    return _written(signs)


def grouped(text: str, *, kind: str) -> str:
    """Return a number as its kind is written on paper."""
    if kind == "EIN":
        return f"{text[:2]}-{text[2:]}"
    if kind in {"SSN", "ITIN"}:
        return f"{text[:3]}-{text[3:5]}-{text[5:]}"
    return text


def masked(last: str, *, kind: str) -> str:
    """Return what everybody may see of a number: its end."""
    hidden = {"EIN": "••-•••", "SSN": "•••-••-", "ITIN": "•••-••-"}.get(kind, "••••")
    return f"{hidden}{last}"


def _nine_digits(text: str, otherwise: str) -> str:
    digits = _SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
        raise IdentifierIsWrong(otherwise)
    if len(set(digits)) == 1:
        raise IdentifierIsWrong("Nobody has nine times the same digit. Look at the paper again.")
    return digits


def _written(text: str) -> Written:
    # Of a short number, half: its last four would be all of it.
    return Written(text=text, last=text[-min(_SHOWN, len(text) // 2) :])
