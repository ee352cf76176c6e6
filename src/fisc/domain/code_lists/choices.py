from __future__ import annotations

import enum


class Source(enum.StrEnum):
    """Where an edition of a list came from."""

    FILE = "file"
    CHANGE = "change"


class Decided(enum.StrEnum):
    """Why an edition governs some days from some instant on."""

    IMPORTED = "imported"
    APPROVED = "approved"
    REMAINDER = "remainder"
    ROLLED_BACK = "rolled back"
