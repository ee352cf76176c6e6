"""Rules that changed while what is written beside them did not."""

from __future__ import annotations

import pytest

from fisc.dmn.checks import stale_words
from fisc.dmn.xml import reader
from tests.factories import tables

SPOKEN = ("citation", "text_en", "text_es")


def file(percent: str, *, words: str, citation: str) -> bytes:
    content = tables.late_charge_file(percent, citation=citation).decode()
    return content.replace(f"{percent} of what is past due", words).encode()


@pytest.mark.parametrize(
    ("words", "citation", "stayed"),
    [
        ("a tenth", "City code 20-70", "“citation”, “text_en”"),
        ("an eighth", "City code 20-70", "“citation”"),
        ("a tenth", "Ordinance 2026-9", "“text_en”"),
    ],
)
def test_a_rate_that_changed_alone_is_named_with_what_stayed(
    words: str, citation: str, stayed: str
) -> None:
    before = reader.read(file("0.10", words="a tenth", citation="City code 20-70"))
    after = reader.read(file("0.125", words=words, citation=citation))

    (found,) = stale_words.check(after, before=before, annotations=SPOKEN)

    assert found.rule == 1
    assert "“round half up(0.10 * past_due, 2)” became “round half up(0.125 * past_due, 2)”" in (
        found.words
    )
    assert f", and {stayed} of the rule did not" in found.words


@pytest.mark.parametrize("percent", ["0.10", "0.125"])
def test_nothing_is_said_where_all_stayed_or_all_changed(percent: str) -> None:
    before = reader.read(file("0.10", words="a tenth", citation="City code 20-70"))
    same = percent == "0.10"
    after = reader.read(
        file(
            percent,
            words="a tenth" if same else "an eighth",
            citation="City code 20-70" if same else "Ordinance 2026-9",
        )
    )

    assert not list(stale_words.check(after, before=before, annotations=SPOKEN))
