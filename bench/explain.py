"""How long one whole bill takes to be explained, every line of it, beside reading the same rows.

`python -m bench.explain --json [--accounts N] [--months M] [--bills N] [--rounds N]` prints one
JSON object:

- `p50_ms`, `p95_ms`: of explaining a bill: its lines, segments, reads and kept evaluations read,
  each line computed again by the case evaluator and compared, and everything put into words;
- `floor_p95_ms`: of only reading those rows in as many plain statements, interleaved;
- `processor_p50_ms`: of this process alone, which a machine that is busy with others does not move;
- `unequal`: bills of which a line came out different, which must be none.

The city is the demonstration's; the bills are spread over all of them. Each round takes other
bills; figures are medians of the rounds. Tables are loaded before, as in any process that serves.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import databases  # noqa: E402
from fisc.domain.utilities.queries.explaining import lines  # noqa: E402
from fisc.plumbing import prepared  # noqa: E402
from fisc.plumbing.runs import engine  # noqa: E402
from fisc.processes.demonstration import operations as demonstration  # noqa: E402

NAME = "fisc_bench_explain"
WARM_UP = 50
GOAL_MS = 5

_LINES = prepared.statement("""
select line.*, bill.* from utilities_bill bill
join utilities_bill_line line on line.bill_id = bill.id
where bill.number = %(number)s::bigint
""")
_SEGMENTS = prepared.statement("""
select segment.*, later.*, earlier.* from utilities_bill bill
join utilities_bill_segment segment on segment.bill_id = bill.id
left join utilities_read later on later.id = segment.to_read_id
left join utilities_read earlier on earlier.id = segment.from_read_id
where bill.number = %(number)s::bigint
""")
_KEPT = prepared.statement("""
select asked.block_row, block.version_id, block.layout,
    substring(block.content from 1 + starts for ends - starts)
from (
    select distinct line.block_id, line.block_row from utilities_bill bill
    join utilities_bill_line line on line.bill_id = bill.id
    where bill.number = %(number)s::bigint
) as asked
join rule_tables_evaluation_block block on block.id = asked.block_id,
    lateral (
        select case when asked.block_row < segment_rows then 0
                    else (segment_ends ->> (asked.block_row / segment_rows - 1))::int
               end as starts,
               (segment_ends ->> (asked.block_row / segment_rows))::int as ends
    ) as segment
""")


@dataclasses.dataclass
class Taken:
    """Milliseconds of each bill of a round: by the clock, and of this process's time."""

    clock: list[float] = dataclasses.field(default_factory=list)
    processor: list[float] = dataclasses.field(default_factory=list)


def main() -> None:
    """Fill a city, explain some of its bills, and print what that took."""
    asked = _arguments()
    with databases.leased_server() as addresses, databases.migrated(addresses, name=NAME):
        filling = time.perf_counter()
        demonstration.fill(
            wanted=demonstration.Wanted(
                city=pathlib.Path(settings.FISC_CITY),
                accounts=asked.accounts,
                today=timezone.localdate(),
                at=timezone.now(),
                months=asked.months,
            ),
            watch=engine.Unwatched(),
        )
        connection.close()
        with databases.as_owner(addresses, name=NAME) as owner:
            owner.execute("vacuum analyze")
        filling = time.perf_counter() - filling
        figures = _figures(asked) | {"filling_seconds": round(filling, 1)}
    print(json.dumps(figures) if asked.json else json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=2)
    parser.add_argument("--bills", type=int, default=300, help="a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _figures(asked: argparse.Namespace) -> dict[str, Any]:
    numbers = _sample(WARM_UP + asked.bills * asked.rounds)
    for number in numbers[:WARM_UP]:
        _explained(number)
        _read(number)
    unequal = 0
    rounds = []
    for place in range(asked.rounds):
        first = WARM_UP + place * asked.bills
        ours, floor = Taken(), Taken()
        for number in numbers[first : first + asked.bills]:
            unequal += not _timed(ours, _explained, number)
            _timed(floor, _read, number)
        rounds.append((ours, floor))
    explained = {
        "p50_ms": _median([statistics.median(ours.clock) for ours, _ in rounds]),
        "p95_ms": _median([_p95(ours.clock) for ours, _ in rounds]),
        "processor_p50_ms": _median([statistics.median(ours.processor) for ours, _ in rounds]),
        "processor_p95_ms": _median([_p95(ours.processor) for ours, _ in rounds]),
        "floor_p50_ms": _median([statistics.median(floor.clock) for _, floor in rounds]),
        "floor_p95_ms": _median([_p95(floor.clock) for _, floor in rounds]),
    }
    return {
        **explained,
        "unequal": unequal,
        "goal_ms": GOAL_MS,
        "goal_reached": explained["p95_ms"] < GOAL_MS and unequal == 0,
        "accounts": asked.accounts,
        "bills": asked.bills * asked.rounds,
        "lines_a_bill": _lines_a_bill(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}",
        "load_average": round(os.getloadavg()[0], 1),
    }


def _sample(count: int) -> list[int]:
    """Return bills spread over the whole city, in no order of their accounts."""
    with connection.cursor() as cursor:
        cursor.execute("select number from utilities_bill order by number limit %s", [count])
        return [number for (number,) in cursor.fetchall()]


def _lines_a_bill() -> float:
    with connection.cursor() as cursor:
        cursor.execute("select avg(line_count)::float from utilities_bill")
        (average,) = cursor.fetchone()
    return round(float(average), 1)


def _explained(number: int) -> bool:
    return lines.explain_bill(number=number).is_equal


def _read(number: int) -> bool:
    for statement in (_LINES, _SEGMENTS, _KEPT):
        prepared.rows(statement, {"number": number})
    return True


def _timed(taken: Taken, work: Callable[[int], bool], number: int) -> bool:
    began, begun_work = time.perf_counter(), time.process_time()
    answer = work(number)
    taken.clock.append((time.perf_counter() - began) * 1000)
    taken.processor.append((time.process_time() - begun_work) * 1000)
    return answer


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 2)


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
