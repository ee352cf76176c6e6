from __future__ import annotations

import pathlib
import stat

import pytest

from fisc.plumbing import sealed_values

TEXT = "123456789"


@pytest.fixture(autouse=True)
def _unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(sealed_values.SETTING, raising=False)


class TestTheKeys:
    def test_are_made_once_and_closed_to_others(self, tmp_path: pathlib.Path) -> None:
        home = tmp_path / "home"
        made = sealed_values.ring(home=home)

        assert sealed_values.ring(home=home) == made
        assert stat.S_IMODE((home / sealed_values.FILE_NAME).stat().st_mode) == 0o600
        assert [path.name for path in home.iterdir()] == [sealed_values.FILE_NAME]

    def test_of_two_homes_differ(self, tmp_path: pathlib.Path) -> None:
        first = sealed_values.ring(home=tmp_path / "a")
        second = sealed_values.ring(home=tmp_path / "b")

        assert first.check != second.check
        assert first.blind_index(TEXT, kind="SSN") != second.blind_index(TEXT, kind="SSN")

    def test_that_another_made_first_are_the_ones(self, tmp_path: pathlib.Path) -> None:
        made = sealed_values.ring(home=tmp_path)
        sealed_values._make(tmp_path / sealed_values.FILE_NAME)

        assert sealed_values.ring(home=tmp_path) == made

    def test_are_those_of_the_environment(
        self, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = sealed_values.ring(home=tmp_path / "kept")
        text = (tmp_path / "kept" / sealed_values.FILE_NAME).read_text()
        monkeypatch.setenv(sealed_values.SETTING, ",".join(text.split()))

        assert sealed_values.ring(home=tmp_path / "other") == made
        assert not (tmp_path / "other").exists()
        with pytest.raises(sealed_values.KeysAreNamed, match="Add"):
            sealed_values.follow(home=tmp_path / "other")

    @pytest.mark.parametrize(
        "text", ["", "secret", "index=AAAA", "1=QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", "é"]
    )
    def test_that_are_none_are_refused_unquoted(self, tmp_path: pathlib.Path, text: str) -> None:
        (tmp_path / sealed_values.FILE_NAME).write_text(text, encoding="utf-8")

        with pytest.raises(sealed_values.KeysAreWrong, match="does not hold keys") as refused:
            sealed_values.ring(home=tmp_path)

        assert "secret" not in str(refused.value)
        assert "QUFB" not in str(refused.value)


class TestAValue:
    def test_opens_only_about_what_it_was_sealed_about(self, tmp_path: pathlib.Path) -> None:
        keys = sealed_values.ring(home=tmp_path)
        sealed = keys.seal(TEXT, about="party 1")

        assert TEXT.encode() not in sealed.content
        assert keys.opened(sealed, about="party 1") == TEXT
        with pytest.raises(sealed_values.DoesNotOpen, match="another one"):
            keys.opened(sealed, about="party 2")

    def test_that_was_changed_does_not_open(self, tmp_path: pathlib.Path) -> None:
        keys = sealed_values.ring(home=tmp_path)
        sealed = keys.seal(TEXT, about="x")
        for changed in (sealed.content[:-1] + bytes([sealed.content[-1] ^ 1]), b"", b"short"):
            with pytest.raises(sealed_values.DoesNotOpen):
                keys.opened(sealed_values.Sealed(sealed.key_version, changed), about="x")

    def test_is_never_sealed_twice_alike_and_always_indexed_alike(
        self, tmp_path: pathlib.Path
    ) -> None:
        keys = sealed_values.ring(home=tmp_path)

        assert keys.seal(TEXT, about="x").content != keys.seal(TEXT, about="x").content
        assert keys.blind_index(TEXT, kind="SSN") == keys.blind_index(TEXT, kind="SSN")
        assert keys.blind_index(TEXT, kind="SSN") != keys.blind_index(TEXT, kind="EIN")

    def test_opens_after_its_key_was_followed(self, tmp_path: pathlib.Path) -> None:
        before = sealed_values.ring(home=tmp_path)
        old = before.seal(TEXT, about="x")

        version = sealed_values.follow(home=tmp_path)
        after = sealed_values.ring(home=tmp_path)
        new = after.seal(TEXT, about="x")

        assert (old.key_version, version, new.key_version) == (1, 2, 2)
        assert after.opened(old, about="x") == after.opened(new, about="x") == TEXT
        assert after.index_key == before.index_key
        with pytest.raises(sealed_values.KeyIsMissing, match="version 2"):
            before.opened(new, about="x")
