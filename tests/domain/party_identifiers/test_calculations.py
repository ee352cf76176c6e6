from __future__ import annotations

from collections.abc import Callable

import pytest

from fisc.domain.party_identifiers import calculations as numbers


@pytest.mark.parametrize(
    ("read", "text", "written", "last"),
    [
        (numbers.ein, " 12-3456789 ", "123456789", "6789"),
        (numbers.ein, "12\u20133456789", "123456789", "6789"),
        (numbers.ssn, "123-45-6789", "123456789", "6789"),
        (numbers.ssn, "899 99 9999", "899999999", "9999"),
        (numbers.itin, "912-70-3456", "912703456", "3456"),
        (numbers.other, "az 21-0045.b", "AZ210045B", "045B"),
        (numbers.other, "a-1234", "A1234", "34"),
    ],
)
def test_a_number_is_read_however_it_is_parted(
    read: Callable[[str], numbers.Written], text: str, written: str, last: str
) -> None:
    assert read(text) == numbers.Written(text=written, last=last)


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (numbers.ein, "12345678", "9 digits, such as 12-3456789"),
        (numbers.ein, "00-3456789", "begins with 00"),
        (numbers.ein, "١٢٣٤٥٦٧٨٩", "9 digits"),
        (numbers.ein, "11-1111111", "nine times the same digit"),
        (numbers.ssn, "000-45-6789", "begins with 000, 666 or 9"),
        (numbers.ssn, "666-45-6789", "begins with 000, 666 or 9"),
        (numbers.ssn, "912-70-3456", "may be an ITIN"),
        (numbers.ssn, "123-00-6789", "00 in the middle"),
        (numbers.ssn, "123-45-0000", "0000 at its end"),
        (numbers.ssn, "", "9 digits"),
        (numbers.itin, "912-49-3456", "fourth and fifth"),
        (numbers.itin, "912-93-3456", "fourth and fifth"),
        (numbers.itin, "812-70-3456", "begins with 9"),
        (numbers.other, "abc", "4 to 40 letters"),
        (numbers.other, "<script>", "4 to 40 letters"),
        (numbers.other, "x" * 41, "4 to 40 letters"),
    ],
)
def test_what_cannot_be_a_number_is_refused_in_words(
    read: Callable[[str], numbers.Written], text: str, words: str
) -> None:
    with pytest.raises(numbers.IdentifierIsWrong, match=words) as refused:
        read(text)

    assert not text or text not in str(refused.value)


def test_only_its_end_is_shown() -> None:
    assert numbers.masked("6789", kind="EIN") == "••-•••6789"
    assert numbers.masked("6789", kind="SSN") == "•••-••-6789"
    assert numbers.masked("34", kind="other") == "••••34"
    assert numbers.grouped("123456789", kind="EIN") == "12-3456789"
    assert numbers.grouped("123456789", kind="SSN") == "123-45-6789"
    assert numbers.grouped("A1234", kind="other") == "A1234"
