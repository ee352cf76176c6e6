"""Who acts for a party."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.party_records import choices


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is what in an organization."""

    officer_id: int
    person_id: int
    name: str
    title: code_lists.Code
    starts_on: datetime.date
    ends_before: datetime.date | None


_OFFICERS = """
select officer.id, officer.person_id, person.name, officer.title_id, officer.starts_on,
    officer.ends_before
from party_records_officer officer join accounts_party person on person.id = officer.person_id
where officer.party_id = %(party)s
    and (officer.ends_before is null or officer.ends_before > %(as_of)s)
order by officer.starts_on, officer.id
"""


def officers_of(*, party_id: int, as_of: datetime.date) -> list[Officer]:
    """Return who acts for a party on a day, and who will."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFICERS, {"party": party_id, "as_of": as_of})
        rows = cursor.fetchall()
    titles = code_lists.codes_by_id(choices.OFFICER_TITLES) if rows else {}
    return [Officer(row[0], row[1], row[2], titles[row[3]], row[4], row[5]) for row in rows]
