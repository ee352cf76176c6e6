"""The syntax tree of FEEL, as the parser makes it.

Two evaluators read it: `feel.programs` (Decimal, any form) and the column compiler. A node says
what was written, not what it means; `at` is the offset of its first character in the text it came
from and takes no part in equality.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Literal

ArithmeticOperator = Literal["+", "-", "*", "/", "**"]
ComparisonOperator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    """Anything the parser makes."""

    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Expression(Node):
    """A node that has a value."""


@dataclass(frozen=True, slots=True)
class Unreadable(Expression):
    """What stands in for text that is not FEEL, when a model is read leniently; its value is null.

    A model read strictly never holds one.
    """

    problem: str


# --- Literals ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberLiteral(Expression):
    value: Decimal


@dataclass(frozen=True, slots=True)
class StringLiteral(Expression):
    value: str


@dataclass(frozen=True, slots=True)
class BooleanLiteral(Expression):
    value: bool


@dataclass(frozen=True, slots=True)
class NullLiteral(Expression):
    pass


@dataclass(frozen=True, slots=True)
class AtLiteral(Expression):
    """`@"2026-10-01"`: a date, time, date and time or duration, told apart by its text."""

    text: str


@dataclass(frozen=True, slots=True)
class RangeLiteral(Expression):
    """`[low..high]`; a parenthesis or reversed bracket leaves the end out.

    `low` or `high` is None where the range has no such end, as in `(>= 5)`. `equality` is the
    operator of `(= 5)` and `(!= 5)`, both ends then being 5.
    """

    low: Expression | None
    high: Expression | None
    includes_low: bool
    includes_high: bool
    equality: Literal["", "=", "!="] = ""


@dataclass(frozen=True, slots=True)
class ListLiteral(Expression):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ContextEntry(Node):
    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class ContextLiteral(Expression):
    entries: tuple[ContextEntry, ...]


# --- Names and what hangs on them ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """A variable, spaces normalized to one; `?` is the value a unary test looks at."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Expression):
    """`source.member`: `member` may also be a date part such as `year`."""

    source: Expression
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Expression):
    """`source[condition]`: a number picks by position from 1, else each item is asked."""

    source: Expression
    condition: Expression


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """`function(a, b)`. A built-in is called by a `Name`, e.g. `Name("round half up")`."""

    function: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class NamedArgument(Node):
    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class NamedCall(Expression):
    """`function(n: 1.25, scale: 1)`."""

    function: Expression
    arguments: tuple[NamedArgument, ...]


# --- Operators -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Negation(Expression):
    """`-operand`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic(Expression):
    operator: ArithmeticOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comparison(Expression):
    operator: ComparisonOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conjunction(Expression):
    """`left and right`, in three-valued logic."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Disjunction(Expression):
    """`left or right`, in three-valued logic."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Between(Expression):
    """`value between low and high`, both ends in."""

    value: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True, slots=True)
class In(Expression):
    """`value in tests`: true when any test holds."""

    value: Expression
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Expression):
    value: Expression
    type: Type


# --- Forms ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class If(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """`variable in source`, or `variable in source..until` when `until` is given."""

    variable: str
    source: Expression
    until: Expression | None = None


@dataclass(frozen=True, slots=True)
class For(Expression):
    iterations: tuple[Iteration, ...]
    result: Expression


@dataclass(frozen=True, slots=True)
class Quantified(Expression):
    quantifier: Literal["some", "every"]
    iterations: tuple[Iteration, ...]
    condition: Expression


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    name: str
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Expression):
    """`function(a: number) a + 1`; an external function keeps its description and never runs."""

    parameters: tuple[Parameter, ...]
    body: Expression
    is_external: bool = False


# --- Unary tests: the cells of a decision table --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared(Node):
    """`< 5`: the input compared with the operand."""

    operator: ComparisonOperator
    operand: Expression


@dataclass(frozen=True, slots=True)
class Matches(Node):
    """A test that is an expression.

    Holds when the value equals the input, is a range or list the input is in, or, where the
    expression mentions `?`, is true.
    """

    expression: Expression
    mentions_input: bool = False


Test = Compared | Matches


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The content of one cell: any of `tests` holds, or none of them when `is_negated`.

    No tests at all is the dash: anything matches, null included.
    """

    tests: tuple[Test, ...]
    is_negated: bool = False

    @property
    def is_anything(self) -> bool:
        return not self.tests


# --- Types as written after `instance of` or in a parameter --------------------------------------


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    """`number`, `days and time duration`, or an item definition's name, with dots for imports."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(Node):
    element: Type


@dataclass(frozen=True, slots=True)
class RangeType(Node):
    element: Type


@dataclass(frozen=True, slots=True)
class ContextType(Node):
    members: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Node):
    parameters: tuple[Type, ...]
    result: Type


Type = NamedType | ListType | RangeType | ContextType | FunctionType


_FIELD_NAMES: dict[str, tuple[str, ...]] = {}


def _field_names(node: Node) -> tuple[str, ...]:
    kind = type(node).__name__
    if kind not in _FIELD_NAMES:
        _FIELD_NAMES[kind] = tuple(each.name for each in fields(node))
    return _FIELD_NAMES[kind]


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below one, in the order written."""
    for name in _field_names(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order written; without recursion, so depth is no danger."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(list(children(here))))
