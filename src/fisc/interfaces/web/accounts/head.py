"""The header of an account that never leaves, whatever tab is open."""

import dataclasses
import datetime
from collections.abc import Sequence

from django import http
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.basics import identifiers
from fisc.domain.accounts import choices
from fisc.domain.accounts import queries as accounts
from fisc.domain.receivables import queries as receivables
from fisc.domain.utilities.queries import meters

_KINDS = {
    "utility": gettext_lazy("utility"),
    "license": gettext_lazy("license"),
    "tax": gettext_lazy("tax"),
    "invoice": gettext_lazy("invoice"),
}


@dataclasses.dataclass(frozen=True)
class Alert:
    """What whoever opens the account must know first."""

    words: str
    tone: str


@dataclasses.dataclass(frozen=True)
class Head:
    """Who, what they owe, and what to mind."""

    account: accounts.AccountHeader
    balance: receivables.Balance
    alerts: Sequence[Alert]
    # Where it is served first: what a caller is asked for.
    place: str

    @property
    def kind_words(self) -> str:
        """Return the kind of the account in the reader's language."""
        return str(_KINDS.get(self.account.kind, self.account.kind))

    @property
    def has_services(self) -> bool:
        """Whether something is metered and billed: of an account of tax or licenses nothing is."""
        return self.account.kind == choices.AccountKind.UTILITY


def of_account(number: int, *, as_of: datetime.date) -> Head:
    """Return the header of the account with a number, or show that there is none."""
    try:
        account_id = accounts.account_id(number=number)
    except (identifiers.NumberIsWrong, accounts.NoSuchAccount) as problem:
        raise http.Http404(str(problem)) from problem
    account = accounts.account(account_id=account_id, as_of=as_of)
    balance = receivables.account_balance(account_id, as_of=as_of)
    return Head(
        account=account,
        balance=balance,
        alerts=_alerts(account, balance),
        place=meters.place_served(account_id=account_id),
    )


def _alerts(account: accounts.AccountHeader, balance: receivables.Balance) -> list[Alert]:
    alerts = []
    if account.closed_on is not None:
        alerts.append(Alert(_("closed"), "warn"))
    if balance.past_due_cents:
        alerts.append(Alert(_("past due"), "bad"))
    alerts += [Alert(f"{_('hold')}: {hold.kind}, {hold.why}", "warn") for hold in account.holds]
    return alerts
