"""The demonstration city as tax returns need it."""

from __future__ import annotations

import datetime
import pathlib

from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.operations import city as rule_tables

CITY = pathlib.Path(__file__).resolve().parents[2] / "cities" / "mesquite_springs"
AT = datetime.datetime(2026, 10, 3, 12, 0, tzinfo=datetime.UTC)


def city() -> None:
    """Bring in the demonstration city: lists, calendars, tables and GL accounts."""
    rule_tables.import_city(path=CITY, at=AT)
    ledger.load_gl_accounts()
