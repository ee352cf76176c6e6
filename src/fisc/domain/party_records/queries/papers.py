"""The papers of a party, and their bytes."""

from __future__ import annotations

import datetime
import pathlib
from dataclasses import dataclass

from django.conf import settings

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.party_records import choices, models
from fisc.plumbing import document_store


class NoSuchPaper(Exception):
    """There is no such paper in force."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that a party handed in."""

    paper_id: int
    party_id: int
    kind: code_lists.Code
    name: str
    file_kind: str
    size_bytes: int
    sha256: str
    reference: str
    expires_on: datetime.date | None
    recorded_at: datetime.datetime

    def is_expired(self, as_of: datetime.date) -> bool:
        """Tell whether the last day that it is good for has passed."""
        return self.expires_on is not None and self.expires_on < as_of


def store_folder() -> pathlib.Path:
    """Say where this city keeps the bytes of its papers: with all that it keeps by hash."""
    return pathlib.Path(settings.FISC_DOCUMENTS)


def papers_of(*, party_id: int) -> list[Paper]:
    """Return the papers of a party, the newest first."""
    kinds = _kinds()
    rows = models.Paper.objects.filter(party_id=party_id, ended_at=None).order_by("-id")
    return [_paper(row, kinds) for row in rows]


def paper(*, paper_id: int) -> Paper:
    """Return one paper. Raises NoSuchPaper."""
    row = models.Paper.objects.filter(pk=paper_id, ended_at=None).first()
    if row is None:
        raise NoSuchPaper(f"There is no paper {paper_id}, or it was taken away.")
    return _paper(row, _kinds())


def content(found: Paper) -> bytes:
    """Return the bytes of a paper, as they came.

    Raises document_store.DocumentIsMissing, DocumentWasChanged.
    """
    return document_store.fetch(folder=store_folder(), sha256=found.sha256)


def _kinds() -> dict[int, code_lists.Code]:
    return {
        code.id: code
        for name in choices.PAPER_KINDS
        for code in code_lists.codes_if_any(name).values()
    }


def _paper(row: models.Paper, kinds: dict[int, code_lists.Code]) -> Paper:
    return Paper(
        paper_id=row.id,
        party_id=row.party_id,
        kind=kinds[row.kind_id],
        name=row.name,
        file_kind=row.file_kind,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        reference=row.reference,
        expires_on=row.expires_on,
        recorded_at=row.recorded_at,
    )
