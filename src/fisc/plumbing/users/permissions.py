"""What a person may do, by group. A permission guards a door of the building, not a table.

The list is here in one place so that one page answers "who may?". Decision 0070 says why.
"""

from collections.abc import Mapping
from typing import Final

from fisc.plumbing.users import choices

SEE_BOARD: Final = "users.see_board"
SEE_ACCOUNTS: Final = "users.see_accounts"
QUOTE: Final = "users.quote_charges"
CANCEL_BILLS: Final = "users.cancel_bills"
RELEASE_BILLS: Final = "users.release_bills"
ENTER_READS: Final = "users.enter_reads"
KEEP_TILL: Final = "users.keep_till"
APPROVE_TILLS: Final = "users.approve_tills"
SEE_RECEIPTS: Final = "users.see_receipts"
SEE_RUNS: Final = "users.see_runs"
START_RUNS: Final = "users.start_runs"
SIGN_REGISTERS: Final = "users.sign_registers"
SEE_WORK: Final = "users.see_work"
DO_WORK: Final = "users.do_work"
SEE_TABLES: Final = "users.see_tables"
WRITE_TABLES: Final = "users.write_tables"
APPROVE_TABLES: Final = "users.approve_tables"

WORDS: Final[Mapping[str, str]] = {
    SEE_BOARD: "May see the morning board",
    SEE_ACCOUNTS: "May find and see accounts, bills and payments",
    QUOTE: "May ask what a usage would cost",
    CANCEL_BILLS: "May cancel and rebill a bill",
    RELEASE_BILLS: "May release a bill that was held",
    ENTER_READS: "May enter a meter read",
    KEEP_TILL: "May open, use and close a till",
    APPROVE_TILLS: "May approve the count of another person's till",
    SEE_RECEIPTS: "May see and reprint receipts",
    SEE_RUNS: "May see the daily runs",
    START_RUNS: "May start and restart a daily run",
    SIGN_REGISTERS: "May sign a bill register",
    SEE_WORK: "May see the work queue",
    DO_WORK: "May take, finish, forward and snooze work",
    SEE_TABLES: "May see the rule tables",
    WRITE_TABLES: "May write and test drafts of rule tables",
    APPROVE_TABLES: "May approve and roll back rule tables that another wrote",
}

_READING: Final = (SEE_BOARD, SEE_ACCOUNTS, SEE_RECEIPTS)

BY_GROUP: Final[Mapping[choices.GroupName, tuple[str, ...]]] = {
    choices.GroupName.CASHIER: (*_READING, KEEP_TILL, QUOTE),
    choices.GroupName.ACCOUNT_COORDINATOR: (
        *_READING,
        QUOTE,
        CANCEL_BILLS,
        RELEASE_BILLS,
        ENTER_READS,
        SEE_WORK,
        DO_WORK,
        SEE_TABLES,
    ),
    choices.GroupName.PROJECTS_COORDINATOR: (
        *_READING,
        QUOTE,
        SEE_RUNS,
        SEE_WORK,
        DO_WORK,
        SEE_TABLES,
        WRITE_TABLES,
        APPROVE_TABLES,
    ),
    choices.GroupName.SUPERVISOR: tuple(WORDS),
    choices.GroupName.AUDITOR: (*_READING, SEE_RUNS, SEE_WORK, SEE_TABLES),
}
