"""The printed notice of a change, in both languages."""

from __future__ import annotations

import datetime
import io
import pathlib
from typing import Any

import pypdf
import pytest
from django.conf import settings

from fisc.domain.rule_tables.operations import approvals, drafts
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import notices
from tests.factories import table_people, tables

MADE_AT = datetime.datetime(2026, 11, 5, 18, tzinfo=datetime.UTC)
CITY = pathlib.Path(__file__).parents[3] / "cities" / "mesquite_springs"


@pytest.fixture
def version_id(db: None, monkeypatch: pytest.MonkeyPatch) -> int:
    """Fifteen percent in place of ten from December on, approved by Martin."""
    monkeypatch.setattr(settings, "FISC_CITY", str(CITY))
    table_people.office()
    first = tables.approved_late_charge(
        "0.10",
        approved_at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC),
        effective_from=datetime.date(2026, 1, 1),
    )
    draft_id = table_people.draft(at=MADE_AT, effective_from=datetime.date(2026, 12, 1))
    assert reading.draft(draft_id).started_from_id == first
    approvals.put_in_test(version_id=draft_id, by="rosa", at=MADE_AT)
    approvals.approve(version_id=draft_id, by="martin", reason="I worked it out", at=MADE_AT)
    return draft_id


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


class TestChangeNotice:
    def test_says_what_changes_from_when_by_which_law_and_by_whom(self, version_id: int) -> None:
        pdf = notices.change_notice(version_id, language="en", made_at=MADE_AT)

        words = words_of(pdf)
        for expected in (
            "Notice of a change of tables",
            "December 1, 2026",
            "Ordinance 31",
            "Rosa Alvarez (rosa)",
            "Martin Okafor (martin)",
            "0.10 to 0.15",
            "50.0 % more",
            "Compared with version 1",
        ):
            assert expected in words

    def test_is_accessible_and_in_spanish_where_asked(self, version_id: int) -> None:
        pdf = notices.change_notice(version_id, language="es", made_at=MADE_AT)

        root: Any = pypdf.PdfReader(io.BytesIO(pdf)).root_object
        assert root["/MarkInfo"]["/Marked"].value
        assert root["/Lang"] == "es"
        assert b"pdfuaid:part" in root["/Metadata"].get_data()
        assert "1 de diciembre de 2026" in words_of(pdf)
        assert "Qué cambia" in words_of(pdf)

    def test_the_same_state_gives_the_same_bytes(self, version_id: int) -> None:
        first, second = (
            notices.change_notice(version_id, language="en", made_at=MADE_AT) for _ in range(2)
        )

        assert first == second

    def test_a_language_that_the_city_does_not_write_is_refused(self, version_id: int) -> None:
        with pytest.raises(notices.NoticeNotMade, match="en and es"):
            notices.notice_data(version_id, language="fr")

    def test_a_draft_that_cannot_be_read_has_no_notice(self, version_id: int) -> None:
        broken = table_people.draft(at=MADE_AT, effective_from=datetime.date(2027, 1, 1))
        drafts.save_draft(
            version_id=broken,
            content=tables.late_charge_file().replace(b"round half up", b"open file"),
            based_on_sha256=reading.draft(broken).sha256,
            by="rosa",
            at=MADE_AT,
        )

        with pytest.raises(notices.NoticeNotMade, match="cannot be read"):
            notices.notice_data(broken, language="en")
