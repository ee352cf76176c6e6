"""Taking an application in: what it says and brings, until it is complete."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.operations import keeping, signing_off, watching
from fisc.domain.licensing.queries import (
    applications,
    fees,
    hindrances,
    licenses,
    requirements,
    standing,
)
from fisc.domain.licensing.queries import businesses as known
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.plumbing import transactions

By = keeping.By
_A_DAY = datetime.timedelta(days=1)


class CannotApply(Exception):
    """An application cannot be taken in so; `problems` has everything that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


class NotComplete(Exception):
    """Something is still missing of an application; `problems` has all of it."""

    def __init__(self, problems: Sequence[hindrances.Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(each.en for each in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a business asks for. Receipts are of twelve months, in whole cents.

    `begins_on` is the first day that the license is wanted for; a renewal begins when the term
    before it ends, whatever is said. `account_id` is chosen where it is not given.
    """

    license_type: str
    business_id: int
    received_on: datetime.date
    begins_on: datetime.date
    premise_id: int | None = None
    account_id: int | None = None
    units: int | None = None
    gross_receipts_cents: int | None = None
    began_unlicensed: bool = False
    event_ends_before: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What the holder of a license tells with its renewal."""

    license_id: int
    received_on: datetime.date
    units: int | None = None
    gross_receipts_cents: int | None = None


@transactions.starts_transaction
def open_account(
    *, business_id: int, mailing: accounts.Mailing, opened_on: datetime.date, by: By,
    language: str = "en",
) -> int:  # fmt: skip
    """Open the account that a business's licenses are charged to, or return the one it has.

    Raises known.NoSuchBusiness.
    """
    business = known.business(business_id=business_id, as_of=opened_on)
    kind = account_choices.AccountKind.LICENSE
    found = standing.account_of(business_id=business_id, kind=kind, as_of=opened_on)
    if found is not None:
        return found
    account_id = accounts.open_account(
        kind=kind,
        party_id=business_id,
        name=business.name,
        mailing=mailing,
        opened_on=opened_on,
        at=by.at,
        language=language,
    ).account_id
    accounts.make_searchable(account_id=account_id, premise_id=None)
    return account_id


@transactions.starts_transaction
def start(asked: Application, *, by: By) -> int:
    """Take an application for a new license in and return its id. Raises CannotApply."""
    account_id, problems = _account(asked.business_id, asked.account_id, on=asked.received_on)
    types = code_lists.codes(fees.LICENSE_TYPES)
    code = types.get(asked.license_type)
    if code is None or not code.is_current(asked.received_on):
        problems.append(
            f"There is no license type “{asked.license_type}” on {asked.received_on}. Choose one "
            "of the list “license type”."
        )
    if asked.begins_on < asked.received_on:
        problems.append(
            f"A license cannot begin on {asked.begins_on}, before it was asked for. Let it begin "
            f"on {asked.received_on} or later; say so if the business began without one."
        )
    problems += _wrong_facts(asked.units, asked.gross_receipts_cents)
    problems += _wrong_event(asked, known_at=by.at) if code is not None else []
    if problems:
        raise CannotApply(problems)
    assert code is not None
    return _taken_in(
        models.Application(
            license_type_id=code.id,
            kind=choices.ApplicationKind.NEW,
            business_id=asked.business_id,
            premise_id=asked.premise_id,
            account_id=account_id,
            received_on=asked.received_on,
            received_at=by.at,
            begins_on=asked.begins_on,
            event_ends_before=asked.event_ends_before,
            began_unlicensed=asked.began_unlicensed,
            units=asked.units,
            gross_receipts_cents=asked.gross_receipts_cents,
            taken_by_id=by.user_id,
        ),
        by=by,
    )


@transactions.starts_transaction
def start_renewal(asked: Renewal, *, by: By) -> int:
    """Take a renewal in and return its application's id. Raises CannotApply, NoSuchLicense."""
    return add_renewal(asked, by=by)


@transactions.needs_transaction
def add_renewal(asked: Renewal, *, by: By) -> int:
    """As start_renewal, as a part of something."""
    keeping.lock_license(asked.license_id)
    found = licenses.license_of(asked.license_id)
    problems = [
        *_not_renewable(found, on=asked.received_on, by=by),
        *_wrong_facts(asked.units, asked.gross_receipts_cents),
    ]
    if problems:
        raise CannotApply(problems)
    assert found.term.ends_before is not None
    renewal = models.Application(
        license_type_id=found.license_type.id,
        kind=choices.ApplicationKind.RENEWAL,
        license_id=found.license_id,
        business_id=found.business_id,
        premise_id=found.premise_id,
        account_id=found.account_id,
        received_on=asked.received_on,
        received_at=by.at,
        begins_on=found.term.ends_before,
        units=asked.units,
        gross_receipts_cents=asked.gross_receipts_cents,
        taken_by_id=by.user_id,
    )
    try:
        with transactions.savepoint():
            return _taken_in(renewal, by=by)
    except IntegrityError as problem:
        if "one_open_renewal_a_license" not in str(problem):
            raise
        raise CannotApply(
            [f"License {found.number} has a renewal that is not done yet. Go on with that one."]
        ) from problem


@transactions.starts_transaction
def tell(
    application_id: int, *, answers: Mapping[str, str] | None = None, units: int | None = None,
    gross_receipts_cents: int | None = None, by: By,
) -> None:  # fmt: skip
    """Keep what an applicant answers, by the codes of the questions; the last answer holds.

    An empty answer takes one back. Raises CannotApply, keeping.IsNotSo, code_lists.NoSuchCode.
    """
    found = keeping.locked(application_id)
    keeping.require(found, choices.ApplicationStatus.STARTED)
    if problems := _wrong_facts(units, gross_receipts_cents):
        raise CannotApply(problems)
    facts = {"units": units, "gross_receipts_cents": gross_receipts_cents}
    if told := {name: value for name, value in facts.items() if value is not None}:
        models.Application.objects.filter(id=application_id).update(**told)
    for question, answer in (answers or {}).items():
        code = code_lists.code(requirements.QUESTIONS, question)
        rows = models.Answer.objects.filter(application_id=application_id, question_id=code.id)
        rows.delete()
        if answer.strip():
            models.Answer.objects.create(
                application_id=application_id, question_id=code.id, answer=answer.strip()
            )
    keeping.record(verb="answer license questions", application_id=application_id, by=by)


@transactions.starts_transaction
def attach(
    application_id: int, *, attachment: str, reference: str, received_on: datetime.date, by: By
) -> None:
    """Keep that a paper came, and where it is; the same twice is kept once.

    Raises keeping.IsNotSo, code_lists.NoSuchCode.
    """
    found = keeping.locked(application_id)
    keeping.require(found, choices.ApplicationStatus.STARTED, choices.ApplicationStatus.COMPLETE)
    code = code_lists.code(requirements.ATTACHMENTS, attachment)
    models.Attachment.objects.get_or_create(
        application_id=application_id,
        attachment_id=code.id,
        reference=reference,
        defaults={"received_on": received_on},
    )
    keeping.record(
        verb="attach to license application",
        application_id=application_id,
        by=by,
        attachment=attachment,
    )


@transactions.starts_transaction
def add_coverage(
    *, business_id: int, kind: str, reference: str, starts_on: datetime.date,
    ends_before: datetime.date, by: By, insurer: str = "", amount_cents: int | None = None,
) -> int:  # fmt: skip
    """Keep an insurance or bond of a business and the days that it holds; returns its id.

    Work about one that ends before it is done.
    Raises CannotApply, code_lists.NoSuchCode.
    """
    if ends_before <= starts_on:
        raise CannotApply([f"It cannot end before {ends_before} and begin on {starts_on}."])
    code = code_lists.code(requirements.ATTACHMENTS, kind)
    coverage_id = models.Coverage.objects.create(
        business_id=business_id,
        kind_id=code.id,
        reference=reference,
        insurer=insurer,
        amount_cents=amount_cents,
        starts_on=starts_on,
        ends_before=ends_before,
        recorded_at=by.at,
    ).id
    watching.covered(coverage_id, at=by.at)
    return coverage_id


@transactions.starts_transaction
def complete(application_id: int, *, on: datetime.date, by: By) -> None:
    """Have an application be complete, and ask the departments of the first step.

    Raises NotComplete with everything that is missing, keeping.IsNotSo.
    """
    found = keeping.locked(application_id)
    keeping.require(found, choices.ApplicationStatus.STARTED)
    finish(found, on=on, by=by)


@transactions.needs_transaction
def finish(found: applications.Application, *, on: datetime.date, by: By) -> None:
    """As complete, of a locked application, as a part of something. Raises NotComplete."""
    if problems := hindrances.missing(found):
        raise NotComplete(problems)
    keeping.turn(found.application_id, status=choices.ApplicationStatus.COMPLETE, on=on, by=by)
    signing_off.ask(found, on=on, by=by)


def _taken_in(row: models.Application, *, by: By) -> int:
    row.number = keeping.draw_number(
        license_type_id=row.license_type_id, of=choices.NumberOf.APPLICATION
    )
    row.save(force_insert=True)
    keeping.turn(row.id, status=choices.ApplicationStatus.STARTED, on=row.received_on, by=by)
    return int(row.id)


def _account(
    business_id: int, account_id: int | None, *, on: datetime.date
) -> tuple[int, list[str]]:
    """Return the account to charge, and what is wrong with it."""
    own = standing.account_of(
        business_id=business_id, kind=account_choices.AccountKind.LICENSE, as_of=on
    )
    if own is None:
        return 0, [f"Business {business_id} has no license account on {on}. Open one first."]
    if account_id is not None and account_id != own:
        return 0, [f"Account {account_id} is not the license account of business {business_id}."]
    return own, []


def _wrong_facts(units: int | None, gross_receipts_cents: int | None) -> list[str]:
    problems = []
    if units is not None and not 0 <= units <= fees.UNITS_MAX:
        problems.append(f"{units} is no number of units: say one from 0 to {fees.UNITS_MAX:,}.")
    if gross_receipts_cents is not None and not 0 <= gross_receipts_cents <= fees.RECEIPTS_MAX:
        problems.append(
            f"Gross receipts are from $0 to ${fees.RECEIPTS_MAX // 100:,}. Correct the amount."
        )
    return problems


def _wrong_event(asked: Application, *, known_at: datetime.datetime) -> list[str]:
    """Say what is wrong with the days of an event; a type without terms is told of later."""
    try:
        terms = fees.terms(license_type=asked.license_type, day=asked.begins_on, known_at=known_at)
    except (fees.NoTermsOfType, rule_tables.NoVersionForDate):
        return []
    problem = fees.event_problem(
        terms,
        license_type=asked.license_type,
        begins_on=asked.begins_on,
        ends_before=asked.event_ends_before,
    )
    return [problem] if problem else []


def _not_renewable(found: licenses.License, *, on: datetime.date, by: By) -> list[str]:
    if found.status not in choices.STATUS_BEFORE[choices.LicenseEventKind.RENEWED]:
        said = (
            f"License {found.number} ({found.license_type.label_en}) is {found.status}: it is not "
            "renewed. Reinstate it, or apply for a new one."
        )
        return [said]
    terms = fees.terms(license_type=found.license_type.code, day=on, known_at=by.at)
    if terms.is_of_event:
        said = (
            f"License {found.number} ({found.license_type.label_en}) is for one event and is not "
            "renewed. Apply for a new one."
        )
        return [said]
    assert found.term.ends_before is not None
    last_day = found.term.ends_before - _A_DAY
    if terms.renewal_days is None:
        return []
    first_day = last_day - terms.renewal_days * _A_DAY
    if on >= first_day:
        return []
    said = (
        f"License {found.number} is renewed within {terms.renewal_days} days before {last_day}. "
        f"Come back on {first_day} or later."
    )
    return [said]
