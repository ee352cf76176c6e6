"""Why a requisition pays what it pays, asks for whom it asks, and settles what it settles."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements import decision_points
from fisc.domain.disbursements.calculations import offsets
from fisc.domain.disbursements.queries import policies, requisitions
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, values, wording
from fisc.domain.rule_tables.queries import versions as rule_tables

_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "paid": "To be paid",
        "pays": "{taken} of credit is taken, {offset} of it settles debts, and {paid} is left to "
        "pay",
        "pays_with": "{taken} of credit is taken and bears {interest} of interest, {offset} of "
        "that settles debts, and {paid} is left to pay",
        "bears": "interest on {of}",
        "runs": "after {after} through {through}",
        "credit": "{code} of account {number}",
        "debt": "{code} of account {number} is settled",
        "of": "credit of {day}",
        "due": "due {day}",
        "approvals": "Approvals",
        "approve": "For {amount} under “{purpose}”: {said}",
        "asked": "as prepared",
        "offset": "Settled first",
        "settles": "{code} of account {number}, {amount}: {said}",
        "account": "the accounts",
        "days": "due {due}, prepared {day}",
        "chosen": "no table brings it first; it is settled by the choice of the payee",
    },
    "es": {
        "paid": "Por pagar",
        "pays": "Se toman {taken} de crédito, {offset} cubren deudas y quedan {paid} por pagar",
        "pays_with": "Se toman {taken} de crédito, que devengan {interest} de interés, {offset} "
        "cubren deudas y quedan {paid} por pagar",
        "bears": "interés sobre {of}",
        "runs": "después del {after} hasta el {through}",
        "credit": "{code} de la cuenta {number}",
        "debt": "se cubre {code} de la cuenta {number}",
        "of": "crédito del {day}",
        "due": "vence el {day}",
        "approvals": "Aprobaciones",
        "approve": "Por {amount} bajo «{purpose}»: {said}",
        "asked": "según lo preparado",
        "offset": "Se cubre primero",
        "settles": "{code} de la cuenta {number}, {amount}: {said}",
        "account": "las cuentas",
        "days": "vence el {due}, preparado el {day}",
        "chosen": "ninguna tabla lo antepone; se cubre por elección del beneficiario",
    },
}
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "purpose": "purpose",
        "amount": "to be paid",
        "w9_on_file": "form W-9 on file",
        "was_asked_for": "asked for by the payee",
        "credit_of": "kind of the account with the credit",
        "debt_of": "kind of the account with the debt",
        "same_account": "the same account",
        "days_past_due": "days past due",
    },
    "es": {
        "purpose": "motivo",
        "amount": "por pagar",
        "w9_on_file": "formulario W-9 archivado",
        "was_asked_for": "pedido por el beneficiario",
        "credit_of": "tipo de la cuenta con el crédito",
        "debt_of": "tipo de la cuenta con la deuda",
        "same_account": "la misma cuenta",
        "days_past_due": "días de vencido",
    },
}
_KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {"utility": "utility", "license": "license", "tax": "tax", "invoice": "invoice"},
    "es": {"utility": "servicios", "license": "licencia", "tax": "impuesto", "invoice": "factura"},
}


class NoSuchOffset(Exception):
    """A requisition settles no such debt."""


def explain_paid(*, number: int, language: str = "en") -> explanations.Why:
    """Explain what a requisition pays: credits and their interest less debts settled.

    Raises requisitions.NoSuchRequisition.
    """
    found = requisitions.requisition(number)
    said = _SAYINGS[language]
    codes = code_lists.codes_by_id("charge")
    taken = tuple(
        explanations.Piece(
            words=said["credit"].format(
                code=codes[each.code_id].label(language), number=each.account_number
            ),
            amount_cents=each.amount_cents,
            note=said["of"].format(day=wording.day(each.arises_on, language=language)),
            refers=explanations.Reference("item", (each.credit_item_id,)),
        )
        for each in found.sources
    )
    settled = tuple(
        explanations.Piece(
            words=said["debt"].format(
                code=codes[each.code_id].label(language), number=each.account_number
            ),
            amount_cents=-each.amount_cents,
            note=said["due"].format(day=wording.day(each.due_on, language=language))
            if each.due_on
            else "",
            refers=explanations.Reference("item", (each.charge_item_id,)),
        )
        for each in found.offsets
    )
    pieces = (*taken, *_borne(found, language=language), *settled)
    sentence = said["pays_with" if found.interest_cents else "pays"]
    return explanations.Why(
        title=said["paid"],
        value=wording.dollars(found.paid_cents),
        sentence=wording.sentence(
            sentence.format(
                taken=wording.dollars(found.taken_cents),
                interest=wording.dollars(found.interest_cents),
                offset=wording.dollars(found.offset_cents),
                paid=wording.dollars(found.paid_cents),
            )
        ),
        is_equal=sum(each.amount_cents for each in pieces) == found.paid_cents,
        pieces=pieces,
    )


def _borne(found: requisitions.Requisition, *, language: str) -> tuple[explanations.Piece, ...]:
    said = _SAYINGS[language]
    return tuple(
        explanations.Piece(
            words=said["bears"].format(of=wording.dollars(each.of_cents)),
            amount_cents=each.amount_cents,
            note=said["runs"].format(
                after=wording.day(each.runs_after, language=language),
                through=wording.day(each.through, language=language),
            ),
        )
        for each in found.interest
    )


def explain_approvals(*, number: int, language: str = "en") -> explanations.Why:
    """Explain how many must approve a requisition, asked again by the tables of then.

    Raises requisitions.NoSuchRequisition, rule_tables.NoVersionForDate.
    """
    found = requisitions.requisition(number)
    facts = policies.Facts(
        purpose=found.purpose,
        paid_cents=found.paid_cents,
        w9_on_file=found.w9_on_file,
        was_asked_for=found.was_asked_for,
        on=found.prepared_on,
    )
    asked = policies.approvals(facts, known_at=found.prepared_at, language=language)
    said = _SAYINGS[language]
    vocabulary = tables.vocabulary(
        [decision_points.APPROVALS],
        language=language,
        facts=_FACTS[language],
        as_of=code_lists.AsOf(day=found.prepared_on, known_at=found.prepared_at),
    )
    purpose = code_lists.codes_by_id(policies.PURPOSES)[found.purpose_id].label(language)
    return tables.why_of(
        asked.answer,
        title=said["approvals"],
        value=str(found.approvals_needed),
        sentence=said["approve"].format(
            amount=wording.dollars(found.paid_cents), purpose=purpose, said="; ".join(asked.words)
        ),
        is_equal=asked.needed == found.approvals_needed,
        vocabulary=vocabulary,
        origins=dict.fromkeys(facts.inputs, said["asked"]),
    )


def explain_offset(*, number: int, item_id: int, language: str = "en") -> explanations.Why:
    """Explain why a debt is settled before anything is paid.

    Raises requisitions.NoSuchRequisition, NoSuchOffset, rule_tables.NoVersionForDate.
    """
    found = requisitions.requisition(number)
    debt = next((each for each in found.offsets if each.charge_item_id == item_id), None)
    if debt is None:
        raise NoSuchOffset(f"Requisition {number} settles no debt {item_id}.")
    credit = found.sources[0]
    held = accounts.holders(account_ids=[credit.account_id, debt.account_id])
    late = offsets.days_past_due(debt.due_on, on=found.prepared_on)
    answer = _asked(
        found,
        {
            "credit_of": held[credit.account_id].kind,
            "debt_of": held[debt.account_id].kind,
            "same_account": credit.account_id == debt.account_id,
            "days_past_due": Decimal(late),
        },
    )
    said = _SAYINGS[language]
    chosen = [said["chosen"]] if debt.is_chosen else []
    code = code_lists.codes_by_id("charge")[debt.code_id].label(language)
    kinds = {name: _KINDS[language][str(answer.facts[name])] for name in ("credit_of", "debt_of")}
    return tables.why_of(
        dataclasses.replace(answer, facts={**answer.facts, **kinds}),
        title=said["offset"],
        value=wording.dollars(debt.amount_cents),
        sentence=said["settles"].format(
            code=code,
            number=debt.account_number,
            amount=wording.dollars(debt.amount_cents),
            said="; ".join([*tables.said_of(answer, language=language), *chosen]),
        ),
        is_equal=(answer.value is True) != debt.is_chosen,
        vocabulary=tables.vocabulary(
            [decision_points.OFFSETS], language=language, facts=_FACTS[language]
        ),
        origins={
            "credit_of": said["account"],
            "debt_of": said["account"],
            "days_past_due": said["days"].format(
                due=wording.day(debt.due_on, language=language) if debt.due_on else "",
                day=wording.day(found.prepared_on, language=language),
            ),
        },
    )


def _asked(found: requisitions.Requisition, facts: Mapping[str, values.Value]) -> tables.Answered:
    """Ask which debts come first by the tables of when a requisition was prepared."""
    version = rule_tables.in_force(
        decision_points.OFFSETS.name, day=found.prepared_on, known_at=found.prepared_at
    )
    return tables.asked(version, facts, names=["settled_first"])["settled_first"]
