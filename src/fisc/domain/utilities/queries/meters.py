"""Finding what a meter serves, and where an account is served."""

from __future__ import annotations

import datetime

from django.db import connection

_ACCOUNT = """
select agreement.account_id
from utilities_meter meter
join utilities_meter_installation installed on installed.meter_id = meter.id
    and installed.starts_on <= %(as_of)s
    and (installed.ends_before is null or installed.ends_before > %(as_of)s)
join utilities_service_agreement agreement
    on agreement.service_point_id = installed.service_point_id
    and agreement.starts_on <= %(as_of)s
    and (agreement.ends_before is null or agreement.ends_before > %(as_of)s)
where meter.number = %(number)s
limit 1
"""


class NoSuchMeter(Exception):
    """No meter of this number serves anybody on the day."""


def account_of_meter(*, number: str, as_of: datetime.date) -> int:
    """Return the account that a meter serves on a day. Raises NoSuchMeter."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNT, {"number": number, "as_of": as_of})
        row = cursor.fetchone()
    if row is None:
        raise NoSuchMeter(f"No meter {number} serves an account on {as_of}.")
    return int(row[0])


_PLACE = """
select concat_ws(' ', premise.house_number, premise.street, nullif(premise.unit, ''))
from utilities_service_agreement agreement
join utilities_service_point point on point.id = agreement.service_point_id
join accounts_premise premise on premise.id = point.premise_id
where agreement.account_bucket = %(account)s %% 4096 and agreement.account_id = %(account)s
order by agreement.ends_before desc nulls first, agreement.id
limit 1
"""


def place_served(*, account_id: int) -> str:
    """Return where an account is served, or was last; nothing where it never was."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"account": account_id})
        row = cursor.fetchone()
    return "" if row is None else str(row[0])
