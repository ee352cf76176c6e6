"""What a printed requisition says, as plain data for the city's letter."""

from __future__ import annotations

import pathlib
from typing import Any

from django.conf import settings
from django.utils import timezone

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.disbursements.queries import policies, requisitions
from fisc.domain.rule_tables.calculations import wording
from fisc.domain.utilities.queries import bill_documents
from fisc.interfaces.web import sentences
from fisc.plumbing.users import queries as users


def template() -> pathlib.Path:
    """Return the city's letter for a requisition."""
    return pathlib.Path(settings.FISC_CITY) / "letters" / "requisition.typ"


def data(found: requisitions.Requisition, *, language: str) -> dict[str, Any]:
    """Return everything that the paper prints, in a language."""
    charges = code_lists.codes_by_id("charge")
    gl_account = code_lists.code("gl account", found.gl_code)
    purpose = code_lists.codes_by_id(policies.PURPOSES)[found.purpose_id]
    return {
        "language": language,
        "city": bill_documents.city_data(),
        "number": str(found.number),
        "state": sentences.in_language(found.state),
        "payee": [found.payee_name, *found.remit_lines],
        "purpose": purpose.label(language),
        "w9_on_file": found.w9_on_file,
        "gl": f"{found.gl_code} {gl_account.label(language)}",
        "prepared_on": wording.day(found.prepared_on, language=language),
        "prepared_by": users.names(user_ids={found.prepared_by_id})[found.prepared_by_id],
        "approvals_needed": found.approvals_needed,
        "taken": wording.dollars(found.taken_cents),
        "interest": wording.dollars(found.interest_cents),
        "offset": wording.dollars(found.offset_cents),
        "paid": wording.dollars(found.paid_cents),
        "sources": [
            {
                "account": str(each.account_number),
                "words": charges[each.code_id].label(language),
                "day": wording.day(each.arises_on, language=language),
                "amount": wording.dollars(each.amount_cents),
            }
            for each in found.sources
        ],
        "interests": _interests(found, language=language),
        "offsets": [
            {
                "account": str(each.account_number),
                "words": charges[each.code_id].label(language),
                "day": wording.day(each.due_on, language=language) if each.due_on else "",
                "amount": wording.dollars(each.amount_cents),
            }
            for each in found.offsets
        ],
        "events": _events(found, language=language),
    }


def _events(found: requisitions.Requisition, *, language: str) -> list[dict[str, str]]:
    return [
        {
            "words": sentences.in_language(each.kind),
            "by": each.by,
            "on": wording.day(each.on, language=language),
            "at": timezone.localtime(each.at).strftime("%H:%M"),
            "why": each.why or each.reference,
        }
        for each in found.events
    ]


def _interests(found: requisitions.Requisition, *, language: str) -> list[dict[str, str]]:
    charges = code_lists.codes_by_id("charge")
    return [
        {
            "account": str(each.account_number),
            "words": f"{charges[each.code_id].label(language)}: {wording.dollars(each.of_cents)}",
            "day": wording.day(each.through, language=language),
            "amount": wording.dollars(each.amount_cents),
        }
        for each in found.interest
    ]
