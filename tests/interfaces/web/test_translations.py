"""Every text of the pages can be read in Spanish."""

from __future__ import annotations

import re

from fisc.interfaces.web import catalog

PLACE = re.compile(r"%\(\w+\)s")


def spanish() -> catalog.Catalog:
    return catalog.read(catalog.PO.read_text(encoding="utf-8"))


class TestSpanish:
    def test_has_every_text_and_no_other(self) -> None:
        known = set(spanish())

        assert catalog.texts() - known == set(), "run python -m fisc.interfaces.web.catalog"
        assert known - catalog.texts() == set(), "run python -m fisc.interfaces.web.catalog"

    def test_says_something_for_each(self) -> None:
        silent = [text.singular for text, said in spanish().items() if not all(said)]

        assert silent == []

    def test_keeps_the_places_where_values_go(self) -> None:
        wrong = [
            text.singular
            for text, said in spanish().items()
            for each in said[-1:]
            if set(PLACE.findall(text.plural or text.singular)) != set(PLACE.findall(each))
        ]

        assert wrong == []

    def test_is_compiled(self) -> None:
        assert catalog.MO.read_bytes() == catalog.compiled(spanish()), (
            "run python -m fisc.interfaces.web.catalog"
        )
