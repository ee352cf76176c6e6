"""Which columns of an evaluation are kept, and as what."""

from __future__ import annotations

from collections.abc import Mapping

from fisc.dmn.columns import types
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import blocks, loading


def encoded(
    tables: loading.Tables,
    *,
    inputs: Mapping[str, types.Column],
    result: types.Result,
    origins: Mapping[str, blocks.Origin],
) -> blocks.Encoded:
    """Turn an evaluation into a block; of the facts, those that the tables ask for."""
    asked = [each.name for each in tables.program.inputs]
    kept = {name: origins[name] for name in asked if name in origins}
    rows = len(next(iter(result.outputs.values())))
    return blocks.encode(
        [
            *(
                _field(tables.point.input_by_name[name], name, "input", inputs[name])
                for name in asked
            ),
            *(
                _field(line, line.decision, "output", result.outputs[line.decision])
                for line in tables.lines
            ),
            *blocks.hit_fields(result.hits),
            *blocks.origin_fields(kept, rows=rows),
        ]
    )


def _field(
    declared: declarations.Input | declarations.OutputLine,
    name: str,
    part: str,
    column: types.Column,
) -> blocks.Field:
    words = declared.words if isinstance(declared, declarations.Input) else ""
    return blocks.Field(
        name=name,
        part=part,
        column=column,
        kind=declared.kind.value,
        scale=declared.declared().scale,
        unit=declared.unit,
        words=words,
    )
