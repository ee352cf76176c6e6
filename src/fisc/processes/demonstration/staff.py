"""The people who sign in to the demonstration city. Never made in a real one."""

from __future__ import annotations

import dataclasses
import datetime

from fisc.plumbing import transactions
from fisc.plumbing.users import choices
from fisc.plumbing.users import operations as users
from fisc.plumbing.users import queries as known


@dataclasses.dataclass(frozen=True)
class SignIn:
    """A name and password to try, and what that person does."""

    username: str
    password: str
    full_name: str
    group: choices.GroupName
    words: str


# Documented on purpose: they open an invented city on the machine that made it, and no other.
SIGN_INS = (
    # The second of two approvers; before the supervisor, who is the one that a group stands for.
    SignIn(
        "controller",
        "mesquite-vault-7",
        "Elena Novak",
        choices.GroupName.SUPERVISOR,
        "approves what needs two people",
    ),
    SignIn(
        "cashier", "mesquite-till-7", "Ines Calderon", choices.GroupName.CASHIER, "keeps a till"
    ),
    SignIn(
        "inspector",
        "mesquite-sites-7",
        "Lupe Armijo",
        choices.GroupName.ACCOUNT_COORDINATOR,
        "looks at places and signs off for the departments",
    ),
    SignIn(
        "coordinator",
        "mesquite-desk-7",
        "Noah Begay",
        choices.GroupName.ACCOUNT_COORDINATOR,
        "answers customers, works the queue",
    ),
    SignIn(
        "auditor",
        "mesquite-books-7",
        "Vera Lindqvist",
        choices.GroupName.AUDITOR,
        "audits what was filed",
    ),
    SignIn(
        "deputy",
        "mesquite-tables-7",
        "Grace Whitfield",
        choices.GroupName.PROJECTS_COORDINATOR,
        "looks at the tables that others keep",
    ),
    SignIn(
        "projects",
        "mesquite-rates-7",
        "Rosa Alvarez",
        choices.GroupName.PROJECTS_COORDINATOR,
        "keeps the tables",
    ),
    SignIn(
        "analyst",
        "mesquite-plans-7",
        "Dana Yazzie",
        choices.GroupName.ANALYST,
        "plans the budget; sees figures of tax, and no filer's",
    ),
    SignIn(
        "supervisor",
        "mesquite-close-7",
        "Martin Okafor",
        choices.GroupName.SUPERVISOR,
        "runs and closes the day",
    ),
)


@transactions.starts_transaction
def make(*, at: datetime.datetime) -> None:
    """Make the groups of the office and these people, those that are not there yet."""
    users.make_groups()
    for sign_in in SIGN_INS:
        try:
            known.user_id(username=sign_in.username)
        except known.UnknownUser:
            users.make_user(
                username=sign_in.username,
                full_name=sign_in.full_name,
                password=sign_in.password,
                groups=[sign_in.group],
                made_at=at,
            )
