"""Decision models written short, for tests that say what a table holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from fisc.dmn import model
from fisc.dmn.xml import reader

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NAMESPACE = "https://example.test/tables"


def file(*elements: str, namespace: str = NAMESPACE, dmn: str = DMN_13) -> bytes:
    """A whole file of some elements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{dmn}" id="definitions"'
        f' name="test" namespace="{namespace}">\n' + "\n".join(elements) + "\n</definitions>"
    ).encode()


def input_data(name: str, type_ref: str = "number") -> str:
    return (
        f"<inputData id={quoteattr('i_' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)} typeRef={quoteattr(type_ref)}/></inputData>"
    )


def decision(name: str, body: str, *, needs: Sequence[str] = (), type_ref: str = "") -> str:
    """A decision with its expression; `needs` are ids of inputs (i_…), decisions and functions."""
    typed = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    return (
        f"<decision id={quoteattr('d_' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{typed}/>{''.join(map(_requirement, needs))}{body}"
        "</decision>"
    )


def _requirement(identity: str) -> str:
    if identity.startswith("f_"):
        return (
            f"<knowledgeRequirement><requiredKnowledge href={quoteattr('#' + identity)}/>"
            "</knowledgeRequirement>"
        )
    kind = "requiredInput" if identity.startswith("i_") else "requiredDecision"
    return (
        f"<informationRequirement><{kind} href={quoteattr('#' + identity)}/>"
        "</informationRequirement>"
    )


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def function(name: str, parameters: Sequence[str], text: str, *, needs: Sequence[str] = ()) -> str:
    formal = "".join(f"<formalParameter name={quoteattr(each)}/>" for each in parameters)
    return (
        f"<businessKnowledgeModel id={quoteattr('f_' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}/><encapsulatedLogic>{formal}{literal(text)}"
        f"</encapsulatedLogic>{''.join(map(_requirement, needs))}</businessKnowledgeModel>"
    )


def table(  # one row of `rules` is conditions, then results, then annotations
    conditions: Mapping[str, str],
    results: Mapping[str, str],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    annotations: Sequence[str] = (),
    allowed: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> str:
    """A decision table; conditions and results are columns with their types."""
    allowed, defaults = allowed or {}, defaults or {}
    parts = [
        f'<decisionTable hitPolicy="{policy}"'
        + (f' aggregation="{aggregation}">' if aggregation else ">")
    ]
    for text, type_ref in conditions.items():
        values = _text("inputValues", allowed.get(text))
        parts.append(
            f"<input><inputExpression typeRef={quoteattr(type_ref)}><text>{escape(text)}</text>"
            f"</inputExpression>{values}</input>"
        )
    for name, type_ref in results.items():
        parts.append(
            f"<output name={quoteattr(name)} typeRef={quoteattr(type_ref)}>"
            f"{_text('outputValues', allowed.get(name))}"
            f"{_text('defaultOutputEntry', defaults.get(name))}</output>"
        )
    parts += [f"<annotation name={quoteattr(each)}/>" for each in annotations]
    for number, cells in enumerate(rules, 1):
        parts.append(_rule(number, cells, len(conditions), len(conditions) + len(results)))
    return "".join([*parts, "</decisionTable>"])


def _text(tag: str, text: str | None) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>" if text is not None else ""


def _rule(number: int, cells: Sequence[str], results_at: int, notes_at: int) -> str:
    kinds = (
        "inputEntry"
        if index < results_at
        else "outputEntry"
        if index < notes_at
        else "annotationEntry"
        for index in range(len(cells))
    )
    return f'<rule id="rule_{number}">' + "".join(map(_text, kinds, cells)) + "</rule>"


def read(*elements: str) -> model.Model:
    """A model read strictly from some elements."""
    return reader.read(file(*elements))


def one_table(
    conditions: Mapping[str, str],
    results: Mapping[str, str],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    annotations: Sequence[str] = (),
    allowed: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> model.Model:
    """A model of one decision, `Answer`, that is a table over inputs of the conditions' names."""
    body = table(
        conditions,
        results,
        rules,
        policy=policy,
        aggregation=aggregation,
        annotations=annotations,
        allowed=allowed,
        defaults=defaults,
    )
    return read(
        *(input_data(name, type_ref) for name, type_ref in conditions.items()),
        decision("Answer", body, needs=[f"i_{name}" for name in conditions]),
    )
