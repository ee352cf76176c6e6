"""Giving figures out, with a row that says who took them for whom; and having things looked at."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_analysis import choices, models
from fisc.domain.tax_analysis import decision_points as points
from fisc.domain.tax_analysis.queries import discovery, figures
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions
from fisc.plumbing.action_log import operations as action_log

KIND = "discovery"
URGENCY = 4
_REASONS: Mapping[choices.Discovery, str] = {
    choices.Discovery.UNREGISTERED: "Licensed, and registered for no tax.",
    choices.Discovery.UNLICENSED: "Registered for tax, and without a license.",
    choices.Discovery.DROPS: "Receipts fell against the same periods of the year before.",
    choices.Discovery.DEDUCTIONS: "Deductions are above what is usual in the class.",
}


class PurposeIsMissing(ValueError):
    """Figures leave for somebody and for a reason; one of them was not said."""


class NothingChosen(ValueError):
    """Nothing of a list was chosen."""


class NotListed(ValueError):
    """Something that was chosen is not on the list any more."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Who is to have figures, and why; `recipient` is a code of “disclosure recipient”."""

    recipient: str
    for_whom: str
    why: str


@transactions.starts_transaction
def disclose(
    asked: figures.Asked, *, to: Purpose, taken_as: str, by_id: int, at: datetime.datetime,
    day: datetime.date,
) -> figures.Table:  # fmt: skip
    """Return the analysis that a recipient may have, and keep that it was taken out.

    Raises PurposeIsMissing, figures.NoLimits, code_lists.NoSuchCode, versions.NoVersionForDate.
    """
    if not to.for_whom.strip() or not to.why.strip():
        raise PurposeIsMissing(
            "Figures of tax leave the office for somebody and for a reason. Say for whom, and why."
        )
    recipient = code_lists.code(points.RECIPIENTS, to.recipient)
    limits, version = figures.limits(to.recipient, day=day, known_at=at)
    # Other offices have their own table of the same figures: beside it, this one adds nothing.
    office, _ = figures.limits(figures.OFFICE, day=day, known_at=at)
    table = figures.table(asked, limits=limits, within=office)
    models.Disclosure.objects.create(
        recipient_id=recipient.id,
        for_whom=to.for_whom.strip(),
        why=to.why.strip(),
        year=asked.year,
        rows_by=asked.by.value,
        timing=asked.timing.value,
        taken_as=taken_as,
        version_id=version.version_id,
        figures=len(table.cells),
        kept_back=len(table.kept_back),
        sha256=_sha256(table),
        made_by_id=by_id,
        made_at=at,
    )
    return table


def _sha256(table: figures.Table) -> str:
    lines = [
        ";".join(
            [row or "total", column or "total", str(table.filers((row, column)))]
            + [str(table.cents((row, column), measure)) for measure in choices.MEASURES]
        )
        for row, column in table.cells
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@transactions.starts_transaction
def have_looked_at(
    asked: discovery.Asked, *, chosen: Collection[tuple[int, str]], by_id: int
) -> int:
    """Make a work item of each chosen one of a list, by subject and code; return how many are new.

    One that has an item of that year keeps it. Raises NothingChosen, NotListed,
    versions.NoVersionForDate.
    """
    if not chosen:
        raise NothingChosen("Nothing is chosen. Tick what somebody is to look at.")
    listed = {
        (each.subject_id, each.code): each for each in discovery.found(asked, limit=None).listed
    }
    if missing := sorted(set(chosen) - set(listed)):
        raise NotListed(
            f"Of what was chosen, {len(missing)} is on the list no more. Nothing was done; look at "
            "the list again."
        )
    version = discovery.version_of(asked)
    items = [_item(listed[each], asked=asked, version=version) for each in sorted(set(chosen))]
    made = work_items.raise_items(items=items, at=asked.known_at)
    action_log.record(
        user_id=by_id,
        verb="have looked at",
        subject_kind="discovery list",
        subject_id=asked.year,
        why=asked.of.value,
        detail={"chosen": [list(each) for each in sorted(set(chosen))], "new": made},
        at=asked.known_at,
    )
    return made


def _item(
    listed: discovery.Listed, *, asked: discovery.Asked, version: versions.LoadedVersion
) -> work_items.NewItem:
    days = version.tables.answers(discovery.facts_of(asked, listed.code))["Work days"]
    detail: dict[str, object] = {"name": listed.name, "number": listed.number, "code": listed.code}
    if asked.of in discovery.OF_YEARS:
        detail["year"] = asked.year
        detail["percent"] = f"{(listed.part or 0) / discovery.CENTS:.2f}"
    return work_items.NewItem(
        kind=KIND,
        reason=_REASONS[asked.of],
        cause_key=f"{discovery.cause_of(asked)}{listed.code}",
        subject_kind=listed.subject_kind,
        subject_id=listed.subject_id,
        due_on=asked.day + datetime.timedelta(days=int(str(days))),
        urgency=URGENCY,
        detail=detail,
    )
