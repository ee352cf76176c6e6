"""Voluntary disclosures: taken in, named, agreed, kept or void; then the waiver is asked for."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits.operations import keeping
from fisc.domain.tax_audits.queries import disclosures
from fisc.domain.tax_returns import choices as tax_choices
from fisc.domain.tax_returns.calculations import months
from fisc.domain.tax_returns.operations import waiving
from fisc.domain.tax_returns.queries import postings, registrations, returns
from fisc.plumbing import transactions
from fisc.plumbing.idempotency import operations as idempotency

By = keeping.By
_KIND = choices.DisclosureKind
REASON = "VOLUNTARY_DISCLOSURE"
_ONE_DAY = datetime.timedelta(days=1)
_PART = tax_choices.Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A disclosure as it came: by whom, how to reach them, and what is disclosed."""

    representative: str
    contact: str
    words: str
    received_on: datetime.date


@transactions.starts_transaction
def receive(of: Came, *, key: str, by: By) -> int:
    """Take a disclosure in, of somebody who need not be named; asked twice, there is one.

    Raises CannotAudit, idempotency.KeyUsedForOtherContent.
    """
    said = [of.representative, of.contact, of.words, f"{of.received_on}"]
    asked = hashlib.sha256(json.dumps(said).encode()).digest()
    first = idempotency.first_result(key=key, content_sha256=asked)
    if first is not None:
        return int(first["disclosure_id"])
    problems = [
        *keeping.refuse_without(of.representative, "Say who speaks for the applicant."),
        *keeping.refuse_without(of.words, "Say what is disclosed."),
    ]
    if of.received_on > by.on:
        problems.append(f"A disclosure that is to come on {of.received_on} is not here yet.")
    keeping.refuse(problems)
    row = models.Disclosure.objects.create(
        representative=of.representative.strip(),
        contact=of.contact.strip(),
        words=of.words.strip(),
        received_on=of.received_on,
        recorded_at=by.at,
    )
    _event(row.id, 1, _KIND.RECEIVED, by=by)
    idempotency.keep(key=key, content_sha256=asked, result={"disclosure_id": row.id}, made_at=by.at)
    return row.id


@transactions.starts_transaction
def name(*, disclosure_id: int, account_number: int, by: By) -> str:
    """Say whose tax is disclosed. Raises CannotAudit, NoSuchDisclosure, accounts.NoSuchAccount."""
    found = _locked(disclosure_id)
    if _was_done(found, _KIND.NAMED, by):
        return found.state
    keeping.refuse(_refuse_unless(found, _KIND.NAMED))
    account_id = accounts.account_id(number=account_number)
    if accounts.account(account_id=account_id, as_of=by.on).kind != account_choices.AccountKind.TAX:
        raise keeping.CannotAudit(
            [f"Account {account_number} is no tax account. Name one that files."]
        )
    _event(found.disclosure_id, len(found.events) + 1, _KIND.NAMED, by=by, account_id=account_id)
    keeping.log("disclosure: named", account_id, {"disclosure": disclosure_id}, by=by)
    return _KIND.NAMED.value


@transactions.starts_transaction
def agree(*, disclosure_id: int, signed_by: str, by: By) -> str:
    """Keep an agreement: the periods that are looked back on and were not filed, and by when.

    Refused where the office had found it first. Raises CannotAudit, NoSuchDisclosure,
    versions.NoVersionForDate, asking.NoAnswer, and what registrations.owed_returns raises.
    """
    found = _locked(disclosure_id)
    if _was_done(found, _KIND.AGREED, by):
        return found.state
    problems = _refuse_unless(found, _KIND.AGREED)
    problems += keeping.refuse_without(signed_by, "Say who signed for the taxpayer.")
    keeping.refuse(problems)
    account_id = _account(found)
    first = disclosures.found_first(account_id, received_on=found.received_on)
    law = disclosures.law(is_found_first=bool(first), day=by.on, known_at=by.at)
    if not law.is_allowed:
        raise keeping.CannotAudit(
            [f"{first} What the office found first is not disclosed voluntarily: make it void."]
        )
    since = months.after(found.received_on, -law.months_back)
    periods = _not_filed(account_id, since=since, through=found.received_on, by=by)
    keeping.refuse(_not_alone(account_id, periods))
    row = models.Agreement.objects.create(
        disclosure_id=disclosure_id,
        signed_by=signed_by.strip(),
        signed_on=by.on,
        due_from=periods[0][1],
        due_before=periods[-1][1] + _ONE_DAY,
        file_by=by.on + datetime.timedelta(days=law.days_to_file),
        is_penalty_waived=law.is_penalty_waived,
        known_at=by.at,
    )
    models.AgreedPeriod.objects.bulk_create(
        models.AgreedPeriod(agreement_id=row.disclosure_id, starts_on=starts_on, due_on=due_on)
        for starts_on, due_on in periods
    )
    return _turn(found, _KIND.AGREED, by=by)


def _not_filed(
    account_id: int, *, since: datetime.date, through: datetime.date, by: By
) -> list[tuple[datetime.date, datetime.date]]:
    """Return periods due within some days without a return: first day and due day."""
    owed = registrations.owed_returns(account_id, before=by.on, known_at=by.at)
    filed = {each.days.starts_on for each in returns.newest(account_id)}
    found = [
        (each.obligation.days.starts_on, each.obligation.due_on)
        for each in owed
        if since <= each.obligation.due_on <= through
        and each.obligation.days.starts_on not in filed
    ]
    if not found:
        raise keeping.CannotAudit(
            [
                (
                    f"The account owes no return that was due from {since} to {through} and is not "
                    "here. Register it for the tax and the days that are disclosed first."
                )
            ]
        )
    return found


