"""What the script of the editor says, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_page() -> dict[str, str]:
    """Return the texts of our own part of the page; the script fills the braces."""
    return {
        "diagram": _("Diagram"),
        "table": _("Table: {name}"),
        "expression": _("Expression: {name}"),
        "saved": _("Saved {when}"),
        "unsaved": _("Not saved yet"),
        "saving": _("Saving…"),
        "noProblems": _("No problem found."),
        "problems": _("{count} to mend."),
        "toLookAt": _("{count} to look at"),
        "more": _("… and {count} more"),
        "casesPass": _("{passed} of {all} cases pass."),
        "casesLeft": _("{left} take too long to run at each change, and are run when you save."),
        "noCases": _("This version has no cases yet."),
        "rule": _("rule {number}"),
        "wholeModel": _("Whole model"),
        "casesThatFail": _("Cases that fail"),
        "notSent": _("The server did not answer. Nothing is lost: try again."),
        "signedOut": _(
            "You are signed out, or the session is locked. Nothing is lost here: sign in in "
            "another window, then save again."
        ),
        "refused": _("It was not saved: {words}"),
        "broken": _("The editor could not open this file: {words}"),
        "differs": _(
            "The editor would change what it was given ({words}), so this draft is only shown here "
            "to read."
        ),
        "meanwhile": _(
            "{who} saved this draft {when}, after you opened it. Your changes are still here, and "
            "not saved."
        ),
        "whyRule": _("Why rule {number} is there"),
        "whyDecision": _("About {name}"),
        "question": _("Question it answers"),
        "description": _(
            "Description (a line “Citation: …” says where its constants are published)"
        ),
        "citation": _("Source (ordinance, section)"),
        "text_en": _("In words, English"),
        "text_es": _("In words, Spanish"),
        "pickRow": _("Choose a row to see and write its source and its words."),
    }
