"""What a scanned or typed text names: an account, by its own number or by that of a thing of it."""

from __future__ import annotations

import datetime
import tomllib

from django.conf import settings
from django.utils.translation import gettext as _

from fisc.basics import check_digits, identifiers
from fisc.domain.accounts import queries as accounts
from fisc.domain.utilities.calculations import scanlines
from fisc.domain.utilities.queries import bills, meters


class NothingHasThisNumber(Exception):
    """No account, bill or meter has this number."""


def account_of(text: str, *, as_of: datetime.date) -> int:
    """Return the account that a text names; raises NothingHasThisNumber."""
    digits = text.replace(" ", "").replace("-", "")
    try:
        if not (digits.isascii() and digits.isdigit()):
            return meters.account_of_meter(number=text.strip().upper(), as_of=as_of)
        if len(digits) == identifiers.BILL_NUMBERS.digits:
            return bills.bill(number=int(digits)).account_id
        return accounts.account_id(number=_account_number(digits))
    except (
        identifiers.NumberIsWrong,
        accounts.NoSuchAccount,
        bills.NoSuchBill,
        meters.NoSuchMeter,
    ) as problem:
        if is_card_number(text):
            # Said without the number; from none, so that no trace names it either.
            raise NothingHasThisNumber(
                _(
                    "This looks like the number of a card. Nothing of it was kept. Scan the "
                    "coupon, or type the number of the account."
                )
            ) from None
        raise NothingHasThisNumber(
            _("No account, bill or meter has the number %(text)s. Check it, or search by name.")
            % {"text": text}
        ) from problem


def is_card_number(text: str) -> bool:
    """Tell whether a text is as long as a card's number, with its check digit, and nothing else."""
    digits = text.replace(" ", "").replace("-", "")
    is_long = len(digits) in _CARD_DIGITS and digits.isascii() and digits.isdigit()
    return is_long and check_digits.VISIBLE_NUMBER.is_right(digits)


_CARD_DIGITS = range(13, 20)


def _account_number(digits: str) -> int:
    """Return the account number that digits are, or that a coupon's line has in its field."""
    layout = scanlines.layout(
        tomllib.loads((settings.FISC_CITY / "layouts" / "scanline.toml").read_text("utf-8"))
    )
    if len(digits) != sum(field.width for field in layout.fields) + 1:
        return int(digits)
    if not scanlines.METHODS[layout.check_digit].is_right(digits):
        raise NothingHasThisNumber(
            _("The coupon was misread: its last digit does not fit. Scan it again, or type it.")
        )
    start = 0
    for field in layout.fields:
        if field.name == "account_number":
            return int(digits[start : start + field.width])
        start += field.width
    return int(digits)
