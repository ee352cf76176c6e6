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
SEE_BUSINESSES: Final = "users.see_businesses"
KEEP_BUSINESSES: Final = "users.keep_businesses"
SEE_IDENTIFIERS: Final = "users.see_identifiers"
SEE_LICENSES: Final = "users.see_licenses"
HANDLE_APPLICATIONS: Final = "users.handle_applications"
SIGN_OFF: Final = "users.sign_off_applications"
ISSUE_LICENSES: Final = "users.issue_licenses"
SUSPEND_LICENSES: Final = "users.suspend_licenses"
SEE_RETURNS: Final = "users.see_returns"
KEY_RETURNS: Final = "users.key_returns"
ASSESS_TAX: Final = "users.assess_tax"
DECIDE_FREQUENCIES: Final = "users.decide_frequencies"
ASK_WAIVERS: Final = "users.ask_waivers"
APPROVE_WAIVERS: Final = "users.approve_waivers"
SEE_REFUNDS: Final = "users.see_refunds"
ASK_REFUNDS: Final = "users.ask_refunds"
APPROVE_REFUNDS: Final = "users.approve_refunds"
SEE_TAX_ANALYSIS: Final = "users.see_tax_analysis"
CONVERT_DATA: Final = "users.convert_data"
DISTRIBUTE_TAX: Final = "users.distribute_tax"
SEE_AUDITS: Final = "users.see_audits"
KEEP_AUDITS: Final = "users.keep_audits"
APPROVE_AUDITS: Final = "users.approve_audits"

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
    SEE_BUSINESSES: "May find and see businesses, their owners and places",
    KEEP_BUSINESSES: "May record businesses, owners, places and documents",
    SEE_IDENTIFIERS: "May see tax identifiers whole",
    SEE_LICENSES: "May see applications and licenses",
    HANDLE_APPLICATIONS: "May take in and work on applications for a license",
    SIGN_OFF: "May sign off an application for a department",
    ISSUE_LICENSES: "May issue, renew and deny licenses",
    SUSPEND_LICENSES: "May suspend, revoke and reinstate licenses",
    SEE_RETURNS: "May see tax returns, which are confidential",
    KEY_RETURNS: "May register tax accounts and take in returns",
    ASSESS_TAX: "May assess tax and keep audits",
    DECIDE_FREQUENCIES: "May decide how often a tax account files",
    ASK_WAIVERS: "May ask for a waiver of penalty or interest",
    APPROVE_WAIVERS: "May approve a waiver that another asked for",
    SEE_REFUNDS: "May see requisitions of refunds",
    ASK_REFUNDS: "May prepare a refund",
    APPROVE_REFUNDS: "May approve a refund that another prepared",
    SEE_TAX_ANALYSIS: "May see the analysis of tax without figures of a filer",
    DISTRIBUTE_TAX: "May distribute collected taxes and take in the state's files",
    SEE_AUDITS: "May see audit cases and voluntary disclosures",
    KEEP_AUDITS: "May keep audit cases and voluntary disclosures",
    APPROVE_AUDITS: "May approve what another found in an audit, and decide protests",
    CONVERT_DATA: "May take in another system's data and undo it",
}

_READING: Final = (SEE_BOARD, SEE_ACCOUNTS, SEE_RECEIPTS)
_LICENSES_AND_RETURNS: Final = (
    SEE_BUSINESSES,
    KEEP_BUSINESSES,
    SEE_LICENSES,
    HANDLE_APPLICATIONS,
    SIGN_OFF,
    ISSUE_LICENSES,
    SEE_RETURNS,
    KEY_RETURNS,
    ASSESS_TAX,
    ASK_WAIVERS,
    SEE_REFUNDS,
    ASK_REFUNDS,
)

BY_GROUP: Final[Mapping[choices.GroupName, tuple[str, ...]]] = {
    choices.GroupName.CASHIER: (*_READING, KEEP_TILL, QUOTE, SEE_BUSINESSES, SEE_LICENSES),
    choices.GroupName.ACCOUNT_COORDINATOR: (
        *_READING,
        QUOTE,
        CANCEL_BILLS,
        RELEASE_BILLS,
        ENTER_READS,
        SEE_WORK,
        DO_WORK,
        SEE_TABLES,
        *_LICENSES_AND_RETURNS,
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
        SEE_BUSINESSES,
        SEE_LICENSES,
        SEE_RETURNS,
        SEE_TAX_ANALYSIS,
        DISTRIBUTE_TAX,
        CONVERT_DATA,
    ),
    choices.GroupName.SUPERVISOR: tuple(WORDS),
    choices.GroupName.AUDITOR: (
        *_READING,
        SEE_RUNS,
        SEE_WORK,
        SEE_TABLES,
        SEE_BUSINESSES,
        SEE_LICENSES,
        SEE_RETURNS,
        SEE_REFUNDS,
        SEE_TAX_ANALYSIS,
        SEE_AUDITS,
        KEEP_AUDITS,
    ),
    # Budget or economic development: figures of many filers together, and of nobody alone.
    choices.GroupName.ANALYST: (SEE_TAX_ANALYSIS,),
}