def _not_alone(account_id: int, periods: list[tuple[datetime.date, datetime.date]]) -> list[str]:
    """Say which returns between those of an agreement bear a penalty that it does not waive."""
    first, last = periods[0][1], periods[-1][1]
    return [
        f"The return of the period from {kept.days.starts_on} was filed before and bears a "
        "penalty. Settle that, or have it waived by itself, before an agreement."
        for kept in returns.newest(account_id)
        if first <= kept.due_on <= last
        and postings.standing(account_id, starts_on=kept.days.starts_on).charged(_PART.PENALTY)
    ]


def fulfill(*, disclosure_id: int, by: By) -> str:
    """Find an agreement kept, and ask that its penalties be waived; another person grants that.

    Every return must be here by its day, and tax and interest paid. Raises CannotAudit,
    NoSuchDisclosure, waiving.CannotWaive, versions.NoVersionForDate, asking.NoAnswer.
    """
    with transactions.with_a_part(by="fulfill"):
        found = _locked(disclosure_id)
        if _was_done(found, _KIND.FULFILLED, by):
            return found.state
        keeping.refuse(_refuse_unless(found, _KIND.FULFILLED))
        keeping.refuse(_not_kept(found))
        agreement = found.agreement
        # An agreed disclosure has its agreement.
        assert agreement is not None
        state = _turn(found, _KIND.FULFILLED, by=by)
        if agreement.is_penalty_waived:
            request_id = waiving.ask(
                waiving.Asked(
                    account_id=_account(found),
                    part=_PART.PENALTY,
                    reason=REASON,
                    due_from=agreement.due_from,
                    due_before=agreement.due_before,
                ),
                on=by.on,
                by=keeping.By(
                    user_id=by.user_id,
                    on=by.on,
                    at=by.at,
                    why=by.why.strip() or f"Voluntary disclosure {disclosure_id}",
                ).of_returns,
            )
            models.AgreedWaiver.objects.create(agreement_id=disclosure_id, request_id=request_id)
        return state


def _not_kept(found: disclosures.Disclosure) -> list[str]:
    agreement = found.agreement
    assert agreement is not None
    account_id = _account(found)
    problems = []
    for each in agreement.periods:
        if each.received_on is None:
            problems.append(f"The return of the period from {each.starts_on} is not here.")
        elif each.received_on > agreement.file_by:
            problems.append(
                f"The return of the period from {each.starts_on} came on {each.received_on}, "
                f"after {agreement.file_by}."
            )
        else:
            there = postings.standing(account_id, starts_on=each.starts_on)
            if there.open(*tax_choices.TAX_PARTS, *tax_choices.INTEREST_PARTS) > 0:
                problems.append(f"Tax or interest of the period from {each.starts_on} is not paid.")
    return problems


@transactions.starts_transaction
def void(*, disclosure_id: int, by: By) -> str:
    """Make a disclosure void: found first, or not kept. Raises CannotAudit, NoSuchDisclosure."""
    return _ended(disclosure_id, _KIND.VOID, "Say why it is void.", by=by)


@transactions.starts_transaction
def withdraw(*, disclosure_id: int, by: By) -> str:
    """Keep that the applicant took it back. Raises CannotAudit, NoSuchDisclosure."""
    return _ended(disclosure_id, _KIND.WITHDRAWN, "Say why it is taken back.", by=by)


def _ended(disclosure_id: int, kind: choices.DisclosureKind, words: str, *, by: By) -> str:
    found = _locked(disclosure_id)
    if _was_done(found, kind, by):
        return found.state
    keeping.refuse([*_refuse_unless(found, kind), *keeping.refuse_without(by.why, words)])
    return _turn(found, kind, by=by)


def _locked(disclosure_id: int) -> disclosures.Disclosure:
    keeping.lock("tax_audits_disclosure", disclosure_id)
    return disclosures.disclosure(disclosure_id)


def _was_done(found: disclosures.Disclosure, kind: choices.DisclosureKind, by: By) -> bool:
    last = found.events[-1]
    return last.kind == kind and last.by_id == by.user_id


def _account(found: disclosures.Disclosure) -> int:
    # It is named before anything else.
    assert found.account_id is not None
    return found.account_id


def _refuse_unless(found: disclosures.Disclosure, kind: choices.DisclosureKind) -> list[str]:
    if kind in choices.DISCLOSURE_FOLLOWS[found.state]:
        return []
    return [
        (
            f"Voluntary disclosure {found.disclosure_id} is “{found.state}” and cannot be "
            f"“{kind.value}” now."
        )
    ]


def _turn(found: disclosures.Disclosure, kind: choices.DisclosureKind, *, by: By) -> str:
    _event(found.disclosure_id, len(found.events) + 1, kind, by=by)
    if found.account_id is not None:
        detail = {"disclosure": found.disclosure_id}
        keeping.log(f"disclosure: {kind.value}", found.account_id, detail, by=by)
    return kind.value


def _event(
    disclosure_id: int, number: int, kind: choices.DisclosureKind, *, by: By,
    account_id: int | None = None,
) -> None:  # fmt: skip
    models.DisclosureEvent.objects.create(
        disclosure_id=disclosure_id,
        number=number,
        kind=kind,
        account_id=account_id,
        by_id=by.user_id,
        on=by.on,
        at=by.at,
        why=by.why.strip(),
    )
