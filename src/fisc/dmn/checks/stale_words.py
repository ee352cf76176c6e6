"""Rules whose cells changed while what is written beside them did not.

A rule's words are what an explanation tells a customer, and its citation where the figure is
published. A rate that changed alone is explained with the old rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fisc.dmn import model as dmn
from fisc.dmn.checks import coverage, findings, words
from fisc.dmn.checks.findings import Finding, Kind, Severity


def check(after: dmn.Model, *, before: dmn.Model, annotations: Sequence[str]) -> Iterator[Finding]:
    """Find the rules of a file that changed since another, whose annotations stayed.

    Rules are the same by their id within the table of the same decision; `annotations` names those
    that speak of the rule's figures.
    """
    known = {
        (decision.name, rule.id): rule
        for decision, table in coverage.tables_of(before)
        for rule in table.rules
        if rule.id
    }
    for decision, table in coverage.tables_of(after):
        for number, rule in enumerate(table.rules, start=1):
            old = known.get((decision.name, rule.id))
            if old is not None and (found := _stale(decision.name, number, old, rule, annotations)):
                yield found


def _stale(
    decision: str, number: int, old: dmn.Rule, new: dmn.Rule, annotations: Sequence[str]
) -> Finding | None:
    changed = [
        words.STALE_CELL.format(before=before, after=after)
        for before, after in zip(_cells(old), _cells(new), strict=False)
        if before != after
    ]
    stayed = [
        name
        for name in annotations
        if (text := new.annotations.get(name, "")) and text == old.annotations.get(name)
    ]
    if not changed or not stayed:
        return None
    text = words.STALE.format(
        decision=decision,
        rule=number,
        cells=", ".join(changed),
        annotations=", ".join(f"“{each}”" for each in stayed),
    )
    return Finding(
        kind=Kind.STALE,
        severity=Severity.LOOK,
        decision=decision,
        rule=number,
        words=text,
        key=findings.key(Kind.STALE, decision, *_cells(new), *stayed),
    )


def _cells(rule: dmn.Rule) -> list[str]:
    return [each.text.strip() for each in rule.inputs] + [
        each.text.strip() for each in rule.outputs
    ]
