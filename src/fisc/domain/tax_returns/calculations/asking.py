"""Asking a version of tables about many rows at once, as columns; one row is asked the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from fisc.domain.rule_tables.calculations import loading, values

Facts = Mapping[str, values.Value]
Answers = dict[str, values.Value]


class NoAnswer(Exception):
    """A table gives no answer for facts that it must answer."""


def ask(tables: loading.Tables, rows: Sequence[Facts]) -> list[Answers]:
    """Return what the tables answer to each row of facts, by the names of the output lines.

    Null where a table has no rule for a row; every fact that the point declares must be given.
    """
    if not rows:
        return []
    columns = {
        each.name: values.to_column([row[each.name] for row in rows], declared=each)
        for each in tables.program.inputs
    }
    result = tables.evaluate(columns, rows=len(rows))
    return [
        {
            line.name: values.from_column(
                result.outputs[line.decision], row, declared=line.declared()
            )
            for line in tables.lines
        }
        for row in range(len(rows))
    ]


def needed(answers: Answers, *names: str, tables: loading.Tables, facts: Facts) -> None:
    """Raise NoAnswer, naming every answer of `names` that is null and the facts it was asked of."""
    missing = [name for name in names if answers.get(name) is None]
    if missing:
        said = ", ".join(f"{name} {value}" for name, value in facts.items())
        raise NoAnswer(
            f"The table for {tables.point.name} ({tables.point.words}) gives no "
            f"{', no '.join(missing)} for: {said}. Add a rule for these facts to the table, or "
            "correct the facts."
        )


def money(cents: int) -> Decimal:
    """Return whole cents as the money that tables compute with."""
    return Decimal(cents).scaleb(-2)


def cents(value: values.Value) -> int:
    """Return the money that a table gave as whole cents; null is none."""
    return 0 if value is None else int(Decimal(str(value)).scaleb(2))


def number(count: int) -> Decimal:
    """Return a count as the number that tables compute with."""
    return Decimal(count)


def whole(value: values.Value) -> int:
    """Return a whole number that a table gave."""
    return int(Decimal(str(value)))
