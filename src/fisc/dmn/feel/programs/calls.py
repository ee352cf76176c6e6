"""Calling functions: built-in ones and those that tables define."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fisc.dmn.feel import syntax, types
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.evaluation import Evaluation
from fisc.dmn.feel.functions import builtins
from fisc.dmn.feel.functions.registry import Builtin
from fisc.dmn.feel.programs.compiling import Surroundings, makes, program
from fisc.dmn.feel.programs.frames import Frame, Program
from fisc.dmn.feel.values import Function, Value

BuiltinCall = Callable[[Evaluation, list[Value]], Value]


# --- Built-in functions --------------------------------------------------------------------------


def _call_first_fitting(
    name: str, candidates: Sequence[Builtin], evaluation: Evaluation, arguments: list[Value]
) -> Value:
    evaluation.step()
    for builtin in candidates:
        fitted = builtin.fit(arguments)
        if fitted is None:
            continue
        for each in fitted:
            evaluation.weigh(each)
        if builtin.needs_evaluation:
            result = builtin.body(evaluation, *fitted)
        else:
            result = builtin.body(*fitted)
        if result is None:
            evaluation.null(f"{_as_written(name, arguments)} has no result")
        evaluation.weigh(result)
        return result
    evaluation.null(_misfit(name, candidates, arguments))
    return None


def _as_written(name: str, arguments: Sequence[Value]) -> str:
    return f"{name}({', '.join(kinds.kind(each) for each in arguments)})"


def _misfit(name: str, candidates: Sequence[Builtin], arguments: Sequence[Value]) -> str:
    known = candidates or builtins.declarations(name)
    wanted = " or ".join(dict.fromkeys(each.signature for each in known))
    return f"{_as_written(name, arguments)} cannot be called; it is {wanted}"


def _positional(name: str, count: int) -> BuiltinCall:
    candidates = [each for each in builtins.declarations(name) if each.takes(count)]

    def call(evaluation: Evaluation, arguments: list[Value]) -> Value:
        return _call_first_fitting(name, candidates, evaluation, arguments)

    return call


def _by_name(name: str, names: Sequence[str]) -> BuiltinCall:
    candidates = []
    for builtin in builtins.declarations(name):
        places = builtin.places(names)
        if places is not None:
            candidates.append((builtin, places))

    def call(evaluation: Evaluation, arguments: list[Value]) -> Value:
        for builtin, places in candidates:
            ordered = [None if place is None else arguments[place] for place in places]
            if builtin.fit(ordered) is not None:
                return _call_first_fitting(name, [builtin], evaluation, ordered)
        evaluation.null(_misfit(name, [builtin for builtin, _ in candidates], arguments))
        return None

    return call


def builtin_as_value(name: str, evaluation: Evaluation) -> Function:
    """A built-in function to be handed around like a value."""
    declared = builtins.declarations(name)[0]
    parameters = None if declared.is_variadic else tuple(p.name for p in declared.parameters)

    def call(arguments: list[Value]) -> Value:
        return _positional(name, len(arguments))(evaluation, arguments)

    return Function(name, parameters, call)


# --- Functions that tables define ----------------------------------------------------------------


def call_function(function: Function, arguments: list[Value], evaluation: Evaluation) -> Value:
    """Call a function value, bending arguments and result to its types; null where one misfits."""
    if function.parameters is not None and len(arguments) != len(function.parameters):
        evaluation.null(
            f"{function.name or 'The function'} takes {len(function.parameters)} arguments,"
            f" not {len(arguments)}"
        )
        return None
    fitted = list(arguments)
    for index, wanted in enumerate(function.parameter_types):
        fitted[index] = types.bend(arguments[index], wanted)
        if fitted[index] is None and arguments[index] is not None:
            evaluation.null(
                f"{function.name or 'The function'} cannot take {kinds.kind(arguments[index])} for"
                f' "{(function.parameters or ())[index]}"'
            )
            return None
    result = function.call(fitted)
    return result if function.result_type is None else types.bend(result, function.result_type)


def call_by_name(
    function: Function, names: Sequence[str], arguments: list[Value], evaluation: Evaluation
) -> Value:
    """Call a function value with named arguments."""
    own = function.parameters or ()
    if sorted(own) != sorted(names):
        evaluation.null(f"{function.name or 'The function'} takes {', '.join(own) or 'nothing'}")
        return None
    given = dict(zip(names, arguments, strict=True))
    return call_function(function, [given[name] for name in own], evaluation)


@makes(syntax.Call)
def _call(node: syntax.Call, surroundings: Surroundings) -> Program:
    arguments = [program(each, surroundings) for each in node.arguments]
    builtin = _builtin_of(node.function)
    call_builtin = _positional(builtin, len(arguments)) if builtin else None
    function_of = program(node.function, surroundings)

    def run(frame: Frame) -> Value:
        if call_builtin is not None and not isinstance(frame.look_up(builtin), Function):
            return call_builtin(frame.evaluation, [each(frame) for each in arguments])
        function = function_of(frame)
        if not isinstance(function, Function):
            frame.evaluation.null(f"A {kinds.kind(function)} cannot be called")
            return None
        return call_function(function, [each(frame) for each in arguments], frame.evaluation)

    return run


@makes(syntax.NamedCall)
def _named_call(node: syntax.NamedCall, surroundings: Surroundings) -> Program:
    arguments = [program(each.value, surroundings) for each in node.arguments]
    names = [each.name for each in node.arguments]
    builtin = _builtin_of(node.function)
    call_builtin = _by_name(builtin, names) if builtin else None
    function_of = program(node.function, surroundings)

    def run(frame: Frame) -> Value:
        if call_builtin is not None and not isinstance(frame.look_up(builtin), Function):
            return call_builtin(frame.evaluation, [each(frame) for each in arguments])
        function = function_of(frame)
        if not isinstance(function, Function):
            frame.evaluation.null(f"A {kinds.kind(function)} cannot be called")
            return None
        values = [each(frame) for each in arguments]
        return call_by_name(function, names, values, frame.evaluation)

    return run


def _builtin_of(function: syntax.Expression) -> str:
    if isinstance(function, syntax.Name) and builtins.declarations(function.name):
        return function.name
    return ""


@makes(syntax.FunctionLiteral)
def _function(node: syntax.FunctionLiteral, surroundings: Surroundings) -> Program:
    names = tuple(parameter.name for parameter in node.parameters)
    body = program(node.body, surroundings)
    wanted = tuple(
        (parameter.type and types.resolve(parameter.type, surroundings.types)) or types.ANY
        for parameter in node.parameters
    )
    is_external = node.is_external

    def run(frame: Frame) -> Value:
        def call(arguments: list[Value]) -> Value:
            evaluation = frame.evaluation
            if is_external:
                evaluation.null("A function outside the tables (Java, PMML) is never run")
                return None
            evaluation.enter_call()
            try:
                return body(frame.inner(dict(zip(names, arguments, strict=True))))
            finally:
                evaluation.leave_call()

        return Function("", names, call, wanted)

    return run
