"""What is printed on a bill, as plain data for the city's letter."""

from __future__ import annotations

import datetime
import functools
import pathlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import dateformat, translation

from fisc.basics import money
from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import queries as receivables
from fisc.domain.utilities.calculations import scanlines
from fisc.domain.utilities.queries import bills

# Enough months for the same one of last year to stand beside this one.
_CHART_DAYS = 400
# Entries looked through for the bill before; older ones are one sum.
_HISTORY_MAX = 60

# How days are written; the words around them are the letter's.
_DAYS_WRITTEN: Mapping[str, str] = {"en": "M j, Y", "es": "j M Y"}


@dataclass(frozen=True, slots=True)
class _Standing:
    """The account as it stood when the bill was posted."""

    previous_cents: int
    paid_cents: int
    other_cents: int
    due_cents: int


def template() -> pathlib.Path:
    """Return the city's letter for bills."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "bill.typ"


def bill_document_data(*, number: int) -> dict[str, Any]:
    """Return everything that the bill's letter prints, in the account's language.

    Raises bills.NoSuchBill, scanlines.LayoutIsWrong, scanlines.DoesNotFit.
    """
    head = bills.bill(number=number)
    language = head.language if head.language in _DAYS_WRITTEN else "en"
    bill = bills.bill(number=number, language=language)
    written = _DAYS_WRITTEN[language]
    account = accounts.account(account_id=bill.account_id, as_of=bill.bill_day)
    standing = _standing(bill)
    services = bills.services_of(account_id=bill.account_id, as_of=bill.bill_day)
    with translation.override(language):
        return {
            "language": language,
            "city": city_data(),
            "bill": {
                "number": str(bill.number),
                "account_number": str(bill.account_number),
                "bill_day": _day(bill.bill_day, written),
                "due_on": _day(bill.due_on, written),
                "total_due": _dollars(standing.due_cents),
            },
            "customer": {
                "name": bill.account_name,
                "address_lines": list(account.mailing_lines),
                "service_address": services[0].place if services else "",
            },
            "summary": _summary(bill, standing),
            "charts": _charts(bill, language=language),
            "services": [_service(group, written) for group in bill.groups],
            "messages": _messages(bill, standing, language=language),
            "remittance": {
                "pay_to_lines": _city()["remittance"]["address_lines"],
                "scanline": _scanline(bill, standing),
            },
        }


@functools.lru_cache(maxsize=4)
def _declared(path: pathlib.Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _city() -> Mapping[str, Any]:
    return _declared(pathlib.Path(settings.FISC_CITY) / "city.toml")


def city_data() -> dict[str, Any]:
    """Return what a letter's head says of the city and its office."""
    city = _city()
    return {"name": city["name"], **city["office"]}


def _scanline(bill: bills.Bill, standing: _Standing) -> str:
    declared = _declared(pathlib.Path(settings.FISC_CITY) / "layouts" / "scanline.toml")
    return scanlines.scanline(
        by=scanlines.layout(declared),
        facts={
            "account_number": bill.account_number,
            "bill_number": bill.number,
            "bill_day": bill.bill_day,
            "due_on": bill.due_on,
            "total_due_cents": standing.due_cents,
        },
    )


def _standing(bill: bills.Bill) -> _Standing:
    """Say how the account stood after the bill was posted, whatever came later."""
    posted_on = ledger.entry(bill.entry_id).posting_day
    lines = receivables.history(
        bill.account_id,
        up_to=receivables.HistoryKey(posted_on, bill.entry_id),
        limit=_HISTORY_MAX,
    )
    due = lines[0].balance_cents
    paid = other = 0
    for line in lines[1:]:
        if _is_of_bill(line):
            break
        paid += line.paid_cents
        other += line.charged_cents - line.credited_cents
    return _Standing(
        previous_cents=due - bill.total_cents + paid - other,
        paid_cents=paid,
        other_cents=other,
        due_cents=due,
    )


def _is_of_bill(line: receivables.HistoryLine) -> bool:
    is_charge = line.entry_kind == ledger_choices.EntryKind.CHARGE
    return is_charge and line.source_kind == ledger_choices.SourceKind.BILL


def _summary(bill: bills.Bill, standing: _Standing) -> list[dict[str, str]]:
    rows = {
        "previous": standing.previous_cents,
        "paid": -standing.paid_cents,
        "other": standing.other_cents,
        "new": bill.total_cents,
        "due": standing.due_cents,
    }
    return [
        {"what": what, "amount": _dollars(cents)}
        for what, cents in rows.items()
        if cents or what in {"new", "due"}
    ]


def _charts(bill: bills.Bill, *, language: str) -> list[dict[str, Any]]:
    since = bill.ends_before - datetime.timedelta(days=_CHART_DAYS)
    history = bills.usage_history(account_id=bill.account_id, since=since, language=language)
    return [
        {
            "title": f"{usage.words}, {usage.unit}",
            "bars": [
                {
                    "label": dateformat.format(each.ends_on, "M")[:3],
                    "value": each.usage_milli,
                    "shown": _quantity(each.usage_milli),
                    "now": each.ends_on == bill.ends_before,
                }
                for each in usage.periods
                if each.ends_on <= bill.ends_before
            ],
        }
        for usage in history
    ]


def _service(group: bills.Segment, written: str) -> dict[str, Any]:
    return {
        "title": group.words,
        "from_day": _day(group.starts_on, written),
        "to_day": _day(group.ends_before, written),
        "days": (group.ends_before - group.starts_on).days,
        "reads": [
            {
                "meter": read.meter,
                "estimated": read.is_estimated,
                "from_day": _day(read.from_day, written),
                "to_day": _day(read.to_day, written),
                "previous": f"{read.previous:,}",
                "present": f"{read.present:,}",
                "multiplier": _quantity(read.multiplier_milli),
                "used": f"{_quantity(group.usage_milli)} {group.unit}",
            }
            for read in group.reads
        ],
        "lines": [
            {"label": line.words, "amount": _dollars(line.amount_cents)} for line in group.lines
        ],
    }


def _messages(bill: bills.Bill, standing: _Standing, *, language: str) -> list[str]:
    """Return the city's messages that apply, in its words."""
    known = code_lists.codes("message", as_of=code_lists.AsOf(bill.bill_day, bill.made_at))
    applies = {
        "ESTIMATED": bill.is_estimated,
        "PAST_DUE": standing.previous_cents - standing.paid_cents + standing.other_cents > 0,
    }
    return [
        str(code.attributes[f"text_{language}"])
        for name, code in known.items()
        if applies.get(name, False) and code.is_current(bill.bill_day)
    ]


def _day(day: datetime.date, written: str) -> str:
    return dateformat.format(day, written)


def _dollars(cents: int) -> str:
    return f"-${money.formatted(-cents)}" if cents < 0 else f"${money.formatted(cents)}"


def _quantity(milli: int) -> str:
    """Write thousandths without the zeros behind."""
    whole, rest = divmod(milli, 1000)
    return f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")
