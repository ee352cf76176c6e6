"""Proving that the books say of every requisition what its approvals say."""

from __future__ import annotations

from django.db import connection

# A page of evidence is enough to see what is wrong.
_EVIDENCE = 100

_BROKEN = {
    # What was approved and not cancelled is payable, and its interest was spent; nothing else is.
    "Requisition {0}: the books owe {1} cents for it, its approvals {2}.": """
        with decided as (
            select requisition.id, requisition.number, requisition.gl_account_id,
                requisition.paid_cents,
                exists (select from disbursements_event as event
                    where event.requisition_id = requisition.id and event.kind = 'approved')
                    as was_approved,
                exists (select from disbursements_event as event
                    where event.requisition_id = requisition.id and event.kind = 'cancelled')
                    as was_cancelled
            from disbursements_requisition as requisition
        ),
        owed as (
            select id, number, gl_account_id, sum(cents) as cents from (
                select id, number, gl_account_id,
                    case when was_approved and not was_cancelled then paid_cents else 0 end as cents
                from decided
                union all
                select decided.id, decided.number, part.gl_account_id,
                    case when was_approved then -part.amount_cents else 0 end
                from decided join disbursements_interest as part
                    on part.requisition_id = decided.id
            ) as parts group by id, number, gl_account_id
        ),
        booked as (
            select entry.source_id, posting.gl_account_id, -sum(posting.amount_cents) as cents
            from ledger_journalentry as entry
            join ledger_posting as posting on posting.entry_id = entry.id
            where entry.source_kind = 14 and posting.subledger_id is null
            group by entry.source_id, posting.gl_account_id
        )
        select coalesce(owed.number, booked.source_id), coalesce(booked.cents, 0),
            coalesce(owed.cents, 0)
        from owed full join booked on booked.source_id = owed.id
            and booked.gl_account_id = owed.gl_account_id
        where coalesce(booked.cents, 0) <> coalesce(owed.cents, 0) limit %(limit)s
    """,
    "Requisition {0}: {1} cents of its credits were used, {2} were to be.": """
        select requisition.number, coalesce(used.cents, 0), requisition.taken_cents
        from disbursements_requisition as requisition
        join disbursements_event as event
            on event.requisition_id = requisition.id and event.kind = 'approved'
        left join lateral (
            select sum(part.amount_cents) as cents
            from disbursements_source as source
            join receivables_allocation as part on part.credit_item_id = source.credit_item_id
            where source.requisition_id = requisition.id and part.entry_id = event.entry_id
        ) as used on true
        where used.cents is distinct from requisition.taken_cents limit %(limit)s
    """,
    "Requisition {0} takes {1} cents from its credits and says {2}.": """
        select requisition.number, coalesce(sum(source.amount_cents), 0), requisition.taken_cents
        from disbursements_requisition as requisition
        left join disbursements_source as source on source.requisition_id = requisition.id
        group by requisition.id
        having coalesce(sum(source.amount_cents), 0) <> requisition.taken_cents limit %(limit)s
    """,
    "Requisition {0}: its parts bear {1} cents of interest and it says {2}.": """
        select requisition.number, coalesce(sum(part.amount_cents), 0), requisition.interest_cents
        from disbursements_requisition as requisition
        left join disbursements_interest as part on part.requisition_id = requisition.id
        group by requisition.id
        having coalesce(sum(part.amount_cents), 0) <> requisition.interest_cents limit %(limit)s
    """,
    "Requisition {0} settles debts of {1} cents and says {2}.": """
        select requisition.number, coalesce(sum(part.amount_cents), 0), requisition.offset_cents
        from disbursements_requisition as requisition
        left join disbursements_offset as part on part.requisition_id = requisition.id
        group by requisition.id
        having coalesce(sum(part.amount_cents), 0) <> requisition.offset_cents limit %(limit)s
    """,
    "Requisition {0} was approved by {1} other people, {2} were needed.": """
        select requisition.number, count(distinct event.by_id), requisition.approvals_needed
        from disbursements_requisition as requisition
        join disbursements_event as event on event.requisition_id = requisition.id
            and event.kind in ('approved once', 'approved')
            and event.by_id <> requisition.prepared_by_id
        where exists (select from disbursements_event as last
            where last.requisition_id = requisition.id and last.kind = 'approved')
        group by requisition.id
        having count(distinct event.by_id) <> requisition.approvals_needed limit %(limit)s
    """,
}


def broken_requisitions() -> list[str]:
    """Return requisitions that the books contradict. None is right."""
    broken: list[str] = []
    with connection.cursor() as cursor:
        for words, statement in _BROKEN.items():
            cursor.execute(statement, {"limit": _EVIDENCE})
            broken.extend(words.format(*row) for row in cursor.fetchall())
    return broken
