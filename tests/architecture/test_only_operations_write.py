from __future__ import annotations

import ast
import re

from tests.architecture import source

# Names that mean a write whatever they are called on.
ALWAYS = {
    "save", "asave", "bulk_create", "abulk_create", "bulk_update", "abulk_update",
    "get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create",
}  # fmt: skip
# Names that other things have too: a write when called on rows of a model.
ON_ROWS = {"create", "acreate", "update", "aupdate", "delete", "adelete"}
ROWS = re.compile(r"\bobjects\b|\.(filter|exclude|all|order_by|select_for_update)\(\)")
SQL_WRITE = re.compile(
    r"\b(insert\s+into|update\s+\w+\s+(as\s+\w+\s+|\w+\s+)?set|delete\s+from|truncate|"
    r"copy\s+\w+[^;]*\bfrom\s+stdin)\b",
    re.IGNORECASE,
)
# What writes by its nature: the operations, the tables' own history, the tools under them.
MAY_WRITE = ("operations", "migrations", "postgres", "bulk_copy")


def test_only_operations_write() -> None:
    writes = [
        f"{file.name}:{line} {what}"
        for file in source.own_files()
        if not file.is_in(*MAY_WRITE)
        for line, what in [*calls_that_write(file), *sql_that_writes(file)]
    ]

    assert writes == []


def calls_that_write(file: source.File) -> list[tuple[int, str]]:
    return [
        (node.lineno, f"{source.dotted(node.func)}()")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ALWAYS
        or (node.func.attr in ON_ROWS and ROWS.search(source.dotted(node.func.value)))
    ]


def sql_that_writes(file: source.File) -> list[tuple[int, str]]:
    return [
        (line, " ".join(found[0].split()))
        for line, text in source.texts(file)
        if (found := SQL_WRITE.search(text))
    ]
