"""Who asks for a license in the demonstration city just now, and how far each has come.

By the operations that the pages use: the coordinator takes in, others sign off and decide.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping, Sequence

import numpy as np

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import choices as ledger
from fisc.domain.licensing import choices
from fisc.domain.licensing.operations import (
    applying,
    businesses,
    changing,
    charging,
    deciding,
    entering,
    issuing,
    signing_off,
)
from fisc.domain.licensing.queries import applications, licenses, requirements
from fisc.domain.payments import choices as payments
from fisc.domain.payments.operations import bulk
from fisc.plumbing import transactions
from fisc.plumbing.runs import pieces
from fisc.plumbing.users import queries as users
from fisc.processes.demonstration import moving_in, opening

SUSPENDED_EVERY = 240
TAKES_IN, DECIDES = "coordinator", "inspector"
RECEIVED_DAYS_AGO = 9


class Stage(enum.IntEnum):
    """How far an application has come."""

    STARTED = 1
    COMPLETE = 2
    SIGNED_ONCE = 3
    APPROVED = 4
    CHARGED = 5
    PAID = 6
    ISSUED = 7
    DENIED = 8
    WITHDRAWN = 9


@dataclasses.dataclass(frozen=True, slots=True)
class Applicant:
    """A business that is new in the city, and what it asks for."""

    name: str
    license_type: str
    business_class: str
    house_number: str
    street: str
    stage: Stage
    units: int | None = None
    receipts_cents: int | None = None


APPLICANTS = (
    Applicant("Encinas Ironworks LLC", "service_business", "15", "40", "Mill Street",
              Stage.STARTED, receipts_cents=4_200_000),
    Applicant("Redhouse Billiards LLC", "pool_hall", "12", "42", "Plaza Street",
              Stage.STARTED, units=8),
    Applicant("Quezada Lamp Shop LLC", "general_merchant", "17", "44", "Main Street",
              Stage.COMPLETE, receipts_cents=26_000_000),
    Applicant("Thatcher Cue Club Inc.", "pool_hall", "12", "46", "Canal Street",
              Stage.COMPLETE, units=6),
    Applicant("Zepeda Attic Finds", "secondhand_dealer", "17", "48", "Sage Street",
              Stage.SIGNED_ONCE),
    Applicant("Old Depot Corner Pocket", "pool_hall", "12", "50", "Old Depot Road",
              Stage.SIGNED_ONCE, units=10),
    Applicant("Tsosie Saddle Repair", "service_business", "17", "52", "Rancho Road",
              Stage.APPROVED, receipts_cents=3_800_000),
    Applicant("Verbena Street Books LLC", "general_merchant", "17", "54", "Verbena Street",
              Stage.CHARGED, receipts_cents=31_000_000),
    Applicant("Ontiveros Clock Repair", "service_business", "17", "56", "Copper Street",
              Stage.PAID, receipts_cents=2_900_000),
    Applicant("Lujan Kitchen Goods Inc.", "general_merchant", "17", "58", "Bridge Street",
              Stage.ISSUED, receipts_cents=48_000_000),
    Applicant("Fast Buck Resale", "secondhand_dealer", "17", "60", "Wash Street",
              Stage.DENIED),
    Applicant("Pico Upholstery Partners", "service_business", "17", "62", "School Street",
              Stage.WITHDRAWN, receipts_cents=5_100_000),
)  # fmt: skip


def subjects(opened: opening.Opened) -> Sequence[Mapping[str, int]]:
    """Return what the chunks are told: an applicant each, and at last who is suspended."""
    return [
        *({"applicant": place} for place in range(len(APPLICANTS))),
        {"first_party": opened.first_party, "businesses": opened.businesses},
    ]


def go_on(chunk: pieces.ClaimedChunk) -> Mapping[str, int]:
    """Have one apply and come as far as it has, or suspend some licenses; done twice, once is."""
    yesterday = chunk.posting_day - datetime.timedelta(days=1)
    if "applicant" not in chunk.subject:
        return _suspend_some(chunk.subject, on=yesterday, at=chunk.instant)
    applicant = APPLICANTS[chunk.subject["applicant"]]
    people = _People(users.user_id(username=TAKES_IN), users.user_id(username=DECIDES))
    received_on = chunk.posting_day - datetime.timedelta(days=RECEIVED_DAYS_AGO)
    try:
        # All of it or nothing: who was entered and went no further would be taken for done.
        with transactions.with_a_part(by="an applicant"):
            business_id = _enter(applicant, people, on=received_on, at=chunk.instant)
            application_id = _ask(applicant, business_id, people, on=received_on, at=chunk.instant)
            _come_to(applicant, application_id, people, on=yesterday, at=chunk.instant)
    except businesses.LooksLikeAnother:
        return {"applications": 0}
    return {"applications": 1}


@dataclasses.dataclass(frozen=True, slots=True)
class _People:
    """Who takes an application in, and who decides it."""

    takes_in: int
    decides: int


def _place(applicant: Applicant) -> entering.Place:
    return entering.Place(
        house_number=applicant.house_number,
        street=applicant.street,
        unit="",
        city=moving_in.MAILING.city,
        state=moving_in.MAILING.state,
        zip=moving_in.MAILING.zip,
    )


def _enter(
    applicant: Applicant, people: _People, *, on: datetime.date, at: datetime.datetime
) -> int:
    return entering.enter_business(
        entering.Entry(
            name=applicant.name,
            began_on=on,
            phone="(555) 555-0100",
            place=_place(applicant),
            activities=[(choices.ActivityList.CITY, applicant.business_class)],
            account_language="en",
        ),
        by=entering.By(user_id=people.takes_in, at=at, today=on),
    )


def _ask(
    applicant: Applicant, business_id: int, people: _People, *, on: datetime.date,
    at: datetime.datetime,
) -> int:  # fmt: skip
    """Take the application in with the answers that there are."""
    by = applying.By(people.takes_in, at)
    with transactions.started(by="an applicant"):
        premise_id = entering.premise_of(_place(applicant))
    application_id = applying.start(
        applying.Application(
            license_type=applicant.license_type,
            business_id=business_id,
            premise_id=premise_id,
            received_on=on,
            begins_on=on + datetime.timedelta(days=RECEIVED_DAYS_AGO),
            units=applicant.units,
            gross_receipts_cents=applicant.receipts_cents,
        ),
        by=by,
    )
    if applicant.stage == Stage.STARTED:
        return application_id
    answers = {
        "activity": f"What {applicant.name} does",
        "control": "Its owner alone",
        "denied_before": "No",
    }
    applying.tell(
        application_id,
        answers={each: answers[each] for each in _questions(application_id)},
        by=by,
    )
    applying.complete(application_id, on=on, by=by)
    return application_id


def _questions(application_id: int) -> Sequence[str]:
    """Return the questions that an application must answer."""
    found = applications.application(application_id)
    return [each.code for each in requirements.questions(found.asking)]


def _come_to(
    applicant: Applicant, application_id: int, people: _People, *, on: datetime.date,
    at: datetime.datetime,
) -> None:  # fmt: skip
    """Take an application from complete to where it is."""
    stage = applicant.stage
    by = applying.By(people.decides, at, "Looked at the place")
    if stage == Stage.DENIED:
        deciding.deny(
            application_id,
            on=on,
            by=applying.By(people.decides, at, "The zoning of the place does not allow it"),
        )
    elif stage == Stage.WITHDRAWN:
        deciding.withdraw(
            application_id, on=on, by=applying.By(people.takes_in, at, "The applicant moved away")
        )
    elif stage >= Stage.SIGNED_ONCE:
        _sign(application_id, rounds=1 if stage == Stage.SIGNED_ONCE else 9, on=on, by=by)
    if Stage.CHARGED <= stage <= Stage.ISSUED:
        charging.charge(application_id, on=on, by=applying.By(people.takes_in, at))
    if Stage.PAID <= stage <= Stage.ISSUED:
        _pay(application_id, on=on, at=at)
    if stage == Stage.ISSUED:
        issuing.issue(application_id, on=on, by=applying.By(people.takes_in, at))


def _sign(application_id: int, *, rounds: int, on: datetime.date, by: applying.By) -> None:
    """Have the departments that are asked approve, step by step."""
    for _ in range(rounds):
        asked = [
            each
            for each in applications.standing_sign_offs(application_id)
            if not each.outcome and each.due_on is not None
        ]
        for each in asked:
            signing_off.sign_off(
                each.sign_off_id, outcome=choices.SignOffOutcome.APPROVED, on=on, by=by
            )


def _pay(application_id: int, *, on: datetime.date, at: datetime.datetime) -> None:
    """Pay by check what an application was charged."""
    found = applications.application(application_id)
    cents = sum(each.open_cents for each in applications.charged(application_id))
    days = np.array([moving_in.day_number(on)], dtype=np.int64)
    with transactions.started(by="an applicant's payment"):
        bulk.take_payments(
            key=f"demonstration application {application_id}",
            of=bulk.ManyPayments(
                account_ids=np.array([found.account_id], dtype=np.int64),
                amount_cents=np.array([cents], dtype=np.int64),
                tender_kind_ids=np.array(
                    [code_lists.code_ids("tender kind")["check"]], dtype=np.int64
                ),
                received_on=days,
                posting_day=days,
                channel=payments.Channel.LOCKBOX,
                source_kind=ledger.SourceKind.FILE,
                source_id=application_id,
                references=["1042"],
            ),
            made_by_id=None,
            made_at=at,
        )


def _suspend_some(
    told: Mapping[str, int], *, on: datetime.date, at: datetime.datetime
) -> Mapping[str, int]:
    """Suspend a license here and there."""
    by = changing.By(
        users.user_id(username=DECIDES), at, "The liability insurance ended and was not renewed"
    )
    suspended = 0
    for place in range(SUSPENDED_EVERY - 1, told["businesses"], SUSPENDED_EVERY):
        for each in licenses.of_business(told["first_party"] + place)[:1]:
            if each.status == choices.LicenseStatus.ACTIVE:
                changing.suspend(each.license_id, on=on, by=by)
                suspended += 1
    return {"suspended": suspended}
