"""How fast rule tables are over columns, and whether they are right.

`python -m bench.columns --json [--accounts N] [--rounds N]` prints one JSON object. One tiered
water rate (a base by meter size, five blocks, rounded half up to cents) is computed

- by the column evaluator on 64-bit integers and on Python's own;
- by two NumPy forms written by hand: whole arrays, and the same in blocks that stay in the cache;
- by the case evaluator, on a sample;
- by zen-engine in three forms, on a sample whose contexts are built before the clock starts: a
  decision graph (table, then expression) evaluated as a batch, one compiled expression a row, and
  one compiled expression mapped over all rows.

`ratio_to_numpy` is against the faster NumPy form, `ratio_to_zen` against the fastest zen form.
`wrong` counts rows that differ from the case evaluator on the sample or from NumPy on all rows;
`zen_wrong` counts zen's. Then a hundred-row and a thousand-row table, checked on the same sample.
The schedule follows San Marcos TX, October 1, 2025 (see cities/), with sizes and blocks added.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import zen

from bench import column_models
from fisc.dmn import cases
from fisc.dmn.columns import compile, evaluate, plain, types

Ints = npt.NDArray[np.int64]
Work = Callable[[], object]

BLOCK = 32 * 1024
# Rows that the slow ones compute, and that everything is checked on.
SAMPLE = 4_000
PYTHON_SHARE = 10

BASE_CENTS = np.array([4095, 4095, 10235, 20470, 32751, 65502, 102347, 204694], dtype=np.int64)


def main() -> None:
    """Run the bench and print its figures."""
    asked = _arguments()
    facts = _facts(asked.accounts)
    figures = {
        **_one_rate(facts, rounds=asked.rounds),
        **_table("hundred_row", facts, classes=10, ranges=10, rounds=asked.rounds),
        **_table("thousand_row", facts, classes=50, ranges=20, rounds=asked.rounds),
        "accounts": asked.accounts,
        "rounds": asked.rounds,
        "machine": f"{platform.machine()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}",
    }
    print(json.dumps(figures, indent=None if asked.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _facts(accounts: int) -> dict[str, types.Column]:
    """Usage as a city has it: most of it small, some at the ends of blocks, a few very large."""
    random = np.random.default_rng(20251001)
    gallons = random.gamma(2.0, 4000.0, accounts).astype(np.int64)
    gallons[::17] = random.choice([0, 6000, 9000, 12000, 20000], len(gallons[::17]))
    gallons[::1009] = random.integers(0, 10_000_000, len(gallons[::1009]))
    return {
        "usage_kgal": types.Column(gallons),
        "meter_size": types.Column(
            random.integers(0, len(column_models.SIZES), accounts), texts=column_models.SIZES
        ),
        "rate_class": types.Column(
            random.integers(0, len(column_models.CLASSES), accounts), texts=column_models.CLASSES
        ),
    }


# --- One tiered rate -----------------------------------------------------------------------------


def _one_rate(facts: Mapping[str, types.Column], *, rounds: int) -> dict[str, object]:
    program = column_models.compiled(column_models.WATER)
    python = column_models.compiled(column_models.WATER, numbers=compile.Numbers.PYTHON)
    usage: Ints = facts["usage_kgal"].values  # type: ignore[assignment]
    sizes: Ints = facts["meter_size"].values  # type: ignore[assignment]
    few = _first(facts, max(SAMPLE, len(usage) // PYTHON_SHARE))
    rows = min(SAMPLE, len(usage))
    plain_rows = _plain_rows(program, facts, rows)
    prepared = cases.Prepared(program.model)
    works: dict[str, tuple[Work, int]] = {
        "int64": (lambda: evaluate.evaluate(program=program, columns=facts), len(usage)),
        "python_ints": (
            lambda: evaluate.evaluate(program=python, columns=few), len(few["usage_kgal"])
        ),
        "numpy_whole": (lambda: _numpy(usage, sizes), len(usage)),
        "numpy_blocked": (lambda: _numpy_in_blocks(usage, sizes), len(usage)),
        "case": (lambda: _by_case(prepared, plain_rows), rows),
        **{f"zen_{name}": (work, rows) for name, work in _zen_works(plain_rows).items()},
    }  # fmt: skip
    rates = _rates(works, rounds=rounds)
    numpy_rate = max(rates["numpy_whole"], rates["numpy_blocked"])
    zen_rate = max(value for name, value in rates.items() if name.startswith("zen_"))
    cents = _cents(evaluate.evaluate(program=program, columns=facts))
    exact = np.array([int(each * 100) for each in _by_case(prepared, plain_rows)])
    return {
        **{f"{name}_per_s": round(rate) for name, rate in rates.items()},
        "ratio_to_numpy": round(rates["int64"] / numpy_rate, 3),
        "ratio_to_zen": round(rates["int64"] / zen_rate, 1),
        "ratio_to_zen_graph": round(rates["int64"] / rates["zen_graph"], 1),
        "wrong": _wrong(cents, _numpy(usage, sizes), exact)
        + int(
            (
                _cents(evaluate.evaluate(program=python, columns=few))
                != cents[: len(few["usage_kgal"])]
            ).sum()
        ),
        "zen_wrong": int((np.array(_zen_cents(works["zen_expression"][0]())) != exact).sum()),
        "sample": rows,
    }


def _first(facts: Mapping[str, types.Column], rows: int) -> dict[str, types.Column]:
    return {
        name: types.Column(column.values[:rows], texts=column.texts)
        for name, column in facts.items()
    }


def _plain_rows(
    program: compile.Program, facts: Mapping[str, types.Column], rows: int
) -> list[dict[str, plain.Plain]]:
    return [
        {each.name: plain.value(each, facts[each.name], row) for each in program.inputs}
        for row in range(rows)
    ]


def _cents(result: types.Result) -> Ints:
    column = result.outputs[column_models.DECISION]
    assert column.nulls is None
    assert not result.problems
    cents: Ints = column.values  # type: ignore[assignment]
    return cents


def _wrong(cents: Ints, by_numpy: Ints, exact: Ints) -> int:
    return int((cents != by_numpy).sum()) + int((cents[: len(exact)] != exact).sum())


def _by_case(prepared: cases.Prepared, rows: list[dict[str, plain.Plain]]) -> list[Decimal]:
    return [prepared.evaluate(column_models.DECISION, row) for row in rows]


def _rates(works: Mapping[str, tuple[Work, int]], *, rounds: int) -> dict[str, float]:
    """Rows a second of each, the median of interleaved rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for work, _ in works.values():
        work()
    for _ in range(max(3, rounds)):
        for name, (work, _rows) in works.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return {name: rows / statistics.median(seconds[name]) for name, (_, rows) in works.items()}


