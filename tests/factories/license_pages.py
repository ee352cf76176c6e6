"""Businesses and people for the pages of licenses, as the pages themselves would make them."""

from __future__ import annotations

import datetime
import itertools

from django.test import Client
from django.utils import timezone

from fisc.domain.accounts import choices as account_choices
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import (
    applying,
    charging,
    entering,
    issuing,
    keeping,
    signing_off,
)
from fisc.domain.licensing.queries import applications, hindrances
from fisc.plumbing.users import choices as user_choices
from tests.factories import money, users

_counter = itertools.count(1)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _word(number: int) -> str:
    """Return a word that looks like no other number's."""
    return "".join(_LETTERS[(number * step + step) % 26] for step in (7, 11, 3, 5, 17, 19))


def browser(group: user_choices.GroupName = user_choices.GroupName.SUPERVISOR) -> Client:
    return users.browser_of(users.person(f"license{next(_counter)}", group))


def by(user_id: int | None = None, why: str = "as asked") -> keeping.By:
    return keeping.By(user_id=user_id, at=timezone.now(), why=why)


def business(*, has_account: bool = True) -> int:
    """Return a business with a place, entered today."""
    number = next(_counter)
    today = timezone.localdate()
    clerk = users.person(f"enterer{number}")
    who = entering.By(user_id=clerk, at=timezone.now(), today=today)
    place = entering.Place(
        house_number=f"{number}",
        street="Ocotillo Lane",
        unit="",
        city="Mesquite Springs",
        state="FL",
        zip="00001",
    )
    business_id = entering.enter_business(
        entering.Entry(
            name=f"{_word(number).title()} Billiards LLC",
            trade_name=f"{_word(number + 500).title()} Hall",
            began_on=today - datetime.timedelta(days=400),
            place=place,
        ),
        by=who,
        are_others=range(1, 100_000),
    )
    if has_account:
        entering.open_account(
            business_id=business_id,
            kind=account_choices.AccountKind.LICENSE,
            place=place,
            language="en",
            by=who,
        )
    return business_id


def started(license_type: str = "pool_hall", business_id: int | None = None) -> int:
    """Return an application of today that nobody here took in."""
    today = timezone.localdate()
    return applying.start(
        applying.Application(
            license_type=license_type,
            business_id=business_id or business(),
            received_on=today,
            begins_on=today,
            units=4,
        ),
        by=by(),
    )


def completed(license_type: str = "pool_hall") -> int:
    application_id = started(license_type)
    bring(application_id)
    applying.complete(application_id, on=timezone.localdate(), by=by())
    return application_id


def bring(application_id: int) -> None:
    """Answer and attach all that is missing."""
    missing = hindrances.missing(applications.application(application_id))
    said = {each.code: "Billiards" for each in missing if each.about == "question"}
    applying.tell(application_id, answers=said, by=by())
    for each in missing:
        if each.about == "attachment":
            applying.attach(
                application_id,
                attachment=each.code,
                reference="folder 7",
                received_on=timezone.localdate(),
                by=by(),
            )


def signed(application_id: int) -> None:
    """Have every department approve."""
    while waiting := [
        each
        for each in applications.standing_sign_offs(application_id)
        if each.due_on is not None and not each.outcome
    ]:
        for each in waiting:
            signing_off.sign_off(
                each.sign_off_id,
                outcome=choices.SignOffOutcome.APPROVED,
                on=timezone.localdate(),
                by=by(users.person(f"inspector{next(_counter)}"), "looks right"),
            )


def paid(application_id: int) -> None:
    """Pay what is open of an application."""
    owed = sum(
        each.open_cents for each in applications.charged(application_id) if each.credits_id is None
    )
    account_id = applications.application(application_id).account_id
    money.pay({account_id: owed}, day=timezone.localdate(), at=timezone.now())


def issued(license_type: str = "pool_hall") -> issuing.Issued:
    application_id = completed(license_type)
    signed(application_id)
    charging.charge(application_id, on=timezone.localdate(), by=by())
    paid(application_id)
    return issuing.issue(application_id, on=timezone.localdate(), by=by())
