"""The permissions to see, keep and approve audits."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("users", "0018_deciding_frequencies")]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "default_permissions": (),
                "permissions": (
                    ("see_board", "May see the morning board"),
                    ("see_accounts", "May find and see accounts, bills and payments"),
                    ("quote_charges", "May ask what a usage would cost"),
                    ("cancel_bills", "May cancel and rebill a bill"),
                    ("release_bills", "May release a bill that was held"),
                    ("enter_reads", "May enter a meter read"),
                    ("keep_till", "May open, use and close a till"),
                    ("approve_tills", "May approve the count of another person's till"),
                    ("see_receipts", "May see and reprint receipts"),
                    ("see_runs", "May see the daily runs"),
                    ("start_runs", "May start and restart a daily run"),
                    ("sign_registers", "May sign a bill register"),
                    ("see_work", "May see the work queue"),
                    ("do_work", "May take, finish, forward and snooze work"),
                    ("see_tables", "May see the rule tables"),
                    ("write_tables", "May write and test drafts of rule tables"),
                    ("approve_tables", "May approve and roll back rule tables that another wrote"),
                    ("see_businesses", "May find and see businesses, their owners and places"),
                    ("keep_businesses", "May record businesses, owners, places and documents"),
                    ("see_identifiers", "May see tax identifiers whole"),
                    ("see_licenses", "May see applications and licenses"),
                    ("handle_applications", "May take in and work on applications for a license"),
                    ("sign_off_applications", "May sign off an application for a department"),
                    ("issue_licenses", "May issue, renew and deny licenses"),
                    ("suspend_licenses", "May suspend, revoke and reinstate licenses"),
                    ("see_returns", "May see tax returns, which are confidential"),
                    ("key_returns", "May register tax accounts and take in returns"),
                    ("assess_tax", "May assess tax and keep audits"),
                    ("decide_frequencies", "May decide how often a tax account files"),
                    ("ask_waivers", "May ask for a waiver of penalty or interest"),
                    ("approve_waivers", "May approve a waiver that another asked for"),
                    ("see_refunds", "May see requisitions of refunds"),
                    ("ask_refunds", "May prepare a refund"),
                    ("approve_refunds", "May approve a refund that another prepared"),
                    ("see_tax_analysis", "May see the analysis of tax without figures of a filer"),
                    (
                        "distribute_tax",
                        "May distribute collected taxes and take in the state's files",
                    ),
                    ("see_audits", "May see audit cases and voluntary disclosures"),
                    ("keep_audits", "May keep audit cases and voluntary disclosures"),
                    (
                        "approve_audits",
                        "May approve what another found in an audit, and decide protests",
                    ),
                    ("convert_data", "May take in another system's data and undo it"),
                ),
            },
        ),
    ]
