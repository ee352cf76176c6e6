"""Businesses that apply for licenses, in the demonstration city, and people who handle them."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import (
    applying,
    businesses,
    charging,
    issuing,
    keeping,
    signing_off,
)
from fisc.domain.licensing.queries import applications, hindrances
from fisc.plumbing import transactions
from tests.factories import money, users

DAY = datetime.date(2026, 3, 2)
AT = datetime.datetime(2026, 10, 3, 16, 0, tzinfo=datetime.UTC)
MAILING = accounts.Mailing("1 Mesquite Way", "Mesquite Springs", "FL", "00001")

_counter = itertools.count(1)


def person() -> int:
    """Return the id of somebody who works here."""
    return users.person(f"clerk{next(_counter)}")


def by(user_id: int | None = None, why: str = "as asked") -> keeping.By:
    return keeping.By(user_id=user_id, at=AT, why=why)


def business(name: str = "") -> int:
    """Return a business with a license account."""
    with transactions.started():
        business_id = businesses.add_business(
            name=name or f"Holder {next(_counter)} xq{next(_counter)}",
            address=None,
            began_on=datetime.date(2020, 1, 1),
            at=AT,
            are_others=range(1, 100_000),
        )
    applying.open_account(
        business_id=business_id, mailing=MAILING, opened_on=datetime.date(2020, 1, 1), by=by()
    )
    return business_id


def tax_account(business_id: int) -> int:
    with transactions.started():
        return accounts.open_account(
            kind=account_choices.AccountKind.TAX,
            party_id=business_id,
            name="Tax",
            mailing=MAILING,
            opened_on=datetime.date(2020, 1, 1),
            at=AT,
        ).account_id


def application(license_type: str = "peddler", **told: Any) -> int:
    """Return an application that was started."""
    asked = {
        "license_type": license_type,
        "business_id": told.pop("business_id", None) or business(),
        "received_on": DAY,
        "begins_on": DAY,
        **told,
    }
    return applying.start(applying.Application(**asked), by=by())


def completed(license_type: str = "peddler", **told: Any) -> int:
    """Return an application that says and brings all it must."""
    application_id = application(license_type, **told)
    bring(application_id)
    applying.complete(application_id, on=DAY, by=by())
    return application_id


def bring(application_id: int) -> None:
    """Answer and attach everything that is missing."""
    missing = hindrances.missing(applications.application(application_id))
    said = {each.code: "Yes, as always" for each in missing if each.about == "question"}
    applying.tell(application_id, answers=said, by=by())
    for each in missing:
        if each.about == "attachment":
            applying.attach(
                application_id,
                attachment=each.code,
                reference="folder 7",
                received_on=DAY,
                by=by(),
            )


def sign(application_id: int, *, on: datetime.date = DAY) -> None:
    """Have every department approve, step after step."""
    while waiting := [
        each
        for each in applications.standing_sign_offs(application_id)
        if each.due_on is not None and not each.outcome
    ]:
        for each in waiting:
            signing_off.sign_off(
                each.sign_off_id,
                outcome=choices.SignOffOutcome.APPROVED,
                on=on,
                by=by(person(), "looks right"),
            )


def pay(application_id: int, *, cents: int | None = None, on: datetime.date = DAY) -> None:
    """Pay what an application charged, or some of it."""
    charged = applications.charged(application_id)
    owed = sum(each.open_cents for each in charged if each.credits_id is None)
    account_id = applications.application(application_id).account_id
    money.pay({account_id: owed if cents is None else cents}, day=on)


def issued(
    license_type: str = "peddler", *, on: datetime.date = DAY, **told: Any
) -> issuing.Issued:
    """Return a license that was applied for, signed, paid and issued."""
    application_id = completed(license_type, **told)
    sign(application_id)
    charging.charge(application_id, on=on, by=by())
    pay(application_id, on=on)
    return issuing.issue(application_id, on=on, by=by())
