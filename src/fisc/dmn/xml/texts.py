"""Reads the FEEL inside a file, with the names its place knows, and says what is wrong with it."""

from __future__ import annotations

import difflib

from fisc.dmn.feel import lexer, parser, syntax
from fisc.dmn.feel.functions import builtins
from fisc.dmn.feel.scopes import Scope
from fisc.dmn.model import Place
from fisc.dmn.xml.problems import Problems

_FEEL = (
    "feel",
    "https://www.omg.org/spec/dmn/20191111/feel/",
    "https://www.omg.org/spec/dmn/20211108/feel/",
    "https://www.omg.org/spec/dmn/20230324/feel/",
    "http://www.omg.org/spec/dmn/20180521/feel/",
    "http://www.omg.org/spec/feel/20140401",
)


_CALLS = (syntax.Call, syntax.NamedCall)


def is_feel(language: str | None) -> bool:
    """Whether an expression language is FEEL, under any of its names."""
    return not language or language.lower() in _FEEL


def expression(
    text: str, scope: Scope, place: Place, problems: Problems
) -> syntax.Expression | None:
    """Read an expression; None where nothing stands."""
    if not text.strip():
        return None
    try:
        tree, unknown = parser.expression(text, scope)
    except lexer.UnreadableFeel as problem:
        problems.add_if_strict(place, str(problem))
        return syntax.Unreadable(str(problem))
    _check(tree, unknown, text, scope, place, problems)
    return tree


def tests(text: str, scope: Scope, place: Place, problems: Problems) -> syntax.UnaryTests:
    """Read a condition cell."""
    try:
        tree, unknown = parser.unary_tests(text, scope.with_names("?"))
    except lexer.UnreadableFeel as problem:
        problems.add_if_strict(place, str(problem))
        unreadable = syntax.Unreadable(str(problem))
        return syntax.UnaryTests((syntax.Matches(unreadable, mentions_input=True),))
    _check(tree, unknown, text, scope, place, problems)
    return tree


def _check(
    tree: syntax.Node,
    unknown: list[syntax.Name],
    text: str,
    scope: Scope,
    place: Place,
    problems: Problems,
) -> None:
    # Without a bracket nothing is called, and most cells are a number or a range.
    if not problems.is_strict or (not unknown and "(" not in text):
        return
    calls = [each for each in syntax.walk(tree) if isinstance(each, _CALLS)]
    called = {id(call.function) for call in calls}
    for name in unknown:
        hint = _closest(name.name, scope)
        words = f'Nothing is named "{name.name}"{hint}'
        if id(name) in called:
            words = f'No function is named "{name.name}"{hint}'
        problems.add(place, lexer.near(words, text, name.at))
    for call in calls:
        _check_call(call, scope, place, problems)


def _closest(name: str, scope: Scope) -> str:
    if name in scope.unconnected:
        return " here; connect it by drawing a requirement from it"
    close = difflib.get_close_matches(name, list(scope.names()), n=1)
    return f'; did you mean "{close[0]}"?' if close else " here;"


def _check_call(
    call: syntax.Call | syntax.NamedCall, scope: Scope, place: Place, problems: Problems
) -> None:
    function = call.function
    if not isinstance(function, syntax.Name):
        return
    declared = builtins.declarations(function.name)
    # A name counted twice is also a variable of the model, which stands before the function.
    if not declared or sum(name == function.name for name in scope.names()) > 1:
        return
    if isinstance(call, syntax.Call):
        fits = any(each.takes(len(call.arguments)) for each in declared)
    else:
        names = [argument.name for argument in call.arguments]
        fits = any(each.places(names) is not None for each in declared)
    if not fits:
        forms = " or ".join(dict.fromkeys(each.signature for each in declared))
        problems.add(place, f'"{function.name}" is called with the wrong arguments; it is {forms}')
