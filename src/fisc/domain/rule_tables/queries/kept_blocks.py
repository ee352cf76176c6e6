"""Kept evaluations read many rows at a time, for studies of what was asked and answered."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection

from fisc.domain.rule_tables.calculations import kept_columns


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A block with its version and what made it: a run at an instant, or a person then."""

    block_id: int
    decision_point: str
    version_id: int
    run_id: int | None
    made_at: datetime.datetime
    columns: kept_columns.KeptColumns


@dataclass(frozen=True, slots=True)
class Made:
    """Which version of a decision point answered in a run, or for one bill alone."""

    block_id: int
    decision_point: str
    version_id: int
    run_id: int | None
    made_at: datetime.datetime


# Blocks made together: by one run at its instant, or by a person at one.
_MADE_WITH = """
with named as (
    select distinct run_id, made_at from rule_tables_evaluation_block where id = any(%(ids)s)
)
select block.id, block.decision_point, block.version_id, block.run_id, block.made_at
from rule_tables_evaluation_block block
join named on named.run_id is not distinct from block.run_id and named.made_at = block.made_at
where block.decision_point = any(%(points)s)
order by block.id
"""

_BLOCKS = """
select id, decision_point, version_id, run_id, made_at, rows, layout::text, segment_ends::text,
    content
from rule_tables_evaluation_block where id = any(%(ids)s) order by id
"""


def made_with(*, block_ids: Collection[int], points: Collection[str]) -> list[Made]:
    """Return the blocks of some decision points that were made together with other blocks."""
    with connection.cursor() as cursor:
        cursor.execute(_MADE_WITH, {"ids": [*block_ids], "points": [*points]})
        return [Made(*row) for row in cursor.fetchall()]


def read(block_ids: Collection[int], *, at_once: int = 16) -> Iterator[KeptBlock]:
    """Return blocks whole, a few at a time in the order of their ids.

    Raises blocks.BlockIsDamaged.
    """
    ordered = sorted(block_ids)
    for start in range(0, len(ordered), at_once):
        with connection.cursor() as cursor:
            cursor.execute(_BLOCKS, {"ids": ordered[start : start + at_once]})
            found = cursor.fetchall()
        for block_id, point, version_id, run_id, made_at, rows, layout, ends, content in found:
            columns = kept_columns.decode(
                bytes(content),
                rows=rows,
                layout=json.loads(layout),
                segment_ends=json.loads(ends),
            )
            yield KeptBlock(block_id, point, version_id, run_id, made_at, columns)
