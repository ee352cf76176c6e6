"""What a scanned or typed text names: an account, by its own number or by that of a thing of it."""

from __future__ import annotations

import datetime
import tomllib

from django.conf import settings
from django.utils.translation import gettext as _

from fisc.basics import identifiers
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
        raise NothingHasThisNumber(
            _("No account, bill or meter has the number %(text)s. Check it, or search by name.")
            % {"text": text}
        ) from problem


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
