"""Files with bad returns: each is held with its reasons and its place, the rest goes on."""

from __future__ import annotations

import datetime
import io
import json
from typing import Any

import pytest

from fisc.domain.accounts import models as accounts
from fisc.domain.accounts import queries as account_queries
from fisc.domain.documents import queries as documents
from fisc.domain.tax_returns.calculations import return_layouts
from fisc.domain.tax_returns.calculations.returns import Filed
from fisc.domain.tax_returns.operations import letters, return_files
from fisc.domain.tax_returns.queries import corrections, held, returns
from fisc.processes.return_files import checking, operations, reading
from tests.factories import return_files as files
from tests.factories import tax_returns
from tests.factories.tax_returns import AT, BY

D = datetime.date
JULY, DUE = D(2026, 7, 1), D(2026, 8, 20)

pytestmark = pytest.mark.usefixtures("tax_city")


def number_of(account_id: int) -> int:
    return account_queries.names(account_ids=[account_id])[account_id][0]


def read(content: bytes) -> reading.Read:
    return reading.read(io.BytesIO(content), name="sent", today=DUE)


def line(gross: Any = "1000.00", of: str = "11", **other: Any) -> dict[str, Any]:
    return {"region": "MS", "class": of, "gross": gross, **other}


def said(account: int, *lines: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "account": account, "period_start": "2026-07-01", "received": "2026-08-20",
        "lines": lines or (line(),), **other,
    }  # fmt: skip


def sent(*some: dict[str, Any]) -> reading.Read:
    return read(json.dumps({"returns": some, "count": len(some)}).encode())


def take(of: reading.Read) -> operations.Outcome:
    arrived = return_files.Arrived(
        name="sent", sha256=of.sha256, layout=of.layout, posting_day=DUE, at=AT, user_id=None
    )
    return operations.take_file(of.returns, arrived=arrived, city="c", who="a test", crew_size=1)


def one_held(bad: dict[str, Any], *, before: dict[str, Any] | None = None) -> held.HeldReturn:
    """Take a bad return in between two good ones; all three are there afterwards."""
    good = [said(number_of(tax_returns.filer())) for _ in range(2)]
    if before is not None:
        assert take(sent(before)).file.taken == 1
    file = take(sent(good[0], bad, good[1])).file
    assert (file.taken, file.held, file.again, file.waiting) == (2, 1, 0, 0)
    (found,) = held.of_cause(file.cause_key)
    assert found.item.subject_id == 2
    assert "sent, return 2, period from" in found.item.detail["words"]
    assert len(found.problems("en")) == len(found.problems("es"))
    return found


class TestAHeldReturn:
    @pytest.mark.parametrize(
        ("bad", "words"),
        [
            ({"lines": [line("-0.01")]}, "Line 1: Gross receipts is below zero"),
            (
                {"lines": [line("1.00", deductions=[{"code": "503", "amount": "1.01"}])]},
                "Line 1: Deductions of $1.01 are more than the gross receipts of $1.00",
            ),
            ({"lines": [line("99999999999.00")]}, "more than the"),
            ({"period_start": "2026-08-01"}, "The period is not over by then"),
            ({"period_start": "2025-07-01"}, "registered for no such period"),
            ({"form": "city-1990"}, "city-1990"),
            ({"lines": [line(of="25")]}, "25"),
            ({"lines": [line(as_filed=[{"key": "M9", "amount": "1"}])]}, "M9"),
            ({"lines": [line(as_filed=[{"key": "deductions", "amount": "8"}])]}, "$8.00"),
            ({"as_filed": [{"key": "due", "amount": "-50000"}]}, "-$50,000.00"),
            ({"lines": [line("1000", land="5")]}, "$5.00"),
            ({"amends": True}, "to amend"),
        ],
        ids=lambda each: str(each)[:50],
    )
    def test_says_what_is_wrong_and_keeps_all_that_came(
        self, bad: dict[str, Any], words: str
    ) -> None:
        account_id = tax_returns.filer()
        found = one_held(said(number_of(account_id), **bad))

        assert any(words in each for each in found.problems("en")), found.problems("en")
        assert found.account_id == account_id
        kept = found.came["lines"][0]
        wanted = {**said(0), **bad}["lines"][0]
        assert kept["business_class"] == wanted["class"]
        assert [each["key"] for each in kept["as_filed"]] == [
            each["key"] for each in wanted.get("as_filed", ())
        ]
        assert returns.versions_of(account_id, starts_on=JULY) == ()

    def test_of_a_closed_account_or_none_is_kept_too(self) -> None:
        account_id = tax_returns.filer()
        accounts.Account.objects.filter(pk=account_id).update(closed_on=D(2026, 8, 1))

        closed = one_held(said(number_of(account_id)))
        nobody = one_held(said(9_999_999_999))

        assert "closed on 2026-08-01" in closed.problems("en")[0]
        assert (nobody.account_id, nobody.number) == (None, "9999999999")

    def test_says_everything_at_once(self) -> None:
        found = one_held(
            said(
                number_of(tax_returns.filer()),
                line("-5", of="99"),
                line("10", "17", deductions=[{"code": "998", "amount": "11"}]),
                excess_tax="-1",
                as_filed=[{"key": "nothing", "amount": 1}],
            )
        )

        assert len(found.problems("en")) >= 6

    def test_is_another_return_of_a_period_that_is_in_the_books(self) -> None:
        account_id = tax_returns.filer()
        before = said(number_of(account_id))

        found = one_held(said(number_of(account_id), line("1000.01")), before=before)

        assert (
            "Version 1 of the return from 2026-07-01 came on 2026-08-20"
            in (found.problems("en")[0])
        )
        assert len(returns.versions_of(account_id, starts_on=JULY)) == 1


