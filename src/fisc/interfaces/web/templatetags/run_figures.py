"""How a run's times and totals are written."""

import dataclasses
import datetime
from collections.abc import Mapping

from django import template
from django.utils import formats

from fisc.interfaces.web import languages
from fisc.interfaces.web.templatetags import figures
from fisc.plumbing.runs import queries
from fisc.processes.daily_runs import steps

register = template.Library()

_DAY_BY_LANGUAGE = {"es": "j M"}


@dataclasses.dataclass(frozen=True)
class Total:
    name: str
    before: str
    after: str


@register.filter
def took(run: queries.RunSeen) -> str:
    """Write how long a run took, from its beginning to its end."""
    if run.finished_at is None:
        return ""
    return figures.duration((run.finished_at - run.instant).total_seconds())


@register.filter
def changed_totals(step: queries.StepSeen) -> list[Total]:
    """List the control totals that the step moved."""
    return [
        Total(_words(name), _written(name, step.before.get(name, 0)), _written(name, after))
        for name, after in step.after.items()
        if after != step.before.get(name, 0)
    ]


@register.filter
def results(step: queries.StepSeen) -> list[tuple[str, str]]:
    """List what the step's chunks counted."""
    return [(_words(name), _written(name, value)) for name, value in step.result.items()]


@register.filter
def step_words(step: queries.StepSeen) -> str:
    """Write what a step does, as its plan says it."""
    return next((plan.words for plan in steps.STEPS if plan.name == step.name), step.name)


@register.filter
def of(known: Mapping[int, object], key: int) -> object:
    """Return what is known under a key, or nothing."""
    return known.get(key, "")


@register.filter
def spaced(name: str) -> str:
    """Write the name of a fact as words: bill_day becomes bill day."""
    return name.replace("_", " ")


@register.filter
def month_day(value: datetime.date) -> str:
    """Write a day without its year, for the foot of a graph."""
    return formats.date_format(value, _DAY_BY_LANGUAGE.get(languages.current(), "M j"))


# Cents that are not named by what they are.
_NAMES = {"late_cents": "late charges"}


def _words(name: str) -> str:
    return _NAMES.get(name) or name.removesuffix("_cents").replace("_", " ")


def _written(name: str, value: int) -> str:
    return figures.money(value) if name.endswith("_cents") else figures.count(value)
