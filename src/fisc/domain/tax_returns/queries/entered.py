"""Who entered a return, and when: a person, a program, or a file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from fisc.basics import identifiers
from fisc.domain.tax_returns import models
from fisc.domain.tax_returns.queries import returns
from fisc.plumbing.action_log import queries as action_log
from fisc.plumbing.users import queries as users

_VERBS = frozenset({"file return", "amend return"})


@dataclass(frozen=True, slots=True)
class Entered:
    """Who entered a return; without a name nobody was signed in. `file` is what it came in."""

    at: datetime.datetime
    name: str = ""
    file: str = ""

    @property
    def who(self) -> str:
        """The person, the file, or both; empty where neither is known."""
        return ", ".join(each for each in (self.name, self.file) if each)


def entered(kept: returns.Kept) -> Entered:
    """Return who entered a version of a return."""
    # What was taken in with others of a file has the number of the file's run, and no action.
    if kept.return_id >= identifiers.FIRST_BULK_ID:
        run_id = kept.return_id // identifiers.FIRST_BULK_ID
        part = models.ReturnFilePart.objects.filter(run_id=run_id).select_related("file").first()
        if part is not None:
            return Entered(kept.recorded_at, _name(part.file.received_by_id), part.file.name)
    for each in action_log.actions_on(subject_kind="account", subject_id=kept.account_id):
        if each.verb in _VERBS and each.detail.get("return_id") == kept.return_id:
            return Entered(kept.recorded_at, _name(each.user_id))
    return Entered(kept.recorded_at)


def _name(user_id: int | None) -> str:
    return "" if user_id is None else users.names(user_ids={user_id})[user_id]
