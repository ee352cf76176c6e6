"""Which errors were raised to be read: the rule is one for pages and for programs."""

from __future__ import annotations

from typing import Final

from fisc.plumbing import database

NOT_FOUND: Final = 404
UNPROCESSABLE: Final = 422
BUSY: Final = 503

#: Where errors are named for what went wrong and say what to do.
_OURS: Final = (
    "fisc.basics.",
    # Of the engine what a book can be refused for; what its parts tell each other is no sentence.
    "fisc.dmn.cases",
    "fisc.dmn.checks.source_files",
    "fisc.dmn.editing.",
    "fisc.dmn.feel.evaluation",
    "fisc.dmn.xml.",
    "fisc.domain.",
    "fisc.interfaces.web.",
    "fisc.plumbing.database",
    "fisc.plumbing.document_store",
    "fisc.plumbing.idempotency.",
    "fisc.plumbing.runs.",
    "fisc.plumbing.sealed_values",
    "fisc.plumbing.typesetting.",
    "fisc.plumbing.users.",
    "fisc.processes.",
)
#: How the errors are named that say that something is not there.
_NOT_THERE: Final = ("NoSuch", "Unknown")
#: How those are named that no input brings about: they stay broken, under a reference.
_BROKEN: Final = (
    "DoesNotOpen",
    "IsDamaged",
    "EvaluatorsDiffer",
    "EntryOutOfBalance",
    "EntryIsTooShort",
)


def readable(problem: Exception) -> Exception:
    """Return an error as it is told: one of the database's that is no fault as one of ours."""
    return database.as_held(problem) or problem


def is_refusal(problem: Exception) -> bool:
    """Tell whether an error is one of ours that was raised to be read."""
    kind = type(problem)
    return (
        kind.__module__.startswith(_OURS)
        and not kind.__name__.endswith(_BROKEN)
        and bool(str(problem).strip())
    )


def status_of(problem: Exception) -> int:
    """Return 404 for what is not there, 503 for what is held, 422 for all else refused."""
    if isinstance(problem, database.RowsAreHeld):
        return BUSY
    return NOT_FOUND if type(problem).__name__.startswith(_NOT_THERE) else UNPROCESSABLE
