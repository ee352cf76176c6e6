"""Values as a person writes them in a case sheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fisc.dmn.columns import types
from fisc.domain.rule_tables.calculations import values


@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999", "9" * 5_000, "0." + "1" * 35])
def test_a_number_that_no_table_computes_with_is_refused_at_once(text: str) -> None:
    with pytest.raises(values.ValueIsWrong, match="too long a number"):
        values.from_text(text, kind=types.Kind.NUMBER)


@pytest.mark.parametrize("text", ["0", "-5", "1,234.50", "1e15", "9" * 34, "0." + "1" * 34])
def test_a_number_of_as_many_digits_as_feel_has_is_taken(text: str) -> None:
    assert values.from_text(text, kind=types.Kind.NUMBER) == Decimal(text.replace(",", ""))
