"""Giving a look-up table of a draft the file it was taken from, and filling it from that."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import checking, sources
from fisc.domain.rule_tables.operations import drafts, people, source_rows
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import filled
from fisc.domain.rule_tables.queries import sources as queries
from fisc.plumbing import transactions
from fisc.plumbing.users import permissions


class CannotBeFilled(Exception):
    """A table filled from its source would be no sound table; every reason is named."""


@transactions.starts_transaction
def give_source(*, version_id: int, given: sources.Given, by: str, at: datetime.datetime) -> None:
    """Keep a file as what a table of a draft was taken from; the same again changes nothing.

    A column that nobody named yet stays empty, and the checks ask for it. Raises
    sources.NoSuchTable, fisc.dmn.checks.source_files.SourceIsWrong with every line at fault,
    drafts.NotADraft, people.NotPermitted, fisc.dmn.xml.problems.ModelIsRefused.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    version = drafts.locked(version_id)
    sources.refuse(filled.table(version_id, given.decision), given)
    before = queries.of_version(version_id).get(given.decision)
    if before is not None and before.given == given:
        return
    source_rows.keep(version_id=version_id, given=given, at=at, by_id=person.user_id)
    detail = {
        "decision": given.decision,
        "file": given.name,
        "sha256": checking.sha256(given.content),
        "before": "" if before is None else before.sha256,
        "columns": list(given.columns),
    }
    _note(version, person, "gave a table its source", detail, at=at)


@transactions.starts_transaction
def leave_source_out(*, version_id: int, decision: str, by: str, at: datetime.datetime) -> None:
    """Say that a table of a draft was taken from no file after all.

    Raises queries.sources.NoSuchSource, drafts.NotADraft, people.NotPermitted.
    """
    person = people.acting(username=by, permission=permissions.WRITE_TABLES)
    version = drafts.locked(version_id)
    before = queries.source(version_id, decision)
    source_rows.leave_out(version_id=version_id, decision=decision, at=at, by_id=person.user_id)
    detail = {"decision": decision, "file": before.given.name, "before": before.sha256}
    _note(version, person, "took a table's source away", detail, at=at)


@transactions.starts_transaction
def fill_from_source(
    *, version_id: int, decision: str, based_on_sha256: str, source_sha256: str, by: str,
    at: datetime.datetime,
) -> drafts.SavedDraft:  # fmt: skip
    """Save a draft with a table's rules as its source has them, as it was shown.

    Raises CannotBeFilled where the source is no longer the one that was shown, and what
    calculations.filling.filled and drafts.save_draft raise.
    """
    people.acting(username=by, permission=permissions.WRITE_TABLES)
    drafts.locked(version_id)
    if queries.source(version_id, decision).sha256 != source_sha256:
        raise CannotBeFilled(
            f"“{decision}” has another source file than the one that was shown. Look again."
        )
    proposed = filled.from_source(version_id, decision)
    if proposed.problems:
        raise CannotBeFilled("; ".join(str(each) for each in proposed.problems))
    return drafts.keep_content(
        version_id=version_id,
        content=proposed.content,
        based_on_sha256=based_on_sha256,
        by=by,
        at=at,
    )


def _note(
    version: models.Version,
    person: people.Person,
    verb: str,
    detail: Mapping[str, object],
    *,
    at: datetime.datetime,
) -> None:
    problems = reading.draft(version.id).problems
    people.revise(version, choices.Saved.SOURCE, person, problems, at)
    people.note(person=person, verb=verb, version=version, why="", at=at, detail=detail)
