"""What a letter that explains a bill prints, as plain data for the city's letter."""

from __future__ import annotations

import datetime
import pathlib
from typing import Any

from django.conf import settings

from fisc.domain.accounts import queries as accounts
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.utilities.queries import bill_documents
from fisc.domain.utilities.queries import bills as utilities
from fisc.domain.utilities.queries.explaining import bills, lines


def template() -> pathlib.Path:
    """Return the city's letter that explains a bill."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "explanation.typ"


def letter_data(*, number: int, on: datetime.date) -> dict[str, Any]:
    """Return everything that the letter prints, in the account's language.

    Its paragraphs are those of the pages and of `fisc explain`. Raises bills.NoSuchBill,
    rule_tables.NoSuchEvaluation.
    """
    bill = utilities.bill(number=number)
    language = bill.language if bill.language in wording.LANGUAGES else "en"
    account = accounts.account(account_id=bill.account_id, as_of=bill.bill_day)
    explained = lines.explain_bill(number=number, language=language)
    total = bills.explain_total(number=number, language=language)
    due = bills.explain_due_day(number=number, language=language)
    return {
        "language": language,
        "city": bill_documents.city_data(),
        "customer": {
            "name": bill.account_name,
            "address_lines": list(account.mailing_lines),
        },
        "bill_number": str(number),
        "account_number": str(bill.account_number),
        "written_on": wording.day(on, language=language),
        "opening": [total.sentence, due.sentence],
        "parts": [
            {
                "title": each.words,
                "amount": each.why.value,
                "paragraphs": list(explanations.paragraphs(each.why, language=language)),
            }
            for each in explained.lines
        ],
    }
