"""What an account's services would be quoted by: its own terms, as its next bill takes them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from fisc.domain.utilities import choices
from fisc.domain.utilities.queries import facts, previews, rates

_BUCKETS = 4096
_TERMS = """
select point.service, class.code, size.code, place.premise_id is not null,
    last.starts_on, last.ends_before, last.usage_milli
from utilities_service_agreement agreement
join utilities_service_point point on point.id = agreement.service_point_id
join lateral (
    select rate_class_id, size_id from utilities_agreement_term term
    where term.agreement_id = agreement.id and term.starts_on <= %(as_of)s
    order by term.starts_on desc limit 1
) term on true
join code_lists_code class on class.id = term.rate_class_id
join code_lists_code size on size.id = term.size_id
left join accounts_premise_jurisdiction place on place.premise_id = point.premise_id
    and place.code = 'inside city' and place.starts_on <= %(as_of)s
    and (place.ends_before is null or place.ends_before > %(as_of)s)
left join lateral (
    select segment.starts_on, segment.ends_before, segment.usage_milli
    from utilities_bill_segment segment
    where segment.account_bucket = agreement.account_bucket
        and segment.account_id = agreement.account_id and segment.agreement_id = agreement.id
        and not exists (
            select from utilities_bill_cancellation cancelled
            where cancelled.bill_id = segment.bill_id)
    order by segment.ends_before desc limit 1
) last on true
where agreement.account_bucket = %(bucket)s and agreement.account_id = %(account)s
    and agreement.starts_on <= %(as_of)s
    and (agreement.ends_before is null or agreement.ends_before > %(as_of)s)
order by agreement.id
"""


@dataclass(frozen=True, slots=True)
class OfAccount:
    """The services of an account with what they used last, and the days that they used it over."""

    services: tuple[previews.QuotedService, ...]
    inside_city: bool
    # None where nothing was billed yet.
    starts_on: datetime.date | None
    ends_before: datetime.date | None

    def service(self, name: str) -> previews.QuotedService | None:
        """Return the service of a name; None where the account does not have it."""
        return next((each for each in self.services if each.service == name), None)


def of_account(*, account_id: int, as_of: datetime.date, known_at: datetime.datetime) -> OfAccount:
    """Return what a quote for an account begins with. Raises rule_tables.NoVersionForDate."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TERMS, {"account": account_id, "bucket": account_id % _BUCKETS, "as_of": as_of}
        )
        rows = cursor.fetchall()
    services = []
    for service, rate_class, size, _inside, _starts, _ends, usage_milli in rows:
        is_sewer = service == choices.Service.SEWER.value
        services.append(
            previews.QuotedService(
                service=service,
                rate_class=rate_class,
                size=size,
                usage=Decimal(usage_milli or 0) / 1000,
                winter_average=_winter_average(account_id, rate_class, as_of, known_at)
                if is_sewer
                else None,
            )
        )
    billed = [(row[4], row[5]) for row in rows if row[5] is not None]
    starts_on, ends_before = max(billed, key=lambda days: days[1]) if billed else (None, None)
    return OfAccount(
        services=tuple(services),
        inside_city=any(row[3] for row in rows),
        starts_on=starts_on,
        ends_before=ends_before,
    )


def _winter_average(
    account_id: int, rate_class: str, as_of: datetime.date, known_at: datetime.datetime
) -> Decimal | None:
    """Return what the account used of water a month in the winter that its sewer is charged by."""
    winter = rates.winter_of(rate_class=rate_class, bill_day=as_of, known_at=known_at)
    found = facts.winter_averages(
        accounts=[account_id], starts_on=winter.starts_on, ends_before=winter.ends_before
    )
    milli = found.get(account_id)
    return None if milli is None else Decimal(milli) / 1000
