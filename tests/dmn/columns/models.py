"""Decision models from a few words, for tests and benches of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fisc.dmn import model
from fisc.dmn.feel import parser, scopes, syntax

NAMESPACE = "urn:columns"


def expression(text: str, names: Sequence[str]) -> syntax.Expression:
    return parser.expression(text, scopes.scope(names, is_open=False))[0]


def literal(text: str, names: Sequence[str]) -> model.LiteralExpression:
    return model.LiteralExpression(text=text, expression=expression(text, names))


def tests(text: str, names: Sequence[str]) -> syntax.UnaryTests:
    return parser.unary_tests(text, scopes.scope((*names, "?"), is_open=False))[0]


def table(  # a table as a person writes it: one row of texts a rule
    policy: str,
    *,
    inputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    names: Sequence[str],
    outputs: Sequence[str] = ("",),
    defaults: Sequence[str] = (),
    priorities: Sequence[str] = (),
    allowed: Mapping[int, str] | None = None,
) -> model.DecisionTable:
    hit_policy, _, aggregation = policy.partition(" ")
    clauses = []
    for place, text in enumerate(inputs):
        values = (allowed or {}).get(place)
        clauses.append(
            model.InputClause(
                text=text,
                expression=expression(text, names),
                allowed_values_text=values or "",
                allowed_values=tests(values, names) if values else None,
            )
        )
    results = []
    for place, name in enumerate(outputs):
        default = defaults[place] if place < len(defaults) else ""
        ranked = priorities[place] if place < len(priorities) else ""
        results.append(
            model.OutputClause(
                name=name or None,
                default=literal(default, names) if default else None,
                allowed_values=tests(ranked, names) if ranked else None,
            )
        )
    return model.DecisionTable(
        id="table",
        hit_policy=model.HitPolicy[hit_policy],
        aggregation=model.Aggregation[aggregation] if aggregation else None,
        inputs=tuple(clauses),
        outputs=tuple(results),
        rules=tuple(_rule(each, len(inputs), names) for each in rules),
    )


def _rule(cells: Sequence[str], inputs: int, names: Sequence[str]) -> model.Rule:
    return model.Rule(
        inputs=tuple(
            model.InputEntry(text=each, tests=tests(each, names)) for each in cells[:inputs]
        ),
        outputs=tuple(literal(each, names) for each in cells[inputs:]),
    )


def decisions(
    inputs: Sequence[str],
    boxes: Mapping[str, model.BoxedExpression],
    *,
    functions: Mapping[str, model.FunctionDefinition] | None = None,
) -> model.Model:
    """A model in which each decision may use every input, function and earlier decision."""
    given = [model.InputData(id=each, name=each, variable=_variable(each)) for each in inputs]
    knows = [
        model.BusinessKnowledgeModel(id=name, name=name, variable=_variable(name), function=each)
        for name, each in (functions or {}).items()
    ]
    made: list[model.Decision] = []
    for name, box in boxes.items():
        made.append(
            model.Decision(
                id=name,
                name=name,
                variable=_variable(name),
                requires=tuple(model.Reference(NAMESPACE, each.id) for each in (*given, *made)),
                knows=tuple(model.Reference(NAMESPACE, each.id) for each in knows),
                expression=box,
            )
        )
    definitions = model.Definitions(
        name="test", namespace=NAMESPACE, written_in="", inputs=tuple(given),
        decisions=tuple(made), knowledge_models=tuple(knows),
    )  # fmt: skip
    everything: list[model.Node] = [*given, *made, *knows]
    nodes = {model.Reference(NAMESPACE, each.id): each for each in everything}
    return model.Model(definitions, (), nodes)


def _variable(name: str) -> model.Variable:
    return model.Variable(name=name)
