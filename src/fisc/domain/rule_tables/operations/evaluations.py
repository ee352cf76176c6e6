"""Keeping what versions were asked and answered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.dmn.columns import types
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import blocks, keeping
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions


@transactions.needs_transaction
def keep_evaluation(
    *,
    version_id: int,
    inputs: Mapping[str, types.Column],
    result: types.Result,
    origins: Mapping[str, blocks.Origin],
    made_at: datetime.datetime,
    run_id: int | None = None,
    chunk: int | None = None,
    block_id: int | None = None,
) -> int:
    """Keep what a version was asked and answered, row for row; gives the block's id.

    Only the facts that its tables ask for are kept. Raises queries.NoSuchVersion.
    """
    tables = queries.version(version_id).tables
    encoded = keeping.encoded(tables, inputs=inputs, result=result, origins=origins)
    block = models.EvaluationBlock(
        id=block_id,
        decision_point=tables.point.name,
        version_id=version_id,
        run_id=run_id,
        chunk=chunk,
        rows=encoded.rows,
        layout=encoded.layout,
        segment_rows=encoded.segment_rows,
        segment_ends=encoded.segment_ends,
        sha256=encoded.sha256,
        content=encoded.content,
        made_at=made_at,
    )
    block.save(force_insert=True)
    return block.id
