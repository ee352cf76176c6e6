"""Letters: written by a run, printed together once, mailed once, and reprinted as they were."""

from __future__ import annotations

import concurrent.futures
import contextlib
import datetime
import io
import pathlib
import shutil

import pypdf
import pytest
from django import db
from django.conf import settings
from django.db import connection

from fisc.domain.documents import choices, operations, queries
from fisc.domain.licensing.operations import applying, renewing
from fisc.domain.licensing.queries import licenses
from fisc.domain.tax_returns.operations import assessing, letters
from fisc.domain.tax_returns.queries import assessments
from fisc.plumbing import transactions
from fisc.processes.letters import printing, writing
from tests.domain.tax_returns.conftest import tax_city, tax_template
from tests.domain.tax_returns.operations import test_assessing as assessed
from tests.domain.tax_returns.operations import test_filing_on_forms as forms
from tests.factories import licenses as made

__all__ = ("tax_city", "tax_template")
D = datetime.date
Kind = choices.Kind
# Of a term that ends with September 30: told 45 and 10 days before, and 5 days after.
NOTICE, REMINDER, OVER, LATE = D(2026, 8, 16), D(2026, 9, 20), D(2026, 10, 1), D(2026, 10, 5)

pytestmark = pytest.mark.usefixtures("tax_city")


