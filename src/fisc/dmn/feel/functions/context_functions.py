"""Functions of contexts, and the few that take anything."""

from __future__ import annotations

from fisc.dmn.feel import comparison
from fisc.dmn.feel import values as kinds
from fisc.dmn.feel.functions.registry import function
from fisc.dmn.feel.values import DateTime, Time, Value

Context = dict[str, Value]


@function("get value", "context: context, key: string")
def get_value(context: Context, key: str) -> Value:
    return context.get(key)


@function("get value", "context: context, keys: list")
def get_value_within(context: Context, keys: list[Value]) -> Value:
    found: Value = context if keys else None
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


@function("get entries", "m: context")
def get_entries(context: Context) -> list[Context]:
    return [{"key": name, "value": value} for name, value in context.items()]


@function("context", "entries: list")
def context_of(entries: list[Value]) -> Context | None:
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@function("context put", "context: context, key: string, value: any")
def context_put(context: Context, key: str, value: Value) -> Context:
    return {**context, key: value}


@function("context put", "context: context, keys: list, value: any")
def context_put_within(context: Context, keys: list[Value], value: Value) -> Context | None:
    if not keys or not isinstance(keys[0], str):
        return None
    key, rest = keys[0], keys[1:]
    if not rest:
        return {**context, key: value}
    inner = context.get(key)
    if not isinstance(inner, dict):
        return None
    put = context_put_within(inner, rest, value)
    return None if put is None else {**context, key: put}


@function("context merge", "contexts: list")
def context_merge(contexts: list[Value]) -> Context | None:
    merged: Context = {}
    for each in contexts:
        if not isinstance(each, dict):
            return None
        merged.update(each)
    return merged


@function("not", "negand: boolean")
def not_(negand: bool) -> bool:  # noqa: FBT001 - a FEEL function's only argument
    return not negand


@function("is", "value1: any = _, value2: any = _")
def is_(left: Value = None, right: Value = None) -> bool:
    if kinds.kind(left) != kinds.kind(right):
        return False
    if isinstance(left, Time | DateTime):
        # The same instant in another zone is equal, but not the same.
        return bool(left == right)
    return comparison.is_same(left, right)
