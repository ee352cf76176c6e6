"""The decision points that subjects declare, and those that shared books' files do."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence

from django import apps

from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import loading, shared


class NoSuchDecisionPoint(Exception):
    """No subject declares a decision point of that name."""


def decision_points() -> dict[str, declarations.DecisionPoint]:
    """Return every decision point that an installed subject declares, by name."""
    found = {}
    for config in apps.apps.get_app_configs():
        name = f"{config.name}.decision_points"
        if config.name.startswith("fisc.") and importlib.util.find_spec(name) is not None:
            module = importlib.import_module(name)
            found.update({each.name: each for each in module.DECISION_POINTS})
    return dict(sorted(found.items()))


def decision_point(name: str) -> declarations.DecisionPoint:
    """Return one decision point that a subject declares. Raises NoSuchDecisionPoint."""
    known = decision_points()
    if name not in known:
        raise NoSuchDecisionPoint(
            f"Nothing asks tables for “{name}”. The decision points are: {', '.join(known)}. "
            "Tables that other books import are of a book named as in “shared.fees”."
        )
    return known[name]


def of_file(
    name: str, content: bytes, *, imported: Sequence[bytes] = ()
) -> declarations.DecisionPoint:
    """Return the decision point that a file is of; a shared book's is read from the file.

    Raises NoSuchDecisionPoint.
    """
    if shared.is_shared(name):
        return loading.shared_point(name, content, imported=imported)
    return decision_point(name)
