"""Files of returns as the demonstration city declares them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence

COLUMNS = (
    "account,period_start,received,electronic,amends,excess_tax,credit_carried,"
    "estimated_payments,region,class,gross,deduction_1,deduction_1_amount,deduction_2,"
    "deduction_2_amount,deduction_3,deduction_3_amount"
)


def as_json(*some: tuple[int, str], starts_on: datetime.date, received_on: datetime.date) -> bytes:
    """Return a JSON file with a return of a restaurant a pair of account number and gross."""
    said = [
        {
            "account": number,
            "period_start": f"{starts_on}",
            "received": f"{received_on}",
            "lines": [{"region": "MS", "class": "11", "gross": gross}],
        }
        for number, gross in some
    ]
    return json.dumps({"returns": said, "count": len(said)}).encode()


def as_csv(
    some: Sequence[tuple[int, str]], *, starts_on: datetime.date, received_on: datetime.date
) -> bytes:
    """Return a CSV file with a return of a restaurant a pair of account number and gross."""
    rows = [
        f"{number},{starts_on},{received_on},yes,no,,,,MS,11,{gross},,,,,,"
        for number, gross in some
    ]
    return "\n".join((COLUMNS, *rows, f"TRAILER,{len(rows)}{',' * 15}")).encode()
