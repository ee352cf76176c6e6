"""What the person who approves a version is shown beside the form: its study, and its bills."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from django import http
from django.utils import timezone

from fisc.domain.rule_tables import choices
from fisc.domain.rule_tables.queries import approving, drafts, studies
from fisc.interfaces.web import doors


@dataclasses.dataclass(frozen=True)
class Headline:
    """The figures of a study that an approver reads first; amounts in cents."""

    study_id: int
    study: studies.Study
    bills: int
    changed_bills: int
    before_cents: int
    after_cents: int
    # The most that one account pays more over all its bills; None in a study made before that
    # was counted.
    most_more_cents: int | None

    @property
    def difference_cents(self) -> int:
        """How much more, or, negative, less, all bills together come to."""
        return self.after_cents - self.before_cents


@dataclasses.dataclass(frozen=True)
class Shown:
    """What stands beside the form: the study of what the version is now, and what must be seen."""

    headline: Headline | None
    # A finished study of what the version was before, where there is none of what it is.
    earlier: studies.Study | None
    under_way: studies.Study | None
    # Whether the book makes amounts of a bill, so that a study can be made.
    is_studied: bool
    # The city's policy: a study at most so many days old; None where it asks for none.
    study_days: int | None
    # Whether the person gives the second approval of days that have begun.
    is_second: bool
    seen: approving.BillsSeen | None

    @property
    def must_look(self) -> bool:
        """Tell whether the bills must be looked at before this person can approve."""
        return self.is_second and self.seen is None


def of(
    request: http.HttpRequest,
    draft: drafts.Draft,
    *,
    stage: int,
    agreed: Sequence[approving.Agreement],
) -> Shown | None:
    """Return what this person is shown before they agree to a version; None where it is decided."""
    if draft.status not in {choices.Status.DRAFT, choices.Status.IN_TEST}:
        return None
    today, me = timezone.localdate(), doors.person(request)
    attached = studies.attached(draft.version_id)
    has_begun = draft.effective.starts_on <= today
    is_second = has_begun and bool(agreed) and all(each.user_id != me for each in agreed)
    return Shown(
        headline=None if attached.study is None else headline(attached.study),
        earlier=attached.earlier,
        under_way=attached.under_way,
        is_studied=stage > 0,
        study_days=approving.study_days(draft, today),
        is_second=is_second,
        seen=approving.bills_seen(draft.version_id, user_id=me) if is_second else None,
    )


def headline(study: studies.Study) -> Headline:
    """Return the figures of a finished study that are read first."""
    result: Mapping[str, Any] | None = study.result
    assert result is not None, "a finished study has figures"
    return Headline(
        study_id=study.study_id,
        study=study,
        bills=result["bills"],
        changed_bills=result["changed_bills"],
        before_cents=sum(row["before_cents"] for row in result["revenue"]),
        after_cents=sum(row["after_cents"] for row in result["revenue"]),
        most_more_cents=result.get("most", {}).get("more_cents"),
    )
