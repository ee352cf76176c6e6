"""Check digits as published: scanlines, bank routing numbers, employer accounts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fisc.basics import check_digits
from tests import shared_facts

EXAMPLES: dict[str, dict[str, Any]] = {
    each["id"]: each
    for each in json.loads(shared_facts.path_of("facts/worked_examples.json").read_text())
}


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("fmt-scanline-creditron-2", check_digits.SCANLINE),
        ("fmt-scanline-sc-des", check_digits.SOUTH_CAROLINA),
    ],
)
def test_sum_and_check_digit_are_those_published(name: str, method: check_digits.Method) -> None:
    example = EXAMPLES[name]
    digits = example["inputs"]["digits"]

    assert str(method.weighed(digits)) == example["expected"]["sum"]
    assert method.check_digit(digits) == example["expected"]["check"]


def test_a_published_routing_number_is_right() -> None:
    example = EXAMPLES["fmt-aba-check"]
    routing = example["inputs"]["routing"]

    is_right = check_digits.ROUTING_NUMBER.is_right(routing)
    assert is_right is example["expected"]["valid"]
    assert not check_digits.ROUTING_NUMBER.is_right(routing[:-1] + "5")
