"""A report of the checks at publish as it is kept with a version: plain JSON."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

from fisc.dmn.checks import findings


def to_json(report: findings.Report) -> dict[str, Any]:
    """Return a report as it is stored; numbers and days as text, so that nothing is rounded.

    How long it took is left out: the same version gives the same report.
    """
    whole = {
        each.name: getattr(report, each.name)
        for each in dataclasses.fields(report)
        if each.name != "seconds"
    }
    return {name: _plain(value) for name, value in whole.items()}


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal | datetime.date):
        return str(value)
    return value
