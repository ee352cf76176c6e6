"""Any tables and any damage: out and in changes nothing, what is broken is refused."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from fisc.domain.rule_tables.calculations.workbooks import proposing
from tests.dmn import models
from tests.domain.rule_tables.workbooks import books

# --- Properties ----------------------------------------------------------------------------------

NUMBERS = st.decimals(0, 1000, places=2).map(str)
NOTES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
RULES = st.lists(st.tuples(NUMBERS, NUMBERS, NOTES), min_size=1, max_size=6)


class TestAnyFile:
    @settings(max_examples=30, deadline=None)
    @given(rules=RULES, name=st.text("aA/é '", min_size=1, max_size=40).filter(str.strip))
    def test_out_and_in_changes_nothing(self, rules: list[tuple[str, ...]], name: str) -> None:
        table = models.table(
            {"usage": "number"}, {"rate": "number"}, rules, annotations=["citation"]
        )
        content = models.file(
            models.input_data("usage"),
            models.decision(f"b{name}", table, needs=["i_usage"]),
            models.decision("Deposit", models.literal("150")),
        )

        assert proposing.proposed(content, books.workbook(content)) == proposing.Proposed(content)

    @settings(max_examples=80, deadline=None)
    @given(
        at=st.floats(0, 1), junk=st.binary(max_size=6), gone=st.integers(0, 40), part=st.integers(0)
    )
    def test_a_damaged_workbook_is_refused_or_read(
        self, at: float, junk: bytes, gone: int, part: int
    ) -> None:
        whole = books.workbook()
        names = sorted(zipfile.ZipFile(io.BytesIO(whole)).namelist())
        chosen = [None, *(name for name in names if "xl/" in name)][part % (len(names) // 2)]

        def damaged(content: bytes) -> bytes:
            place = int(at * len(content))
            return content[:place] + junk + content[place + gone :]

        book = (
            damaged(whole)
            if chosen is None
            else books.with_parts(whole, lambda name, xml: damaged(xml) if name == chosen else xml)
        )

        found = proposing.proposed(books.CONTENT, book)

        assert not found.problems or found.content == books.CONTENT
