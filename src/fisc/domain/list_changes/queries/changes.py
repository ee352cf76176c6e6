"""A change of a list as it is worked on: its rows, who wrote and agreed, what was done to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.list_changes import choices, models
from fisc.domain.list_changes.calculations import differences, sheets
from fisc.domain.rule_tables import choices as table_choices
from fisc.domain.rule_tables.queries import approving, drafts
from fisc.plumbing.action_log import queries as action_log
from fisc.plumbing.users import queries as users

SUBJECT_KIND = "code list change"


class NoSuchChange(Exception):
    """There is no change of a list of that id."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a list of any status, and who saved it last."""

    change_id: int
    list: str
    number: int
    status: str
    content: bytes
    sha256: str
    effective: periods.Period
    author: str
    reason: str
    citation: str
    reviewer: str
    review_by: datetime.date | None
    started_from_id: int
    edition_id: int | None
    # Whether its edition governs any day as is known now.
    governs: bool
    revision: int
    saved_by: str
    saved_at: datetime.datetime

    @property
    def standing(self) -> str:
        """How far it is, as it is shown: an approved one that governs no day is superseded."""
        return _standing(self.status, governs=self.governs)

    @property
    def sheet(self) -> sheets.Sheet:
        """Its rows."""
        return sheets.read(self.content)

    @property
    def file_name(self) -> str:
        """What the list's file is called in the city's folder."""
        return file_name(self.list)


@dataclass(frozen=True, slots=True)
class Summary:
    """A change as a list of changes shows it."""

    change_id: int
    list: str
    number: int
    status: str
    effective: periods.Period
    author: str
    reason: str
    edition_id: int | None
    governs: bool

    @property
    def standing(self) -> str:
        """How far it is, as it is shown: an approved one that governs no day is superseded."""
        return _standing(self.status, governs=self.governs)


@dataclass(frozen=True, slots=True)
class ListToday:
    """A list as it stands on a day."""

    name: str
    # How many of its codes may be used that day, and how many have ended.
    current: int
    ended: int
    # The edition that governs; none for a list imported before editions were kept.
    edition: code_lists.Edition | None
    coming: tuple[code_lists.Edition, ...]


def lists(*, day: datetime.date) -> tuple[ListToday, ...]:
    """Return the city's lists by name, each with what governs a day and what comes after it."""
    found = []
    generation = code_lists.generation()
    editions = code_lists.all_editions()
    for name in code_lists.list_names():
        codes = code_lists.codes(name, generation=generation).values()
        current = sum(each.is_current(day) for each in codes)
        own = [each for each in editions if each.list == name]
        found.append(
            ListToday(
                name=name,
                current=current,
                ended=len(codes) - current,
                edition=next((each for each in own if _governs(each, day)), None),
                coming=tuple(
                    each
                    for each in own
                    if any(days.starts_on > day for days in each.governs)
                    and not _governs(each, day)
                ),
            )
        )
    return tuple(found)


def change(change_id: int) -> Change:
    """Return a change as it is now. Raises NoSuchChange."""
    row = models.Change.objects.select_related("list").filter(id=change_id).first()
    if row is None:
        raise NoSuchChange(f"There is no change {change_id} of any list.")
    last = (
        models.Revision.objects.select_related("saved_by")
        .filter(change=row)
        .order_by("-number")
        .defer("content")[0]
    )
    return Change(
        change_id=row.id,
        list=row.list.name,
        number=row.number,
        status=row.status,
        content=bytes(row.content),
        sha256=row.sha256,
        effective=code_lists.days_of(row.effective),
        author=row.author,
        reason=row.reason,
        citation=row.citation,
        reviewer=row.reviewer,
        review_by=row.review_by,
        started_from_id=row.started_from_id,
        edition_id=row.edition_id,
        governs=bool(row.edition_id and code_lists.governed_now(row.edition_id)),
        revision=last.number,
        saved_by=drafts.signature(last.saved_by),
        saved_at=last.saved_at,
    )


