"""What a DMN file says, read and checked: frozen data, nothing evaluated.

`fisc.dmn.xml` makes it; the case evaluator and the column compiler read it. Where DMN and FEEL use
one word for two things (a boxed `Context` and a FEEL context), this module has the boxed one and
`fisc.dmn.feel.syntax` the other.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fisc.dmn.feel import syntax


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file, in a coordinator's words: `decision "Rate", column "Usage", rule 3`."""

    words: str = ""
    line: int = 0

    def __str__(self) -> str:
        if self.words and self.line:
            return f"{self.words} (line {self.line})"
        return self.words or f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Reference:
    """Which element is meant: the namespace of its definitions and its id there."""

    namespace: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every element of a file has."""

    id: str = ""
    place: Place = field(default=Place(), compare=False)
    description: str = ""
    # Attributes and elements of other namespaces, by `{namespace}name`, as text.
    extensions: Mapping[str, str] = field(default_factory=dict)


# --- Types and names -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition(Element):
    """A named type: a plain type with allowed values, or components; possibly a list of either."""

    name: str
    type_ref: str | None = None
    is_collection: bool = False
    allowed_values_text: str = ""
    allowed_values: syntax.UnaryTests | None = None
    # DMN 1.5: a constraint on the whole (list) rather than on its items.
    constraint: syntax.UnaryTests | None = None
    components: tuple[ItemDefinition, ...] = ()
    function_parameters: tuple[str | None, ...] | None = None
    function_result: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Element):
    """A name with a type: an information item or a formal parameter."""

    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Element):
    name: str
    namespace: str
    kind: str
    location: str | None = None


# --- Boxed expressions ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedExpression(Element):
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression(BoxedExpression):
    """FEEL text; `expression` is None where nothing was written, which has the value null."""

    text: str
    expression: syntax.Expression | None


class HitPolicy(enum.Enum):
    UNIQUE = "UNIQUE"
    ANY = "ANY"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(enum.Enum):
    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause(Element):
    """A condition column: what is asked of the inputs, and the values it may have."""

    label: str = ""
    text: str
    expression: syntax.Expression | None
    type_ref: str | None = None
    allowed_values_text: str = ""
    allowed_values: syntax.UnaryTests | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause(Element):
    """A result column. `name` is None in a table of one unnamed result.

    The order of `allowed_values.tests` is what PRIORITY and OUTPUT ORDER rank by.
    """

    label: str = ""
    name: str | None = None
    type_ref: str | None = None
    allowed_values_text: str = ""
    allowed_values: syntax.UnaryTests | None = None
    default: LiteralExpression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputEntry(Element):
    """One condition cell."""

    text: str
    tests: syntax.UnaryTests


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Element):
    """A row; `inputs` and `outputs` line up with the table's columns."""

    inputs: tuple[InputEntry, ...]
    outputs: tuple[LiteralExpression, ...]
    # By column name: `citation`, `text_en`, `text_es` are the ones Fisc reads.
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(BoxedExpression):
    hit_policy: HitPolicy
    aggregation: Aggregation | None = None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotation_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry(Element):
    """`variable` is None in the last entry of a context whose value is that entry."""

    variable: Variable | None
    expression: BoxedExpression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(BoxedExpression):
    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Element):
    parameter: Variable
    expression: BoxedExpression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(BoxedExpression):
    function: BoxedExpression
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class List(BoxedExpression):
    items: tuple[BoxedExpression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(BoxedExpression):
    columns: tuple[Variable, ...]
    rows: tuple[tuple[BoxedExpression, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(BoxedExpression):
    kind: Literal["FEEL", "Java", "PMML"] = "FEEL"
    parameters: tuple[Variable, ...]
    body: BoxedExpression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(BoxedExpression):
    condition: BoxedExpression
    then: BoxedExpression
    otherwise: BoxedExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFilter(BoxedExpression):
    source: BoxedExpression
    condition: BoxedExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFor(BoxedExpression):
    variable: str
    source: BoxedExpression
    result: BoxedExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedQuantified(BoxedExpression):
    quantifier: Literal["some", "every"]
    variable: str
    source: BoxedExpression
    condition: BoxedExpression


# --- The graph -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(Element):
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    """`requires` are inputs and decisions, `knows` are functions, in the order written."""

    name: str
    variable: Variable
    requires: tuple[Reference, ...] = ()
    knows: tuple[Reference, ...] = ()
    question: str = ""
    allowed_answers: str = ""
    expression: BoxedExpression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledgeModel(Element):
    """A function of the model."""

    name: str
    variable: Variable
    knows: tuple[Reference, ...] = ()
    function: FunctionDefinition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService(Element):
    name: str
    variable: Variable
    output_decisions: tuple[Reference, ...] = ()
    encapsulated_decisions: tuple[Reference, ...] = ()
    input_decisions: tuple[Reference, ...] = ()
    input_data: tuple[Reference, ...] = ()


Node = InputData | Decision | BusinessKnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions(Element):
    """One file."""

    name: str
    namespace: str
    # The DMN namespace it was written in, e.g. https://www.omg.org/spec/DMN/20191111/MODEL/
    written_in: str
    imports: tuple[Import, ...] = ()
    item_definitions: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge_models: tuple[BusinessKnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A file with the files it imports, directly or not; every reference in it has been found."""

    definitions: Definitions
    imported: tuple[Definitions, ...] = ()
    nodes: Mapping[Reference, Node] = field(default_factory=dict, repr=False)

    def node(self, reference: Reference) -> Node:
        """The input, decision, function or service that a reference means."""
        return self.nodes[reference]

    def by_namespace(self, namespace: str) -> Definitions | None:
        """The file of that namespace, or None when it is not part of this model."""
        for each in (self.definitions, *self.imported):
            if each.namespace == namespace:
                return each
        return None
