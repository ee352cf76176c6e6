"""Changes that no case would notice: each one real, none that matters left out."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, changes, findings, publish, sites
from fisc.dmn.columns import plain, types
from tests.dmn import models
from tests.dmn.checks import generated

Kind = findings.Kind
PATIENT = publish.Patience(changes_seconds=600.0)
SEEDS = range(24)


def case(expected: object, words: str = "a case", **inputs: object) -> asked.Case:
    facts = {name: of(value) for name, value in inputs.items()}
    return asked.Case(words, facts, {"Answer": of(expected)})


def of(value: object) -> plain.Plain:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    assert value is None or isinstance(value, Decimal | str | bool)
    return value


def unnoticed(book: asked.Book, *cases: asked.Case) -> set[tuple[int | None, str, str]]:
    report = publish.report(book=book, cases=cases, patience=PATIENT)
    return {(each.rule, each.before, each.after) for each in report.unnoticed}


def tiers(rows: Sequence[Sequence[str]] = (), *, policy: str = "UNIQUE") -> asked.Book:
    rows = rows or [
        ["<= 6", "round half up(usage * 6.85, 2)"],
        ["> 6", "round half up(41.10 + (usage - 6) * 12.00, 2)"],
    ]
    return asked.Book(
        model=models.one_table({"usage": "number"}, {"answer": "number"}, rows, policy=policy),
        inputs=(types.Declared("usage", types.Kind.QUANTITY, scale=3, low=0, high=10_000),),
        outputs=(types.Declared("Answer", types.Kind.MONEY),),
    )


class TestACaseAtTheRightPlace:
    def test_a_rate_is_noticed_once_a_case_is_large_enough(self) -> None:
        small, large = case(0.01, usage=Decimal("0.001")), case(41.1, usage=6)

        assert (1, "6.85", "6.86") in unnoticed(tiers(), fixed(small))
        assert (1, "6.85", "6.86") not in unnoticed(tiers(), fixed(small), fixed(large))

    def test_a_bound_is_noticed_by_a_case_on_it_and_one_beside_it(self) -> None:
        within, on, beside = (fixed(case(None, usage=each)) for each in (3, 6, Decimal("6.001")))

        assert (2, "> 6", ">= 6") in unnoticed(tiers(), within)
        assert (2, "> 6", ">= 6") not in unnoticed(tiers(), within, on)
        assert (2, "6", "7") in unnoticed(tiers(), within, on)
        assert (2, "6", "7") not in unnoticed(tiers(), within, on, beside)

    def test_an_answer_that_no_case_expects_is_not_noticed(self) -> None:
        silent = asked.Case("expects nothing", {"usage": Decimal(6)}, {})

        assert (1, "6.85", "6.86") in unnoticed(tiers(), silent)

    def test_the_example_is_one_whose_answer_changes(self) -> None:
        report = publish.report(book=tiers(), cases=[fixed(case(None, usage=3))])

        found = next(each for each in report.unnoticed if each.after == ">= 6")

        assert found.example == {"usage": Decimal(6)}
        assert "rule 2: > 6 could be >= 6 in “> 6”" in found.words
        assert "from 41.1 to nothing" in found.words


def fixed(given: asked.Case) -> asked.Case:
    """The same with the answer that the tiers give."""
    answer = evaluator.evaluate(tiers().model, "Answer", given.inputs)
    return dataclasses.replace(given, expected={"Answer": answer})


def test_a_change_without_effect_is_left_out() -> None:
    book = tiers([["<= 10", "1"], ["> 5", "2"]], policy="FIRST")

    report = publish.report(book=book, cases=[])

    assert (2, "5", "6") not in {(each.rule, each.before, each.after) for each in report.unnoticed}
    assert report.changes.without_effect > 0


def test_dates_texts_truths_and_results_are_changed_too() -> None:
    rows = [
        ['< date("2026-07-01")', '"a", "b"', "true", '"old"'],
        ['>= date("2026-07-01")', '"a"', "-", "class"],
    ]
    book = asked.Book(
        model=models.one_table(
            {"day": "date", "class": "string", "inside": "boolean"}, {"answer": "string"}, rows
        ),
        inputs=(
            types.Declared("day", types.Kind.DATE),
            types.Declared("class", types.Kind.CODE, codes=("a", "b", "c")),
            types.Declared("inside", types.Kind.BOOLEAN),
        ),
        outputs=(types.Declared("Answer", types.Kind.TEXT),),
    )

    assert unnoticed(book) == {
        (1, "2026-07-01", "2026-06-30"),
        (1, "2026-07-01", "2026-07-02"),
        (1, "< 2026-07-01", "<= 2026-07-01"),
        (1, "“a”", "left out"),
        (1, "“b”", "left out"),
        (1, "true", "false"),
        (1, "“old”", "another text"),
        (2, "2026-07-01", "2026-06-30"),
        (2, "2026-07-01", "2026-07-02"),
        (2, ">= 2026-07-01", "> 2026-07-01"),
        (2, "“a”", "another text"),
        (2, "the result", "one more"),
    }


def test_how_many_decimals_are_kept_is_left_alone() -> None:
    book = tiers([["-", "round half up(n: usage * 2, scale: 2) + floor(usage, 1)"]])

    assert {before for _, before, _ in unnoticed(book)} == {"2"}


class TestWhatRestsOnADecision:
    @pytest.fixture
    def book(self) -> asked.Book:
        rate = models.table({"usage": "number"}, {"rate": "number"}, [["<= 6", "2"], ["> 6", "3"]])
        return asked.Book(
            model=models.read(
                models.input_data("usage"),
                models.function("Charge", ["n"], "round half up(n * 1.50, 2)"),
                models.decision("Rate", rate, needs=["i_usage"]),
                models.decision(
                    "Answer", models.literal("Charge(Rate * 4)"), needs=["d_Rate", "f_Charge"]
                ),
            ),
            inputs=(types.Declared("usage", types.Kind.QUANTITY, scale=3, low=0, high=10),),
            outputs=(types.Declared("Answer", types.Kind.MONEY),),
        )

    def test_a_case_of_the_last_answer_notices_changes_before_it(self, book: asked.Book) -> None:
        assert (1, "2", "3") in unnoticed(book)
        assert (1, "2", "3") not in unnoticed(book, case(12, usage=1))

    def test_an_expression_and_a_function_are_changed_too(self, book: asked.Book) -> None:
        assert {(None, "4", "5"), (None, "1.50", "1.51")} <= unnoticed(book)
        assert not {(None, "4", "5"), (None, "1.50", "1.51")} & unnoticed(book, case(12, usage=1))


def test_a_decision_that_calls_a_service_is_not_tried_and_says_so() -> None:
    service = (
        '<decisionService id="f_Twice" name="Twice"><variable name="Twice"/>'
        '<outputDecision href="#d_Double"/><inputData href="#i_usage"/></decisionService>'
    )
    book = asked.Book(
        model=models.read(
            models.input_data("usage"),
            models.decision("Double", models.literal("usage * 2"), needs=["i_usage"]),
            service,
            models.decision("Answer", models.literal("Twice(3) + 1"), needs=["f_Twice"]),
        ),
        inputs=(types.Declared("usage", types.Kind.NUMBER, low=0, high=10),),
        outputs=(types.Declared("Answer", types.Kind.NUMBER),),
    )

    report = publish.report(book=book)

    assert report.unnoticed == ()
    (said,) = [each.words for each in report.not_proved if each.kind is Kind.UNNOTICED]
    assert said.startswith("“Answer”: that cases notice every change is not proved")
    assert said.endswith("a decision service.")


class TestAcceptedChanges:
    def test_one_stays_accepted_when_another_rule_comes_before_it(self) -> None:
        before = tiers([["<= 6", "1"], ["> 6", "2"]])
        after = tiers([["< 1", "0"], ["[1..6]", "1"], ["> 6", "2"]])
        key = key_of(before, ("> 6", ">= 6"))

        report = publish.report(book=after, accepted={key: "nobody uses exactly six"})

        (found,) = [each for each in report.unnoticed if each.after == ">= 6"]
        assert found.rule == 3
        assert found.accepted == "nobody uses exactly six"

    def test_one_is_open_again_when_its_rule_says_something_else(self) -> None:
        before = tiers([["<= 6", "1"], ["> 6", "2"]])
        after = tiers([["<= 6", "1"], ["> 6", "5"]])
        key = key_of(before, ("> 6", ">= 6"))

        report = publish.report(book=after, accepted={key: "nobody uses exactly six"})

        assert not any(each.accepted for each in report.findings)

    def test_keys_are_all_different(self) -> None:
        book = tiers([["-", "round half up(usage * 2 + usage * usage * 2 + 2, 2)"]])

        keys = [each.key for each in publish.report(book=book).findings]

        assert len(keys) == len(set(keys)) == 7


def key_of(book: asked.Book, change: tuple[str, str]) -> str:
    report = publish.report(book=book)
    return next(each.key for each in report.unnoticed if (each.before, each.after) == change)


def test_what_there_was_no_time_for_is_said() -> None:
    report = publish.report(book=tiers(), patience=publish.Patience(changes_seconds=0.0))

    assert report.unnoticed == ()
    assert [each.kind for each in report.not_proved] == [Kind.UNNOTICED]
    assert "the changes of 2 rules" in report.not_proved[0].words


@pytest.mark.parametrize("seed", SEEDS)
def test_every_verdict_is_that_of_making_the_book_anew(seed: int) -> None:
    chance = random.Random(seed)
    inputs = generated.small(chance)
    room = 1
    for each in inputs:
        room *= each.steps
    if seed % 2:
        boxes, policy = generated.any_boxes(inputs, chance.randint(2, 6), chance), "FIRST"
    else:
        boxes, policy = generated.cut(inputs, min(room, 8), chance), "UNIQUE"
    book = generated.book(inputs, boxes, policy=policy)
    points = [facts(inputs, at) for at in generated.points(inputs)]
    written = [
        asked.Case("case", each, {"Answer": evaluator.evaluate(book.model, "Answer", each)})
        for each in chance.sample(points, min(4, len(points)))
    ]

    report = publish.report(book=book, cases=written, patience=PATIENT)

    noticed, missed = verdicts(book, written, points)
    assert report.changes.noticed == noticed
    assert sorted(each.words.split(" in “")[0] for each in report.unnoticed) == missed


def facts(inputs: Sequence[generated.Input], at: generated.Point) -> dict[str, plain.Plain]:
    return {each.name: each.value(step) for each, step in zip(inputs, at, strict=True)}


def verdicts(
    book: asked.Book, cases: Sequence[asked.Case], points: Sequence[dict[str, plain.Plain]]
) -> tuple[int, list[str]]:
    """How many changes the cases notice, and those they do not that some point would show."""
    (decision,) = book.model.definitions.decisions
    table = decision.expression
    assert isinstance(table, dmn.DecisionTable)
    noticed, missed = 0, []
    for rule in range(len(table.rules)):
        for change in changes.of_rule(table, rule):
            rules = (*table.rules[:rule], change.changed, *table.rules[rule + 1 :])
            anew = prepared(book, decision, dataclasses.replace(table, rules=rules))
            if any(differs(anew, each.inputs, each.expected["Answer"]) for each in cases):
                noticed += 1
            elif any(
                differs(anew, each, evaluator.evaluate(book.model, "Answer", each))
                for each in points
            ):
                missed.append(f"“Answer”, rule {rule + 1}: {change.before} could be {change.after}")
    return noticed, sorted(missed)


def prepared(
    book: asked.Book, decision: dmn.Decision, table: dmn.DecisionTable
) -> evaluator.Prepared:
    changed = dataclasses.replace(decision, expression=table)
    reference = dmn.Reference(book.model.definitions.namespace, decision.id)
    nodes = {**book.model.nodes, reference: changed}
    return evaluator.Prepared(dmn.Model(book.model.definitions, (), nodes))


def differs(anew: evaluator.Prepared, inputs: Mapping[str, plain.Plain], answer: object) -> bool:
    return not sites.same(anew.evaluate("Answer", inputs), answer)