def changes(*, list_name: str = "", status: choices.Status | None = None) -> tuple[Summary, ...]:
    """Return the changes of one list, or of every list; the newest first."""
    rows = models.Change.objects.select_related("list").defer("content").order_by("-id")
    if list_name:
        rows = rows.filter(list__name=list_name)
    if status is not None:
        rows = rows.filter(status=status)
    governing = {each.edition_id for each in code_lists.all_editions() if each.governs}
    return tuple(
        Summary(
            change_id=row.id,
            list=row.list.name,
            number=row.number,
            status=row.status,
            effective=code_lists.days_of(row.effective),
            author=row.author,
            reason=row.reason,
            edition_id=row.edition_id,
            governs=row.edition_id in governing,
        )
        for row in rows
    )


def what_changes(found: Change, *, language: str) -> tuple[differences.Difference, ...]:
    """Return what a change does to the edition that it was started from."""
    before = sheets.read(code_lists.content(found.started_from_id))
    return differences.between(before, found.sheet, language=language)


def writers(change_id: int) -> frozenset[int]:
    """Return the ids of everybody who saved any of a change."""
    saved = models.Revision.objects.filter(change_id=change_id)
    return frozenset(saved.values_list("saved_by_id", flat=True))


def revision(change_id: int) -> int:
    """Return the number of a change's last revision."""
    saved = models.Revision.objects.filter(change_id=change_id)
    return saved.aggregate(last=Max("number"))["last"] or 0


def agreed(change_id: int) -> tuple[approving.Agreement, ...]:
    """Return who agreed to what a change is now, in order, the reviewer too."""
    rows = models.Approval.objects.select_related("person").filter(
        change_id=change_id, revision=revision(change_id)
    )
    return tuple(
        approving.Agreement(
            row.part, row.person_id, drafts.signature(row.person), row.reason, row.at, study_id=None
        )
        for row in rows.order_by("id")
    )


def unconfirmed() -> tuple[Change, ...]:
    """Return the changes that wait for their reviewer, the most urgent first."""
    reviewed = models.Approval.objects.filter(change=OuterRef("pk"), part=choices.Approving.REVIEW)
    rows = models.Change.objects.exclude(reviewer="").filter(~Exists(reviewed))
    return tuple(change(each) for each in rows.order_by("review_by").values_list("id", flat=True))


def history(change_id: int, *, limit: int = 200) -> tuple[approving.Act, ...]:
    """Return what was done to a change, newest first."""
    acts = action_log.actions_on(subject_kind=SUBJECT_KIND, subject_id=change_id, limit=limit)
    names = users.names(user_ids={each.user_id for each in acts if each.user_id is not None})
    return tuple(
        approving.Act(
            at=each.at,
            who=names.get(each.user_id or 0, ""),
            verb=each.verb,
            why=each.why,
            detail=each.detail,
        )
        for each in acts
    )


def trial(change_id: int) -> models.Trial | None:
    """Return how the cases came out for what a change is now; None where they were not run."""
    row = models.Change.objects.only("sha256").get(id=change_id)
    return models.Trial.objects.filter(change=row, sha256=row.sha256).order_by("-id").first()


def _standing(status: str, *, governs: bool) -> str:
    is_over = status == choices.Status.APPROVED and not governs
    return table_choices.Status.SUPERSEDED.value if is_over else status


def _governs(edition: code_lists.Edition, day: datetime.date) -> bool:
    return any(days.holds(day) for days in edition.governs)


def file_name(list_name: str) -> str:
    """Return what a list's file is called in the city's folder."""
    return f"{list_name.replace(' ', '_')}.csv"


def files(*, day: datetime.date) -> dict[str, bytes]:
    """Return, by file name, the lists that govern a day, byte for byte as imported or approved."""
    found: dict[str, bytes] = {}
    for name in code_lists.list_names():
        edition_id = code_lists.governing(name, as_of=code_lists.AsOf(day))
        if edition_id is not None:
            found[file_name(name)] = code_lists.content(edition_id)
    return found


def detail_of(row: Any) -> dict[str, object]:
    """Return what the action log says of a change beside its id."""
    return {"list": row.list.name, "number": row.number, "sha256": row.sha256}
