from __future__ import annotations

import pytest

from fisc.basics import check_digits


class TestMethod:
    def test_gives_creditrons_published_digit(self) -> None:
        digits = "120354743700000671500001715000020161120000030000000"

        assert check_digits.SCANLINE.weighed(digits) == 69
        assert check_digits.SCANLINE.check_digit(digits) == "1"

    def test_gives_south_carolinas_published_digit(self) -> None:
        assert check_digits.SOUTH_CAROLINA.weighed("283436") == 604
        assert check_digits.SOUTH_CAROLINA.check_digit("283436") == "4"

    @pytest.mark.parametrize(("routing", "right"), [("231380104", True), ("231380140", False)])
    def test_proves_a_routing_number(self, routing: str, right: bool) -> None:
        assert check_digits.ROUTING_NUMBER.is_right(routing) is right

    def test_refuses_letters(self) -> None:
        with pytest.raises(check_digits.NotDigits):
            check_digits.SCANLINE.check_digit("12O4")
