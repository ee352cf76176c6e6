"""A second asking gets the first one's result, however the two meet."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connection

from fisc.plumbing import transactions
from fisc.plumbing.idempotency import calculations
from fisc.plumbing.idempotency import operations as idempotency

AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)


def ask(key: str, content: str, result: str) -> str:
    asked = calculations.content_sha256({"content": content})
    with transactions.started():
        first = idempotency.first_result(key=key, content_sha256=asked)
        if first is not None:
            return str(first["result"])
        idempotency.keep(key=key, content_sha256=asked, result={"result": result}, made_at=AT)
        return result


@pytest.mark.usefixtures("city_database")
class TestFirstResult:
    def test_is_what_the_first_asking_got(self) -> None:
        assert ask("a", "same", "first") == "first"
        assert ask("a", "same", "second") == "first"

    def test_refuses_other_content(self) -> None:
        ask("b", "one", "first")

        with pytest.raises(idempotency.KeyUsedForOtherContent):
            ask("b", "other", "second")

    def test_waits_for_an_asking_that_is_under_way(self) -> None:
        found: list[str] = []

        def second() -> None:
            try:
                found.append(ask("c", "same", "second"))
            finally:
                connection.close()

        asked = calculations.content_sha256({"content": "same"})
        with transactions.started():
            assert idempotency.first_result(key="c", content_sha256=asked) is None
            waiting = threading.Thread(target=second)
            waiting.start()
            waiting.join(timeout=0.3)
            assert found == []
            idempotency.keep(key="c", content_sha256=asked, result={"result": "first"}, made_at=AT)
        waiting.join(timeout=30)

        assert found == ["first"]

    def test_needs_a_transaction(self) -> None:
        with pytest.raises(transactions.TransactionIsMissing):
            idempotency.first_result(key="d", content_sha256=b"")


class TestContentSha256:
    def test_minds_values_but_not_the_order_of_names(self) -> None:
        one = calculations.content_sha256({"a": 1, "b": [2, AT]})

        assert one == calculations.content_sha256({"b": [2, AT], "a": 1})
        assert one != calculations.content_sha256({"a": 1, "b": [2, None]})
