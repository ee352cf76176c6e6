"""Gaps, overlaps and rules that never decide: exact against brute force, quick on large tables."""

from __future__ import annotations

import functools
import itertools
import random
import time
from collections.abc import Iterable

import pytest

from fisc.dmn.checks import asked, findings, publish, structure, tables
from fisc.dmn.columns import types
from tests.dmn import models
from tests.dmn.checks import generated

Kind = findings.Kind
SEEDS = range(60)
# A busy machine of two cores must not make a proof give up in a test.
PATIENT = 60.0


def checked(book: asked.Book, *, seconds: float = PATIENT) -> tables.Found:
    return structure.check(structure.Structure(book), seconds=seconds)


def of(found: tables.Found, kind: Kind) -> list[findings.Finding]:
    return [each for each in found.findings if each.kind is kind]


class TestAgainstEveryPoint:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_gaps_are_found_where_no_rule_takes_a_point(self, seed: int) -> None:
        inputs, boxes = small(seed)

        found = checked(generated.book(inputs, boxes, policy="FIRST"))

        free = [at for at in generated.points(inputs) if not takers(boxes, at)]
        gaps = of(found, Kind.GAP)
        assert bool(gaps) == bool(free)
        for gap in gaps:
            assert gap.example is not None
            assert generated.point_of(inputs, gap.example) in free
        assert found.not_proved == []

    @pytest.mark.parametrize("seed", SEEDS)
    def test_overlaps_are_the_pairs_that_share_a_point(self, seed: int) -> None:
        inputs, boxes = small(seed)

        found = checked(generated.book(inputs, boxes, policy="UNIQUE"))

        pairs = {
            pair
            for at in generated.points(inputs)
            for pair in itertools.combinations(takers(boxes, at), 2)
        }
        overlaps = of(found, Kind.OVERLAP)
        assert len(overlaps) == min(len(pairs), tables.MOST_PAIRS)
        for each in overlaps:
            assert each.example is not None
            hit = takers(boxes, generated.point_of(inputs, each.example))
            assert len(hit) > 1
            assert each.rule in {number + 1 for number in hit}

    @pytest.mark.parametrize("seed", SEEDS)
    def test_hidden_rules_are_those_that_never_come_first(self, seed: int) -> None:
        inputs, boxes = small(seed)

        found = checked(generated.book(inputs, boxes, policy="FIRST"))

        first = {hit[0] for at in generated.points(inputs) if (hit := takers(boxes, at))}
        never = {number + 1 for number in range(len(boxes)) if number not in first}
        assert {each.rule for each in of(found, Kind.UNREACHABLE)} == never


def small(seed: int) -> tuple[tuple[generated.Input, ...], list[generated.Box]]:
    chance = random.Random(seed)
    inputs = generated.small(chance)
    if seed % 2:
        return inputs, generated.any_boxes(inputs, chance.randint(1, 9), chance)
    room = 1
    for each in inputs:
        room *= each.steps
    boxes = generated.cut(inputs, min(room, chance.randint(2, 12)), chance)
    if seed % 4:
        boxes.pop(chance.randrange(len(boxes)))
    return inputs, boxes


def takers(boxes: Iterable[generated.Box], at: generated.Point) -> list[int]:
    return [number for number, box in enumerate(boxes) if generated.holds(box, at)]


@functools.cache
def thousand() -> list[generated.Box]:
    return generated.cut(generated.LARGE, 1000, random.Random(7))


class TestAThousandRulesOfSixInputs:
    def test_a_whole_table_is_proved_whole_in_time(self) -> None:
        boxes = thousand()
        found, seconds = timed(generated.book(generated.LARGE, boxes))

        assert found == tables.Found()
        assert seconds < publish.SECONDS

    def test_a_planted_gap_is_found(self) -> None:
        boxes = thousand()
        book = generated.book(generated.LARGE, boxes[:567] + boxes[568:])

        found, seconds = timed(book)

        assert [each.kind for each in found.findings] == [Kind.GAP]
        example = found.findings[0].example
        assert example is not None
        assert generated.holds(boxes[567], generated.point_of(generated.LARGE, example))
        assert seconds < publish.SECONDS

    def test_a_planted_overlap_is_found(self) -> None:
        boxes = thousand()
        inside = boxes[123]
        book = generated.book(generated.LARGE, [*boxes, inside])

        found, seconds = timed(book)

        assert [(each.kind, each.rule) for each in found.findings] == [(Kind.OVERLAP, 124)]
        assert seconds < publish.SECONDS

    def test_a_rule_hidden_by_two_others_is_found(self) -> None:
        boxes = thousand()
        column = max(range(6), key=lambda each: boxes[5][each][1] - boxes[5][each][0])
        (first, after), middle = boxes[5][column], sum(boxes[5][column]) // 2
        halves = [
            (*boxes[5][:column], span, *boxes[5][column + 1 :])
            for span in ((first, middle), (middle, after))
        ]
        book = generated.book(
            generated.LARGE, [*halves, *boxes[:5], *boxes[6:], boxes[5]], policy="FIRST"
        )

        found, seconds = timed(book)

        assert [(each.kind, each.rule) for each in found.findings] == [(Kind.UNREACHABLE, 1002)]
        assert seconds < publish.SECONDS


def timed(book: asked.Book) -> tuple[tables.Found, float]:
    made = structure.Structure(book)
    # Of this process alone: the machine may be busy with others.
    start = time.process_time()
    found = structure.check(made, seconds=PATIENT)
    return found, time.process_time() - start


