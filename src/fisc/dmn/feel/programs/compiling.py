"""Turns syntax trees into Python closures, one maker for each kind of node.

A table is compiled once and then run many times; the makers register themselves here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fisc.dmn.feel import syntax
from fisc.dmn.feel.programs.frames import Frame, Program, TestProgram
from fisc.dmn.feel.types import Type
from fisc.dmn.feel.values import Value


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text may name besides variables: the model's types."""

    types: Mapping[str, Type] = field(default_factory=dict)


Maker = Callable[[Any, Surroundings], Program]
MAKERS: dict[type[syntax.Node], Maker] = {}
TestMaker = Callable[[Any, Surroundings], TestProgram]
TEST_MAKERS: dict[type[syntax.Node], TestMaker] = {}


def makes(kind: type[syntax.Node]) -> Callable[[Maker], Maker]:
    """Declare the maker for one kind of expression."""

    def declare(maker: Maker) -> Maker:
        MAKERS[kind] = maker
        return maker

    return declare


def makes_test(kind: type[syntax.Node]) -> Callable[[TestMaker], TestMaker]:
    """Declare the maker for one kind of test."""

    def declare(maker: TestMaker) -> TestMaker:
        TEST_MAKERS[kind] = maker
        return maker

    return declare


def program(node: syntax.Expression, surroundings: Surroundings) -> Program:
    """Make an expression ready to run."""
    return MAKERS[type(node)](node, surroundings)


def test_program(node: syntax.Test, surroundings: Surroundings) -> TestProgram:
    """Make a test ready to run."""
    return TEST_MAKERS[type(node)](node, surroundings)


def constant(value: Value) -> Program:
    def run(_: Frame) -> Value:
        return value

    return run
