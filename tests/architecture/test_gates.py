"""The tools of `make check`, as tests, so that `make test` closes with one count of it all."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

from tests.architecture import source

pytestmark = pytest.mark.gates

# Written before this test; history is not rewritten for a letter.
ALREADY_THERE = {"Lease an embedded PostgreSQL server and read settings from the environment"}
TOOLS = pathlib.Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "format", "--check", "."], id="format"),
        pytest.param(["ruff", "check", "--output-format", "concise", "."], id="lint"),
        pytest.param(["lint-imports"], id="contracts"),
        pytest.param(["mypy"], id="types"),
        pytest.param(["djlint", "--lint", "--quiet", "src"], id="templates"),
    ],
)
def test_the_tool_finds_nothing(command: list[str]) -> None:
    said = subprocess.run(
        [TOOLS / command[0], *command[1:]],
        cwd=source.CHECKOUT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert said.returncode == 0, f"{' '.join(command)}\n{said.stdout}{said.stderr}"


def test_commit_subjects_are_short_sentences() -> None:
    listed = subprocess.run(
        ["git", "log", "--format=%s", "-n", "200", "--no-merges"],
        cwd=source.CHECKOUT,
        check=False,
        capture_output=True,
        text=True,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there are no commits to read")

    wrong = [
        subject
        for subject in listed.stdout.splitlines()
        if len(subject) > 72 or not subject[:1].isupper() or subject.endswith(".")
        if subject not in ALREADY_THERE
    ]

    assert wrong == []
