"""What letters about missing, assessed and corrected returns are of, and what each says."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from fisc.domain.documents import choices as documents
from fisc.domain.rule_tables.calculations import wording
from fisc.domain.tax_returns import choices, models
from fisc.domain.tax_returns.queries import corrections, returns
from fisc.plumbing import bulk_copy

Numbers = npt.NDArray[np.int64]
_A_DAY = datetime.timedelta(days=1)

MISSING = """
select missing.id, missing.account_id
from tax_returns_nonfiling as missing
where missing.found_on between %(since)s and %(on)s
    and missing.account_id %% 4096 >= %(bucket_from)s
    and missing.account_id %% 4096 < %(bucket_before)s
order by missing.id
"""
# Whatever day they were approved on: each has one letter, and few stand.
ASSESSED = """
select assessed.id, missing.account_id
from tax_returns_assessment as assessed
join tax_returns_nonfiling as missing on missing.id = assessed.nonfiling_id
where assessed.state = %(approved)s
    and missing.account_id %% 4096 >= %(bucket_from)s
    and missing.account_id %% 4096 < %(bucket_before)s
order by assessed.id
"""
# Corrected, and neither written of nor told by hand.
CORRECTED = """
select distinct filed.id, filed.account_id
from tax_returns_filed_figure as figure
join tax_returns_return as filed on filed.id = figure.tax_return_id
where figure.treatment <> 'accept'
    and filed.account_id %% 4096 >= %(bucket_from)s
    and filed.account_id %% 4096 < %(bucket_before)s
    and not exists (
        select from tax_returns_return as later where later.replaces_id = filed.id)
    and not exists (
        select from documents_document as made
        where made.subject_kind = %(subject)s and made.subject_id = filed.id
            and made.kind = %(kind)s)
order by filed.id
"""

_OF_MISSING = """
select missing.id, missing.starts_on, missing.ends_before, missing.due_on, null, 0, 0,
    exists (
        select from tax_returns_return as filed
        where filed.account_id = missing.account_id and filed.starts_on = missing.starts_on)
from tax_returns_nonfiling as missing where missing.id = any(%(ids)s)
"""
_OF_ASSESSED = """
select assessed.id, missing.starts_on, missing.ends_before, missing.due_on, assessed.posted_on,
    assessed.tax_cents, assessed.penalty_cents, assessed.state <> %(approved)s
from tax_returns_assessment as assessed
join tax_returns_nonfiling as missing on missing.id = assessed.nonfiling_id
where assessed.id = any(%(ids)s)
"""


def to_write(
    wanted: str, *, bucket_from: int, bucket_before: int, since: datetime.date, on: datetime.date
) -> dict[str, Numbers]:
    """Return the subjects and accounts of a range: MISSING of some days, ASSESSED, CORRECTED."""
    return bulk_copy.read_columns(
        wanted,
        {
            "since": since,
            "on": on,
            "bucket_from": bucket_from,
            "bucket_before": bucket_before,
            "approved": choices.AssessmentState.APPROVED.value,
            "subject": documents.Subject.TAX_RETURN.value,
            "kind": documents.Kind.RETURN_CORRECTION.value,
        },
        ("subject_id", "account_id"),
    )


def of_missing(
    nonfiling_ids: Sequence[int], *, languages: Mapping[int, str]
) -> dict[int, dict[str, Any] | None]:
    """Return what the letter about each missing return says; None where the return came."""
    return _said("missing", _OF_MISSING, nonfiling_ids, languages=languages)


def of_assessed(
    assessment_ids: Sequence[int], *, languages: Mapping[int, str]
) -> dict[int, dict[str, Any] | None]:
    """Return what the letter about each assessment says; None where its return replaced it."""
    return _said("assessed", _OF_ASSESSED, assessment_ids, languages=languages)


def of_corrected(
    return_ids: Sequence[int], *, languages: Mapping[int, str], written_on: datetime.date
) -> dict[int, dict[str, Any] | None]:
    """Return what the letter about each corrected return says, by return.

    None where it was told by hand or the return was amended since. Raises forms.NoForm.
    """
    amended = models.TaxReturn.objects.filter(replaces_id__in=return_ids)
    over = set(amended.values_list("replaces_id", flat=True))
    return {
        each: None
        if each in over or corrections.filed(each) is not None
        else corrections.letter(returns.one(each), language=languages[each], written_on=written_on)
        for each in return_ids
    }


def _said(
    kind: str, statement: str, ids: Sequence[int], *, languages: Mapping[int, str]
) -> dict[int, dict[str, Any] | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"ids": list(ids), "approved": choices.AssessmentState.APPROVED.value}
        )
        rows = cursor.fetchall()
    found: dict[int, dict[str, Any] | None] = {}
    for subject_id, starts_on, ends_before, due_on, posted_on, tax, penalty, is_over in rows:
        language = languages[subject_id]
        found[subject_id] = None if is_over else {
            "kind": kind,
            "first_day": wording.day(starts_on, language=language),
            "last_day": wording.day(ends_before - _A_DAY, language=language),
            "due_on": wording.day(due_on, language=language),
            "assessed_on": wording.day(posted_on, language=language) if posted_on else "",
            "tax": wording.dollars(tax),
            "penalty": wording.dollars(penalty) if penalty else "",
            "total": wording.dollars(tax + penalty),
        }  # fmt: skip
    return found
