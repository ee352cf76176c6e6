"""Where a transaction starts, and what must run inside one.

The outermost operation of a piece of work carries `starts_transaction`; operations that only make
sense as a part of something carry `needs_transaction`. Starting one inside another is refused:
whoever calls it would believe that its work is kept while an outer failure still undoes it. An
operation wanted both alone and as a part is two functions, the first calling the second.

The one exception is `with_a_part`: whoever keeps more beside an operation, such as the key of the
asking with its result, and means that a failure undoes both.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

_has_a_part = contextvars.ContextVar("has_a_part", default=False)


class TransactionIsMissing(Exception):
    """An operation that is only a part of something was called on its own."""


class TransactionIsOpen(Exception):
    """An operation that keeps its own work was called inside another transaction."""


def starts_transaction(
    operation: Callable[_Arguments, _Result],
) -> Callable[_Arguments, _Result]:
    """Run an operation in a transaction of its own: all of it is kept, or none."""

    @functools.wraps(operation)
    def started_operation(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        with started(by=operation.__qualname__):
            return operation(*args, **kwargs)

    return started_operation


def needs_transaction(
    operation: Callable[_Arguments, _Result],
) -> Callable[_Arguments, _Result]:
    """Refuse to run an operation unless its caller has started a transaction."""

    @functools.wraps(operation)
    def checked_operation(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        if not is_open():
            raise TransactionIsMissing(
                f"{operation.__qualname__} is a part of a larger operation. "
                "Call it from one that starts a transaction."
            )
        return operation(*args, **kwargs)

    return checked_operation


@contextlib.contextmanager
def started(*, by: str = "this work") -> Iterator[None]:
    """Run a block in a transaction of its own, for loops that keep a chunk at a time.

    Raises TransactionIsOpen inside another transaction.
    """
    if is_open() and _has_a_part.get():
        with _as_whole(), transaction.atomic():
            yield
        return
    if is_open():
        raise TransactionIsOpen(
            f"{by} keeps its own work, and another transaction is already open. "
            "Call the operation that is its part instead."
        )
    with transaction.atomic():
        yield


@contextlib.contextmanager
def with_a_part(*, by: str) -> Iterator[None]:
    """Start a transaction in which an operation that would start its own is a part."""
    with started(by=by):
        token = _has_a_part.set(True)
        try:
            yield
        finally:
            _has_a_part.reset(token)


@contextlib.contextmanager
def _as_whole() -> Iterator[None]:
    """Have what a part calls be held to the rule again."""
    token = _has_a_part.set(False)
    try:
        yield
    finally:
        _has_a_part.reset(token)


@contextlib.contextmanager
def savepoint() -> Iterator[None]:
    """Run a block so that its failure undoes the block alone, inside an open transaction."""
    if not is_open():
        raise TransactionIsMissing("A savepoint is a part of a transaction, and none is open.")
    with transaction.atomic():
        yield


def need_not_wait_for_the_disk() -> None:
    """Let the open transaction commit before its rows are on disk.

    A crash of the server may lose the last fraction of a second of such rows, and nothing else:
    never for money, only for what tells of reading.
    """
    if not is_open():
        raise TransactionIsMissing("Only an open transaction can be told not to wait.")
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit to off")


def after_commit(action: Callable[[], None]) -> None:
    """Do something once the open transaction is kept; nothing if it is undone."""
    transaction.on_commit(action)


def is_open() -> bool:
    """Tell whether a transaction is open, not counting one that a test wraps around it all."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
