"""The digits at the foot of a bill follow the declared layout and end in a check digit."""

import datetime
import pathlib
import tomllib

import pytest

from fisc.basics import check_digits
from fisc.domain.utilities.calculations import scanlines

CITY = pathlib.Path(__file__).parents[3] / "cities" / "mesquite_springs"
FACTS: dict[str, int | datetime.date] = {
    "account_number": 1002938475,
    "due_on": datetime.date(2026, 11, 23),
    "total_due_cents": 21461,
}


def city_layout() -> scanlines.Layout:
    return scanlines.layout(tomllib.loads((CITY / "layouts" / "scanline.toml").read_text()))


class TestScanline:
    def test_has_each_field_at_its_width_and_a_check_digit(self) -> None:
        line = scanlines.scanline(by=city_layout(), facts=FACTS)

        assert line[:-1] == "01002938475" + "112326" + "0001" + "0000021461" + "0000021461"
        assert check_digits.SCANLINE.is_right(line)

    @pytest.mark.parametrize("place", [0, 10, 15, 30, 40])
    def test_one_digit_mistyped_is_noticed(self, place: int) -> None:
        line = scanlines.scanline(by=city_layout(), facts=FACTS)

        wrong = line[:place] + str((int(line[place]) + 1) % 10) + line[place + 1 :]

        assert not check_digits.SCANLINE.is_right(wrong)

    def test_an_account_in_credit_is_asked_for_nothing(self) -> None:
        line = scanlines.scanline(by=city_layout(), facts=FACTS | {"total_due_cents": -500})

        assert line[21:41] == "0" * 20

    def test_refuses_an_amount_that_does_not_fit_rather_than_cut_it(self) -> None:
        with pytest.raises(scanlines.DoesNotFit, match="total_due_cents"):
            scanlines.scanline(by=city_layout(), facts=FACTS | {"total_due_cents": 10**11})


class TestLayout:
    def test_names_what_a_bill_does_not_have(self) -> None:
        layout = scanlines.layout(
            {"check_digit": "scanline", "fields": [{"name": "parcel", "width": 9}]}
        )

        with pytest.raises(scanlines.LayoutIsWrong, match="parcel"):
            scanlines.scanline(by=layout, facts=FACTS)

    def test_names_the_check_digits_that_there_are(self) -> None:
        with pytest.raises(scanlines.LayoutIsWrong, match="scanline, south carolina"):
            scanlines.layout({"check_digit": "luhn", "fields": []})

    def test_says_what_a_field_lacks(self) -> None:
        with pytest.raises(scanlines.LayoutIsWrong, match="width"):
            scanlines.layout({"check_digit": "scanline", "fields": [{"name": "due_on"}]})
