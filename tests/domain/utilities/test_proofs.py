from __future__ import annotations

import dataclasses
import datetime

import pytest

from fisc.dmn.columns import types
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import models
from fisc.domain.utilities.calculations import bills
from fisc.domain.utilities.operations import calculation
from fisc.domain.utilities.queries import calculating, facts, proofs
from fisc.plumbing import transactions
from tests.factories import utilities


def scope(cycle_id: int, *, day: datetime.date = utilities.BILL_DAY) -> facts.Scope:
    return facts.Scope(cycle_id=cycle_id, bill_day=day, read_day=utilities.READ_DAY)


def of(run_id: int) -> calculation.Of:
    return calculation.Of(run_id=run_id, chunk=0, at=utilities.AT, posting_day=utilities.BILL_DAY)


def calculated(cycle_id: int) -> bills.Calculated:
    found = calculating.calculate(scope(cycle_id), known_at=utilities.AT).calculated
    assert found is not None
    return found


def one_cent_off(evaluation: bills.Evaluation) -> bills.Evaluation:
    outputs = dict(evaluation.result.outputs)
    decision = next(iter(outputs))
    column = outputs[decision]
    outputs[decision] = types.Column(column.values + 1, nulls=column.nulls)
    return dataclasses.replace(
        evaluation, result=dataclasses.replace(evaluation.result, outputs=outputs)
    )


class TestSample:
    def test_agrees_with_the_case_evaluator(self, cycle_id: int) -> None:
        utilities.read(utilities.household(cycle_id=cycle_id))
        made = calculated(cycle_id)

        found = proofs.differences(
            evaluations=made.evaluations, of_bills=range(len(made.total_cents))
        )

        assert found == []

    def test_finds_a_single_cent_and_stops_the_run(self, cycle_id: int) -> None:
        utilities.read(utilities.household(cycle_id=cycle_id))
        made = calculated(cycle_id)
        wrong = dataclasses.replace(
            made, evaluations=(one_cent_off(made.evaluations[0]), *made.evaluations[1:])
        )

        with pytest.raises(calculation.EvaluatorsDiffer, match="nothing was kept"):
            calculation.prove_sample(wrong, scope=scope(cycle_id), of=of(1))

    def test_is_the_same_whenever_the_chunk_is_done_again(self) -> None:
        drawn = [
            proofs.sampled_bills(bills=500, size=30, run_id=7, chunk=3).tolist() for _ in range(2)
        ]

        assert drawn[0] == drawn[1]
        assert len(set(drawn[0])) == 30
        assert proofs.sampled_bills(bills=5, size=30, run_id=7, chunk=3).tolist() == [0, 1, 2, 3, 4]


class TestNoVersion:
    def test_refuses_the_chunk_before_anything_is_kept(self, cycle_id: int) -> None:
        home = utilities.household(
            cycle_id=cycle_id, having=("electric",), starts_on=datetime.date(2019, 12, 1)
        )
        utilities.read(home)
        run_id = utilities.run()

        with (
            pytest.raises(rule_tables.NoVersionForDate, match=r"Electric charges.*2019-12-01"),
            transactions.started(),
        ):
            calculation.calculate_chunk(scope=scope(cycle_id), of=of(run_id))

        assert not models.CalculatedChunk.objects.filter(run_id=run_id).exists()
        assert not models.HeldBill.objects.filter(run_id=run_id).exists()
