"""Keeping the source of a look-up table with a draft: a row more, the file once."""

from __future__ import annotations

import datetime

from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import checking, sources
from fisc.plumbing import transactions


@transactions.needs_transaction
def keep(
    *, version_id: int, given: sources.Given, at: datetime.datetime, by_id: int | None = None
) -> None:
    """Keep a file as the source of a table of a draft, in place of the one before."""
    file, _ = models.SourceFile.objects.get_or_create(
        sha256=checking.sha256(given.content), defaults={"content": given.content}
    )
    models.Source.objects.create(
        version_id=version_id,
        decision=given.decision,
        file=file,
        name=given.name,
        columns=list(given.columns),
        kept_by_id=by_id,
        kept_at=at,
    )


@transactions.needs_transaction
def leave_out(*, version_id: int, decision: str, at: datetime.datetime, by_id: int) -> None:
    """Keep that a table of a draft has no source after all."""
    models.Source.objects.create(
        version_id=version_id,
        decision=decision,
        file=None,
        name="",
        columns=[],
        kept_by_id=by_id,
        kept_at=at,
    )


@transactions.needs_transaction
def copy(*, from_version: models.Version, to_version_id: int) -> None:
    """Let a draft have the sources of the version that it starts from, with who gave them."""
    rows = (
        models.Source.objects.filter(version_id=from_version.reissue_of_id or from_version.id)
        .order_by("decision", "-id")
        .distinct("decision")
    )
    for each in rows:
        if each.file_id is not None:
            each.pk = None
            each.version_id = to_version_id
            each.save(force_insert=True)
