"""A city with GL accounts, charge codes and an allocation table; accounts that owe; payments."""

from __future__ import annotations

import datetime
import itertools
import pathlib

from django.db import connection

from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger_choices
from fisc.domain.ledger import operations as ledger
from fisc.domain.payments import choices as payment_choices
from fisc.domain.payments import queries
from fisc.domain.payments.operations import returning
from fisc.domain.payments.operations import taking as payments
from fisc.domain.receivables import calculations as sums
from fisc.domain.receivables.operations import charges, credits
from fisc.domain.rule_tables.calculations import city_files
from fisc.domain.rule_tables.operations import versions as rule_tables
from fisc.plumbing import transactions

CITY = pathlib.Path(__file__).resolve().parents[2] / "cities" / "mesquite_springs"
DAY = datetime.date(2026, 3, 10)
AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)
LISTS = (
    "charge",
    "gl account",
    "tender kind",
    "till policy",
    "denomination",
    "void reason",
    "return reason",
    "adjustment reason",
    "disbursement purpose",
    "hold reason",
)
TABLES = ("payments.allocation_order", "disbursements.approvals", "disbursements.offsets")

_counter = itertools.count(1)


def city() -> None:
    """Bring in what money needs of the demonstration city: lists, GL accounts, some tables."""
    found = city_files.read_city(CITY)
    with transactions.started():
        for each in found.code_lists:
            if each.name in LISTS:
                code_list_writes.import_codes(name=each.name, content=each.content)
        wanted = [each for each in found.approvals if each.decision_point in TABLES]
        for approval in wanted:
            version_id = rule_tables.draft(
                of=rule_tables.Draft(
                    book=approval.book,
                    decision_point=approval.decision_point,
                    file_name=approval.file,
                    content=(CITY / "tables" / approval.file).read_bytes(),
                    effective=approval.effective,
                    author=approval.author,
                    reason=approval.reason,
                    citation=approval.citation,
                ),
                at=AT,
            )
            rule_tables.put_in_test(version_id=version_id, at=AT)
            rule_tables.approve(
                version_id=version_id, approver=approval.approver, at=approval.approved_at
            )
    ledger.load_gl_accounts()


def accounts(count: int, *, first: int | None = None) -> list[int]:
    """Add accounts that hold nothing yet and return their ids."""
    with connection.cursor() as cursor:
        if first is None:
            cursor.execute("select coalesce(max(id), 0) + 1 from ledger_subledgeraccount")
            (first,) = cursor.fetchone()
        ids = list(range(first, first + count))
        cursor.execute(
            "insert into ledger_subledgeraccount (id, kind) select unnest(%s::bigint[]), 1", [ids]
        )
        cursor.execute(
            "insert into accounts_account (subledger_id, number, bucket, kind, name,"
            " mailing_line_1, mailing_line_2, mailing_city, mailing_state, mailing_zip, language,"
            " opened_on) select id, 1000000000 + id, id %% 4096, 'utility', 'Resident ' || id,"
            " '', '', '', '', '', 'en', '2020-01-01' from unnest(%s::bigint[]) as id",
            [ids],
        )
    return ids


def code_id(name: str, *, of: str = "charge") -> int:
    """Return the id of a code."""
    return code_lists.code(of, name).id


def origin(*, day: datetime.date = DAY, source_id: int | None = None) -> sums.Origin:
    """Return the marks of an entry that a bill made."""
    return sums.Origin(
        posting_day=day,
        source_kind=ledger_choices.SourceKind.BILL,
        source_id=next(_counter) if source_id is None else source_id,
        made_by_id=None,
        made_at=AT,
    )


def charge(
    account_id: int,
    code: str,
    cents: int,
    *,
    due_on: datetime.date | None = None,
    day: datetime.date = DAY,
) -> int:
    """Charge an account and return the item's id."""
    with transactions.started():
        written = charges.add_charges(
            charges=[
                sums.Charge(
                    account_id=account_id,
                    code_id=code_id(code),
                    amount_cents=cents,
                    arises_on=day,
                    due_on=due_on or day + datetime.timedelta(days=20),
                )
            ],
            origin=origin(day=day),
        )
    return written.item_ids[0]


def tender(kind: str, cents: int, reference: str = "") -> payments.TenderGiven:
    """Return a tender handed over."""
    if not reference and kind != "cash":
        reference = "1001"
    return payments.TenderGiven(
        kind_id=code_id(kind, of="tender kind"), given_cents=cents, reference=reference
    )


def new_payment(
    *,
    tenders: list[payments.TenderGiven],
    basket: dict[int, int],
    day: datetime.date = DAY,
    source_id: int = 0,
) -> payments.NewPayment:
    """Return a payment to be taken at the counter."""
    return payments.NewPayment(
        received_on=day,
        posting_day=day,
        channel=payment_choices.Channel.COUNTER,
        source_kind=ledger_choices.SourceKind.NONE,
        source_id=source_id,
        tenders=tuple(tenders),
        basket=tuple(payments.InBasket(each, cents) for each, cents in basket.items()),
    )


def pay(
    basket: dict[int, int],
    *,
    tenders: list[payments.TenderGiven] | None = None,
    key: str | None = None,
    day: datetime.date = DAY,
    at: datetime.datetime | None = None,
) -> payments.Taken:
    """Take a payment, in cash unless said otherwise."""
    tenders = tenders or [tender("cash", sum(basket.values()))]
    return payments.take_payment(
        key=key or f"test/{next(_counter)}",
        payment=new_payment(tenders=tenders, basket=basket, day=day),
        made_by_id=None,
        made_at=at or AT,
    )


def apply_credit(credit_item_id: int, item_id: int, cents: int) -> None:
    """Settle part of a charge with a credit."""
    part = sums.Part(
        sums.OpenCharge(item_id=item_id, account_id=0, code_id=0, due_on=None, open_cents=cents),
        cents,
    )
    with transactions.started():
        credits.apply_credit(credit_item_id=credit_item_id, parts=[part], origin=origin())


def return_tender(payment_id: int) -> int:
    """Return the first tender of a payment for want of funds."""
    return returning.return_tender(
        tender_id=queries.payment(payment_id).tenders[0].id,
        reason_code_id=code_id("NSF", of="return reason"),
        posting_day=DAY,
        made_by_id=None,
        made_at=AT,
    )
