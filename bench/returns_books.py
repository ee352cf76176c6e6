"""Whether the books of a bench of returns hold."""

from __future__ import annotations

import datetime

from fisc.domain.ledger import queries as ledger
from fisc.domain.receivables import queries as receivables


def broken() -> list[str]:
    """Return what does not hold: entries, their balance, control accounts, open items."""
    return [
        *ledger.broken_entries(),
        *ledger.broken_trial_balance(datetime.date.max),
        *receivables.broken_control_accounts(),
        *receivables.broken_open_items(),
    ]
