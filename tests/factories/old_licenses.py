"""Licenses as an older system gives them."""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Mapping

from tests.factories import tax_returns

MAPPING = tax_returns.CITY / "layouts" / "licenses.toml"
ROW: Mapping[str, str] = {
    "LIC_NO": "98-0001",
    "LIC_TYPE": "AUCT",
    "STATUS": "A",
    "OWNER_NAME": "Desert Auctions LLC",
    "DBA": "Sold!",
    "FEIN": "12-3456789",
    "HOUSE_NO": "12",
    "STREET": "North Oak Street",
    "SUITE": "",
    "CITY": "Mesquite Springs",
    "STATE": "FL",
    "ZIP": "00001",
    "PHONE": "(555) 555-0101",
    "EMAIL": "",
    "CLASS": "RETL",
    "ISSUED": "03/02/2019",
    "TERM_FROM": "01/01/2026",
    "EXPIRES": "12/31/2026",
    "UNITS": "",
    "GROSS": "",
}


def file(*changes: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    """Return a file with a row for each of some changes to the usual row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(ROW), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**ROW, **each} for each in changes)
    return text.getvalue().encode(encoding)


def many(count: int, *, folder: pathlib.Path) -> pathlib.Path:
    """Write a file of so many licenses: two of each business, and return where."""
    path = folder / "licenses.csv"
    path.write_bytes(
        file(
            *(
                {
                    "LIC_NO": f"98-{number:06}",
                    "LIC_TYPE": ("AUCT", "2HND")[number % 2],
                    "OWNER_NAME": f"Business {number // 2} of the valley",
                    "DBA": "",
                    "FEIN": f"{10 + number // 2 % 80:02}-{1_000_000 + number // 2:07}",
                    "HOUSE_NO": str(number // 2),
                    "UNITS": "",
                }
                for number in range(count)
            )
        )
    )
    return path
