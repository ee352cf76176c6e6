"""Taking papers in, and taking away what came by mistake."""

from __future__ import annotations

import datetime

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.party_records import calculations, choices, models
from fisc.domain.party_records.queries import papers
from fisc.plumbing import document_store, transactions
from fisc.plumbing.action_log import operations as action_log

SUBJECT = "paper"


class KindIsUnknown(Exception):
    """No list of papers has that code."""


class NothingSaid(Exception):
    """Nobody said why a paper is taken away."""


@transactions.needs_transaction
def add_paper(
    *, party_id: int, kind: str, name: str, content: bytes, at: datetime.datetime,
    user_id: int | None, reference: str = "", expires_on: datetime.date | None = None,
) -> int:  # fmt: skip
    """Keep a file that a party handed in, and return the paper's number.

    `kind` is a code of one of choices.PAPER_KINDS. The same file of the same kind is one paper:
    sent twice it is the first, whose reference and expiry day stay. Raises KindIsUnknown,
    calculations.FileIsWrong, document_store.DocumentStoreIsFull.
    """
    file_kind = calculations.file_kind(content)
    code = _kind(kind)
    # The bytes first: a row never names a file that is not there. Bytes without a row harm nobody.
    sha256 = document_store.keep(folder=papers.store_folder(), content=content)
    row, is_new = models.Paper.objects.get_or_create(
        party_id=party_id,
        kind_id=code.id,
        sha256=sha256,
        ended_at=None,
        defaults={
            "name": calculations.kept_name(name, kind=file_kind),
            "file_kind": file_kind,
            "size_bytes": len(content),
            "reference": reference,
            "expires_on": expires_on,
            "recorded_at": at,
            "recorded_by_id": user_id,
        },
    )
    if is_new:
        _log(row, verb="take in", why="", user_id=user_id, at=at)
    return row.id


@transactions.needs_transaction
def end_paper(*, paper_id: int, why: str, user_id: int, at: datetime.datetime) -> None:
    """Take a paper away from its party; what was filed stays. Raises NoSuchPaper, NothingSaid."""
    if not why.strip():
        raise NothingSaid("Say why the paper is taken away. It stays in the record.")
    row = models.Paper.objects.select_for_update().filter(pk=paper_id, ended_at=None).first()
    if row is None:
        raise papers.NoSuchPaper(f"There is no paper {paper_id}, or it was taken away.")
    models.Paper.objects.filter(pk=row.pk).update(ended_at=at)
    _log(row, verb="take away", why=why, user_id=user_id, at=at)


def _kind(code: str) -> code_lists.Code:
    for name in choices.PAPER_KINDS:
        if found := code_lists.codes_if_any(name).get(code):
            return found
    raise KindIsUnknown(f"No list of papers has “{code}”. Choose one that the city has.")


def _log(
    row: models.Paper, *, verb: str, why: str, user_id: int | None, at: datetime.datetime
) -> None:
    action_log.record(
        user_id=user_id,
        verb=verb,
        subject_kind=SUBJECT,
        subject_id=row.id,
        why=why,
        detail={"party": row.party_id, "sha256": row.sha256},
        at=at,
    )
