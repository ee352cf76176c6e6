from __future__ import annotations

import re
import subprocess

import pytest

from tests.architecture import source

# Written in halves, so that this file does not find itself.
MACHINE_PATHS = re.compile(
    r"(?<![\w.<])/("
    + "|".join(
        ("wo" + r"rk/(main|shared|\.library)", "ro" + "ot", "ho" + r"me/\w+", "tm" + "p/fisc")
    )
    + r")\b"
)
REGISTRIES = re.compile(
    "|".join(
        "".join(halves).replace(".", r"\.")
        for halves in (
            ("py", "pi.org/simple"), ("files.python", "hosted.org"),
            ("registry.npm", "js.org"), ("deb.deb", "ian.org"), ("index-", "url"),
        )
    )
)  # fmt: skip
VENDORED = ("/static/vendor/", "/vendor/")


def committed_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=source.CHECKOUT, check=False, capture_output=True, text=True
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is no list of committed files")
    found = []
    for name in listed.stdout.split("\0"):
        path = source.CHECKOUT / name
        if name and path.is_file() and not any(part in f"/{name}" for part in VENDORED):
            found.append((name, path.read_bytes().decode("utf-8", errors="ignore")))
    return found


def test_no_committed_file_names_a_folder_of_one_machine() -> None:
    naming = [
        f"{name}: {found[0]}"
        for name, text in committed_texts()
        if (found := MACHINE_PATHS.search(text))
    ]

    assert naming == []


def test_no_committed_file_names_a_package_registry() -> None:
    naming = [
        f"{name}: {found[0]}"
        for name, text in committed_texts()
        if (found := REGISTRIES.search(text))
    ]

    assert naming == []
