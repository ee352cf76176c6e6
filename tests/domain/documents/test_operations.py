"""A bill is typeset once, kept by its hash, and reprinted as the same bytes."""

import datetime
import io
import json
import pathlib
from typing import Any

import pypdf
import pytest
from django import db
from django.conf import settings
from django.db import transaction

from fisc.domain.documents import choices, models, operations, queries
from fisc.plumbing import transactions
from fisc.plumbing.typesetting import typesetter

LETTERS = pathlib.Path(__file__).parents[3] / "cities" / "mesquite_springs" / "letters"
MADE_AT = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


def sample(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((LETTERS / "bill.sample.json").read_text())
    return {**data, **changes}


def file_bill(
    *, subject_id: int = 41, language: str = "en", data: dict[str, Any] | None = None
) -> queries.FiledDocument:
    with transactions.started():
        return operations.file_document(
            kind=choices.Kind.BILL,
            subject_kind=choices.Subject.BILL,
            subject_id=subject_id,
            language=language,
            template=LETTERS / "bill.typ",
            data=data or sample(language=language),
            made_at=MADE_AT,
        )


@pytest.fixture(autouse=True)
def _own_store(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FISC_DOCUMENTS", tmp_path)


class TestFileDocument:
    def test_asking_again_gives_the_document_as_sent_whatever_changed_since(self) -> None:
        first = file_bill()

        second = file_bill(data=sample(messages=["Something new."]))

        assert second == first
        assert models.Document.objects.count() == 1

    def test_a_reprint_is_the_same_bytes(self) -> None:
        filed = file_bill()

        assert queries.content(sha256=filed.sha256) == queries.content(sha256=filed.sha256)
        assert len(queries.content(sha256=filed.sha256)) == filed.size_bytes

    def test_the_same_bill_made_anywhere_has_the_same_hash(self) -> None:
        data = sample()

        assert (
            file_bill(subject_id=1, data=data).sha256 == file_bill(subject_id=2, data=data).sha256
        )

    def test_a_template_that_misses_its_data_says_where(self) -> None:
        data = sample()
        del data["remittance"]

        with pytest.raises(typesetter.LetterDoesNotTypeset, match=r"bill\.typ.*remittance"):
            file_bill(data=data)

        assert models.Document.objects.count() == 0

    def test_the_database_refuses_to_change_what_was_sent(self) -> None:
        file_bill()

        with pytest.raises(db.Error, match="permission denied"), transaction.atomic():
            models.Document.objects.update(sha256="0" * 64)
        with pytest.raises(db.Error), transaction.atomic():
            models.Document.objects.all().delete()


class TestBill:
    @pytest.mark.parametrize(
        ("language", "words"), [("en", "Utility bill"), ("es", "Factura de servicios")]
    )
    def test_is_an_accessible_pdf_in_its_language(self, language: str, words: str) -> None:
        filed = file_bill(language=language)

        pdf = pypdf.PdfReader(io.BytesIO(queries.content(sha256=filed.sha256)))
        catalog: Any = pdf.trailer["/Root"]
        metadata = catalog["/Metadata"].get_data().decode()
        assert "pdfuaid:part" in metadata
        assert catalog["/MarkInfo"]["/Marked"]
        assert catalog["/Lang"].startswith(language)
        assert "/StructTreeRoot" in catalog
        assert words in pdf.pages[0].extract_text()

    def test_carries_its_scanline_in_ocr_a(self) -> None:
        data = sample()

        filed = file_bill(data=data)

        page = pypdf.PdfReader(io.BytesIO(queries.content(sha256=filed.sha256))).pages[0]
        resources: Any = page["/Resources"]
        fonts = {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
        assert any("OCR" in font for font in fonts)
        assert data["remittance"]["scanline"] in page.extract_text()

    def test_with_a_hundred_charges_runs_over_pages_and_loses_none(self) -> None:
        data = sample()
        data["services"] = [
            {
                "title": f"Service {number}",
                "from_day": "Oct 1, 2026",
                "to_day": "Nov 1, 2026",
                "days": 31,
                "reads": [],
                "lines": [{"label": f"Charge {number}", "amount": "$1.00"}],
            }
            for number in range(100)
        ]

        filed = file_bill(data=data)

        pdf = pypdf.PdfReader(io.BytesIO(queries.content(sha256=filed.sha256)))
        text = "".join(page.extract_text() for page in pdf.pages)
        assert len(pdf.pages) > 1
        assert all(f"Charge {number}" in text for number in range(100))
