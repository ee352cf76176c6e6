"""Issuing a license, or renewing it, once everything asked is there, signed and paid."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.domain.licensing import choices, models
from fisc.domain.licensing.operations import keeping
from fisc.domain.licensing.queries import applications, hindrances
from fisc.plumbing import transactions

By = keeping.By
# Without letters and digits that look alike on paper: 32 signs, so 5 bits each.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH = 20


class CannotBeIssued(Exception):
    """Something is in the way of a license; `problems` has every reason."""

    def __init__(self, problems: Sequence[hindrances.Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(each.en for each in self.problems))


@dataclass(frozen=True, slots=True)
class Issued:
    """The license that an application gave, or renewed."""

    license_id: int
    number: int
    public_code: str


@transactions.starts_transaction
def issue(application_id: int, *, on: datetime.date, by: By) -> Issued:
    """Issue the license of an application, or renew the one that it is a renewal of.

    Raises CannotBeIssued with every reason at once, applications.NoSuchApplication.
    """
    return issue_part(application_id, on=on, by=by)


@transactions.needs_transaction
def issue_part(application_id: int, *, on: datetime.date, by: By) -> Issued:
    """As issue, as a part of something."""
    found = keeping.locked(application_id)
    if problems := hindrances.hindrances(found, on=on):
        raise CannotBeIssued(problems)
    assert found.term is not None, "what is paid was charged for a term"
    issued = _renewed(found, on=on, by=by) if found.license_id else _issued(found, on=on, by=by)
    keeping.turn(application_id, status=choices.ApplicationStatus.ISSUED, on=on, by=by)
    return issued


def _issued(found: applications.Application, *, on: datetime.date, by: By) -> Issued:
    assert found.term is not None
    assert found.term.ends_before is not None
    begins = max(on, found.begins_on, found.term.starts_on)
    row = models.License(
        license_type_id=found.license_type.id,
        number=keeping.draw_number(
            license_type_id=found.license_type.id, of=choices.NumberOf.LICENSE
        ),
        public_code=public_code(),
        issued_on=on,
        business_id=found.business_id,
        premise_id=found.premise_id,
        account_id=found.account_id,
        term_starts_on=begins,
        term_ends_before=found.term.ends_before,
    )
    row.save(force_insert=True)
    _event(found, row.id, choices.LicenseEventKind.ISSUED, begins=begins, on=on, by=by)
    return Issued(row.id, row.number, row.public_code)


def _renewed(found: applications.Application, *, on: datetime.date, by: By) -> Issued:
    assert found.term is not None
    assert found.license_id is not None
    keeping.lock_license(found.license_id)
    row = models.License.objects.get(id=found.license_id)
    if row.status not in choices.STATUS_BEFORE[choices.LicenseEventKind.RENEWED]:
        raise CannotBeIssued(
            [
                hindrances.Problem(
                    "license",
                    row.status,
                    f"License {row.number} is {row.status} and cannot be renewed.",
                    f"La licencia {row.number} no está en un estado que permita renovarla.",
                )
            ]
        )
    begins = found.term.starts_on
    _event(found, row.id, choices.LicenseEventKind.RENEWED, begins=begins, on=on, by=by)
    return Issued(row.id, row.number, row.public_code)


def _event(
    found: applications.Application, license_id: int, kind: choices.LicenseEventKind, *,
    begins: datetime.date, on: datetime.date, by: By,
) -> None:  # fmt: skip
    assert found.term is not None
    models.LicenseEvent.objects.create(
        license_id=license_id,
        kind=kind,
        happened_on=on,
        starts_on=begins,
        ends_before=found.term.ends_before,
        business_id=found.business_id,
        account_id=found.account_id,
        premise_id=found.premise_id,
        application_id=found.application_id,
        reason=by.why,
        made_by_id=by.user_id,
        made_at=by.at,
        run_id=by.run_id,
    )


def public_code() -> str:
    """Return a code that nobody guesses, for the page that tells whether a license is valid."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH))
