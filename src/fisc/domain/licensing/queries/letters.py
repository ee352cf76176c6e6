"""What letters about licenses are of, and what each says as plain data for the city's template."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.queries import fees, renewals
from fisc.domain.rule_tables.calculations import wording
from fisc.plumbing import bulk_copy

Numbers = npt.NDArray[np.int64]
_A_DAY = datetime.timedelta(days=1)

TOLD = """
select notice.id, notice.account_id
from licensing_renewal_notice as notice
where notice.made_on between %(since)s and %(on)s
    and notice.account_id %% 4096 >= %(bucket_from)s
    and notice.account_id %% 4096 < %(bucket_before)s
order by notice.id
"""
# Those that a run lapsed: of the history of a license that was moved in nobody writes, and nobody
# is told that the license for an event ended with it.
LAPSED = """
select event.id, license.account_id
from licensing_license_event as event
join licensing_license as license on license.id = event.license_id
where event.kind = 'expired' and event.run_id is not null
    and not exists (
        select from licensing_license_event as given
        join licensing_application as asked on asked.id = given.application_id
        where given.license_id = license.id and asked.event_ends_before is not null)
    and event.happened_on between %(since)s and %(on)s
    and license.account_id %% 4096 >= %(bucket_from)s
    and license.account_id %% 4096 < %(bucket_before)s
order by event.id
"""

# What was told is overtaken by a renewal, whether given or asked for, and by the end of a license.
_OF_NOTICE = """
select notice.id, notice.step_id, notice.made_on, notice.term_ends_before, notice.fee_cents,
    notice.penalty_cents, license.license_type_id, license.number, business.trade_name,
    concat_ws(' ', nullif(premise.house_number, ''), nullif(premise.street, ''),
        nullif(premise.unit, '')),
    license.term_ends_before <> notice.term_ends_before
        or license.status not in ('active', 'expired')
        or exists (
            select from licensing_application as asked where asked.license_id = license.id
                and asked.status in ('started', 'complete', 'appealed'))
from licensing_renewal_notice as notice
join licensing_license as license on license.id = notice.license_id
join licensing_business as business on business.party_id = license.business_id
left join accounts_premise as premise on premise.id = license.premise_id
where notice.id = any(%(ids)s)
"""
_OF_LAPSE = """
select event.id, null::bigint, event.happened_on, license.term_ends_before, null::bigint, 0,
    license.license_type_id, license.number, business.trade_name,
    concat_ws(' ', nullif(premise.house_number, ''), nullif(premise.street, ''),
        nullif(premise.unit, '')),
    license.status <> 'expired'
from licensing_license_event as event
join licensing_license as license on license.id = event.license_id
join licensing_business as business on business.party_id = license.business_id
left join accounts_premise as premise on premise.id = license.premise_id
where event.id = any(%(ids)s)
"""


def to_write(
    wanted: str, scope: renewals.Scope, *, since: datetime.date, on: datetime.date
) -> dict[str, Numbers]:
    """Return the subjects and accounts of a range, TOLD or LAPSED, of the days of a run."""
    return bulk_copy.read_columns(
        wanted,
        {
            "since": since,
            "on": on,
            "bucket_from": scope.bucket_from,
            "bucket_before": scope.bucket_before,
        },
        ("subject_id", "account_id"),
    )


def subjects_of(license_id: int) -> tuple[list[int], list[int]]:
    """Return what letters about a license may be of: its notices, and its lapses."""
    notices = models.RenewalNotice.objects.filter(license_id=license_id)
    lapses = models.LicenseEvent.objects.filter(
        license_id=license_id, kind=choices.LicenseEventKind.EXPIRED
    )
    return list(notices.values_list("id", flat=True)), list(lapses.values_list("id", flat=True))


def of_notices(
    notice_ids: Sequence[int], *, languages: Mapping[int, str]
) -> dict[int, dict[str, Any] | None]:
    """Return what the letter about each renewal notice says, in its language, by notice.

    None where it was overtaken: the license is renewed, over, or its renewal is worked on.
    """
    return _said(_OF_NOTICE, notice_ids, languages=languages)


def of_lapses(
    event_ids: Sequence[int], *, languages: Mapping[int, str]
) -> dict[int, dict[str, Any] | None]:
    """Return what the letter about each lapse says, by event; None where it is lapsed no more."""
    return _said(_OF_LAPSE, event_ids, languages=languages)


def _said(
    statement: str, ids: Sequence[int], *, languages: Mapping[int, str]
) -> dict[int, dict[str, Any] | None]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(ids)})
        rows = cursor.fetchall()
    types = code_lists.codes_by_id(fees.LICENSE_TYPES)
    steps = code_lists.codes_by_id(renewals.RENEWAL_STEPS)
    found: dict[int, dict[str, Any] | None] = {}
    for row in rows:
        subject_id, step_id, told_on, ends_before, fee, penalty, type_id, *told = row
        number, trade_name, place, is_overtaken = told
        language = languages[subject_id]
        found[subject_id] = None if is_overtaken else {
            "kind": steps[step_id].code if step_id else renewals.LAPSE,
            "step": steps[step_id].label(language) if step_id else "",
            "type": types[type_id].label(language),
            "number": str(number),
            "trade_name": trade_name,
            "place": place,
            "last_day": wording.day(ends_before - _A_DAY, language=language),
            "is_over": ends_before <= told_on,
            "estimated_on": wording.day(told_on, language=language),
            "fee": "" if fee is None else wording.dollars(fee),
            "penalty": wording.dollars(penalty) if penalty else "",
            "total": "" if fee is None else wording.dollars(fee + penalty),
        }  # fmt: skip
    return found
