"""What one account and many have in common: numbers, the ledger's row, the row of the search."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from fisc.basics.identifiers import Numbers
from fisc.domain.accounts import calculations
from fisc.domain.ledger import choices as ledger_choices
from fisc.plumbing import bulk_copy, transactions

BUCKETS = 4096
COUNTER = "account"
_SEARCH_ROWS = """
insert into accounts_search_document (account_id, name, place, sounds, is_closed)
select account.subledger_id, account.name,
    concat_ws(' ', premise.house_number, premise.street, nullif(premise.unit, ''),
        nullif(premise.parcel, '')),
    concat_ws(' ', name_heard.sounds, street_heard.sounds), account.closed_on is not null
from unnest(%(accounts)s::bigint[], %(premises)s::bigint[]) as loaded (account_id, premise_id)
join accounts_account account on account.subledger_id = loaded.account_id
left join accounts_premise premise on premise.id = loaded.premise_id
left join unnest(%(names)s::text[], %(name_sounds)s::text[]) as name_heard (name, sounds)
    on name_heard.name = account.name
left join unnest(%(streets)s::text[], %(street_sounds)s::text[]) as street_heard (street, sounds)
    on street_heard.street = premise.street
"""


@transactions.needs_transaction
def draw_numbers(*, name: str, count: int) -> int:
    """Take the next counters of a kind of visible number and return the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_number_counter as counter (name, next) values (%s, %s)"
            " on conflict (name) do update set next = counter.next + excluded.next"
            " returning next",
            [name, count],
        )
        return int(cursor.fetchone()[0]) - count


def add_subledger_accounts(account_ids: Numbers) -> None:
    """Give accounts their rows in the ledger."""
    # An account's number is its number in the ledger, so both are made at once.
    bulk_copy.write_columns(
        table="ledger_subledgeraccount",
        columns={
            "id": account_ids,
            "kind": bulk_copy.Constant(int(ledger_choices.SubledgerKind.ACCOUNT)),
        },
    )


def add_search_rows(
    *,
    account_ids: Sequence[int],
    premise_ids: Sequence[int],
    names: Sequence[str],
    streets: Sequence[str],
) -> None:
    """Let accounts be found by their names and places; names and streets are each once."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH_ROWS,
            {
                "accounts": list(account_ids),
                "premises": list(premise_ids),
                "names": list(names),
                "name_sounds": [calculations.sounds(name) for name in names],
                "streets": list(streets),
                "street_sounds": [calculations.bare(street) for street in streets],
            },
        )
