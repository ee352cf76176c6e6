"""The project's own source, read as text and as syntax trees."""

from __future__ import annotations

import ast
import dataclasses
import functools
import pathlib
from collections.abc import Iterator

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "src" / "fisc"


@dataclasses.dataclass(frozen=True)
class File:
    path: pathlib.Path

    @property
    def name(self) -> str:
        return self.path.relative_to(CHECKOUT).as_posix()

    @property
    def place(self) -> tuple[str, ...]:
        """The rooms it is in, from the floor down: ("domain", "ledger", "queries.py")."""
        return self.path.relative_to(PACKAGE).parts

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return _tree(self.path)

    def is_in(self, *rooms: str) -> bool:
        """Tell whether one of its folders, or the file itself, has one of these names."""
        return any(part.removesuffix(".py") in rooms for part in self.place)


@functools.cache
def _tree(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def files_of(*folders: pathlib.Path) -> list[File]:
    """Return every Python file under some folders."""
    return [File(path) for folder in folders for path in sorted(folder.rglob("*.py"))]


def own_files() -> list[File]:
    """Return every Python file of the package."""
    return files_of(PACKAGE)


def imported_modules(file: File) -> Iterator[tuple[int, str]]:
    """Give the line and full name of each module, or object of a module, that a file imports."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def texts(file: File) -> Iterator[tuple[int, str]]:
    """Give the line and content of each text in a file that is not a docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(file.tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                yield node.lineno, text


def dotted(node: ast.expr) -> str:
    """Return a chain of names and calls as text: `models.Till.objects.filter().update`."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case ast.Call():
            return f"{dotted(node.func)}()"
        case ast.Subscript():
            return f"{dotted(node.value)}[]"
        case _:
            return "?"
