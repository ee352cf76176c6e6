"""Applications for a license: taken in, told of, charged, issued."""

from __future__ import annotations

import datetime
from typing import Annotated, Final

from django import http
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field

from fisc.basics import periods
from fisc.domain.licensing.operations import applying, charging, issuing, keeping
from fisc.domain.licensing.queries import applications, hindrances
from fisc.interfaces.api import answers, days, doors, keyed, texts
from fisc.plumbing.users import permissions

router = Router(tags=["applications"])
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
OK: Final = 200
UNITS_MAX: Final = 10_000
RECEIPTS_MAX_CENTS: Final = 10**13
_ID_MAX: Final = 2**63 - 1


class NewApplication(Schema):
    """What a business asks for; money in cents."""

    license_type: texts.Code
    business_id: int = Field(ge=1, le=_ID_MAX)
    begins_on: days.Day
    units: int | None = Field(default=None, ge=0, le=UNITS_MAX)
    gross_receipts_cents: int | None = Field(default=None, ge=0, le=RECEIPTS_MAX_CENTS)
    began_unlicensed: bool = False
    # Of a license for an event.
    event_last_day: days.Day | None = None


class Told(Schema):
    """What an applicant says further: answers by the codes of the questions."""

    answers: dict[texts.Code, texts.Text] = {}
    units: int | None = Field(default=None, ge=0, le=UNITS_MAX)
    gross_receipts_cents: int | None = Field(default=None, ge=0, le=RECEIPTS_MAX_CENTS)


class Paper(Schema):
    """A paper that came: its code in the list “license attachment”, and where it is."""

    attachment: texts.Code
    reference: texts.Line


class Department(Schema):
    """What a department said, or by when it must."""

    department: str
    due_on: datetime.date | None
    outcome: str
    reason: str


class Line(Schema):
    """A line that was charged, and what of it is open."""

    line: str
    amount_cents: int
    open_cents: int


class Application(Schema):
    """An application as it stands; `missing` is what it lacks, `hindrances` what holds it up."""

    application_id: int
    license_type: str
    number: int
    kind: str
    status: str
    business_id: int
    begins_on: datetime.date
    license_id: int | None
    missing: list[str]
    hindrances: list[str]
    departments: list[Department]
    charged: list[Line]


class Issued(Schema):
    """The license that an application gave."""

    license_id: int
    number: int
    public_code: str


@router.get(
    "/applications/{application_id}",
    response={OK: Application, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.SEE_LICENSES),
)
def application(request: http.HttpRequest, application_id: Id) -> Application:
    """Return an application, what is missing of it and what holds it up."""
    found = _told(application_id)
    doors.shown(request, what="license application", number=application_id)
    return found


@router.post(
    "/applications",
    response={OK: Application, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.HANDLE_APPLICATIONS),
)
def start(request: http.HttpRequest, body: NewApplication, key: keyed.Key) -> Application:
    """Take an application for a new license in, received today."""
    asked = applying.Application(
        received_on=timezone.localdate(),
        event_ends_before=periods.day_after(body.event_last_day),
        **body.model_dump(exclude={"event_last_day"}),
    )

    def do() -> dict[str, int]:
        return {"application_id": applying.start(asked, by=_by(request))}

    return _told(keyed.once(request, key=key, body=body, do=do)["application_id"])


@router.post(
    "/applications/{application_id}/answers",
    response={OK: Application, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.HANDLE_APPLICATIONS),
)
def tell(request: http.HttpRequest, application_id: Id, body: Told, key: keyed.Key) -> Application:
    """Keep what an applicant answers; the last answer holds, an empty one takes it back."""

    def do() -> dict[str, int]:
        applying.tell(application_id, by=_by(request), **body.model_dump())
        return {}

    keyed.once(request, key=key, body=body, do=do)
    return _told(application_id)


@router.post(
    "/applications/{application_id}/papers",
    response={OK: Application, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.HANDLE_APPLICATIONS),
)
def attach(
    request: http.HttpRequest, application_id: Id, body: Paper, key: keyed.Key
) -> Application:
    """Keep that a paper came today, and where it is."""

    def do() -> dict[str, int]:
        today = timezone.localdate()
        applying.attach(application_id, received_on=today, by=_by(request), **body.model_dump())
        return {}

    keyed.once(request, key=key, body=body, do=do)
    return _told(application_id)


@router.post(
    "/applications/{application_id}/complete",
    response={OK: Application, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.HANDLE_APPLICATIONS),
)
def complete(request: http.HttpRequest, application_id: Id, key: keyed.Key) -> Application:
    """Have an application be complete, which asks the departments; or say all that is missing."""

    def do() -> dict[str, int]:
        applying.complete(application_id, on=timezone.localdate(), by=_by(request))
        return {}

    keyed.once(request, key=key, body=None, do=do)
    return _told(application_id)


@router.post(
    "/applications/{application_id}/charge",
    response={OK: Application, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.HANDLE_APPLICATIONS),
)
def charge(request: http.HttpRequest, application_id: Id, key: keyed.Key) -> Application:
    """Charge the fee of a complete application to its account, due today."""

    def do() -> dict[str, int]:
        charging.charge(application_id, on=timezone.localdate(), by=_by(request))
        return {}

    keyed.once(request, key=key, body=None, do=do)
    return _told(application_id)


@router.post(
    "/applications/{application_id}/issue",
    response={OK: Issued, answers.REFUSED: answers.Problem},
    auth=doors.Opens(permissions.ISSUE_LICENSES),
)
def issue(request: http.HttpRequest, application_id: Id, key: keyed.Key) -> Issued:
    """Issue the license of an application, or say everything that is in the way."""

    def do() -> dict[str, int | str]:
        issued = issuing.issue(application_id, on=timezone.localdate(), by=_by(request))
        return {
            "license_id": issued.license_id,
            "number": issued.number,
            "public_code": issued.public_code,
        }

    return Issued(**keyed.once(request, key=key, body=None, do=do))


def _by(request: http.HttpRequest) -> keeping.By:
    return keeping.By(user_id=doors.person(request), at=timezone.now(), why="by a program")


def _told(application_id: int) -> Application:
    found = applications.application(application_id)
    return Application(
        application_id=found.application_id,
        license_type=found.license_type.code,
        number=found.number,
        kind=found.kind,
        status=found.status,
        business_id=found.business_id,
        begins_on=found.begins_on,
        license_id=found.license_id,
        missing=[each.en for each in hindrances.missing(found)],
        hindrances=[each.en for each in hindrances.hindrances(found, on=timezone.localdate())],
        departments=[
            Department(
                department=each.department.code,
                due_on=each.due_on,
                outcome=each.outcome,
                reason=each.reason,
            )
            for each in applications.standing_sign_offs(application_id)
        ],
        charged=[
            Line(line=each.line.code, amount_cents=each.amount_cents, open_cents=each.open_cents)
            for each in applications.charged(application_id)
        ],
    )
