from __future__ import annotations

import pathlib
import stat

import pytest

from fisc.plumbing import secret_key


@pytest.fixture(autouse=True)
def _unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FISC_SECRET_KEY", raising=False)


def test_is_made_once_and_closed_to_others(tmp_path: pathlib.Path) -> None:
    made = secret_key.read_or_make(home=tmp_path / "home")

    assert secret_key.read_or_make(home=tmp_path / "home") == made
    assert stat.S_IMODE((tmp_path / "home" / "secret_key").stat().st_mode) == 0o600
    assert len(made) >= 48


def test_two_homes_have_two_keys(tmp_path: pathlib.Path) -> None:
    first = secret_key.read_or_make(home=tmp_path / "first")

    assert secret_key.read_or_make(home=tmp_path / "second") != first


def test_is_the_one_that_is_named(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISC_SECRET_KEY", "named")

    assert secret_key.read_or_make(home=tmp_path) == "named"
    assert not (tmp_path / "secret_key").exists()
