import pathlib
from collections.abc import Mapping, Sequence

import numpy as np
import polars

from fisc.dmn.columns import types
from fisc.domain.rule_tables import declarations
from fisc.processes.rate_studies import answering, asking, counting, passing, slices

POINT = declarations.DecisionPoint(
    name="parking.permit",
    words="what a permit costs",
    date_basis=declarations.DateBasis.EVENT_DAY,
    inputs=(declarations.Input(name="hours", kind=types.Kind.NUMBER, low=0, high=100),),
    outputs=(
        declarations.OutputLine(decision="Permit", name="permit", kind=types.Kind.MONEY, scale=2),
    ),
    stage=1,
)


class TestAccounts:
    def test_accounts_that_come_go_and_have_two_bills_are_added_up(
        self, tmp_path: pathlib.Path
    ) -> None:
        months = [[7, 8, 9], [7, 8, 9], [8, 9, 11], [9, 9, 12, 7], [7, 8, 9, 11, 12]]

        counted = _counted(tmp_path, months)

        found = counted.accounts()
        # Hours are the place in the month, from 1; a permit costs them in cents and was 1 cent.
        billed = [(account, hours) for month in months for hours, account in enumerate(month, 1)]
        expected = sorted(
            (
                sum(each == account for each, _ in billed),
                sum(100 for each, _ in billed if each == account),
                sum(hours - 1 for each, hours in billed if each == account),
                sum(1000 * hours for each, hours in billed if each == account),
            )
            for account in {each for each, _ in billed}
        )
        assert found.is_asked.all()
        assert sorted(_rows(found)) == expected
        assert counted.bills == len(billed)


def _rows(found: counting.OfAccounts) -> list[tuple[int, ...]]:
    columns = (found.bills, found.before_cents, found.difference_cents, found.usage_milli)
    return list(zip(*(each.tolist() for each in columns), strict=True))


def _counted(folder: pathlib.Path, months: Sequence[Sequence[int]]) -> counting.Counted:
    study = asking.Study(
        draft=answering.Book(
            point=POINT, asked=("hours",), evaluate=_evaluate, charges={"Permit": "parking"}
        ),
        after={},
    )
    counted = counting.Counted()
    parts = [_slice(folder, each) for each in months]
    for place, ready in enumerate(passing.read_ahead(parts, study_for=lambda _: study)):
        counted.take(ready, place=place)
    return counted


def _evaluate(columns: Mapping[str, types.Column]) -> types.Result:
    return types.Result(outputs={"Permit": types.Column(columns["hours"].values)}, hits={})


def _slice(folder: pathlib.Path, accounts: Sequence[int]) -> slices.Slice:
    bills = len(accounts)
    hours = np.arange(1, bills + 1)
    tables = {
        slices.QUESTIONS: {
            "in_hours": hours,
            "old_parking": np.ones(bills),
            slices.UNKNOWN: np.zeros(bills),
            "class": np.zeros(bills),
            "usage": hours * 1000,
        },
        slices.PARTS: {"question": hours - 1, "bill": np.full(bills, slices.NONE)},
        slices.BILLS: {
            "account_id": np.array(accounts),
            "total_cents": np.full(bills, 100),
            "class": np.zeros(bills),
        },
    }
    description = slices.Description(
        point=POINT.name,
        month="2026-10",
        bucket_from=0,
        bucket_before=1,
        inputs=("hours",),
        charges=("parking",),
        texts=("residential",),
        billed={"residential": {"parking": bills}},
        tables={
            name: slices.write(
                slices.Columns(
                    rows=bills,
                    series={
                        column: polars.Series(held.astype(np.int64))
                        for column, held in columns.items()
                    },
                ),
                folder=folder,
            )
            for name, columns in tables.items()
        },
    )
    return slices.Slice(description, folder=folder)
