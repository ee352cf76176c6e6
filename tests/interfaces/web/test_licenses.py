"""The page that says what a license costs, and why."""

from __future__ import annotations

import pytest
from django.test import Client

ADDRESS = "/licenses/fee/"
PEDDLER = {"license_type": "peddler", "issued_on": "2026-05-31", "began_unlicensed": "on"}


class TestAFee:
    def test_is_asked_of_a_type_and_a_day(self, supervisor: Client) -> None:
        page = supervisor.get(ADDRESS)

        assert page.status_code == 200
        assert page.context["answer"] is None
        assert "Auction house" in page.content.decode()

    def test_is_shown_line_by_line_with_its_days(self, supervisor: Client) -> None:
        answer = supervisor.get(ADDRESS, PEDDLER)

        shown = answer.context["answer"]
        assert [each.amount_cents for each in shown.lines] == [5000, 2500]
        assert "$75.00" in answer.content.decode()
        assert "valid May 31, 2026 through Dec 31, 2026" in answer.content.decode()

    def test_is_explained_line_by_line(self, supervisor: Client) -> None:
        shown = supervisor.get(ADDRESS, PEDDLER).context["answer"]

        said = [supervisor.get(each.why).content.decode() for each in shown.lines]

        assert "$75 a year, prorated" in said[0]
        assert "quartzsite" in said[0]
        assert "half of the fee" in said[1]

    def test_says_beside_the_field_which_fact_is_missing(self, supervisor: Client) -> None:
        answer = supervisor.get(ADDRESS, {"license_type": "pool_hall", "issued_on": "2026-05-31"})

        assert answer.status_code == 422
        assert "units" in answer.context["form"].errors
        assert "This fee counts: Pool table. Say how many" in answer.content.decode()

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            ({"gross_receipts": "4,000,000.01"}, "gives no fee for these facts"),
            ({"gross_receipts": "12x"}, "is no amount"),
            ({"gross_receipts": "1", "issued_on": "2019-12-31"}, "2019"),
            ({"gross_receipts": "1", "issued_on": "9999-12-31"}, "Is the year right?"),
            ({"issued_on": "2026-02-30"}, "Enter a valid date."),
            ({"license_type": "circus"}, "circus is not one of the available choices"),
            ({"units": "-1"}, "greater than or equal to 0"),
        ],
    )
    def test_says_what_is_wrong(self, supervisor: Client, told: dict[str, str], words: str) -> None:
        answer = supervisor.get(
            ADDRESS, {"license_type": "service_business", "issued_on": "2026-05-31", **told}
        )

        assert answer.status_code == 422
        assert words in answer.content.decode()

    @pytest.mark.parametrize(
        ("line", "told", "status"),
        [
            ("receipts_tax", {"license_type": "privilege"}, 404),
            ("license_fee", {"license_type": "circus"}, 404),
            ("unit_fee", {"license_type": "pool_hall"}, 422),
        ],
    )
    def test_that_is_not_there_is_not_explained(
        self, supervisor: Client, line: str, told: dict[str, str], status: int
    ) -> None:
        answer = supervisor.get(f"{ADDRESS}{line}/why/", {"issued_on": "2026-05-31", **told})

        assert answer.status_code == status

    def test_is_nothing_for_who_is_not_signed_in(self, client: Client) -> None:
        assert client.get(ADDRESS).status_code == 302