class TestTheSameFile:
    def test_that_has_a_period_twice_is_refused(self) -> None:
        number = number_of(tax_returns.filer())

        with pytest.raises(return_layouts.FileIsRefused, match="began on line"):
            sent(said(number), said(number, line("5")))

    def test_that_has_all_returns_bad_loses_none(self) -> None:
        some = [said(number_of(tax_returns.filer()), line("-1")) for _ in range(5)]

        file = take(sent(*some)).file

        assert (file.held, file.taken, file.waiting) == (5, 0, 0)
        assert sorted(each.item.subject_id for each in held.of_cause(file.cause_key)) == [
            1, 2, 3, 4, 5,
        ]  # fmt: skip

    def test_with_a_return_of_a_hundred_thousand_lines_is_refused_with_its_place(self) -> None:
        first = f"{number_of(tax_returns.filer())},2026-07-01,2026-08-20,yes,no,,,,MS"
        some = [f"{first},{of},1,,,,,," for of in range(100_000)]
        content = "\n".join((files.COLUMNS, *some, f"TRAILER,{len(some)}")).encode()

        with pytest.raises(return_layouts.FileIsRefused) as refused:
            read(content)

        (error,) = refused.value.errors
        assert error.startswith("line 5002: the return has more than 5,000 lines")


class TestFiguresOfAFile:
    # 1,000.00 of a restaurant's receipts at 1.8 percent is 18.00; 28.00 is ten dollars off.
    BAD_SUMS = {
        "lines": [line(as_filed=[{"key": "tax", "amount": "28.00"}])],
        "as_filed": [{"key": "due", "amount": "18.40"}, {"key": "total", "amount": "18.00"}],
    }

    def test_are_corrected_with_a_letter_as_those_that_are_keyed(self) -> None:
        account_id = tax_returns.filer()
        of = sent(said(number_of(account_id), **self.BAD_SUMS))
        checked = checking.check(of.returns, posting_day=DUE, at=AT, user_id=None)
        assert (checked.taken, checked.held) == (1, [])

        assert take(of).file.taken == 1

        (kept,) = returns.versions_of(account_id, starts_on=JULY)
        assert [(each.key, each.filed_cents, each.computed_cents, each.treatment)
                for each in kept.figures] == [
            ("tax", 2_800, 1_800, "correct"),
            ("due", 1_840, 1_800, "accept"),
            ("total", 1_800, 1_800, "accept"),
        ]  # fmt: skip
        assert kept.return_id in corrections.waiting(limit=1_000)
        letter = letters.write_correction_letter(return_id=kept.return_id, by=BY)
        assert documents.content(sha256=letter.sha256).startswith(b"%PDF")

    def test_sent_again_in_another_order_are_known(self) -> None:
        account_id = tax_returns.filer()
        take(sent(said(number_of(account_id), **self.BAD_SUMS)))
        other = {**self.BAD_SUMS, "as_filed": self.BAD_SUMS["as_filed"][::-1]}

        assert take(sent(said(number_of(account_id), **other))).file.again == 1

    def test_of_rows_are_those_of_objects(self) -> None:
        account_id = tax_returns.filer()
        row = f"{number_of(account_id)},2026-07-01,2026-08-20,yes,no,,,,MS,11,1000,,,,,,,28,18.40"
        header = f"{files.COLUMNS},filed_tax,filed_due"

        assert take(read(f"{header}\n{row}\nTRAILER,1".encode())).file.taken == 1

        (kept,) = returns.versions_of(account_id, starts_on=JULY)
        assert kept.filing.lines[0].as_filed == (Filed("tax", 2_800),)
        assert kept.filing.as_filed == (Filed("due", 1_840),)
