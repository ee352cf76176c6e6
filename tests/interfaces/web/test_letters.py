"""Letters to print by day: printed as one file, mailed once, and seen from license and account."""

from __future__ import annotations

import pathlib
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from fisc.domain.documents import choices, operations, queries
from fisc.domain.licensing.queries import licenses
from fisc.plumbing import transactions
from fisc.processes.letters import writing
from tests.interfaces.web import test_renewals as renewals

ADDRESS = "/letters/"
license_id = renewals.license_id


@pytest.fixture(autouse=True)
def _own_store(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FISC_DOCUMENTS", tmp_path)


def written(license_id: int) -> queries.Letter:
    """Return the letter about a license that was told of its renewal today."""
    renewals.tell(license_id)
    account_id, today = licenses.license_of(license_id).account_id, timezone.localdate()
    with transactions.started():
        writing.write_chunk(
            bucket_from=account_id % 4096,
            bucket_before=account_id % 4096 + 1,
            since=today,
            on=today,
            at=timezone.now(),
        )
    return queries.letters(account_id=account_id, kinds=[choices.Kind.RENEWAL_NOTICE])[0]


def printed(client: Client) -> dict[str, str]:
    """Return what the button of the license letters sends."""
    page = client.get(ADDRESS).content.decode()
    form = re.search(
        r'name="name" value="(renewals)"><input type="hidden" name="day" value="([^"]+)">'
        r'<input type="hidden" name="key" value="([^"]+)">',
        page,
    )
    assert form is not None
    return {"name": form[1], "day": form[2], "key": form[3]}


class TestLetters:
    def test_wait_are_looked_at_printed_and_mailed(
        self, supervisor: Client, license_id: int
    ) -> None:
        letter = written(license_id)
        listed = supervisor.get(f"{ADDRESS}{timezone.localdate()}/renewals/").content.decode()
        assert f'href="/letters/{letter.letter_id}/pdf/"' in listed
        preview = supervisor.get(f"{ADDRESS}{letter.letter_id}/pdf/")
        assert preview.content.startswith(b"%PDF")
        assert "waits to be printed" in supervisor.get(f"/licenses/{license_id}/").content.decode()

        said = printed(supervisor)
        first = supervisor.post(f"{ADDRESS}print/", said, follow=True).content.decode()
        again = supervisor.post(f"{ADDRESS}print/", said, follow=True).content.decode()

        assert "is printed: open the file below" in first or "are printed" in first
        # The second click had the key of the first, and printed nothing more.
        assert "is printed" in again or "are printed" in again
        now = queries.letter(letter.letter_id)
        assert now.batch_id is not None
        file = supervisor.get(f"{ADDRESS}batches/{now.batch_id}/pdf/")
        assert file["Content-Type"] == "application/pdf"
        assert file.content == supervisor.get(f"{ADDRESS}batches/{now.batch_id}/pdf/").content
        alone = supervisor.get(f"{ADDRESS}{letter.letter_id}/pdf/").content
        assert alone == supervisor.get(f"{ADDRESS}{letter.letter_id}/pdf/").content

        mailed = f"{ADDRESS}batches/{now.batch_id}/mailed/"
        assert "noted as mailed" in supervisor.post(mailed, follow=True).content.decode()
        assert "mailed already" in supervisor.post(mailed, follow=True).content.decode()
        assert "mailed" in supervisor.get(f"/licenses/{license_id}/").content.decode()

    def test_a_cashier_sees_those_of_licenses_and_prints_none(
        self, cashier: Client, license_id: int
    ) -> None:
        letter = written(license_id)
        page = cashier.get(ADDRESS).content.decode()

        assert "Renewal of a license" in page
        assert f'action="{ADDRESS}print/"' not in page
        said = {"name": "renewals", "day": f"{timezone.localdate()}", "key": "x"}
        assert cashier.post(f"{ADDRESS}print/", said).status_code == 403
        assert queries.letter(letter.letter_id).batch_id is None

    def test_letters_of_tax_are_hidden_from_who_may_not_see_returns(
        self, cashier: Client, license_id: int
    ) -> None:
        account_id = licenses.license_of(license_id).account_id
        with transactions.started():
            operations.write_letters(
                kind=choices.Kind.NONFILER_NOTICE,
                subject_ids=[license_id],
                account_ids=[account_id],
                on=timezone.localdate(),
                at=timezone.now(),
            )
        (letter,) = queries.letters(account_id=account_id, kinds=[choices.Kind.NONFILER_NOTICE])

        assert "Missing tax return" not in cashier.get(ADDRESS).content.decode()
        assert cashier.get(f"{ADDRESS}{letter.letter_id}/pdf/").status_code == 403
        assert cashier.get(f"{ADDRESS}{timezone.localdate()}/missing/").status_code == 403

    @pytest.mark.parametrize(
        "address",
        [
            "99999999/pdf/",
            "batches/99999999/pdf/",
            "2026-03-02/mine/",
            "2026-03-02/renewals/?after=x",
        ],
    )
    def test_says_what_is_not_there(self, supervisor: Client, address: str) -> None:
        assert supervisor.get(f"{ADDRESS}{address}").status_code == 404

    def test_asks_as_many_statements_for_many_letters_as_for_one(
        self, supervisor: Client, license_id: int, django_assert_max_num_queries: object
    ) -> None:
        written(license_id)

        with django_assert_max_num_queries(16):  # type: ignore[operator]
            supervisor.get(ADDRESS)
