"""The makers of every kind of node, brought together, and the two ways in."""

from __future__ import annotations

from fisc.dmn.feel import syntax
from fisc.dmn.feel.programs import calls, compiling, forms, operators, tests
from fisc.dmn.feel.programs.compiling import Surroundings
from fisc.dmn.feel.programs.frames import Program
from fisc.dmn.feel.programs.tests import CellProgram

MAKERS = (calls, forms, operators, tests)


def expression(tree: syntax.Expression, surroundings: Surroundings) -> Program:
    """Make an expression ready to run."""
    return compiling.program(tree, surroundings)


def cell(tree: syntax.UnaryTests, surroundings: Surroundings) -> CellProgram | None:
    """Make a cell of tests ready to run; None for one that everything passes."""
    return tests.cell(tree, surroundings)
