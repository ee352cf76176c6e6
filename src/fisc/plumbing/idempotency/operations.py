"""Making the second asking of a write harmless.

    first = idempotency.first_result(key=key, content_sha256=asked)
    if first is not None:
        return first
    ...
    idempotency.keep(key=key, content_sha256=asked, result=result, made_at=at)

Both in one transaction. Whoever asks with the same key meanwhile waits at `first_result`.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from typing import Any

from fisc.plumbing import prepared, transactions

# For statements that claim a key on their way: `from idempotency_claim(%(key)s) as claim`.
CLAIMED = "idempotency_claim(%(key)s::text)"

# For statements that keep the result with what they write; `{result}` is a jsonb expression.
KEPT = """
    insert into idempotency_key (key, content_sha256, result, made_at)
    select %(key)s::text, %(content_sha256)s::bytea, {result}, %(made_at)s::timestamptz
"""

_CLAIM = prepared.statement(f"select content_sha256, result from {CLAIMED}")
_KEEP = prepared.statement(KEPT.format(result="%(result)s::jsonb"))


class KeyUsedForOtherContent(Exception):
    """A key that already stands for one write was sent with another."""


@transactions.needs_transaction
def first_result(*, key: str, content_sha256: bytes) -> Mapping[str, Any] | None:
    """Return what the first asking with this key got, or null if this is the first.

    Waits while another transaction works on the same key. Raises KeyUsedForOtherContent.
    """
    found = prepared.rows(_CLAIM, {"key": key})
    if not found:
        return None
    ((first_sha256, result),) = found
    return checked(key=key, content_sha256=content_sha256, first_sha256=first_sha256, result=result)


def checked(
    *, key: str, content_sha256: bytes, first_sha256: bytes, result: str
) -> Mapping[str, Any]:
    """Return the first result if both askings had one content. Raises KeyUsedForOtherContent."""
    if bytes(first_sha256) != content_sha256:
        raise KeyUsedForOtherContent(
            f"The key “{key}” was used before for something else. Reload the form and enter it "
            "again; what was entered first is kept."
        )
    first: Mapping[str, Any] = json.loads(result)
    return first


@transactions.needs_transaction
def keep(
    *,
    key: str,
    content_sha256: bytes,
    result: Mapping[str, Any],
    made_at: datetime.datetime,
) -> None:
    """Keep the result of a write under its key, in the transaction of that write."""
    parameters: dict[str, prepared.Value] = {
        "key": key,
        "content_sha256": content_sha256,
        "result": json.dumps(result),
        "made_at": made_at,
    }
    prepared.rows(_KEEP, parameters)


def once(
    *,
    key: str,
    content_sha256: bytes,
    do: Callable[[], Mapping[str, Any]],
    at: datetime.datetime,
) -> Mapping[str, Any]:
    """Do something in one transaction with its key, or return what its first asking got.

    `do` may call one operation that starts its own transaction: it becomes a part of this one, so
    that the work and its key are kept together or not at all. Raises KeyUsedForOtherContent.
    """
    with transactions.with_a_part(by="a write with a key"):
        first = first_result(key=key, content_sha256=content_sha256)
        if first is not None:
            return first
        result = do()
        keep(key=key, content_sha256=content_sha256, result=result, made_at=at)
        return result