# --- NumPy by hand -------------------------------------------------------------------------------


def _numpy(usage: Ints, sizes: Ints) -> Ints:
    """Units of 1/100,000 dollar: thousandths of a kgal times tenths of a cent make a millionth."""
    millionths = (
        np.minimum(usage, 6_000) * 6_850
        + np.maximum(np.minimum(usage, 9_000) - 6_000, 0) * 12_000
        + np.maximum(np.minimum(usage, 12_000) - 9_000, 0) * 13_735
        + np.maximum(np.minimum(usage, 20_000) - 12_000, 0) * 14_425
        + np.maximum(usage - 20_000, 0) * 15_035
    )
    cents: Ints = BASE_CENTS[sizes] + (millionths + 5_000) // 10_000
    return cents


def _numpy_in_blocks(usage: Ints, sizes: Ints) -> Ints:
    result = np.empty(len(usage), dtype=np.int64)
    for start in range(0, len(usage), BLOCK):
        rows = slice(start, start + BLOCK)
        result[rows] = _numpy(usage[rows], sizes[rows])
    return result


# --- zen-engine ----------------------------------------------------------------------------------


def _zen_works(rows: list[dict[str, plain.Plain]]) -> dict[str, Work]:
    contexts = [{"usage": float(str(row["usage_kgal"])), "size": row["meter_size"]} for row in rows]
    engine = zen.ZenEngine(
        {"loader": {"type": "static", "content": {"water": column_models.zen_graph()}}}
    )
    requests: list[Any] = [{"key": "water", "context": each} for each in contexts]
    one = zen.compile_expression(column_models.zen_expression("usage", "size"))
    inner = column_models.zen_expression("#.usage", "#.size")
    many = zen.compile_expression(f"map(rows, {inner})")
    together = {"rows": contexts}
    return {
        "graph": lambda: engine.evaluate_batch(requests),
        "expression": lambda: [one.evaluate(each) for each in contexts],
        "mapped": lambda: many.evaluate(together),
    }


def _zen_cents(amounts: object) -> list[int]:
    assert isinstance(amounts, list)
    # Its results are floats; the shortest text of one is the decimal it meant.
    return [int(Decimal(repr(each)) * 100) for each in amounts]


# --- Tables of many rows -------------------------------------------------------------------------


def _table(
    name: str, facts: Mapping[str, types.Column], *, classes: int, ranges: int, rounds: int
) -> dict[str, object]:
    content = column_models.many_rows(classes=classes, ranges=ranges)
    start = time.perf_counter()
    program = column_models.compiled(content)
    compile_seconds = time.perf_counter() - start
    accounts = len(facts["usage_kgal"])
    work = lambda: evaluate.evaluate(program=program, columns=facts)  # noqa: E731
    rates = _rates({"table": (work, accounts)}, rounds=rounds)
    result = evaluate.evaluate(program=program, columns=facts)
    rows = _plain_rows(program, facts, min(SAMPLE, accounts) // 10)
    exact = _by_case(cases.Prepared(program.model), rows)
    column = result.outputs[column_models.DECISION]
    got = [plain.value(program.outputs[0], column, row) for row in range(len(rows))]
    return {
        f"{name}_table_per_s": round(rates["table"]),
        f"{name}_table_wrong": sum(a != b for a, b in zip(got, exact, strict=True)),
        f"{name}_table_compile_s": round(compile_seconds, 3),
    }


if __name__ == "__main__":
    main()