@pytest.fixture(autouse=True)
def _own_store(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FISC_DOCUMENTS", tmp_path)


def merchant(*, language: str = "en") -> int:
    """Return a license of $2,000,000 of receipts, which cost $300.00, in somebody's language."""
    business_id = made.business()
    made.tax_account(business_id)
    issued = made.issued(
        "general_merchant", business_id=business_id, gross_receipts_cents=200_000_000
    )
    account_id = licenses.license_of(issued.license_id).account_id
    with connection.cursor() as cursor:
        cursor.execute(
            "update accounts_account set language = %s where subledger_id = %s",
            [language, account_id],
        )
    return issued.license_id


def account_of(license_id: int) -> int:
    return licenses.license_of(license_id).account_id


def told(license_id: int, on: datetime.date) -> None:
    bucket = account_of(license_id) % 4096
    with transactions.started():
        renewing.renew_chunk(
            bucket_from=bucket,
            bucket_before=bucket + 1,
            of=renewing.Of(run_id=next(made._counter), chunk=1, posting_day=on, at=made.AT),
        )


def write(account_id: int, on: datetime.date, *, since: datetime.date | None = None) -> int:
    """Write the letters of an account's range, and return how many are new."""
    bucket = account_id % 4096
    with transactions.started():
        found = writing.write_chunk(
            bucket_from=bucket, bucket_before=bucket + 1, since=since or on, on=on, at=made.AT
        )
    return sum(found.values())


def waiting(account_id: int, kind: Kind) -> list[int]:
    found = queries.letters(account_id=account_id, kinds=[kind])
    return [each.letter_id for each in found if not each.batch_id and not each.overtaken_at]


def printed(kind: Kind, on: datetime.date, *, limit: int = 200) -> printing.Printed:
    return printing.print_next(kind=kind, written_on=on, user_id=None, at=made.AT, limit=limit)


def text(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


def of_batch(batch_id: int | None) -> str:
    assert batch_id is not None
    filed = queries.document_of(
        kind=Kind.PRINT_BATCH, subject_kind=choices.Subject.PRINT_BATCH, subject_id=batch_id
    )
    assert filed is not None
    return text(queries.content(sha256=filed.sha256))


class TestRenewals:
    def test_each_step_has_a_letter_once_and_the_estimate_of_its_day(self) -> None:
        license_id = merchant()
        account_id = account_of(license_id)
        for on in (NOTICE, REMINDER, LATE):
            told(license_id, on)
            assert [write(account_id, on), write(account_id, on)] == [
                1 + (on == LATE),
                0,
            ], "the late one came with the lapse"

        notice, late = (
            of_batch(printed(Kind.RENEWAL_NOTICE, on).batch_id) for on in (NOTICE, LATE)
        )

        assert "It is time to renew your license" in notice
        assert "September 30, 2026" in notice
        assert "$300.00" in notice
        assert "Penalty" not in notice
        assert "PO Box 1" in notice
        assert "The renewal of your license is late" in late
        # Ten percent in October.
        assert "$30.00" in late
        assert "$330.00" in late

    def test_of_a_lapse_the_holder_is_told_in_their_language(self) -> None:
        license_id = merchant(language="es")
        told(license_id, OVER)
        assert write(account_of(license_id), OVER) == 1

        said = of_batch(printed(Kind.LAPSE_NOTICE, OVER).batch_id)

        assert "Su licencia venció" in said
        assert "30 de septiembre de 2026" in said

    def test_what_was_told_between_two_runs_is_written_by_the_next(self) -> None:
        license_id = merchant()
        told(license_id, NOTICE)
        next_run = NOTICE + datetime.timedelta(days=3)

        assert write(account_of(license_id), next_run) == 0
        assert write(account_of(license_id), next_run, since=NOTICE) == 1

    def test_a_renewal_meanwhile_overtakes_the_letter(self) -> None:
        on = REMINDER + datetime.timedelta(days=1)
        renewed, other = merchant(), merchant()
        for each in (renewed, other):
            told(each, on)
            write(account_of(each), on)
        applying.start_renewal(
            applying.Renewal(license_id=renewed, received_on=on, gross_receipts_cents=200_000_000),
            by=made.by(),
        )

        found = printed(Kind.RENEWAL_NOTICE, on)

        assert (found.letters, found.overtaken) == (1, 1)
        (letter,) = queries.letters(account_id=account_of(renewed), kinds=[Kind.RENEWAL_NOTICE])
        assert letter.overtaken_at is not None
        assert letter.batch_id is None
        with pytest.raises(printing.LetterWasOvertaken, match="no longer so"):
            printing.preview(letter.letter_id, at=made.AT)
        with pytest.raises(operations.NothingToPrint, match="Choose another day"):
            printed(Kind.RENEWAL_NOTICE, on)


class TestPrinting:
    def test_killed_it_leaves_every_letter_waiting(self) -> None:
        license_id = merchant()
        told(license_id, NOTICE)
        write(account_of(license_id), NOTICE)

        with contextlib.suppress(ZeroDivisionError), transactions.started():
            printing.print_part(
                kind=Kind.RENEWAL_NOTICE, written_on=NOTICE, user_id=None, at=made.AT
            )
            raise ZeroDivisionError

        assert len(waiting(account_of(license_id), Kind.RENEWAL_NOTICE)) == 1
        assert printed(Kind.RENEWAL_NOTICE, NOTICE).letters == 1

    def test_two_who_print_at_once_print_each_letter_once(self) -> None:
        ids = [merchant() for _ in range(4)]
        for each in ids:
            told(each, REMINDER)
            write(account_of(each), REMINDER)

        def one(_: int) -> int:
            try:
                return printed(Kind.RENEWAL_NOTICE, REMINDER, limit=2).letters
            except operations.NothingToPrint:
                return 0
            finally:
                db.connections.close_all()

        with concurrent.futures.ThreadPoolExecutor(3) as people:
            assert sum(people.map(one, range(3))) == 4

        placed = [
            (each.batch_id, each.place)
            for license_id in ids
            for each in queries.letters(
                account_id=account_of(license_id), kinds=[Kind.RENEWAL_NOTICE]
            )
        ]
        assert len(set(placed)) == 4

    def test_one_alone_is_printed_again_in_the_words_of_its_batch(
        self, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        license_id = merchant()
        told(license_id, NOTICE)
        write(account_of(license_id), NOTICE)
        printed(Kind.RENEWAL_NOTICE, NOTICE)
        (letter,) = queries.letters(account_id=account_of(license_id), kinds=[Kind.RENEWAL_NOTICE])
        # The city words its letters otherwise from now on.
        city = tmp_path / "city"
        shutil.copytree(settings.FISC_CITY, city)
        template = city / "letters" / "notices.typ"
        template.write_text(template.read_text().replace("It is time to renew", "Kindly renew"))
        monkeypatch.setattr(settings, "FISC_CITY", city)

        first = operations.reprint(letter_id=letter.letter_id)
        second = operations.reprint(letter_id=letter.letter_id)

        assert second == first
        assert "It is time to renew your license" in text(queries.content(sha256=first.sha256))

    def test_a_letter_that_waits_is_looked_at_and_not_kept(self) -> None:
        license_id = merchant()
        told(license_id, NOTICE)
        write(account_of(license_id), NOTICE)
        (letter_id,) = waiting(account_of(license_id), Kind.RENEWAL_NOTICE)

        assert "$300.00" in text(printing.preview(letter_id, at=made.AT))
        with pytest.raises(queries.NoSuchLetter, match="was not printed"):
            operations.reprint(letter_id=letter_id)
        printed(Kind.RENEWAL_NOTICE, NOTICE)

    def test_it_is_mailed_once_by_somebody(self) -> None:
        license_id = merchant()
        told(license_id, NOTICE)
        write(account_of(license_id), NOTICE)
        batch_id = printed(Kind.RENEWAL_NOTICE, NOTICE).batch_id
        assert batch_id is not None
        person = made.person()

        operations.mail_batch(batch_id=batch_id, user_id=person, at=made.AT)

        found = queries.batch(batch_id)
        assert (found.mailed_by_id, found.mailed_at) == (person, made.AT)
        with pytest.raises(operations.CannotMail, match="mailed already"):
            operations.mail_batch(batch_id=batch_id, user_id=person, at=made.AT)


class TestReturns:
    def test_a_missing_return_is_asked_for_and_then_estimated(self) -> None:
        account_id = assessed.without_july()
        assessed.run(assessed.FOUND, account_id)
        assert write(account_id, assessed.FOUND) == 1

        asked = of_batch(printed(Kind.NONFILER_NOTICE, assessed.FOUND).batch_id)

        assert "We have no tax return from you" in asked
        assert "July 1, 2026 to July 31, 2026" in asked
        assessed.run(assessed.PROPOSED, account_id)
        assert write(account_id, assessed.PROPOSED) == 0, "nobody approved it yet"
        (found,) = assessments.assessments(account_id=account_id)
        assessing.approve(
            assessment_id=found.assessment_id,
            posting_day=assessed.APPROVED,
            by=assessed.person("grace"),
        )
        assert [write(account_id, assessed.APPROVED) for _ in range(2)] == [1, 0]
        told = of_batch(printed(Kind.ASSESSMENT_NOTICE, assessed.APPROVED).batch_id)
        # 13,800.00 of receipts in six months at 1.8%.
        assert "$41.40" in told

    def test_a_return_that_comes_overtakes_the_letter(self) -> None:
        account_id = assessed.without_july()
        on = assessed.FOUND + datetime.timedelta(days=1)
        assessed.run(on, account_id)
        write(account_id, on)
        assessed.filed(account_id, 7, 100_000, on=on)

        found = printed(Kind.NONFILER_NOTICE, on)

        assert (found.batch_id, found.letters, found.overtaken) == (None, 0, 1)

    def test_a_corrected_return_has_its_letter_unless_it_was_written_by_hand(self) -> None:
        first, second = forms.shop(), forms.shop()
        kept = [
            forms.file_return(forms.came(each, forms.line(100_000, J=1_700)))
            for each in (first, second)
        ]
        letters.write_correction_letter(return_id=kept[0].return_id, by=forms.BY)

        assert write(first, forms.DUE) == 0
        assert [write(second, forms.DUE) for _ in range(2)] == [1, 0]
        said = of_batch(printed(Kind.RETURN_CORRECTION, forms.DUE).batch_id)
        assert "$17.00" in said
        assert "$15.00" in said


class TestWalls:
    @pytest.mark.parametrize(
        "statement",
        [
            "delete from documents_letter",
            "truncate documents_letter cascade",
            "update documents_letter set written_on = '2020-01-01'",
            "delete from documents_print_batch",
            "update documents_print_batch set letters = 1",
        ],
    )
    def test_what_was_written_stays(self, statement: str) -> None:
        with (
            pytest.raises(db.Error, match="permission denied"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_nothing_is_printed_or_mailed_a_second_time(self) -> None:
        license_id = merchant()
        told(license_id, NOTICE)
        write(account_of(license_id), NOTICE)
        batch_id = printed(Kind.RENEWAL_NOTICE, NOTICE).batch_id
        assert batch_id is not None
        operations.mail_batch(batch_id=batch_id, user_id=made.person(), at=made.AT)

        for statement, wall in (
            ("update documents_letter set batch_id = null, place = null", "letter_goes_on_once"),
            ("update documents_print_batch set mailed_at = now()", "print_batch_is_mailed_once"),
        ):
            with (
                pytest.raises(db.IntegrityError, match="already"),
                transactions.started(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
            assert wall
