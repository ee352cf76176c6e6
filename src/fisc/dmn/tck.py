"""Runs the public compatibility kit of DMN over a folder and tells how we stand.

A folder of the kit holds `NNNN-name/*.dmn` (models, perhaps importing one another) and
`NNNN-name/*-test-*.xml` (cases with what is expected).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from fisc.dmn import cases, model
from fisc.dmn.feel import calendar, comparison, evaluation, texts
from fisc.dmn.feel.values import Value
from fisc.dmn.xml import problems, reader, source
from fisc.dmn.xml.source import Element

NAMESPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"

# What the kit itself allows numbers to differ by.
TOLERANCE = Decimal("1e-8")
# Any instant will do for now(); a fixed one makes runs comparable.
CLOCK = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)


class NoCasesFound(Exception):
    """The folder holds no cases of the kit."""


class UnreadableCase(Exception):
    """A case of the kit has a value that cannot be read."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not come out as expected."""

    suite: str
    case: str
    reason: str

    def __str__(self) -> str:
        return f"{self.suite} {self.case}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Report:
    """How many cases passed and failed, and why."""

    passed: int
    failed: int
    failures: tuple[Failure, ...]

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def run(directory: Path) -> Report:
    """Run every case below a folder; raises `NoCasesFound` when there is none."""
    passed = 0
    failures: list[Failure] = []
    files = sorted(directory.rglob("*-test-*.xml"))
    if not files:
        raise NoCasesFound(
            f"{directory} holds no files named *-test-*.xml. Give a folder of the DMN"
            " compatibility kit, e.g. TestCases/compliance-level-2."
        )
    for file in files:
        for case, reason in _run_file(file):
            if reason:
                failures.append(Failure(file.parent.name, case, reason))
            else:
                passed += 1
    return Report(passed, len(failures), tuple(failures))


def _run_file(file: Path) -> Iterator[tuple[str, str]]:
    """Each case of a file with why it failed; an empty reason is a pass."""
    root = source.root(file.read_bytes())
    all_cases = root.findall(f"{NAMESPACE}testCase")
    try:
        prepared = _prepared(file.parent, root.findtext(f"{NAMESPACE}modelName") or "")
    except problems.ModelIsRefused as refusal:
        for case in all_cases:
            yield _name(case), f"the model is refused: {refusal}"
        return
    for case in all_cases:
        yield _name(case), "; ".join(_differences(prepared, case))


def _name(case: Element) -> str:
    return str(case.get("id") or case.get("name") or "")


def _prepared(folder: Path, model_name: str) -> cases.Prepared:
    files = {each.name: each.read_bytes() for each in sorted(folder.glob("*.dmn"))}
    main = model_name if model_name in files else next(iter(files), "")
    if not main:
        raise problems.ModelIsRefused(
            [problems.Problem(model.Place(str(folder)), "It holds no model.")]
        )
    content = files.pop(main)
    return cases.Prepared(reader.read(content, imported=files.values(), is_strict=False))


# --- One case ------------------------------------------------------------------------------------


def _differences(prepared: cases.Prepared, case: Element) -> Iterator[str]:
    try:
        inputs = {
            str(each.get("name")): read_value(each)
            for each in case.findall(f"{NAMESPACE}inputNode")
        }
    except UnreadableCase as problem:
        yield str(problem)
        return
    for node in case.findall(f"{NAMESPACE}resultNode"):
        reason = _difference(prepared, case, node, inputs)
        if reason:
            yield reason


def _difference(
    prepared: cases.Prepared, case: Element, node: Element, inputs: dict[str, Value]
) -> str:
    name = str(node.get("name"))
    expects_error = node.get("errorResult") == "true"
    expected_node = node.find(f"{NAMESPACE}expected")
    expected = None if expected_node is None else read_value(expected_node)
    try:
        actual = _actual(prepared, case, name, inputs)
    except (evaluation.TooManySteps, cases.UnknownDecision, cases.UnknownInput) as problem:
        return "" if expects_error else f"{name}: {problem}"
    if expects_error and actual is None:
        return ""
    if is_close(actual, expected):
        return ""
    return f"{name}: expected {texts.text(expected)}, got {texts.text(actual)}"


def _actual(prepared: cases.Prepared, case: Element, name: str, inputs: dict[str, Value]) -> Value:
    if case.get("type", "decision") == "decision":
        return prepared.evaluate(name, inputs, clock=CLOCK)
    value = prepared.call(str(case.get("invocableName")), inputs, clock=CLOCK)
    service_outputs = _outputs_of(prepared, str(case.get("invocableName")))
    if len(service_outputs) > 1 and isinstance(value, dict):
        return value.get(name)
    return value


def _outputs_of(prepared: cases.Prepared, service: str) -> tuple[object, ...]:
    for each in prepared.model.definitions.services:
        if each.name == service:
            return each.output_decisions
    return ()


def is_close(actual: Value, expected: Value) -> bool:
    """Whether a result is what the kit expects, numbers within its tolerance."""
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= TOLERANCE
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(is_close, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(
            is_close(value, expected[name]) for name, value in actual.items()
        )
    return comparison.is_same(actual, expected)


# --- Values --------------------------------------------------------------------------------------


def read_value(element: Element) -> Value:
    """The value that an element of a case holds: plain, a list or a context."""
    value = element.find(f"{NAMESPACE}value")
    if value is not None:
        return None if _is_nil(value) else _plain(value)
    items = element.find(f"{NAMESPACE}list")
    if items is not None:
        if _is_nil(items):
            return None
        return [read_value(item) for item in items.findall(f"{NAMESPACE}item")]
    components = element.findall(f"{NAMESPACE}component")
    if not components or any(_is_nil(each) and each.get("name") is None for each in components):
        return None
    return {
        str(each.get("name")): None if _is_nil(each) else read_value(each) for each in components
    }


def _is_nil(element: Element) -> bool:
    return element.get(f"{_INSTANCE}nil") == "true"


def _plain(element: Element) -> Value:
    text = "".join(str(part) for part in element.itertext())
    kind = str(element.get(f"{_INSTANCE}type") or "string").rpartition(":")[2]
    if kind == "string":
        return text
    found = _typed(kind, text.strip())
    if found is None:
        raise UnreadableCase(f'"{text}" is no value of type {kind}')
    return found


def _typed(kind: str, text: str) -> Value:
    if kind in ("decimal", "double", "integer", "int", "long", "float"):
        try:
            return Decimal(text)
        except InvalidOperation:
            return None
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text)
    readers = {
        "date": calendar.read_date,
        "time": calendar.read_time,
        "dateTime": calendar.read_date_time,
        "duration": calendar.read_duration,
    }
    return readers[kind](text) if kind in readers else None
