"""What we took from others is what they published."""

from __future__ import annotations

import hashlib
import pathlib

from fisc.interfaces import web

VENDOR = pathlib.Path(web.__file__).parent / "static" / "vendor"
OURS = {"SHA256SUMS", "README.md"}


def listed() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name.removeprefix("./"): digest for digest, name in (line.split() for line in lines)}


def present() -> dict[str, str]:
    return {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in OURS
    }


class TestVendoredFiles:
    def test_are_unchanged_and_complete(self) -> None:
        assert present() == listed()

    def test_have_their_licenses_beside_them(self) -> None:
        names = set(listed())

        assert "uswds-3.14.0/LICENSE.md" in names
        assert "uswds-3.14.0/fonts/OFL-1.1.txt" in names
        assert "uswds-3.14.0/fonts/Apache-2.0.txt" in names
        assert "htmx-4.0.1/LICENSE" in names
        assert "dmn-js-17.10.2/LICENSE" in names
