"""What the tables ask of an application of a type: answers, papers, departments, and standing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import decision_points
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.queries import versions as rule_tables

QUESTIONS = "license question"
ATTACHMENTS = "license attachment"
DEPARTMENTS = "license department"


class NoRequirements(Exception):
    """The tables do not say what must hold for a license of a type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which law asks: of a type, on the day an application was received, as then known."""

    license_type: str
    is_new: bool
    day: datetime.date
    known_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Requirements:
    """What must hold before a license of a type is issued or handed on."""

    needs_good_standing: bool
    needs_tax_account: bool
    is_transferable: bool
    # Calendar days after a denial; 0 where nobody may appeal.
    appeal_days: int
    # How long a letter of clearance holds.
    clearance_days: int


@dataclass(frozen=True, slots=True)
class AskedAttachment:
    """A paper that an applicant brings."""

    code: code_lists.Code
    # An insurance or bond that must hold on the day of issue.
    must_be_in_force: bool


@dataclass(frozen=True, slots=True)
class AskedSignOff:
    """A department that signs off, in which step, within how many days of being asked."""

    department: code_lists.Code
    step: int
    due_days: int


def requirements(asking: Asking) -> Requirements:
    """Return what must hold for a type. Raises NoRequirements, rule_tables.NoVersionForDate."""
    point = decision_points.LICENSE_REQUIREMENTS
    version = rule_tables.in_force(point.name, day=asking.day, known_at=asking.known_at)
    answers = version.tables.answers({"license_type": asking.license_type})
    if missing := [name for name, value in answers.items() if value is None]:
        raise NoRequirements(
            f"The book “{version.book}” does not say for the type “{asking.license_type}” on "
            f"{asking.day}: {', '.join(missing)}. Add a row for each."
        )
    return Requirements(
        needs_good_standing=answers["Good standing"] is True,
        needs_tax_account=answers["Tax account"] is True,
        is_transferable=answers["Handed on"] is True,
        appeal_days=_whole(answers["Appeal days"]),
        clearance_days=_whole(answers["Clearance days"]),
    )


def questions(asking: Asking) -> tuple[code_lists.Code, ...]:
    """Return the questions that an applicant answers. Raises rule_tables.NoVersionForDate."""
    point = decision_points.LICENSE_QUESTIONS
    return tuple(
        code for code, answers in _answers(asking, point, "question") if answers["Asked"] is True
    )


def attachments(asking: Asking) -> tuple[AskedAttachment, ...]:
    """Return the papers that an applicant brings. Raises rule_tables.NoVersionForDate."""
    point = decision_points.LICENSE_ATTACHMENTS
    return tuple(
        AskedAttachment(code=code, must_be_in_force=answers["In force"] is True)
        for code, answers in _answers(asking, point, "attachment")
        if answers["Asked"] is True
    )


def sign_offs(asking: Asking) -> tuple[AskedSignOff, ...]:
    """Return the departments that sign off, by step. Raises rule_tables.NoVersionForDate."""
    point = decision_points.LICENSE_SIGN_OFFS
    found = [
        AskedSignOff(
            department=code,
            step=_whole(answers["Step"]),
            due_days=_whole(answers.get("Due days")),
        )
        for code, answers in _answers(asking, point, "department")
        if answers.get("Step") is not None
    ]
    return tuple(sorted(found, key=lambda each: each.step))


def _answers(
    asking: Asking, point: declarations.DecisionPoint, fact: str
) -> Iterator[tuple[code_lists.Code, dict[str, object]]]:
    """Ask a book about each code of a list that may be used on the day."""
    version = rule_tables.in_force(point.name, day=asking.day, known_at=asking.known_at)
    name = point.input_by_name[fact].code_list
    as_of = code_lists.AsOf(day=asking.day, known_at=asking.known_at)
    for code in code_lists.codes(name, as_of=as_of).values():
        if code.is_current(asking.day):
            facts = {
                "license_type": asking.license_type,
                fact: code.code,
                "is_new": asking.is_new,
            }
            yield code, version.tables.answers(facts)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, Decimal) else 0
