from __future__ import annotations

import pathlib

import pytest

from fisc.plumbing.postgres import sizes


class TestServerMemory:
    def test_is_what_the_environment_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FISC_PG_MEMORY_MB", "2048")

        assert sizes.server_memory_mb() == 2048

    def test_is_never_too_little_to_start_with(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FISC_PG_MEMORY_MB", "1")

        assert sizes.server_memory_mb() == sizes.MEMORY_MB_MIN

    @pytest.mark.parametrize("named", ["lots", "-5", "0", "1.5"])
    def test_refuses_what_is_no_number(self, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
        monkeypatch.setenv("FISC_PG_MEMORY_MB", named)

        with pytest.raises(sizes.MemoryIsNotANumber, match="number of mebibytes"):
            sizes.server_memory_mb()

    def test_leaves_room_for_the_rest_of_the_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("FISC_PG_MEMORY_MB")

        assert sizes.MEMORY_MB_MIN <= sizes.server_memory_mb() <= sizes.MEMORY_MB_MAX


class TestSettings:
    def test_gives_half_of_the_memory_to_shared_buffers(
        self, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FISC_PG_MEMORY_MB", "2048")

        found = sizes.settings(data=tmp_path)

        assert found["shared_buffers"] == "1024MB"
        assert found["work_mem"] == "16MB"

    def test_never_touches_what_keeps_data_safe(self, tmp_path: pathlib.Path) -> None:
        unsafe = {"fsync", "full_page_writes", "synchronous_commit", "wal_level"}

        assert unsafe.isdisjoint(sizes.settings(data=tmp_path))
