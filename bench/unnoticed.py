"""How long it takes to find the changes that no case would notice.

`python -m bench.unnoticed --json [--rules N] [--cases N]` prints one JSON object. A book of ten
charges, each a table by rate class, usage and season with its own rates, and a total, is checked
against cases drawn over its inputs.

`seconds` is the whole report: coverage, gaps and overlaps, and every change; `changes_seconds` is
that of the changes alone. `tried`, `noticed`, `unnoticed` and `without_effect` say what came of the
changes; `wrong` counts, of a sample of them, those for which a book made anew with the change gives
another verdict on the cases than the incremental way does.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import random
import time
from decimal import Decimal
from xml.sax.saxutils import escape

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, changes, publish, sites, structure, unnoticed
from fisc.dmn.columns import plain, types
from fisc.dmn.xml import reader

CLASSES = ("residential", "commercial", "irrigation", "wholesale", "city")
CHARGES = 10
STEPS = (0, 5, 15, 40)
SAMPLE = 200

INPUTS = (
    types.Declared("usage_kgal", types.Kind.QUANTITY, scale=3, low=0, high=100_000),
    types.Declared("rate_class", types.Kind.CODE, codes=CLASSES),
    types.Declared("is_summer", types.Kind.BOOLEAN),
    types.Declared("days_in_part", types.Kind.NUMBER, low=1, high=800),
    types.Declared("days_in_period", types.Kind.NUMBER, low=1, high=800),
)


def main() -> None:
    """Run the bench and print its figures."""
    asked_for = _arguments()
    book = made_book(rules=asked_for.rules)
    cases = made_cases(book, count=asked_for.cases)
    start = time.perf_counter()
    report = publish.report(book=book, cases=cases)
    seconds = time.perf_counter() - start
    figures = {
        "seconds": round(seconds, 2),
        "changes_seconds": round(_changes_alone(book, cases), 2),
        **dataclasses.asdict(report.changes),
        "not_proved": len(report.not_proved),
        "wrong": _wrong(book, cases),
        "rules": len(report.coverage),
        "cases": len(cases),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(figures, indent=None if asked_for.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--rules", type=int, default=300)
    parser.add_argument("--cases", type=int, default=200)
    return parser.parse_args()


def _changes_alone(book: asked.Book, cases: tuple[asked.Case, ...]) -> float:
    made = structure.Structure(book)
    prepared = evaluator.prepare(book.model)
    names = list(sites.outputs_of(book))
    outcomes = [prepared.trace_all(names, case.inputs) for case in cases]
    start = time.perf_counter()
    unnoticed.check(made, cases=cases, outcomes=outcomes, seconds=publish.CHANGES_SECONDS)
    return time.perf_counter() - start


# --- A book --------------------------------------------------------------------------------------


def made_book(*, rules: int) -> asked.Book:
    """Ten charges of so many rules in all, each prorated by days, and their total."""
    each = max(1, rules // CHARGES)
    names = [f"Charge {number:02}" for number in range(CHARGES)]
    decisions = [
        _decision(name, [f"i_{each.name}" for each in INPUTS], _table(number, each))
        for number, name in enumerate(names)
    ]
    summed = " + ".join(names)
    text = f"<literalExpression><text>{summed}</text></literalExpression>"
    decisions.append(_decision("Total", [_id(name) for name in names], text))
    data = "".join(
        f'<inputData id="i_{each.name}" name="{each.name}"><variable name="{each.name}"/>'
        "</inputData>"
        for each in INPUTS
    )
    content = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="Bench"'
        f' namespace="urn:bench">{data}{"".join(decisions)}</definitions>'
    )
    outputs = [types.Declared(name, types.Kind.MONEY) for name in (*names, "Total")]
    return asked.Book(reader.read(content.encode()), INPUTS, tuple(outputs))


def _id(name: str) -> str:
    return name.replace(" ", "_")


def _decision(name: str, needs: list[str], body: str) -> str:
    required = "".join(
        "<informationRequirement>"
        f'<required{"Input" if each.startswith("i_") else "Decision"} href="#{each}"/>'
        "</informationRequirement>"
        for each in needs
    )
    return (
        f'<decision id="{_id(name)}" name="{name}"><variable name="{name}" typeRef="number"/>'
        f"{required}{body}</decision>"
    )


def _table(number: int, rules: int) -> str:
    """Class, season and block of usage, as many as there are rules; the last takes the rest."""
    rows = []
    for place in range(rules):
        classes, rest = place % len(CLASSES), place // len(CLASSES)
        season, step = rest % 2, rest // 2
        steps = max(1, -(-rules // (2 * len(CLASSES))))
        bounds = [*(each + number for each in range(0, steps * 7, 7)), None]
        low, high = bounds[step], bounds[step + 1]
        usage = f">= {low}" if high is None else f"< {high}" if step == 0 else f"[{low}..{high})"
        rate = Decimal(100 + number * 37 + place * 13) / 1000
        base = Decimal(1000 + place * 77) / 100
        result = f"round half up(({base} + usage_kgal * {rate}) * days_in_part / days_in_period, 2)"
        rows.append((f'"{CLASSES[classes]}"', str(bool(season)).lower(), usage, result))
    columns = "".join(
        f"<input><inputExpression><text>{each}</text></inputExpression></input>"
        for each in ("rate_class", "is_summer", "usage_kgal")
    )
    body = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(each)}</text></inputEntry>" for each in row[:-1])
        + f"<outputEntry><text>{escape(row[-1])}</text></outputEntry></rule>"
        for row in rows
    )
    return f'<decisionTable hitPolicy="UNIQUE">{columns}<output/>{body}</decisionTable>'


def made_cases(book: asked.Book, *, count: int) -> tuple[asked.Case, ...]:
    """Cases as a coordinator writes them: small usages, whole months, each answer expected."""
    chance = random.Random(300)
    prepared = evaluator.prepare(book.model)
    names = [each.name for each in book.outputs]
    found = []
    for number in range(count):
        days = chance.choice((28, 30, 31))
        inputs: dict[str, plain.Plain] = {
            "usage_kgal": Decimal(chance.randint(0, 60_000)).scaleb(-3),
            "rate_class": chance.choice(CLASSES),
            "is_summer": chance.random() < 0.5,
            "days_in_part": Decimal(chance.choice((days, days, days // 2))),
            "days_in_period": Decimal(days),
        }
        expected = prepared.evaluate_all(names, inputs)
        found.append(asked.Case(f"case {number + 1}", inputs, expected))
    return tuple(found)


# --- Whether it is right -------------------------------------------------------------------------


def _wrong(book: asked.Book, cases: tuple[asked.Case, ...]) -> int:
    """Changes whose verdict differs when the whole book is made anew with each."""
    prepared = evaluator.prepare(book.model)
    names = list(sites.outputs_of(book))
    outcomes = [prepared.trace_all(names, case.inputs) for case in cases]
    every = [
        (site, change)
        for decision in book.model.definitions.decisions
        if (site := sites.Site(book, prepared, decision)).table is not None
        for rule in range(len(site.table.rules))
        for change in changes.of_rule(site.table, rule)
    ]
    chosen = random.Random(1).sample(every, min(SAMPLE, len(every)))
    trials: dict[str, list[sites.Trial]] = {}
    wrong = 0
    for site, change in chosen:
        if site.decision.name not in trials:
            trials[site.decision.name] = [
                trial
                for case, outcome in zip(cases, outcomes, strict=True)
                if (trial := site.of_outcome(case.inputs, outcome, watched=case.expected))
            ]
        quick = site.effect_of_cell(change, trials[site.decision.name]) is not None
        wrong += quick != _is_noticed_anew(book, cases, site, change)
    return wrong


def _is_noticed_anew(
    book: asked.Book,
    cases: tuple[asked.Case, ...],
    site: sites.Site,
    change: changes.CellChange,
) -> bool:
    assert site.table is not None
    rules = (
        *site.table.rules[: change.rule], change.changed, *site.table.rules[change.rule + 1 :]
    )  # fmt: skip
    changed = dataclasses.replace(
        site.decision, expression=dataclasses.replace(site.table, rules=rules)
    )
    reference = dmn.Reference(book.model.definitions.namespace, changed.id)
    anew = evaluator.Prepared(
        dmn.Model(book.model.definitions, (), {**book.model.nodes, reference: changed})
    )
    return any(
        not sites.same(anew.evaluate(name, case.inputs), value)
        for case in cases
        for name, value in case.expected.items()
    )


if __name__ == "__main__":
    main()
