"""From bills and the evaluations kept with them to a slice: nothing is derived again.

What a bill's parts were asked stands in its evaluation blocks, exactly. A block keeps only what
its version asked for; what another version may ask besides is taken from the bill's own rows
where they have it, and else marked unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars

from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.queries import kept_blocks
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.queries import rates, studied
from fisc.processes.rate_studies import kept_rows, slices

BILL_POINTS = tuple(point for point in points.DECISION_POINTS if point.stage > 0)
WHOLE = {point.stage: point for point in BILL_POINTS if point.stage > 1}
TAXES, MINIMUM = points.TAXES, points.BILL_MINIMUM
# What a segment billed as one part says of it, by input.
_OF_ONE_PART = {
    "part_starts_on": polars.col("starts_on"),
    "days_in_part": polars.col("ends_before") - polars.col("starts_on"),
    "days_in_period": polars.col("ends_before") - polars.col("starts_on"),
    "is_first_part": polars.lit(1),
    "is_last_part": polars.lit(1),
    "usage_kgal": polars.col("usage_milli"),
    "usage_kwh": polars.col("usage_milli"),
    "period_usage_kgal": polars.col("usage_milli"),
    "period_usage_kwh": polars.col("usage_milli"),
    "inside_city": polars.col("inside"),
    "rate_class": polars.col("rate_class"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """The bills of a scope with their lines, and what was made together with them."""

    bills: polars.DataFrame
    lines: polars.DataFrame
    segments: polars.DataFrame
    made: polars.DataFrame


@dataclass(frozen=True, slots=True)
class Gathered:
    """A slice before it is written."""

    questions: slices.Columns
    parts: slices.Columns
    bills: slices.Columns
    texts: tuple[str, ...]
    charges: tuple[str, ...]
    # In cents, by rate class and charge.
    billed: Mapping[str, Mapping[str, int]]


def gather(scope: studied.Scope, *, point: declarations.DecisionPoint) -> Gathered:
    """Return the bills of a scope with what a decision point was asked for each.

    Raises blocks.BlockIsDamaged.
    """
    read = _read(scope)
    texts = kept_rows.Texts()
    charges = tuple(code_lists.codes(rates.CHARGES))
    asked = _parts(read, point=point, texts=texts) if point.stage == 1 else None
    bills = _bills(read, charges=charges, texts=texts)
    if asked is None:
        parts = _whole_bills(bills, point=point, charges=charges)
    else:
        parts = _completed(asked, bills, read, point=point)
    return _gathered(bills, parts, point=point, texts=texts, charges=charges)


def charge_of_line(point: declarations.DecisionPoint) -> dict[str, str]:
    """Return the charge that each output line of a decision point is part of, by decision.

    Lines that the city's code lists do not have are left out: no bill has one.
    """
    codes = code_lists.codes(rates.BILL_LINES)
    return {
        line.decision: str(codes[line.name].attributes["charge"])
        for line in point.outputs
        if line.name in codes
    }


# --- Inside --------------------------------------------------------------------------------------


def _read(scope: studied.Scope) -> Read:
    lines = studied.lines(scope)
    made = kept_blocks.made_with(
        block_ids=lines["block_id"].unique().to_list(),
        points=[point.name for point in BILL_POINTS],
    )
    making: dict[object, int] = {}
    frame = polars.DataFrame(
        {
            "block_id": [each.block_id for each in made],
            "point": [each.decision_point for each in made],
            "version_id": [each.version_id for each in made],
            "making": [
                making.setdefault((each.run_id, each.made_at), len(making)) for each in made
            ],
        },
        schema={
            "block_id": polars.Int64,
            "point": polars.String,
            "version_id": polars.Int64,
            "making": polars.Int64,
        },
    )
    codes = code_lists.codes_by_id(rates.BILL_LINES)
    of_code = {code_id: str(code.attributes.get("charge", "")) for code_id, code in codes.items()}
    lines = lines.with_columns(
        polars.col("code_id").replace_strict(of_code, return_dtype=polars.String).alias("charge")
    ).join(frame.select("block_id", "making"), on="block_id", how="left")
    by_bill = lines.group_by("bill_id").agg(polars.col("making").first())
    return Read(
        bills=studied.bills(scope).with_row_index("bill").join(by_bill, on="bill_id", how="left",
            maintain_order="left"),
        lines=lines,
        segments=studied.segments(scope).join(by_bill, on="bill_id", how="left"),
        made=frame,
    )  # fmt: skip


def _parts(
    read: Read, *, point: declarations.DecisionPoint, texts: kept_rows.Texts
) -> polars.DataFrame:
    """Return a row for each part of a bill that a decision point was asked about."""
    ids = read.made.filter(polars.col("point") == point.name)["block_id"].to_list()
    frames = [_of_block(block, point=point, texts=texts) for block in kept_blocks.read(ids)]
    if not frames:
        return _empty_parts(point)
    rows = polars.concat(frames).join(
        read.made.select("block_id", "making"), on="block_id", how="left"
    )
    linked = read.lines.select("block_id", "block_row", "bill_id", "segment_id").unique(
        ["block_id", "block_row"]
    )
    # A part without any line is its agreement's, where the run billed that agreement once.
    by_agreement = read.segments.select(
        "making", "agreement_id", other_bill="bill_id", other_segment="segment_id"
    ).unique(["making", "agreement_id"], keep="none")
    found = (
        rows.join(linked, on=["block_id", "block_row"], how="left")
        .join(by_agreement, on=["making", "agreement_id"], how="left")
        .with_columns(
            polars.coalesce("bill_id", "other_bill").alias("bill_id"),
            polars.coalesce("segment_id", "other_segment").alias("segment_id"),
        )
        .drop("other_bill", "other_segment", "making")
        .filter(polars.col("bill_id").is_not_null())
    )
    return found.sort("block_id", "block_row")


def _of_block(
    block: kept_blocks.KeptBlock, *, point: declarations.DecisionPoint, texts: kept_rows.Texts
) -> polars.DataFrame:
    kept, rows = block.columns, block.columns.rows
    none = polars.repeat(None, rows, dtype=polars.Int64, eager=True)
    agreement = next(
        (ids for words, ids in kept.origins.values() if words == "service agreement"), none
    )
    columns = {
        "block_id": polars.repeat(block.block_id, rows, dtype=polars.Int64, eager=True),
        "block_row": polars.int_range(rows, dtype=polars.Int64, eager=True),
        "version_id": polars.repeat(block.version_id, rows, dtype=polars.Int64, eager=True),
        "agreement_id": agreement,
    }
    for each in point.inputs:
        known = kept.inputs.get(each.name)
        if known is not None and each.kind in types.TEXTUAL:
            known = texts.places(known)
        columns[f"in_{each.name}"] = none if known is None else known
        columns[f"has_{each.name}"] = polars.repeat(known is not None, rows, eager=True)
    charge_of = charge_of_line(point)
    for charge in dict.fromkeys(charge_of.values()):
        sums = none.fill_null(0)
        for decision, amounts in kept.outputs.items():
            if charge_of.get(decision) == charge:
                sums = sums + amounts.fill_null(0)
        columns[f"old_{charge}"] = sums
    return polars.DataFrame([series.alias(name) for name, series in columns.items()])


def _empty_parts(point: declarations.DecisionPoint) -> polars.DataFrame:
    whole = ["block_id", "block_row", "version_id", "agreement_id", "bill_id", "segment_id"]
    whole += [f"in_{each.name}" for each in point.inputs]
    whole += [f"old_{charge}" for charge in dict.fromkeys(charge_of_line(point).values())]
    return polars.DataFrame(
        schema={
            **dict.fromkeys(whole, polars.Int64),
            **dict.fromkeys([f"has_{each.name}" for each in point.inputs], polars.Boolean),
        }
    )


def _bills(read: Read, *, charges: Sequence[str], texts: kept_rows.Texts) -> polars.DataFrame:
    """Return the bills with their sums by stage and charge, class, place and versions."""
    bills = read.bills
    for stage, letter in ((1, "c"), (2, "t"), (3, "m")):
        for charge in charges:
            name = f"{letter}_{charge}"
            sums = (
                read.lines.filter((polars.col("stage") == stage) & (polars.col("charge") == charge))
                .group_by("bill_id")
                .agg(polars.col("amount_cents").sum().alias(name))
            )
            bills = _beside(bills, sums).with_columns(polars.col(name).fill_null(0))
    for stage, point in WHOLE.items():
        versions = read.made.filter(polars.col("point") == point.name)
        by_making = versions.group_by("making").agg(
            polars.col("version_id").last().alias(f"version_{stage}")
        )
        bills = bills.join(by_making, on="making", how="left", maintain_order="left").with_columns(
            polars.col(f"version_{stage}").fill_null(slices.NONE)
        )
    bills = _beside(bills, kept_rows.kept_of_whole(read.lines, texts=texts))
    bills = _beside(bills, kept_rows.kept_of_parts(read.lines, bills, texts=texts))
    bills = _beside(bills, kept_rows.grouped_by(read.segments, texts=texts))
    return bills.with_columns(
        polars.coalesce("whole_class", "part_class").alias("rate_class"),
        polars.coalesce("whole_inside", "part_inside").alias("inside"),
        polars.coalesce("whole_class", "shown_class", "part_class").alias("class"),
    )


def _beside(bills: polars.DataFrame, other: polars.DataFrame) -> polars.DataFrame:
    return bills.join(other, on="bill_id", how="left", maintain_order="left")


def _completed(
    asked: polars.DataFrame, bills: polars.DataFrame, read: Read, *,
    point: declarations.DecisionPoint,
) -> polars.DataFrame:  # fmt: skip
    """Add what segments billed as one part say besides, and mark what stays unknown."""
    rows = (
        asked.with_columns(parts=polars.len().over("segment_id"))
        .join(read.segments.select("segment_id", "starts_on", "ends_before", "usage_milli"),
            on="segment_id", how="left", maintain_order="left")
        .join(bills.select("bill_id", "bill", "rate_class", "inside"), on="bill_id",
            maintain_order="left")
    )  # fmt: skip
    whole = (polars.col("parts") == 1) & polars.col("segment_id").is_not_null()
    for each in point.inputs:
        of_part = _OF_ONE_PART.get(each.name)
        if of_part is None:
            continue
        takes = ~polars.col(f"has_{each.name}") & whole & of_part.is_not_null()
        rows = rows.with_columns(
            polars.when(takes)
            .then(of_part)
            .otherwise(polars.col(f"in_{each.name}"))
            .alias(f"in_{each.name}"),
            (polars.col(f"has_{each.name}") | takes).alias(f"has_{each.name}"),
        )
    # What a segment used is counted with its last part.
    is_last = polars.int_range(polars.len()).over("segment_id") == polars.col("parts") - 1
    return rows.with_columns(
        usage=polars.when(is_last).then(polars.col("usage_milli")).otherwise(0).fill_null(0)
    )


def _whole_bills(
    bills: polars.DataFrame, *, point: declarations.DecisionPoint, charges: Sequence[str]
) -> polars.DataFrame:
    """Return the question of each bill to a book of whole bills: sums of its own lines."""
    letters = ("c",) if point.stage == TAXES.stage else ("c", "t")
    columns = {
        "rate_class": polars.col("rate_class"),
        "inside_city": polars.col("inside"),
        "total_before_minimum": polars.sum_horizontal(
            f"{letter}_{charge}" for letter in letters for charge in charges
        ),
    } | {
        f"{charge}_charges": polars.sum_horizontal(f"{letter}_{charge}" for letter in letters)
        for charge in charges
    }
    own = "t" if point.stage == TAXES.stage else "m"
    return bills.select(
        "bill", "bill_id", version_id=f"version_{point.stage}",
        usage=polars.lit(0, dtype=polars.Int64),
        **{f"in_{each.name}": columns[each.name] for each in point.inputs},
        **{f"has_{each.name}": columns[each.name].is_not_null() for each in point.inputs},
        **{f"old_{charge}": f"{own}_{charge}"
           for charge in dict.fromkeys(charge_of_line(point).values())},
    )  # fmt: skip


def _gathered(
    bills: polars.DataFrame, parts: polars.DataFrame, *, point: declarations.DecisionPoint,
    texts: kept_rows.Texts, charges: Sequence[str],
) -> Gathered:  # fmt: skip
    unknown = polars.sum_horizontal(
        polars.when(polars.col(f"has_{each.name}")).then(0).otherwise(1 << place)
        for place, each in enumerate(point.inputs)
    )
    parts = parts.with_columns(unknown.cast(polars.Int64).alias(slices.UNKNOWN))
    parts = parts.join(
        bills.select("bill", polars.col("class").fill_null(slices.NONE)),
        on="bill",
        how="left",
        maintain_order="left",
    )
    key = [f"in_{each.name}" for each in point.inputs]
    key += [slices.UNKNOWN, "version_id", "usage", "class"]
    key += [name for name in parts.columns if name.startswith("old_")]
    questions = parts.select(key).unique(maintain_order=True).with_row_index("question")
    rows = (
        parts.select("bill", *key)
        .join(questions, on=key, nulls_equal=True, how="left", maintain_order="left")
        .sort("bill", maintain_order=True)
    )
    bills = bills.with_columns(polars.col("class", "rate_class", "inside").fill_null(slices.NONE))
    kept = ["bill_id", "number", "account_id", "total_cents", "class", "rate_class", "inside"]
    kept += [f"version_{stage}" for stage in WHOLE]
    kept += [f"{letter}_{charge}" for letter in "ctm" for charge in charges]
    return Gathered(
        questions=_columns(questions.drop("question")),
        parts=_columns(_numbered(rows.select("question", "bill"), bills=len(bills))),
        bills=_columns(bills.select(kept)),
        texts=tuple(texts.known),
        charges=tuple(charges),
        billed=billed(bills, charges=charges, texts=tuple(texts.known)),
    )


def _numbered(rows: polars.DataFrame, *, bills: int) -> polars.DataFrame:
    """Leave the bill's number away where each bill has one part, in the order of the bills."""
    if len(rows) == bills and (rows["bill"] == polars.int_range(bills, eager=True)).all():
        return rows.with_columns(bill=polars.lit(slices.NONE, dtype=polars.Int64))
    return rows


def _columns(frame: polars.DataFrame) -> slices.Columns:
    return slices.Columns(
        rows=len(frame),
        series={name: frame[name].cast(polars.Int64) for name in frame.columns},
    )


def billed(
    bills: polars.DataFrame, *, charges: Sequence[str], texts: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return what some bills come to by the text of their class and by charge, in cents."""
    sums = bills.group_by("class").agg(
        polars.sum_horizontal(f"{letter}_{charge}" for letter in "ctm").sum().alias(charge)
        for charge in charges
    )
    return {
        texts[row["class"]] if row["class"] >= 0 else "": {
            charge: row[charge] for charge in charges
        }
        for row in sums.sort("class").to_dicts()
    }
