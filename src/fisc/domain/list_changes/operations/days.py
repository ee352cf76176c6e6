"""Bringing lists to a day, and to those who keep a copy of one."""

from __future__ import annotations

import datetime

from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.ledger import operations as ledger
from fisc.domain.list_changes.queries import effects
from fisc.plumbing import transactions


@transactions.starts_transaction
def begin_day(*, on: datetime.date) -> tuple[str, ...]:
    """Show, of each list, the edition that governs a day; gives the lists that changed.

    A day asked for again, or one before a day that was shown, changes nothing. Raises
    ledger.GLAccountChanged.
    """
    changed = code_list_writes.show_day(on=on)
    follow(*changed)
    return changed


@transactions.needs_transaction
def follow(*lists: str) -> None:
    """Let the books follow when what a list shows has changed. Raises ledger.GLAccountChanged."""
    if effects.GL_LIST in lists:
        ledger.take_over_gl_accounts()
