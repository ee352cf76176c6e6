"""FEEL evaluated from text, for tests that fit on a line."""

from __future__ import annotations

from fisc.dmn.feel import evaluation, parser, scopes, texts
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.functions import builtins
from fisc.dmn.feel.programs import frames, ready
from fisc.dmn.feel.programs.compiling import Surroundings


def value(text: str, **variables: object) -> kinds.Value:
    """The value of an expression, given its variables."""
    return _run(text, evaluation.Evaluation(), variables)


def text(expression: str, **variables: object) -> str:
    """The value of an expression as FEEL writes it."""
    return texts.text(value(expression, **variables))


def reasons(expression: str, **variables: object) -> list[str]:
    """Why the value of an expression is null."""
    state = evaluation.Evaluation()
    _run(expression, state, variables)
    return [each.words for each in state.reasons]


def limited(expression: str, *, most_steps: int) -> kinds.Value:
    """The value of an expression that may take only so many steps."""
    return _run(expression, evaluation.Evaluation(most_steps=most_steps), {})


def _run(text: str, state: evaluation.Evaluation, variables: dict[str, object]) -> kinds.Value:
    named = {name.replace("_", " "): kinds.of(each) for name, each in variables.items()}
    tree, _ = parser.expression(text, scopes.scope([*builtins.names(), *named]))
    return ready.expression(tree, Surroundings())(frames.Frame(named, state))
