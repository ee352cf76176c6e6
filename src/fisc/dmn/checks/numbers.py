"""What is wrong with the numbers of a book: bounds, decimals of money, quotients unrounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, changes, findings, quotients, samples, structure, words
from fisc.dmn.checks.findings import Finding, Kind, NotProved, Severity
from fisc.dmn.columns import compile as compiling
from fisc.dmn.columns import decisions, plain, types
from fisc.dmn.columns.terms import CannotTake


def bounds(book: asked.Book) -> Iterator[Finding]:
    """The outputs that 64 bits are not proved enough for, and why."""
    program = compiling.compile_model(model=book.model, inputs=book.inputs, outputs=book.outputs)
    for each in program.report:
        if each.way is compiling.Way.INT64:
            continue
        template = words.WIDE if each.way is compiling.Way.PYTHON else words.ROW_BY_ROW
        yield Finding(
            kind=Kind.BOUNDS,
            severity=Severity.LOOK,
            decision=each.output,
            words=template.format(output=each.output, why=each.reason),
            key=findings.key(Kind.BOUNDS, each.output, each.reason),
        )


# --- Money with more than two decimals -----------------------------------------------------------


def decimals(made: structure.Structure) -> tuple[list[Finding], list[NotProved]]:
    """The money outputs that may have parts of a cent, each with an input where one is found."""
    found: list[Finding] = []
    not_proved: list[NotProved] = []
    money = [each for each in made.book.outputs if each.kind is types.Kind.MONEY]
    suspects = {each.name: why for each in money if (why := _may_have_more(made, each.name))}
    if not suspects:
        return found, not_proved
    open_names = dict(suspects)
    names = list({decisions.decision_of(made.book.model, each)[0].name for each in suspects})
    for inputs in (made.sampler.mixture() for _ in range(samples.POOL)):
        outcome = made.sampler.prepared.trace_all(names, inputs)
        for name in list(open_names):
            value = _part(made.book.model, name, outcome.values)
            if isinstance(value, Decimal) and types.scaled(value)[1] > types.MONEY_SCALE:
                found.append(_fraction_of_cent(made.book.model, name, value, inputs, outcome))
                del open_names[name]
        if not open_names:
            break
    for name, why in open_names.items():
        text = words.NOT_PROVED.format(decision=name, what=words.TWO_DECIMALS, why=why)
        not_proved.append(NotProved(kind=Kind.DECIMALS, decision=name, words=text))
    return found, not_proved


def _may_have_more(made: structure.Structure, output: str) -> str:
    """Why an output may have more than two decimals; empty where it is proved not to."""
    try:
        term = made.survey.graph.output(output)
    except CannotTake as why:
        return str(why)
    return words.SO_MANY.format(count=term.scale) if term.scale > types.MONEY_SCALE else ""


def _part(whole: dmn.Model, output: str, values: Mapping[str, object]) -> object:
    decision, part = decisions.decision_of(whole, output)
    value = values[decision.name]
    return value.get(part) if part is not None and isinstance(value, dict) else value


def _fraction_of_cent(
    whole: dmn.Model,
    output: str,
    value: Decimal,
    inputs: Mapping[str, plain.Plain],
    outcome: evaluator.Outcome,
) -> Finding:
    decision, _ = decisions.decision_of(whole, output)
    rows = outcome.step(decision.name).rows
    rule = rows[0].index + 1 if rows else None
    return Finding(
        kind=Kind.DECIMALS,
        severity=Severity.STOPS,
        decision=decision.name,
        rule=rule,
        words=words.DECIMALS.format(
            output=output,
            rule="" if rule is None else words.OF_RULE.format(number=rule),
            value=words.value(value),
            example=words.example(inputs),
        ),
        example=dict(inputs),
        key=findings.key(Kind.DECIMALS, output, str(rule)),
    )


# --- Quotients -----------------------------------------------------------------------------------


def unrounded(book: asked.Book) -> Iterator[Finding]:
    """Every quotient that is used before it is rounded, with the same as one rounded division."""
    for decision in book.model.definitions.decisions:
        for rule, literal in _results(decision.expression):
            text = literal.text
            for each in quotients.unrounded(literal.expression) if literal.expression else ():
                rewrite = words.REWRITE.format(rewrite=each.rewrite) if each.rewrite else ""
                yield Finding(
                    kind=Kind.QUOTIENT,
                    severity=Severity.LOOK,
                    decision=decision.name,
                    rule=rule,
                    words=words.QUOTIENT.format(
                        decision=decision.name,
                        rule="" if rule is None else words.OF_RULE.format(number=rule),
                        quotient=each.quotient,
                        cell=text.strip(),
                        rewrite=rewrite,
                    ),
                    before=text.strip(),
                    after=each.rewrite,
                    key=findings.key(Kind.QUOTIENT, decision.name, text.strip(), each.quotient),
                )


def _results(box: dmn.BoxedExpression | None) -> Iterator[tuple[int | None, dmn.LiteralExpression]]:
    """Every literal below a boxed expression; of a table, also the number of its rule."""
    if isinstance(box, dmn.DecisionTable):
        for number, rule in enumerate(box.rules, start=1):
            yield from ((number, each) for each in rule.outputs)
        return
    if box is not None:
        yield from ((None, each) for each in changes.literals(box))
