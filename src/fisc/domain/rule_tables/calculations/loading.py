"""From the bytes of a DMN file to tables that compute."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence

from fisc.dmn import cases, imports
from fisc.dmn import model as dmn
from fisc.dmn.columns import compile as compiling
from fisc.dmn.columns import evaluate, types
from fisc.dmn.xml import problems, reader
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import shared


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """A model read and compiled for its decision point."""

    point: declarations.DecisionPoint
    sha256: str
    model: dmn.Model
    program: compiling.Program

    @property
    def lines(self) -> tuple[declarations.OutputLine, ...]:
        """The output lines that the book has, in the order declared."""
        written = {each.name for each in self.program.outputs}
        return tuple(each for each in self.point.outputs if each.decision in written)

    @property
    def ways(self) -> tuple[str, ...]:
        """How each line is computed over columns, in words."""
        return tuple(compiling.words(self.program.report))

    def evaluate(self, columns: Mapping[str, types.Column], *, rows: int = 0) -> types.Result:
        """Compute every line of every row; results are named by the decisions.

        `rows` says how many there are where the tables ask for nothing. What columns have no
        exact form for, the case evaluator computes row by row.
        """
        return evaluate.evaluate(program=self.program, columns=columns, rows=rows)

    def answers(self, inputs: Mapping[str, object]) -> dict[str, object]:
        """Compute every line of one set of facts with the case evaluator, by decision."""
        prepared = cases.prepare(self.model)
        asked = self.asked(inputs)
        return {line.decision: prepared.evaluate(line.decision, asked) for line in self.lines}

    def traced(self, inputs: Mapping[str, object]) -> dict[str, cases.Outcome]:
        """Compute every line of one set of facts, each with the steps that made it."""
        prepared = cases.prepare(self.model)
        asked = self.asked(inputs)
        return {line.decision: prepared.trace(line.decision, asked) for line in self.lines}

    def asked(self, inputs: Mapping[str, object]) -> dict[str, object]:
        """Return those of some facts that the tables ask for."""
        return {name: inputs.get(name) for name in imports.input_names(self.model)}


# Versions in force are kept for good by the queries; here, what was loaded last, drafts too.
MOST_KEPT = 64
_loaded: dict[tuple[str, str, str], Tables] = {}
_read: dict[tuple[str, str], dmn.Model] = {}


def load(
    content: bytes, *, point: declarations.DecisionPoint, imported: Sequence[bytes] = ()
) -> Tables:
    """Read and compile a file with the files it imports, directly or not, all given.

    The same bytes for the same decision point are, lately, only compiled once. Raises
    fisc.dmn.xml.problems.ModelIsRefused.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    key = (point.name, sha256, sha256_of(imported))
    if key not in _loaded:
        read = model_of(content, imported=imported)
        if len(_loaded) >= MOST_KEPT:
            _loaded.pop(next(iter(_loaded)))
        _loaded[key] = Tables(
            point=point, sha256=sha256, model=read, program=compiled(read, point=point)
        )
    return _loaded[key]


def model_of(content: bytes, *, imported: Sequence[bytes] = ()) -> dmn.Model:
    """Read a file with the files it imports; the same bytes, lately, only once.

    Raises fisc.dmn.xml.problems.ModelIsRefused, for an import of no shared book too.
    """
    shared.wanted(content)
    key = (hashlib.sha256(content).hexdigest(), sha256_of(imported))
    if key not in _read:
        read = reader.read(content, imported=imported)
        if len(_read) >= MOST_KEPT:
            _read.pop(next(iter(_read)))
        _read[key] = read
    return _read[key]


def sha256_of(imported: Sequence[bytes]) -> str:
    """Return a hash of the files that a file imports, whatever their order; nothing of none."""
    hashes = sorted(hashlib.sha256(each).hexdigest() for each in imported)
    return hashlib.sha256("".join(hashes).encode()).hexdigest() if hashes else ""


def shared_point(
    name: str, content: bytes, *, imported: Sequence[bytes] = ()
) -> declarations.DecisionPoint:
    """Return what a shared book's file declares; of one that cannot be read, nothing."""
    try:
        return shared.point(name, model_of(content, imported=imported))
    except problems.ModelIsRefused:
        return shared.point(name, None)


def compiled(read: dmn.Model, *, point: declarations.DecisionPoint) -> compiling.Program:
    """Compile the lines of a decision point that a model has, over the facts that it asks for."""
    asked = set(imports.input_names(read))
    written = {each.name for each in read.definitions.decisions}
    return compiling.compile_model(
        model=read,
        inputs=[each.declared() for each in point.inputs if each.name in asked],
        outputs=[each.declared() for each in point.outputs if each.decision in written],
    )
