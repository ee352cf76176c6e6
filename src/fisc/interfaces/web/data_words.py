"""Single words that the floors below keep or say, and that pages show: kinds, states, totals.

What is shorter than a sentence is known again only if it stands here, so that no name of a person
or a place is ever taken for one of them.
"""

from typing import Final

from django.utils.translation import gettext_noop

WORDS: Final = frozenset(
    {
        # Kinds of work items, and what they are about.
        gettext_noop("bill held"),
        gettext_noop("bill"),
        gettext_noop("payment"),
        gettext_noop("read"),
        gettext_noop("read file"),
        gettext_noop("run"),
        gettext_noop("till"),
        # Facts of a work item.
        gettext_noop("bill day"),
        gettext_noop("cycle"),
        gettext_noop("file"),
        gettext_noop("line"),
        gettext_noop("meter"),
        gettext_noop("read on"),
        gettext_noop("reading"),
        gettext_noop("service"),
        gettext_noop("electric"),
        gettext_noop("sewer"),
        gettext_noop("water"),
        # States.
        gettext_noop("approved"),
        gettext_noop("cancelled"),
        gettext_noop("closed"),
        gettext_noop("counted"),
        gettext_noop("discarded"),
        gettext_noop("draft"),
        gettext_noop("dropped"),
        gettext_noop("failed"),
        gettext_noop("in test"),
        gettext_noop("open"),
        gettext_noop("released"),
        gettext_noop("running"),
        gettext_noop("superseded"),
        gettext_noop("waiting"),
        # What was done with a version or a list, and in which part.
        gettext_noop("approval"),
        gettext_noop("confirmed"),
        gettext_noop("review"),
        gettext_noop("rolled back"),
        gettext_noop("second approval"),
        # What a step of a run counts, and control totals.
        gettext_noop("accounts"),
        gettext_noop("allocated"),
        gettext_noop("applied"),
        gettext_noop("bills"),
        gettext_noop("debit"),
        gettext_noop("difference"),
        gettext_noop("entries"),
        gettext_noop("estimated"),
        gettext_noop("files refused"),
        gettext_noop("held"),
        gettext_noop("item"),
        gettext_noop("late"),
        gettext_noop("late charges"),
        gettext_noop("left open"),
        gettext_noop("lines"),
        gettext_noop("not estimated"),
        gettext_noop("posted"),
        gettext_noop("postings"),
        gettext_noop("proved"),
        gettext_noop("receivables"),
        gettext_noop("refused"),
        gettext_noop("rows"),
        gettext_noop("sealed"),
        gettext_noop("total"),
        gettext_noop("unapplied"),
        # Where a value is missing.
        gettext_noop("Nobody"),
        gettext_noop("none"),
        gettext_noop("nothing"),
        # Values.
        gettext_noop("text"),
        gettext_noop("whole number"),
    }
)
