"""The demonstration city as tax returns need it."""

from __future__ import annotations

import datetime
import pathlib

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.ledger import operations as ledger
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.plumbing import transactions

CITY = pathlib.Path(__file__).resolve().parents[2] / "cities" / "mesquite_springs"
AT = datetime.datetime(2026, 10, 3, 12, 0, tzinfo=datetime.UTC)


def city() -> None:
    """Bring in the demonstration city: lists, calendars, tables and GL accounts."""
    rule_tables.import_city(path=CITY, at=AT)
    ledger.load_gl_accounts()


def account(*, kind: account_choices.AccountKind = account_choices.AccountKind.TAX) -> int:
    """Open an account of a business and return its id."""
    with transactions.started():
        party_id = accounts.add_party(
            name="Desert Grill LLC", at=AT, kind=account_choices.PartyKind.ORGANIZATION
        )
        return accounts.open_account(
            kind=kind,
            party_id=party_id,
            name="Desert Grill LLC",
            mailing=accounts.Mailing("1 Mesquite Way", "Mesquite Springs", "FL", "00001"),
            opened_on=datetime.date(2024, 1, 1),
            at=AT,
        ).account_id
