"""What a bill's own rows say of the whole bill: its class, and whether it lies inside the city."""

from __future__ import annotations

import polars

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import kept_blocks


class Texts:
    """The texts of codes, each at its place."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def places(self, series: polars.Series) -> polars.Series:
        """Return the places of texts; null stays null."""
        given = series.unique().drop_nulls().sort().to_list()
        for text in given:
            self.known.setdefault(text, len(self.known))
        return series.replace_strict(
            given, [self.known[text] for text in given], return_dtype=polars.Int64, default=None
        )


def kept_of_whole(lines: polars.DataFrame, *, texts: Texts) -> polars.DataFrame:
    """Return the class and place that a bill's taxes or minimum were asked with."""
    named = lines.filter(polars.col("stage") > 1)
    return _kept(named, texts=texts).select(
        "bill_id", whole_class="kept_class", whole_inside="kept_inside"
    )


def kept_of_parts(
    lines: polars.DataFrame, bills: polars.DataFrame, *, texts: Texts
) -> polars.DataFrame:
    """Return the class and place of the last part of a bill's first segment, where they are kept.

    By them a whole bill is calculated; asked only for bills that nothing else says it of.
    """
    lacking = bills.filter(
        polars.col("whole_class").is_null() | polars.col("whole_inside").is_null()
    )
    named = (
        lines.filter(polars.col("stage") == 1)
        .join(lacking.select("bill_id"), on="bill_id", how="semi")
        .filter(polars.col("segment_id") == polars.col("segment_id").min().over("bill_id"))
        .sort("block_id", "block_row", descending=True)
        .unique("bill_id", keep="first", maintain_order=True)
    )
    return _kept(named, texts=texts).select(
        "bill_id", part_class="kept_class", part_inside="kept_inside"
    )


def _kept(named: polars.DataFrame, *, texts: Texts) -> polars.DataFrame:
    """Return the class and place kept in the rows that some lines name, by bill."""
    schema = dict.fromkeys(("block_id", "block_row", "kept_class", "kept_inside"), polars.Int64)
    frames = [polars.DataFrame(schema=schema)]
    for block in kept_blocks.read(named["block_id"].unique().to_list()):
        rows = block.columns.rows
        none = polars.repeat(None, rows, dtype=polars.Int64, eager=True)
        rate_class = block.columns.inputs.get("rate_class")
        frames.append(
            polars.DataFrame(
                {
                    "block_id": polars.repeat(block.block_id, rows, dtype=polars.Int64, eager=True),
                    "block_row": polars.int_range(rows, dtype=polars.Int64, eager=True),
                    "kept_class": none if rate_class is None else texts.places(rate_class),
                    "kept_inside": block.columns.inputs.get("inside_city", none),
                }
            )
        )
    return (
        named.select("bill_id", "block_id", "block_row")
        .unique()
        .join(polars.concat(frames), on=["block_id", "block_row"])
        .group_by("bill_id")
        .agg(polars.col("kept_class", "kept_inside").drop_nulls().first())
    )


def grouped_by(segments: polars.DataFrame, *, texts: Texts) -> polars.DataFrame:
    """Return the class of each bill's first segment, to group bills by."""
    codes = {code_id: code.code for code_id, code in code_lists.codes_by_id("rate class").items()}
    first = segments.sort("segment_id").unique("bill_id", keep="first", maintain_order=True)
    named = first["class_id"].replace_strict(codes, return_dtype=polars.String, default=None)
    return first.select("bill_id").with_columns(shown_class=texts.places(named))
