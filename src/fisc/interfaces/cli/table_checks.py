"""What `fisc tables check` says of what the checks at publish find."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from fisc.dmn.checks import findings
from fisc.domain.rule_tables.calculations import publishing


def as_data(found: findings.Report) -> dict[str, object]:
    """A report as plain data."""
    return {
        "findings": [_finding(each) for each in found.findings],
        "not_proved": [each.words for each in found.not_proved],
        "reconciled": [reconciled(each) for each in found.reconciled],
        "changes": {
            "tried": found.changes.tried,
            "noticed": found.changes.noticed,
            "unnoticed": found.changes.unnoticed,
            "without_effect": found.changes.without_effect,
        },
        "seconds": round(found.seconds, 3),
    }


def lines(each: publishing.FileReport) -> Iterator[tuple[str, str]]:
    """A report as lines, each with its style."""
    found = each.report
    for one in found.findings:
        if one.stops:
            yield f"{each.file}: {one.words}", "red"
    for beside in found.reconciled:
        yield from ((f"    {text}", "dim") for text in said_beside(beside))
    looked_at = [one for one in found.findings if not one.stops and not one.accepted]
    for one in looked_at:
        yield f"    {one.words} [{one.key}]", "dim"
    for one in found.findings:
        if one.accepted:
            yield f"    accepted ({one.accepted}): {one.words}", "dim"
    for open_one in found.not_proved:
        yield f"    {open_one.words}", "dim"
    changes = found.changes
    noticed = f"{changes.noticed} noticed by a case, {changes.unnoticed} by none"
    told = f"{changes.tried} changes tried: {noticed}, {changes.without_effect} without effect"
    yield f"    {told}", "dim"


def said_beside(each: findings.Reconciled) -> Iterator[str]:
    """How a table and its source stand to each other, as lines."""
    if each.agrees:
        totals = f", totals {each.totals}" if each.totals else ""
        yield f"“{each.decision}” agrees with its source {each.name}: {each.rows} rows{totals}"
    since = each.since_last
    if since is not None:
        yield (
            f"since last time ({since.name}): {since.added} added, {since.removed} removed, "
            f"{since.changed} changed"
        )
        yield from (
            f"  {before or 'nothing'} → {after or 'nothing'}" for before, after in since.listed
        )


def reconciled(each: findings.Reconciled) -> dict[str, object]:
    """The same as plain data."""
    return dataclasses.asdict(each)


def _finding(each: findings.Finding) -> dict[str, object]:
    example = each.example
    return {
        "kind": each.kind.value,
        "severity": each.severity.value,
        "decision": each.decision,
        "rule": each.rule,
        "column": each.column,
        "words": each.words,
        "key": each.key,
        "accepted": each.accepted,
        "example": None
        if example is None
        else {name: None if value is None else str(value) for name, value in example.items()},
    }
