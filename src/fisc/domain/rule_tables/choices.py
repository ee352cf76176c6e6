from __future__ import annotations

import enum


class Status(enum.StrEnum):
    """How far a version is. Whether an approved one is in force is said by its dates."""

    DRAFT = "draft"
    IN_TEST = "in test"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class Decided(enum.StrEnum):
    """Why a version governs some days from some instant on."""

    APPROVED = "approved"
    REMAINDER = "remainder"
    ROLLED_BACK = "rolled back"


class Saved(enum.StrEnum):
    """What a revision of a draft changed."""

    STARTED = "started"
    TABLES = "tables"
    CASES = "cases"
    DESCRIPTION = "description"
    SOURCE = "source"


class Approving(enum.StrEnum):
    """In which part a person agreed to a version."""

    APPROVAL = "approval"
    SECOND = "second approval"
    REVIEW = "review"


class Studied(enum.StrEnum):
    """How far a study of a version is."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
