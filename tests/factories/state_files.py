"""Files of the state as they would come for two months, and a city that knows some in them."""

from __future__ import annotations

import datetime

from fisc.basics import periods
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as party_identifiers
from fisc.domain.party_identifiers import queries as identifiers
from fisc.domain.state_collections import operations
from fisc.domain.state_collections.queries import layouts
from fisc.domain.tax_returns.operations import registering
from fisc.plumbing import transactions
from tests.factories import licenses
from tests.factories.tax_returns import AT

D = datetime.date
JUNE, JULY = D(2026, 6, 1), D(2026, 7, 1)
ISSUER = "State department of revenue"
BY = operations.By(user_id=None, at=AT)
# Whom the city has registered, and the state's number of each.
KNOWN = {"Saguaro Cafe": "20411907", "Desert Willow Books": "20498113"}
# In the state's files only; a business here has the same name as the first.
STRANGERS = {"Ocotillo Hardware": "20577340", "Rio Verde Outfitters": "20583326"}
ALIKE = "Ocotillo Hardware LLC"
# Registered here and in no file.
SILENT = "Mesquite Lantern Inn"

LICENSES = (
    "license,business_name,house_number,street,unit,class\n"
    "20411907,Saguaro Cafe,210,Palo Verde Street,,11\n"
    "20498113,Desert Willow Books,48,Oak Street,2,17\n"
    "20577340,Ocotillo Hardware,915,Cottonwood Avenue,,17\n"
    "20583326,Rio Verde Outfitters,7,Canal Road,,17\n"
    "TRAILER,4,0.00,,,\n"
)
RETURNS = (
    "license,period_start,received,class,gross,city_tax\n"
    "20411907,2026-07-01,2026-08-18,11,61250.00,1102.50\n"
    "20498113,2026-07-01,2026-08-20,17,18400.00,276.00\n"
    "20577340,2026-07-01,2026-08-20,17,90210.40,1353.16\n"
    "20583326,2026-07-01,2026-08-31,17,7100.00,106.50\n"
    "TRAILER,4,2838.16,,,\n"
)
PAYMENTS = (
    "license,period_start,received,paid\n"
    "20411907,2026-07-01,2026-08-18,1102.50\n"
    "20498113,2026-07-01,2026-08-20,276.00\n"
    "20577340,2026-07-01,2026-08-20,1300.00\n"
    "TRAILER,3,2678.50,\n"
)
# The café's May comes late; books of June were paid twice and are taken back.
DISTRIBUTION = (
    "license,business_name,period_start,city_share\n"
    "20411907,Saguaro Cafe,2026-07-01,1102.50\n"
    "20411907,Saguaro Cafe,2026-05-01,88.20\n"
    "20498113,Desert Willow Books,2026-07-01,276.00\n"
    "20498113,Desert Willow Books,2026-06-01,-41.00\n"
    "20577340,Ocotillo Hardware,2026-07-01,1300.00\n"
    "TRAILER,5,2725.70,\n"
)
DISTRIBUTED_CENTS = 2_725_70


def taken(kind: str, text: str, *, month: datetime.date = JULY) -> int:
    """Take a file in and return its number."""
    return operations.take_file(
        text.encode(),
        name=f"ador_{kind}_{month:%Y%m}.csv",
        layout=layouts.layout_of_city(kind),
        month=month,
        by=BY,
    )


def filled() -> None:
    """Two months of files: June's distribution is reconciled, July's did not come yet."""
    for name, number in KNOWN.items():
        _numbered(_registered(name), number)
    _registered(SILENT)
    licenses.business(ALIKE)
    taken("licenses", LICENSES)
    taken("returns", RETURNS)
    taken("payments", PAYMENTS)
    before = taken(
        "distribution",
        "license,business_name,period_start,city_share\n"
        "20411907,Saguaro Cafe,2026-06-01,950.00\nTRAILER,1,950.00,\n",
        month=JUNE,
    )
    operations.enter_cash(
        before,
        cash=operations.Cash(D(2026, 8, 21), 950_00),
        posting_day=D(2026, 8, 21),
        by=BY,
    )


def _registered(name: str) -> int:
    business = licenses.business(name)
    registering.register(
        account_id=licenses.tax_account(business),
        region="MS",
        business_class="11",
        days=periods.Period(starts_on=D(2024, 1, 1)),
        by=registering.By(user_id=None, at=AT, why="as asked"),
    )
    return business


def _numbered(party_id: int, number: str) -> None:
    with transactions.started():
        party_identifiers.add_identifier(
            party_id=party_id,
            given=identifiers.Given(identifier_choices.Kind.OTHER, number, issuer=ISSUER),
            at=AT,
            user_id=None,
        )
