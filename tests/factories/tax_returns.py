"""The demonstration city as tax returns need it."""

from __future__ import annotations

import datetime
import pathlib
import uuid

from fisc.basics import periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.payments import choices as payment_choices
from fisc.domain.payments import queries as payments
from fisc.domain.payments.operations import returning, taking
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.domain.rule_tables.operations import versions
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.operations import bonding, registering
from fisc.plumbing import transactions

CITY = pathlib.Path(__file__).resolve().parents[2] / "cities" / "mesquite_springs"
AT = datetime.datetime(2026, 10, 3, 12, 0, tzinfo=datetime.UTC)
BY = registering.By(user_id=None, at=AT, why="keyed from paper")


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


def filer(*, since: datetime.date = datetime.date(2026, 1, 1)) -> int:
    """A tax account that files for a restaurant (1.8%) and a shop (1.5%) every month, from 2026."""
    account_id = account()
    for of in ("11", "17"):
        registering.register(
            account_id=account_id,
            region="MS",
            business_class=of,
            days=periods.Period(starts_on=since),
            by=BY,
        )
    registering.set_frequency(account_id=account_id, frequency="monthly", from_day=since, by=BY)
    return account_id


def bonded(account_id: int, *, on: datetime.date) -> int:
    """Record the bond that a new contractor needs to be registered."""
    of = bonding.New(
        surety="Saguaro Surety", number=f"{account_id}", amount_cents=200_000, effective_on=on
    )
    return bonding.record(account_id=account_id, of=of, by=BY)


def paid(account_id: int, cents: int, *, on: datetime.date, posted: datetime.date) -> int:
    """Take a check for an account, received on one day and posted on another; gives its id."""
    check = code_lists.code("tender kind", "check").id
    return taking.take_payment(
        key=uuid.uuid4().hex,
        payment=taking.NewPayment(
            received_on=on,
            posting_day=posted,
            channel=payment_choices.Channel.MAIL,
            source_kind=0,
            source_id=0,
            tenders=(taking.TenderGiven(kind_id=check, given_cents=cents, reference="1001"),),
            basket=(taking.InBasket(account_id, cents),),
        ),
        made_by_id=None,
        made_at=AT,
    ).payment_id


def bounced(payment_id: int, *, on: datetime.date) -> None:
    """Have a payment's tender come back."""
    (tender,) = payments.payment(payment_id).tenders
    returning.return_tender(
        tender_id=tender.id,
        reason_code_id=code_lists.code("return reason", "NSF").id,
        posting_day=on,
        made_by_id=None,
        made_at=AT,
    )


def interest_by_month(rate: str, *, from_day: datetime.date, at: datetime.datetime) -> None:
    """Put the city's interest by the month in force with another rate, as from an instant."""
    content = (CITY / "tables" / "tax_returns.interest.2020-01-01.dmn").read_text(encoding="utf-8")
    with transactions.started():
        version_id = versions.draft(
            of=versions.Draft(
                book="Interest on late tax",
                decision_point=points.INTEREST.name,
                file_name="interest.dmn",
                content=content.replace("(0.01 *", f"({rate} *").encode(),
                effective=periods.Period(starts_on=from_day),
                author="Ada",
                reason="An ordinance",
                citation="Ordinance 12",
            ),
            at=at,
        )
        versions.put_in_test(version_id=version_id, at=at)
        versions.approve(version_id=version_id, approver="Grace", at=at)
