"""Limits on the tail: what is long today may only become shorter."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator

from tests.architecture import source

FUNCTION_LINES_MAX = 50
FILE_LINES_MAX = 400
ARGUMENTS_MAX = 8
EXCEPTIONS = source.CHECKOUT / "tests" / "architecture" / "sizes.toml"


def test_functions_are_short() -> None:
    found = dict(each_function(lines_of))

    assert beyond(found, FUNCTION_LINES_MAX) == allowed("function_lines")


def test_functions_take_few_arguments() -> None:
    found = dict(each_function(arguments_of))

    assert beyond(found, ARGUMENTS_MAX) == allowed("arguments")


def test_files_are_short() -> None:
    found = {file.name: len(file.text.splitlines()) for file in measured()}

    assert beyond(found, FILE_LINES_MAX) == allowed("file_lines")


def beyond(found: dict[str, int], limit: int) -> dict[str, int]:
    return {name: size for name, size in found.items() if size > limit}


def allowed(what: str) -> dict[str, int]:
    """Return the listed exceptions; one that became shorter must be lowered in the list too."""
    listed: dict[str, int] = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))[what]
    return listed


def measured() -> list[source.File]:
    folders = [source.CHECKOUT / name for name in ("src", "tests", "bench")]
    return [file for file in source.files_of(*folders) if "migrations" not in file.path.parts]


type_of_function = ast.FunctionDef | ast.AsyncFunctionDef


def each_function(measure: object) -> Iterator[tuple[str, int]]:
    assert callable(measure)
    for file in measured():
        for node in ast.walk(file.tree):
            if isinstance(node, type_of_function):
                yield f"{file.name}::{node.name}", measure(node)


def lines_of(node: ast.FunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def arguments_of(node: ast.FunctionDef) -> int:
    names = [each.arg for each in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]]
    return len([name for name in names if name not in {"self", "cls"}])
