from __future__ import annotations

import enum


class Status(enum.StrEnum):
    """How far a change of a list is. Whether an approved one governs is said by its days."""

    DRAFT = "draft"
    IN_TEST = "in test"
    APPROVED = "approved"
    DISCARDED = "discarded"


class Saved(enum.StrEnum):
    """What a revision of a draft changed."""

    STARTED = "started"
    ROWS = "rows"
    DESCRIPTION = "description"


class Approving(enum.StrEnum):
    """In which part a person agreed to a change."""

    APPROVAL = "approval"
    SECOND = "second approval"
    REVIEW = "review"
