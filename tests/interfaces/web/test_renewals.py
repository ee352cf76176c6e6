"""The renewal board: a license goes from due to told, and what it was told is explained."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from fisc.domain.accounts import choices as account_choices
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import choices, models
from fisc.domain.licensing.operations import keeping, renewing
from fisc.domain.licensing.queries import licenses, notices, standing
from fisc.plumbing import transactions
from tests.factories import licenses as made

ADDRESS = "/renewals/"


@pytest.fixture
def license_id() -> int:
    """A peddler's license whose term ends in twenty days, within its time of notice."""
    today = timezone.localdate()
    ends = today + datetime.timedelta(days=20)
    business_id = made.business("Zacatecas Churros")
    account_id = standing.account_of(
        business_id=business_id, kind=account_choices.AccountKind.LICENSE, as_of=today
    )
    begins = ends - datetime.timedelta(days=300)
    with transactions.started():
        number = keeping.draw_number(license_type_id=_peddler(), of=choices.NumberOf.LICENSE)
        row = models.License.objects.create(
            license_type_id=_peddler(),
            number=number,
            public_code=f"CHURROS{number}",
            issued_on=begins,
            business_id=business_id,
            account_id=account_id,
            term_starts_on=begins,
            term_ends_before=ends,
        )
        models.LicenseEvent.objects.create(
            license_id=row.id,
            kind="issued",
            happened_on=begins,
            starts_on=begins,
            ends_before=ends,
            made_at=made.AT,
        )
    return row.id


def _peddler() -> int:
    found: int = code_lists.code("license type", "peddler").id
    return found


def tell(license_id: int) -> notices.Notice:
    bucket = licenses.license_of(license_id).account_id % 4096
    with transactions.started():
        renewing.renew_chunk(
            bucket_from=bucket,
            bucket_before=bucket + 1,
            of=renewing.Of(
                run_id=700_000,
                chunk=license_id % 4096,
                posting_day=timezone.localdate(),
                at=timezone.now(),
            ),
        )
    return notices.of_license(license_id)[0]


class TestBoard:
    def test_shows_who_is_due_then_what_was_told_and_why(
        self, supervisor: Client, license_id: int
    ) -> None:
        due = supervisor.get(ADDRESS).content.decode()
        assert "Zacatecas Churros" in due
        assert "not yet" in due

        told = tell(license_id)

        assert "Zacatecas Churros" not in supervisor.get(ADDRESS).content.decode()
        listed = supervisor.get(f"{ADDRESS}?list=notice").content.decode()
        assert f'href="/renewals/{told.notice_id}/"' in listed
        page = supervisor.get(f"/renewals/{told.notice_id}/").content.decode()
        whys = re.findall(r'class="why" href="([^"]+)"', page)
        assert len(whys) == len(told.lines) == 1
        why = supervisor.get(whys[0]).content.decode()
        assert "$75 a year, prorated" in why
        assert "quartzsite" in why
        file = b"".join(supervisor.get(f"{ADDRESS}?list=notice&format=csv")).decode()
        assert f"Zacatecas Churros,active,{told.last_day},{told.made_on}" in file

    @pytest.mark.parametrize(
        "address",
        ["?list=mine", "?after=yesterday", "?after=9999-12-31.1", "1/", "1/lines/license_fee/why/"],
    )
    def test_says_what_is_not_there(self, supervisor: Client, address: str) -> None:
        assert supervisor.get(f"{ADDRESS}{address}").status_code == 404

    def test_is_a_list_when_nothing_is_on_it(self, supervisor: Client) -> None:
        page = supervisor.get(f"{ADDRESS}?list=final_notice")

        assert "No license is on this list" in page.content.decode()
