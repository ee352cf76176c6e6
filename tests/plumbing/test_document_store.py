"""Documents are kept whole, found by their hash and proved when read."""

import hashlib
import pathlib

import pytest

from fisc.plumbing import document_store


class TestKeep:
    def test_names_a_document_by_its_hash(self, tmp_path: pathlib.Path) -> None:
        sha256 = document_store.keep(folder=tmp_path, content=b"a bill")

        assert sha256 == hashlib.sha256(b"a bill").hexdigest()

    def test_keeping_the_same_bytes_twice_makes_one_file(self, tmp_path: pathlib.Path) -> None:
        document_store.keep(folder=tmp_path, content=b"a bill")
        document_store.keep(folder=tmp_path, content=b"a bill")

        assert len([place for place in tmp_path.rglob("*") if place.is_file()]) == 1

    def test_leaves_nothing_half_written_when_the_place_cannot_be_written(
        self, tmp_path: pathlib.Path
    ) -> None:
        sha256 = hashlib.sha256(b"a bill").hexdigest()
        folder = tmp_path / sha256[:2] / sha256[2:4]
        folder.parent.mkdir()
        folder.write_bytes(b"a file where a folder should be")

        with pytest.raises(document_store.DocumentStoreIsFull, match="could not be kept"):
            document_store.keep(folder=tmp_path, content=b"a bill")


class TestFetch:
    def test_gives_back_the_bytes_as_filed(self, tmp_path: pathlib.Path) -> None:
        sha256 = document_store.keep(folder=tmp_path, content=b"a bill")

        assert document_store.fetch(folder=tmp_path, sha256=sha256) == b"a bill"

    def test_refuses_bytes_that_were_changed_afterwards(self, tmp_path: pathlib.Path) -> None:
        sha256 = document_store.keep(folder=tmp_path, content=b"a bill")
        next(place for place in tmp_path.rglob(sha256)).write_bytes(b"another bill")

        with pytest.raises(document_store.DocumentWasChanged):
            document_store.fetch(folder=tmp_path, sha256=sha256)

    def test_says_that_a_document_is_missing_and_what_to_do(self, tmp_path: pathlib.Path) -> None:
        with pytest.raises(document_store.DocumentIsMissing, match="backup"):
            document_store.fetch(folder=tmp_path, sha256="0" * 64)
