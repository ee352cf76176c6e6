"""A license for an event in the browser, and the insurance that it must have in force."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from fisc.domain.licensing.operations import applying
from fisc.domain.licensing.queries import licenses
from tests.factories import license_pages as pages
from tests.interfaces.web.test_applications import post, start, text

pytestmark = pytest.mark.usefixtures("lived_in_city")


def insured(business_id: int, today: datetime.date) -> None:
    applying.add_coverage(
        business_id=business_id,
        kind="liability_insurance",
        reference="P-1",
        starts_on=today,
        ends_before=today + datetime.timedelta(days=20),
        by=pages.by(),
    )


class TestAnEvent:
    def test_is_applied_for_with_its_last_day_and_licensed_for_its_days(self) -> None:
        clerk, inspector = pages.browser(), pages.browser()
        business_id, today = pages.business(), timezone.localdate()
        last_day = today + datetime.timedelta(days=3)

        number = start(
            clerk, business_id, license_type="carnival", units="5", event_last_day=f"{last_day}"
        )
        assert "Last day of the event" in text(clerk, f"/applications/{number}/")
        pages.bring(number)
        insured(business_id, today)
        post(clerk, f"/applications/{number}/complete/")
        for each in clerk.get(f"/applications/{number}/").context["sign_offs"]:
            inspector.post(f"/sign-offs/{each.sign_off_id}/", {"outcome": "approved"})
        post(clerk, f"/applications/{number}/charge/")
        # $110, $65 as it is asked for today, and five rides of $40.
        assert "$375.00" in text(clerk, f"/applications/{number}/")
        pages.paid(number)
        post(clerk, f"/applications/{number}/issue/")

        license_id = licenses.of_application(number)
        assert license_id is not None
        found = licenses.license_of(license_id)
        assert (found.term.starts_on, found.term.ends_before) == (
            today,
            last_day + datetime.timedelta(days=1),
        )
        page = text(clerk, f"/licenses/{license_id}/")
        assert "in force" in page
        assert "P-1" in page
        assert "is not renewed" in page
        assert "Take a renewal in" not in page
        post(
            clerk,
            f"/licenses/{license_id}/coverage/",
            kind="liability_insurance",
            number="P-2",
            starts_on=f"{today + datetime.timedelta(days=20)}",
            last_day=f"{today + datetime.timedelta(days=400)}",
        )
        assert "P-2" in text(clerk, f"/licenses/{license_id}/")
        renewal = clerk.post(
            f"/licenses/{license_id}/renew/",
            {"renew-received_on": f"{today}", "renew-units": "5"},
        )
        assert renewal.status_code == 422
        assert "is for one event" in renewal.content.decode()

    def test_says_that_its_last_day_is_missing(self) -> None:
        clerk, business_id = pages.browser(), pages.business()
        address = f"/businesses/{business_id}/apply/"
        form = clerk.get(address).context["form"]
        asked = {name: form[name].value() or "" for name in form.fields} | {
            "license_type": "carnival",
            "units": "5",
        }
        asked.pop("began_unlicensed")
        refused = clerk.post(address, asked)
        assert refused.status_code == 422
        assert "Say the last day of the event" in refused.content.decode()


class TestAnAnswer:
    def test_about_receipts_is_written_as_money(self) -> None:
        clerk, business_id = pages.browser(), pages.business()
        number = start(
            clerk, business_id, license_type="service_business", gross_receipts="51000", units=""
        )
        pages.bring(number)
        post(clerk, f"/applications/{number}/complete/")

        assert text(clerk, f"/applications/{number}/").count("$51,000.00") == 2