def test_what_takes_too_long_is_called_not_proved() -> None:
    chance = random.Random(3)
    boxes = generated.any_boxes(generated.LARGE, 300, chance)

    found = checked(generated.book(generated.LARGE, boxes, policy="FIRST"), seconds=0.0)

    assert {each.kind for each in found.not_proved} == {Kind.GAP, Kind.UNREACHABLE}
    assert all("not proved" in each.words for each in found.not_proved)


class TestOtherPolicies:
    def test_any_may_overlap_where_the_answers_are_the_same(self) -> None:
        rows = [["< 10", "1"], [">= 5", "1"], ["[5..7]", "2"]]

        found = checked(numbers(rows, policy="ANY"))

        pairs = [each.words for each in of(found, Kind.OVERLAP)]
        assert len(pairs) == 2
        assert "rules 1 and 3" in pairs[0]
        assert "answer 1 and 2" in pairs[0]
        assert "rules 2 and 3" in pairs[1]

    def test_priority_hides_a_rule_by_the_rank_of_its_answer(self) -> None:
        book = asked.Book(
            model=models.one_table(
                {"usage": "number"},
                {"answer": "string"},
                [["< 10", '"low"'], ["-", '"high"']],
                policy="PRIORITY",
                allowed={"answer": '"high", "low"'},
            ),
            inputs=(types.Declared("usage", types.Kind.NUMBER, low=0, high=100),),
            outputs=(types.Declared("Answer", types.Kind.TEXT),),
        )

        found = checked(book)

        assert [each.rule for each in of(found, Kind.UNREACHABLE)] == [1]

    def test_collect_may_leave_out_and_overlap(self) -> None:
        rows = [["< 10", "1"], ["< 5", "2"]]

        assert checked(numbers(rows, policy="COLLECT")) == tables.Found()


def numbers(rows: list[list[str]], *, policy: str = "UNIQUE") -> asked.Book:
    return asked.Book(
        model=models.one_table({"usage": "number"}, {"answer": "number"}, rows, policy=policy),
        inputs=(types.Declared("usage", types.Kind.QUANTITY, scale=3, low=0, high=100),),
        outputs=(types.Declared("Answer", types.Kind.NUMBER),),
    )


class TestWhatDependsOnOtherThings:
    def test_an_input_that_may_be_missing_is_a_gap_of_its_own(self) -> None:
        book = numbers([["< 10", "1"], [">= 10", "2"]])
        may_miss = asked.Book(book.model, book.inputs, book.outputs, frozenset({"usage"}))

        assert checked(book).findings == []
        (gap,) = checked(may_miss).findings
        assert gap.example == {"usage": None}

    def test_a_code_that_is_in_no_list_may_be_anything(self) -> None:
        model = models.one_table({"class": "string"}, {"answer": "number"}, [['"a"', "1"]])
        outputs = (types.Declared("Answer", types.Kind.NUMBER),)
        listed = types.Declared("class", types.Kind.CODE, codes=("a",))
        free = types.Declared("class", types.Kind.CODE)

        assert checked(asked.Book(model, (listed,), outputs)).findings == []
        (gap,) = checked(asked.Book(model, (free,), outputs)).findings
        assert gap.example is not None
        assert gap.example["class"] != "a"

    def test_a_gap_in_a_calculated_column_has_a_real_example(self) -> None:
        book = calculated([["< 10", "1"], ["> 10", "2"]])

        (gap,) = of(checked(book), Kind.GAP)

        assert gap.severity is findings.Severity.LOOK
        assert gap.example is not None
        assert gap.example["usage"] == 5

    def test_a_gap_that_no_input_comes_to_is_not_proved(self) -> None:
        book = calculated([["<= 10", "1"], [">= 12", "2"]])

        found = checked(book)

        assert of(found, Kind.GAP) == []
        assert [each.kind for each in found.not_proved] == [Kind.GAP]

    def test_a_gap_that_other_decisions_meet_stops_publishing(self) -> None:
        inner = models.table({"usage": "number"}, {"rate": "number"}, [["< 10", "1"]])
        book = asked.Book(
            model=models.read(
                models.input_data("usage"),
                models.decision("Rate", inner, needs=["i_usage"]),
                models.decision("Answer", models.literal("Rate * 2"), needs=["d_Rate"]),
            ),
            inputs=(types.Declared("usage", types.Kind.NUMBER, low=0, high=100),),
            outputs=(types.Declared("Answer", types.Kind.NUMBER),),
        )

        (gap,) = checked(book).findings

        assert gap.stops
        assert gap.decision == "Rate"

    def test_a_table_that_columns_cannot_take_is_not_proved(self) -> None:
        book = numbers([["? / 3 > 1", "1"]])

        found = checked(book)

        assert found.findings == []
        assert "division" in found.not_proved[0].words


def calculated(rows: list[list[str]]) -> asked.Book:
    """A table that looks at twice a whole number."""
    table = models.table({"usage * 2": "number"}, {"answer": "number"}, rows)
    return asked.Book(
        model=models.read(
            models.input_data("usage"), models.decision("Answer", table, needs=["i_usage"])
        ),
        inputs=(types.Declared("usage", types.Kind.NUMBER, low=0, high=20),),
        outputs=(types.Declared("Answer", types.Kind.NUMBER),),
    )
