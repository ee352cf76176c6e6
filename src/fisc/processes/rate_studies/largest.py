"""The largest changes of a study, each with how its amounts came about: as billed, and now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fisc.dmn.columns import types
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import loading, replaying, values, wording
from fisc.domain.rule_tables.queries import versions
from fisc.processes.rate_studies import asking, counting, slices


def explained(
    changes: Sequence[counting.Changed], *, opened: Mapping[int, slices.Slice],
    draft: loading.Tables,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the changes as plain data: the bill, the cents, and both ways of reckoning.

    `opened` has the slices by their places.
    """
    return [_explained(each, part=opened[each.place], draft=draft) for each in changes]


def _explained(
    change: counting.Changed, *, part: slices.Slice, draft: loading.Tables
) -> dict[str, Any]:
    read = part.read(slices.BILLS, ["bill_id", "number", "account_id", "total_cents", "class"])
    held = {name: int(column[change.bill]) for name, column in read.items()}
    spread = asking.Spread(part, part.read(slices.PARTS, ["question", "bill"]))
    questions = spread.parts_of(change.bill).tolist()
    return {
        "bill_id": held["bill_id"],
        "number": held["number"],
        "account_id": held["account_id"],
        "class": part.about.texts[held["class"]] if held["class"] >= 0 else "",
        "month": part.about.month,
        "before_cents": held["total_cents"],
        "after_cents": held["total_cents"] + change.difference_cents,
        "difference_cents": change.difference_cents,
        "parts": [_of_question(each, part=part, draft=draft) for each in questions],
    }


def _of_question(question: int, *, part: slices.Slice, draft: loading.Tables) -> dict[str, Any]:
    """Return what was asked of the book for a part of a bill, and both answers."""
    facts = facts_of(question, part=part, point=draft.point)
    version_id = part.questions(["version_id"])["version_id"][question]
    billed = versions.version(version_id)
    return {
        "facts": [
            {
                "name": name,
                "words": draft.point.input_by_name[name].words or name.replace("_", " "),
                "value": _written(value, draft.point.input_by_name[name].kind),
                "unit": draft.point.input_by_name[name].unit,
            }
            for name, value in facts.items()
            if value is not None
        ],
        "before_version": billed.number,
        "before": _lines(billed.tables, facts),
        "after": _lines(draft, facts),
    }


def facts_of(
    question: int, *, part: slices.Slice, point: declarations.DecisionPoint
) -> dict[str, values.Value]:
    """Return a question of a slice as the facts that FEEL computes with."""
    names = [f"in_{each.name}" for each in point.inputs]
    read = part.questions(names)
    found: dict[str, values.Value] = {}
    for each in point.inputs:
        held = read[f"in_{each.name}"][question]
        if held is None:
            found[each.name] = None
        elif each.kind in types.TEXTUAL:
            found[each.name] = part.about.texts[held]
        else:
            found[each.name] = values.from_units(held, kind=each.kind, scale=each.declared().scale)
    return found


def _lines(tables: loading.Tables, facts: Mapping[str, values.Value]) -> list[dict[str, Any]]:
    return [
        {
            "line": decision,
            "value": _written(outcome.value, types.Kind.MONEY),
            "steps": [_step(each) for each in replaying.steps(outcome)],
        }
        for decision, outcome in tables.traced(facts).items()
        if outcome.value is not None
    ]


def _step(step: replaying.Step) -> dict[str, Any]:
    return {
        "decision": step.decision,
        "value": _written(step.value),
        "rules": [
            {"number": rule.number, "en": rule.text_en, "es": rule.text_es} for rule in step.rules
        ],
    }


def _written(value: object, kind: types.Kind | None = None) -> str:
    return wording.of_kind(value, kind=kind, language="en")
