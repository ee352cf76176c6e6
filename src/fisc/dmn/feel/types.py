"""Types of values: what conforms to one, and how FEEL bends a value to the type that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from fisc.dmn.feel import calendar, syntax
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.values import Function, Range, Value

Form = Literal["any", "plain", "list", "range", "context", "function"]
Check = Callable[[Value], bool]


@dataclass(frozen=True, slots=True)
class Type:
    """`plain` types are told by `kind`; `check`, when given, is a constraint beyond the type."""

    form: Form
    kind: str = ""
    element: Type | None = None
    members: tuple[tuple[str, Type], ...] = ()
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None
    check: Check | None = None


ANY = Type("any")
PLAIN = {
    kind: Type("plain", kind)
    for kind in (
        kinds.NUMBER,
        kinds.STRING,
        kinds.BOOLEAN,
        kinds.DATE,
        kinds.TIME,
        kinds.DATE_TIME,
        kinds.DAYS_DURATION,
        kinds.MONTHS_DURATION,
    )
}
NAMED: dict[str, Type] = {
    **PLAIN,
    "Any": ANY,
    "Null": Type("plain", kinds.NULL),
    "list": Type("list", element=ANY),
    "range": Type("range", element=ANY),
    "context": Type("context"),
    "function": Type("function"),
    # Spellings of DMN 1.1 and 1.2 that files still have.
    "dateTime": PLAIN[kinds.DATE_TIME],
    "dayTimeDuration": PLAIN[kinds.DAYS_DURATION],
    "yearMonthDuration": PLAIN[kinds.MONTHS_DURATION],
}


def conforms(value: Value, wanted: Type) -> bool:
    """Whether a value is of a type; null is of every type."""
    if value is None:
        return True
    if wanted.form == "plain" and kinds.kind(value) != wanted.kind:
        return False
    if not _FORMS[wanted.form](value, wanted):
        return False
    return wanted.check is None or wanted.check(value)


def is_instance(value: Value, wanted: Type) -> bool:
    """The answer to `instance of`.

    As `conforms`, but null is an instance of Null only, and allowed values do not count.
    """
    if value is None:
        return wanted.kind == kinds.NULL
    return conforms(value, _without_checks(wanted))


def _without_checks(wanted: Type) -> Type:
    """The bare type: allowed values are a matter of borders, not of what a value is."""
    return replace(
        wanted,
        check=None,
        element=wanted.element and _without_checks(wanted.element),
        members=tuple((name, _without_checks(each)) for name, each in wanted.members),
    )


def _is_list(value: Value, wanted: Type) -> bool:
    if type(value) is not list:
        return False
    element = wanted.element
    return element is None or all(conforms(item, element) for item in value)


def _is_range(value: Value, wanted: Type) -> bool:
    if not isinstance(value, Range):
        return False
    element = wanted.element
    ends = [end for end in (value.low, value.high) if end is not None]
    if element is None or element.form == "any":
        return True
    return bool(ends) and all(conforms(end, element) for end in ends)


def _is_context(value: Value, wanted: Type) -> bool:
    if type(value) is not dict:
        return False
    return all(name in value and conforms(value[name], each) for name, each in wanted.members)


def _is_function(value: Value, wanted: Type) -> bool:
    if not isinstance(value, Function):
        return False
    if wanted.parameters is None:
        return True
    if value.parameters is None or len(value.parameters) != len(wanted.parameters):
        return False
    given = value.parameter_types or (ANY,) * len(wanted.parameters)
    if not all(accepts(have, want) for have, want in zip(given, wanted.parameters, strict=True)):
        return False
    return wanted.result is None or accepts(wanted.result, value.result_type or ANY)


_FORMS: dict[str, Callable[[Value, Type], bool]] = {
    "any": lambda _, __: True,
    "plain": lambda _, __: True,
    "list": _is_list,
    "range": _is_range,
    "context": _is_context,
    "function": _is_function,
}


def accepts(wide: Type, narrow: Type) -> bool:
    """Whether every value of the second type is of the first."""
    if wide.form == "any" or narrow.kind == kinds.NULL:
        return True
    if wide.form != narrow.form or wide.kind != narrow.kind:
        return False
    if wide.form in ("list", "range"):
        return accepts(wide.element or ANY, narrow.element or ANY)
    if wide.form == "context":
        offered = dict(narrow.members)
        return all(name in offered and accepts(each, offered[name]) for name, each in wide.members)
    return True


def bend(value: Value, wanted: Type) -> Value:
    """Bend a value to a type as DMN does on every border, or give None.

    One item where a list is wanted becomes a list of it; a list of one where an item is wanted
    becomes the item; a date where a date and time is wanted becomes its midnight in UTC.
    """
    if conforms(value, wanted):
        return value
    if wanted.form == "list" and type(value) is not list:
        return _if_conforms([value], wanted)
    if type(value) is list and len(value) == 1 and wanted.form != "list":
        return _if_conforms(value[0], wanted)
    if wanted.kind == kinds.DATE_TIME and kinds.kind(value) == kinds.DATE:
        return _if_conforms(calendar.midnight(value), wanted)
    return None


def _if_conforms(value: Value, wanted: Type) -> Value:
    return value if conforms(value, wanted) else None


def resolve(written: syntax.Type, named: Mapping[str, Type]) -> Type | None:
    """The type that FEEL text writes; None when a name in it is unknown."""
    if isinstance(written, syntax.NamedType):
        return NAMED.get(written.name) or named.get(written.name)
    if isinstance(written, syntax.ListType | syntax.RangeType):
        element = resolve(written.element, named)
        form: Form = "list" if isinstance(written, syntax.ListType) else "range"
        return None if element is None else Type(form, element=element)
    if isinstance(written, syntax.ContextType):
        return _resolve_context(written, named)
    return _resolve_function(written, named)


def _resolve_context(written: syntax.ContextType, named: Mapping[str, Type]) -> Type | None:
    members = [(name, resolve(each, named)) for name, each in written.members]
    known = tuple((name, each) for name, each in members if each is not None)
    return Type("context", members=known) if len(known) == len(members) else None


def _resolve_function(written: syntax.FunctionType, named: Mapping[str, Type]) -> Type | None:
    parameters = [resolve(each, named) for each in written.parameters]
    known = tuple(each for each in parameters if each is not None)
    result = resolve(written.result, named)
    if len(known) < len(parameters) or result is None:
        return None
    return Type("function", parameters=known, result=result)
