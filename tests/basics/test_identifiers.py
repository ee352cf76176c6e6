from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.basics import check_digits, identifiers

NUMBERINGS = [identifiers.ACCOUNT_NUMBERS, identifiers.BILL_NUMBERS]


class TestBulkIds:
    def test_are_made_of_run_chunk_and_place(self) -> None:
        assert identifiers.bulk_ids(run=1, chunk=2, count=3).tolist() == [
            (1 << 43) + (2 << 31) + place for place in range(3)
        ]

    def test_lie_above_every_number_of_a_sequence(self) -> None:
        assert identifiers.bulk_id(run=1, chunk=0, ordinal=0) == identifiers.FIRST_BULK_ID

    @pytest.mark.parametrize(("run", "chunk"), [(0, 0), (1 << 20, 0), (1, 1 << 12), (1, -1)])
    def test_refuse_what_does_not_fit(self, run: int, chunk: int) -> None:
        with pytest.raises(identifiers.NumberIsOutOfRange):
            identifiers.bulk_ids(run=run, chunk=chunk, count=1)

    def test_fit_a_bigint(self) -> None:
        largest = identifiers.bulk_id(
            run=identifiers.RUN_MAX, chunk=identifiers.CHUNK_MAX, ordinal=identifiers.ORDINAL_MAX
        )

        assert largest == (1 << 63) - 1


@pytest.mark.parametrize("numbering", NUMBERINGS)
class TestNumbering:
    def test_numbers_differ_and_have_their_digits(self, numbering: identifiers.Numbering) -> None:
        numbers = numbering.numbers(first=0, count=50_000)

        assert len(set(numbers.tolist())) == 50_000
        assert {len(str(number)) for number in numbers} == {numbering.digits}

    @given(st.data())
    def test_end_in_a_check_digit(
        self, numbering: identifiers.Numbering, data: st.DataObject
    ) -> None:
        counter = data.draw(st.integers(min_value=0, max_value=numbering.count - 1))

        number = numbering.number(counter)

        assert check_digits.VISIBLE_NUMBER.is_right(str(number))
        assert numbering.require(number) == number

    def test_refuse_one_mistyped_digit(self, numbering: identifiers.Numbering) -> None:
        number = numbering.number(41)

        with pytest.raises(identifiers.NumberIsWrong, match="mistyped"):
            numbering.require(number + 100)
