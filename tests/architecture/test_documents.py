from __future__ import annotations

import re

from tests.architecture import source

NAMES = re.compile(r"\b(FISC_[A-Z_]+[A-Z]|(?:MIGRATE_)?DATABASE_URL)\b")
# Not for people: one process of a test tells another with it.
BETWEEN_PROCESSES = {"FISC_TEST_MARK"}
README_LINES_MAX = 40


def test_every_setting_is_documented() -> None:
    said = (source.CHECKOUT / "docs" / "operations" / "settings.md").read_text(encoding="utf-8")
    documented = set(NAMES.findall(said))
    folders = [source.CHECKOUT / name for name in ("src", "tests", "bench")]
    read = {
        name
        for file in source.files_of(*folders)
        for _, text in source.texts(file)
        for name in NAMES.findall(text)
    }

    for script in (source.CHECKOUT / "setup").iterdir():
        read.update(NAMES.findall(script.read_text(encoding="utf-8")))

    assert read - documented - BETWEEN_PROCESSES == set()
    assert documented - read == set()


def test_every_subject_says_what_it_is_for() -> None:
    subjects = [path.parent for path in (source.PACKAGE / "domain").glob("*/apps.py")]
    silent = [
        subject.name
        for subject in subjects
        if not (subject / "README.md").exists()
        or len((subject / "README.md").read_text().splitlines()) > README_LINES_MAX
    ]

    assert silent == []


def test_decisions_have_numbers_of_their_own() -> None:
    names = sorted(path.name for path in (source.CHECKOUT / "docs" / "decisions").glob("*.md"))
    numbers = [name[:4] for name in names]

    assert all(re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name) for name in names)
    assert len(set(numbers)) == len(numbers)
