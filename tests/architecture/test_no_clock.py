from __future__ import annotations

import ast
import re

from tests.architecture import source

CLOCKS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|"
    r"time\.(time|time_ns|localtime|gmtime)|timezone\.(now|localdate|localtime))$"
)
SQL_CLOCKS = re.compile(
    r"\b(now\(\)|current_date\b|current_timestamp\b|localtimestamp\b|"
    r"(clock|statement|transaction)_timestamp\(\))",
    re.IGNORECASE,
)


def test_only_interfaces_read_the_clock() -> None:
    readings = [
        f"{file.name}:{node.lineno} {source.dotted(node.func)}()"
        for file in source.own_files()
        if file.place[0] != "interfaces"
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call) and CLOCKS.search(source.dotted(node.func))
    ]

    assert readings == []


def test_no_statement_asks_the_server_for_the_time() -> None:
    readings = [
        f"{file.name}:{line} {found[0]}"
        for file in source.own_files()
        if file.place[0] != "interfaces"
        for line, text in source.texts(file)
        # FEEL has functions of these names, and refuses them by name.
        if file.place[0] != "dmn" and (found := SQL_CLOCKS.search(text))
    ]

    assert readings == []
