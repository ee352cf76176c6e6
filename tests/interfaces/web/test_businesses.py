"""Pages of businesses: entering one, its page, what is added to it, and who may see what."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest
from django.core.files import uploadedfile
from django.db import connection
from django.test import Client, utils

from fisc.plumbing import sealed_values
from fisc.plumbing.action_log import queries as action_log
from fisc.plumbing.users import queries as users
from tests.browser import city

PDF = b"%PDF-1.7\nsome pages"
ENTRY = {
    "name": "Sáenz Plumbing LLC",
    "trade_name": "Desert Pipes",
    "kind": "organization",
    "began_on": "2026-01-05",
    "house_number": "1200",
    "street": "Copper Road",
    "city": "Mesquite Springs",
    "state": "FL",
    "zip": "00001",
    "number_kind": "EIN",
    "number": "12-3456789",
    "naics": "",
    "business_class": "11",
    "opens_account": "on",
    "language": "es",
}


@pytest.fixture(autouse=True)
def _home(tmp_path: pathlib.Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(sealed_values.SETTING, raising=False)
    settings.FISC_DOCUMENTS = tmp_path / "documents"


@pytest.fixture
def business(supervisor: Client) -> str:
    """The address of a business that is entered."""
    found = supervisor.get("/businesses/?q=12-3456789").content.decode()
    if known := re.search(r'href="(/businesses/\d+/)"', found):
        return known[1]
    answer = supervisor.post("/businesses/add/", ENTRY)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def added(browser: Client, business: str, what: str, **told: Any) -> str:
    answer = browser.post(f"{business}add/{what}/", told)
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"]).content.decode()


class TestEntering:
    def test_brings_all_that_was_told_to_its_page(self, supervisor: Client, business: str) -> None:
        page = supervisor.get(business).content.decode()
        accounts = supervisor.get(f"{business}accounts/").content.decode()

        for words in ("Sáenz Plumbing LLC", "Desert Pipes", "1200 Copper Road", "••-•••6789"):
            assert words in page
        assert "12-3456789" not in page
        assert "Restaurants" in page
        assert re.search(r'href="/accounts/\d{10}/"', accounts)

    def test_shows_what_it_looks_like_until_it_is_said_to_be_another(
        self, supervisor: Client, business: str
    ) -> None:
        again = {**ENTRY, "name": "Saenz Plumbing", "number": "", "number_kind": ""}

        shown = supervisor.post("/businesses/add/", again)
        number = business.split("/")[2]
        other = supervisor.post("/businesses/add/", {**again, "are_others": number})

        words = shown.content.decode()
        assert shown.status_code == 422
        assert 'value="Saenz Plumbing"' in words
        assert "same name" in words
        assert "same address" in words
        assert other.status_code == 302

    def test_shows_while_one_types_who_has_that_number(
        self, supervisor: Client, business: str
    ) -> None:
        shown = supervisor.post(
            "/businesses/look-alikes/",
            {**ENTRY, "name": "Quite Another", "trade_name": "", "street": ""},
        ).content.decode()

        assert business in shown
        assert "same number" in shown
        assert "<html" not in shown

    @pytest.mark.parametrize(
        ("told", "field", "words"),
        [
            ({"name": " "}, "name", "This field is required"),
            ({"number": "12"}, "number", "9 digits"),
            ({"number_kind": ""}, "number_kind", "what kind of number"),
            ({"number": ""}, "number", "Say the number."),
            ({"number_kind": "other", "number": "AZ1234"}, "number", "who gave this number"),
            ({"street": "", "zip": ""}, "zip", "An address needs this."),
            ({"began_on": "2026-02-30"}, "began_on", "valid date"),
            ({"email": "saenz"}, "email", "valid email"),
            ({"business_class": "circus"}, "business_class", "not one of the available"),
        ],
    )
    def test_says_beside_each_field_what_is_wrong(
        self, supervisor: Client, told: dict[str, str], field: str, words: str
    ) -> None:
        answer = supervisor.post("/businesses/add/", {**ENTRY, **told})

        assert answer.status_code == 422
        assert words in str(answer.context["form"].errors[field])


class TestItsPage:
    def test_grows_by_owner_place_activity_and_officer(
        self, supervisor: Client, business: str
    ) -> None:
        added(
            supervisor,
            business,
            "owner",
            person="Ana Ruiz",
            percent="33.33",
            controls="on",
            starts_on="2026-01-05",
        )
        page = supervisor.get(business).content.decode()
        known = re.search(r"Ana Ruiz <span class=\"quiet\">(#\d+)<", page)
        assert known is not None
        added(
            supervisor,
            business,
            "officer",
            person=f"{known[1]} Ana Ruiz",
            title="manager",
            starts_on="2026-01-05",
        )
        added(supervisor, business, "activity", activity="NAICS:445110", starts_on="2026-01-05")
        page = added(
            supervisor,
            business,
            "place",
            house_number="7",
            street="Elm Avenue",
            city="Mesquite Springs",
            state="FL",
            zip="00001",
            starts_on="2026-01-05",
        )

        for words in ("33.33 %", "Manager", "Supermarkets", "7 Elm Avenue"):
            assert words in page
        assert "Owner added" in supervisor.get(f"{business}history/").content.decode()
        end = re.search(rf'href="({business}end/owner/\d+/)"', page)
        assert end is not None
        supervisor.post(end[1], {"ends_before": "2026-02-01"})
        assert "33.33 %" not in supervisor.get(business).content.decode()
        assert "33.33 %" in supervisor.get(f"{business}history/").content.decode()

    @pytest.mark.parametrize(
        ("what", "told", "words"),
        [
            ("owner", {"person": "Bo", "percent": "100.01"}, "less than or equal to 100"),
            ("owner", {"person": "#999999", "percent": "1"}, "no person or organization"),
            ("owner", {"person": "", "percent": "1"}, "required"),
            ("officer", {"person": "Bo", "title": "king"}, "not one of the available"),
            ("activity", {"activity": "NAICS:0"}, "not one of the available"),
            ("place", {"house_number": "1"}, "An address needs this."),
            ("account", {"kind": "tax"}, "An address needs this."),
            ("number", {"number_kind": "SSN", "number": "000-12-3456"}, "000, 666 or 9"),
        ],
    )
    def test_says_what_cannot_be_added(
        self, supervisor: Client, business: str, what: str, told: dict[str, str], words: str
    ) -> None:
        answer = supervisor.post(
            f"{business}add/{what}/", {"starts_on": "2026-03-01", "language": "en", **told}
        )

        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_opens_an_account_with_its_address_filled_in(
        self, supervisor: Client, business: str
    ) -> None:
        form = supervisor.get(f"{business}add/account/").context["form"]
        told = {name: form[name].value() or "" for name in form.fields}

        page = added(supervisor, business, "account", **{**told, "kind": "tax", "language": "en"})

        assert told["street"] == "Copper Road"
        assert page.count('href="/accounts/') >= 2

    @pytest.mark.parametrize(
        "address", ["", "accounts/", "papers/", "history/", "add/owner/", "papers/1/"]
    )
    def test_of_nothing_is_not_there(self, supervisor: Client, address: str) -> None:
        assert supervisor.get(f"/businesses/999999999/{address}").status_code == 404

    def test_ends_nothing_that_is_not_there(self, supervisor: Client, business: str) -> None:
        for what in ("owner", "place", "activity", "officer"):
            answer = supervisor.post(f"{business}end/{what}/999999/", {"ends_before": "2026-02-01"})
            assert answer.status_code == 422
        assert supervisor.get(f"{business}end/soul/1/").status_code == 404


class TestItsPages:
    @pytest.mark.parametrize(
        ("tab", "most"), [("", 30), ("accounts/", 26), ("papers/", 24), ("history/", 28)]
    )
    def test_take_a_bounded_number_of_statements(
        self, supervisor: Client, business: str, tab: str, most: int
    ) -> None:
        supervisor.get(f"{business}{tab}")

        with utils.CaptureQueriesContext(connection) as asked:
            connection.force_debug_cursor = True
            supervisor.get(f"{business}{tab}")

        statements = [each["sql"] for each in asked.captured_queries]
        assert 0 < len(statements) <= most, "\n".join(each[:120] for each in statements)


class TestFinding:
    @pytest.mark.parametrize("asked", ["desert pip", "saenz", "sainz", "copper road", "12-3456789"])
    def test_is_by_name_sound_place_and_number(
        self, supervisor: Client, business: str, asked: str
    ) -> None:
        assert business in supervisor.get("/businesses/", {"q": asked}).content.decode()
        found = supervisor.get("/search/", {"q": asked}, headers={"HX-Request": "true"})
        assert business in found.content.decode()

    def test_by_our_number_opens_it(self, supervisor: Client, business: str) -> None:
        number = business.split("/")[2]

        assert supervisor.get("/search/", {"q": f"#{number}"})["Location"] == business

    @pytest.mark.parametrize(
        "asked", ["", "#", "#99999999999999999999", "999999999999999999999", "zz"]
    )
    def test_of_nothing_says_so(self, supervisor: Client, asked: str) -> None:
        assert supervisor.get("/businesses/", {"q": asked}).status_code == 200
        assert supervisor.get("/search/", {"q": asked}).status_code == 200


class TestAPaper:
    def test_is_handed_out_as_a_download_only(self, supervisor: Client, business: str) -> None:
        page = added(
            supervisor,
            business,
            "paper",
            kind="bond",
            file=uploadedfile.SimpleUploadedFile("../Bond ñ.html", PDF, "text/html"),
            reference="B-77",
            expires_on="2026-01-31",
        )
        place = re.search(rf'href="({business}papers/\d+/)"', page)
        assert place is not None

        answer = supervisor.get(place[1])

        assert "B-77" in page
        assert "expired" in page
        assert answer.content == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''Bond%20%C3%B1.pdf"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"

        taken = supervisor.post(f"{place[1]}end/", {"why": "Of another."})
        assert taken.status_code == 302
        assert supervisor.get(place[1]).status_code == 404

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"<svg onload=alert(1)>", "no PDF, PNG or JPEG"),
            (b"", "empty"),
            (PDF + bytes(10 * 1024 * 1024), "larger than 10 MB"),
        ],
    )
    def test_that_is_none_is_refused(
        self, supervisor: Client, business: str, content: bytes, words: str
    ) -> None:
        file = uploadedfile.SimpleUploadedFile("x.pdf", content)
        answer = supervisor.post(f"{business}add/paper/", {"kind": "bond", "file": file})

        assert answer.status_code == 422
        assert words in answer.content.decode()


class TestANumber:
    def test_is_shown_whole_against_a_reason_that_is_kept(
        self, supervisor: Client, business: str
    ) -> None:
        page = supervisor.get(f"{business}papers/").content.decode()
        place = re.search(rf'href="({business}numbers/(\d+)/)"', page)
        assert place is not None

        refused = supervisor.post(place[1], {"why": " "})
        shown = supervisor.post(place[1], {"why": "Asked by the state."})

        seen = action_log.latest(
            user_id=users.user_id(username=city.SIGN_INS["supervisor"][0]),
            verb="see whole",
            subject_kind="party identifier",
            subject_id=int(place[2]),
        )
        assert refused.status_code == 422
        assert "12-3456789" not in refused.content.decode()
        assert "12-3456789" in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert seen is not None
        assert seen.why == "Asked by the state."

    def test_of_another_is_added_when_both_are_said_to_have_it(
        self, supervisor: Client, business: str
    ) -> None:
        ssn = {"number_kind": "SSN", "number": "234-56-7890"}
        other = supervisor.post(
            "/businesses/add/",
            {**ENTRY, **ssn, "name": "Zebra Tailor", "trade_name": "", "street": "Ninth Street"},
        )["Location"]

        shown = supervisor.post(f"{business}add/number/", ssn)
        number = other.split("/")[2]
        for nobody in ("9" * 30, "9" * 5_000, "٣"):
            odd = supervisor.post(f"{business}add/number/", {**ssn, "may_share": nobody})
            assert odd.status_code == 422
        added_too = supervisor.post(f"{business}add/number/", {**ssn, "may_share": number})

        assert shown.status_code == 422
        assert other in shown.content.decode()
        assert added_too.status_code == 302
        page = supervisor.get(f"{business}papers/").content.decode()
        ends = re.findall(rf'href="({business}numbers/\d+/end/)"', page)
        assert supervisor.post(ends[-1], {"why": "Not theirs."}).status_code == 302


class TestWhoMay:
    def test_see_it_but_not_change_it_or_see_numbers_whole(
        self, cashier: Client, supervisor: Client, business: str
    ) -> None:
        page = supervisor.get(f"{business}papers/").content.decode()
        place = re.search(rf'href="({business}numbers/\d+/)"', page)
        assert place is not None

        assert cashier.get(business).status_code == 200
        assert "/add/owner/" not in cashier.get(business).content.decode()
        for address in (f"{business}add/owner/", "/businesses/add/", place[1]):
            assert cashier.get(address).status_code == 403
            assert cashier.post(address, {"why": "x"}).status_code == 403

    def test_not_who_is_not_signed_in(self, client: Client, business: str) -> None:
        assert client.get(business).status_code == 302
