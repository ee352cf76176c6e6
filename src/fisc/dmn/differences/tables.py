"""The differences of two decision tables: policies, columns, rules, cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fisc.dmn import model
from fisc.dmn.differences import alignment, texts
from fisc.dmn.differences.findings import Aspect, Change, Difference, Part

_Clause = model.InputClause | model.OutputClause


@dataclass(frozen=True, slots=True)
class _Columns:
    """Positions of the columns that both tables have, before and after."""

    conditions: tuple[tuple[int, int], ...]
    results: tuple[tuple[int, int], ...]
    notes: tuple[str, ...]


def between(
    before: model.DecisionTable, after: model.DecisionTable, *, at: Difference
) -> Iterator[Difference]:
    """Yield what differs; `at` says of which element, by which path."""
    here = dataclasses.replace(at, part=Part.TABLE, change=Change.CHANGED)
    for aspect, one, other in (
        (Aspect.HIT_POLICY, before.hit_policy.value, after.hit_policy.value),
        (Aspect.AGGREGATION, _aggregation(before), _aggregation(after)),
        (Aspect.TYPE, before.type_ref or "", after.type_ref or ""),
        (Aspect.DESCRIPTION, before.description, after.description),
    ):
        if one != other:
            yield dataclasses.replace(here, aspect=aspect, before=one, after=other)
    conditions = _matched(before.inputs, after.inputs)
    results = _matched(before.outputs, after.outputs)
    yield from _columns(before.inputs, after.inputs, conditions, here)
    yield from _columns(before.outputs, after.outputs, results, here)
    yield from _note_columns(before.annotation_names, after.annotation_names, here)
    notes = tuple(name for name in after.annotation_names if name in before.annotation_names)
    columns = _Columns(conditions, results, notes)
    yield from _rules(before, after, columns, here)


def _aggregation(table: model.DecisionTable) -> str:
    return table.aggregation.value if table.aggregation else ""


# --- Columns -------------------------------------------------------------------------------------


def _matched(before: Sequence[_Clause], after: Sequence[_Clause]) -> tuple[tuple[int, int], ...]:
    """Match columns by what they say, then by label, by id, and by place."""
    found: dict[int, int] = {}
    for key in (_said, _label, _id):
        open_after = {
            key(clause): there
            for there, clause in reversed(list(enumerate(after)))
            if there not in found.values() and key(clause)
        }
        for here, clause in enumerate(before):
            if here not in found and key(clause) in open_after:
                found[here] = open_after.pop(key(clause))
    if len(before) == len(after):
        for here in range(len(before)):
            if here not in found and here not in found.values():
                found[here] = here
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


def _said(clause: _Clause) -> str:
    return clause.text.strip() if isinstance(clause, model.InputClause) else clause.name or ""


def _label(clause: _Clause) -> str:
    return clause.label


def _id(clause: _Clause) -> str:
    return clause.id


def title(clause: _Clause) -> str:
    """What a column is called; empty for the only, unnamed result."""
    return clause.label or _said(clause)


def _columns(
    before: Sequence[_Clause],
    after: Sequence[_Clause],
    matched: Sequence[tuple[int, int]],
    at: Difference,
) -> Iterator[Difference]:
    both = (*before, *after)
    is_condition = bool(both) and isinstance(both[0], model.InputClause)
    here = dataclasses.replace(
        at, part=Part.CONDITION_COLUMN if is_condition else Part.RESULT_COLUMN
    )
    earlier, later = {one for one, _ in matched}, {other for _, other in matched}
    for number, clause in enumerate(before):
        if number not in earlier:
            yield _whole(here, Change.REMOVED, column=title(clause), before=_said(clause))
    for number, clause in enumerate(after):
        if number not in later:
            yield _whole(here, Change.ADDED, column=title(clause), after=_said(clause))
    for one, other in matched:
        yield from _clause(before[one], after[other], here)
    if [one for one, _ in matched] != sorted(one for one, _ in matched):
        yield dataclasses.replace(
            here,
            aspect=Aspect.ORDER,
            before=", ".join(title(before[one]) for one in sorted(earlier)),
            after=", ".join(title(before[one]) for one, _ in matched),
        )


def _whole(
    at: Difference, change: Change, *, column: str, before: str = "", after: str = ""
) -> Difference:
    return dataclasses.replace(
        at, aspect=Aspect.WHOLE, change=change, column=column, before=before, after=after
    )


def _clause(before: _Clause, after: _Clause, at: Difference) -> Iterator[Difference]:
    here = dataclasses.replace(at, column=title(after))
    said = Aspect.TEXT if isinstance(after, model.InputClause) else Aspect.NAME
    for aspect, one, other in (
        (Aspect.LABEL, before.label, after.label),
        (said, _said(before), _said(after)),
        (Aspect.TYPE, before.type_ref or "", after.type_ref or ""),
        (Aspect.VALUES, before.allowed_values_text.strip(), after.allowed_values_text.strip()),
        (Aspect.DESCRIPTION, before.description, after.description),
        (Aspect.DEFAULT, _default(before), _default(after)),
    ):
        if one != other:
            yield text_changed(dataclasses.replace(here, aspect=aspect), one, other)


def _default(clause: _Clause) -> str:
    if isinstance(clause, model.OutputClause) and clause.default is not None:
        return clause.default.text.strip()
    return ""


def _note_columns(
    before: Sequence[str], after: Sequence[str], at: Difference
) -> Iterator[Difference]:
    here = dataclasses.replace(at, part=Part.NOTE_COLUMN)
    for name in before:
        if name not in after:
            yield _whole(here, Change.REMOVED, column=name)
    for name in after:
        if name not in before:
            yield _whole(here, Change.ADDED, column=name)


# --- Rules ---------------------------------------------------------------------------------------


def _rules(
    before: model.DecisionTable, after: model.DecisionTable, columns: _Columns, at: Difference
) -> Iterator[Difference]:
    here = dataclasses.replace(at, part=Part.RULE, aspect=Aspect.WHOLE)
    left = [_row(rule, columns, side=0) for rule in before.rules]
    right = [_row(rule, columns, side=1) for rule in after.rules]
    for pair in alignment.pairs(left, right):
        placed = dataclasses.replace(
            here,
            rule_before=0 if pair.before is None else pair.before + 1,
            rule_after=0 if pair.after is None else pair.after + 1,
        )
        if pair.before is None and pair.after is not None:
            said = in_short(after, after.rules[pair.after])
            yield dataclasses.replace(placed, change=Change.ADDED, after=said)
        elif pair.after is None and pair.before is not None:
            said = in_short(before, before.rules[pair.before])
            yield dataclasses.replace(placed, change=Change.REMOVED, before=said)
        elif pair.before is not None and pair.after is not None:
            if pair.is_moved:
                said = in_short(after, after.rules[pair.after])
                yield dataclasses.replace(placed, change=Change.MOVED, after=said)
            rules = before.rules[pair.before], after.rules[pair.after]
            yield from _cells(*rules, after, columns, placed)


def _row(rule: model.Rule, columns: _Columns, *, side: int) -> alignment.Row:
    return alignment.Row(
        conditions=tuple(rule.inputs[pair[side]].text.strip() for pair in columns.conditions),
        results=tuple(rule.outputs[pair[side]].text.strip() for pair in columns.results),
        notes=tuple(rule.annotations.get(name, "").strip() for name in columns.notes),
        id=rule.id,
    )


def in_short(table: model.DecisionTable, rule: model.Rule) -> str:
    """Return a rule on one line: its conditions that ask for something, and its results."""
    asked = [
        f"{title(clause)} {entry.text.strip()}"
        for clause, entry in zip(table.inputs, rule.inputs, strict=False)
        if entry.text.strip() not in ("", "-")
    ]
    given = [entry.text.strip() for entry in rule.outputs]
    return f"{' & '.join(asked) or '-'} → {' | '.join(given)}"


def _cells(
    before: model.Rule,
    after: model.Rule,
    table: model.DecisionTable,
    columns: _Columns,
    at: Difference,
) -> Iterator[Difference]:
    here = dataclasses.replace(at, aspect=Aspect.TEXT, change=Change.CHANGED, before="", after="")
    cells = [
        (
            Part.CONDITION,
            title(table.inputs[there]),
            before.inputs[one].text.strip(),
            after.inputs[there].text.strip(),
        )
        for one, there in columns.conditions
    ] + [
        (
            Part.RESULT,
            title(table.outputs[there]),
            before.outputs[one].text.strip(),
            after.outputs[there].text.strip(),
        )
        for one, there in columns.results
    ]
    for part, column, earlier, later in cells:
        if earlier != later:
            placed = dataclasses.replace(here, part=part, column=column)
            yield text_changed(placed, earlier, later)
    for name in columns.notes:
        one, other = before.annotations.get(name, ""), after.annotations.get(name, "")
        if one.strip() != other.strip():
            yield dataclasses.replace(
                here, part=Part.NOTE, column=name, before=one.strip(), after=other.strip()
            )
    if before.description != after.description:
        yield dataclasses.replace(
            here,
            part=Part.RULE,
            aspect=Aspect.DESCRIPTION,
            before=before.description,
            after=after.description,
        )


def text_changed(at: Difference, before: str, after: str) -> Difference:
    """Say that a FEEL text changed, with the numbers that did where nothing else did."""
    constants, is_same = texts.compared(before, after)
    return dataclasses.replace(
        at,
        change=Change.CHANGED,
        before=before,
        after=after,
        constants=constants,
        is_same_meaning=is_same,
    )
