"""Officers and papers of parties."""

from __future__ import annotations

import datetime
import pathlib

import pytest

from fisc.basics.periods import Period
from fisc.domain.accounts import operations as accounts
from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.party_records import calculations, models
from fisc.domain.party_records.operations import officers as officer_writes
from fisc.domain.party_records.operations import papers as paper_writes
from fisc.domain.party_records.queries import officers, papers
from fisc.plumbing import document_store, transactions
from tests.factories import users

AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 10)
CITY = pathlib.Path(__file__).resolve().parents[3] / "cities" / "mesquite_springs"
PDF = b"%PDF-1.7\nsome pages"


def party(name: str) -> int:
    with transactions.started():
        return accounts.add_party(name=name, at=AT)


@pytest.fixture
def lists(db: None) -> None:
    with transactions.started():
        for name in ("officer title", "paper kind"):
            file = CITY / "code_lists" / f"{name.replace(' ', '_')}.csv"
            code_list_writes.import_codes(name=name, content=file.read_bytes())


class TestAFile:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (PDF, "application/pdf"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
        ],
    )
    def test_is_what_its_bytes_say(self, content: bytes, kind: str) -> None:
        assert calculations.file_kind(content) == kind

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"<html><script>", "no PDF, PNG or JPEG"),
            (b"<svg xmlns=", "no PDF, PNG or JPEG"),
            (b" %PDF-1.7", "no PDF, PNG or JPEG"),
            (PDF + bytes(calculations.BYTES_MAX), "10 MB is the most"),
        ],
    )
    def test_that_is_nothing_kept_is_refused(self, content: bytes, words: str) -> None:
        with pytest.raises(calculations.FileIsWrong, match=words):
            calculations.file_kind(content)

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("lease.pdf", "lease.pdf"),
            (r"C:\Users\ana\Contrato de año.PDF", "Contrato de año.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ('a"; filename="b.html', "a filename b.pdf"),
            ("invoice.pdf.exe", "invoice.pdf.pdf"),
            ("....", "paper.pdf"),
            ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ],
    )
    def test_is_named_without_folders_and_false_endings(self, name: str, kept: str) -> None:
        assert calculations.kept_name(name, kind="application/pdf") == kept


class TestAnOfficer:
    def test_is_one_from_day_to_day(self, lists: None) -> None:
        company, person = party("Oak LLC"), party("Ana Ruiz")
        with transactions.started():
            officer_id = officer_writes.add_officer(
                party_id=company,
                person_id=person,
                title="manager",
                period=Period(starts_on=DAY),
                at=AT,
            )
            officer_writes.end_officer(
                party_id=company, officer_id=officer_id, ends_before=datetime.date(2026, 6, 1)
            )

        during = officers.officers_of(party_id=company, as_of=datetime.date(2026, 5, 31))
        after = officers.officers_of(party_id=company, as_of=datetime.date(2026, 6, 1))

        assert [(each.name, each.title.code) for each in during] == [("Ana Ruiz", "manager")]
        assert after == []

    def test_has_a_title_once_at_a_time(self, lists: None) -> None:
        company, person = party("Oak LLC"), party("Ana Ruiz")

        def add() -> int:
            with transactions.started():
                return officer_writes.add_officer(
                    party_id=company,
                    person_id=person,
                    title="manager",
                    period=Period(starts_on=DAY),
                    at=AT,
                )

        add()
        with pytest.raises(officer_writes.OfficerAlready, match="Manager"):
            add()

    def test_is_no_code_that_is_not_there_and_not_the_party_itself(self, lists: None) -> None:
        company = party("Oak LLC")
        for person, title, problem in (
            (company, "manager", officer_writes.IsItself),
            (party("Ana"), "king", code_lists.NoSuchCode),
        ):
            with pytest.raises(problem), transactions.started():
                officer_writes.add_officer(
                    party_id=company,
                    person_id=person,
                    title=title,
                    period=Period(starts_on=DAY),
                    at=AT,
                )

    def test_of_another_party_is_not_ended(self, lists: None) -> None:
        company, other, person = party("Oak LLC"), party("Elm LLC"), party("Ana Ruiz")
        with transactions.started():
            officer_id = officer_writes.add_officer(
                party_id=company,
                person_id=person,
                title="manager",
                period=Period(starts_on=DAY),
                at=AT,
            )
        with pytest.raises(officer_writes.NoSuchOfficer), transactions.started():
            officer_writes.end_officer(
                party_id=other, officer_id=officer_id, ends_before=datetime.date(2026, 6, 1)
            )


class TestAPaper:
    @pytest.fixture(autouse=True)
    def _store(self, tmp_path: pathlib.Path, settings: object) -> None:
        settings.FISC_DOCUMENTS = tmp_path  # type: ignore[attr-defined]

    def taken_in(self, party_id: int, content: bytes = PDF, **told: object) -> int:
        with transactions.started():
            return paper_writes.add_paper(
                party_id=party_id,
                kind=str(told.pop("kind", "lease")),
                name="Lease.pdf",
                content=content,
                at=AT,
                user_id=None,
                **told,  # type: ignore[arg-type]
            )

    def test_is_kept_with_its_bytes_and_its_last_day(self, lists: None) -> None:
        party_id = party("Oak LLC")
        paper_id = self.taken_in(party_id, reference="P-7", expires_on=DAY)

        (found,) = papers.papers_of(party_id=party_id)

        assert found.paper_id == paper_id
        assert papers.content(found) == PDF
        assert (found.name, found.kind.code, found.reference) == ("Lease.pdf", "lease", "P-7")
        assert not found.is_expired(DAY)
        assert found.is_expired(DAY + datetime.timedelta(days=1))

    def test_sent_twice_is_one(self, lists: None) -> None:
        party_id = party("Oak LLC")

        assert self.taken_in(party_id) == self.taken_in(party_id)
        assert models.Paper.objects.count() == 1

    def test_that_is_wrong_leaves_nothing(self, lists: None, tmp_path: pathlib.Path) -> None:
        party_id = party("Oak LLC")
        with pytest.raises(calculations.FileIsWrong):
            self.taken_in(party_id, b"<html>")
        with pytest.raises(paper_writes.KindIsUnknown, match="passport"):
            self.taken_in(party_id, kind="passport")

        assert list(tmp_path.iterdir()) == []

    def test_is_taken_away_with_a_reason(self, lists: None) -> None:
        party_id, user = party("Oak LLC"), users.person("kim")
        paper_id = self.taken_in(party_id)

        for why, problem in (("", paper_writes.NothingSaid), ("Of another.", None)):
            if problem:
                with pytest.raises(problem), transactions.started():
                    paper_writes.end_paper(paper_id=paper_id, why=why, user_id=user, at=AT)
            else:
                with transactions.started():
                    paper_writes.end_paper(paper_id=paper_id, why=why, user_id=user, at=AT)

        assert papers.papers_of(party_id=party_id) == []
        with pytest.raises(papers.NoSuchPaper):
            papers.paper(paper_id=paper_id)
        assert self.taken_in(party_id) != paper_id

    def test_that_was_changed_on_disk_is_not_given_out(
        self, lists: None, tmp_path: pathlib.Path
    ) -> None:
        paper_id = self.taken_in(party("Oak LLC"))
        found = papers.paper(paper_id=paper_id)
        (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
        file.write_bytes(b"%PDF-other")

        with pytest.raises(document_store.DocumentWasChanged):
            papers.content(found)
