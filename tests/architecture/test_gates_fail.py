"""A gate that was never seen to fail may be no gate: each fault here is planted and found."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture import source, test_models_stay_home, test_no_clock, test_sizes
from tests.architecture import test_only_operations_write as writes

TOOLS = pathlib.Path(sys.executable).parent


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the package and of the rules, to plant faults in."""
    copy = tmp_path_factory.mktemp("copied")
    only_code = shutil.ignore_patterns("static", "locale", "fonts", "__pycache__")
    shutil.copytree(source.PACKAGE, copy / "src" / "fisc", ignore=only_code)
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy(source.CHECKOUT / name, copy)
    return copy


@pytest.fixture
def planted(copied: pathlib.Path, request: pytest.FixtureRequest) -> Iterator[pathlib.Path]:
    """The copy with one fault in it: a new file, removed again afterwards."""
    name, text = request.param
    path = copied / "src" / "fisc" / name
    folders = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    assert not path.exists(), f"{name} is a real file; plant the fault beside it"
    path.write_text(text)
    for folder in folders:
        (folder / "__init__.py").touch()
    yield path
    if folders:
        shutil.rmtree(folders[-1])
    else:
        path.unlink()


def said_by(tool: str, *arguments: str, cwd: pathlib.Path) -> str:
    said = subprocess.run(
        [TOOLS / tool, *arguments], cwd=cwd, check=False, capture_output=True, text=True
    )
    assert said.returncode != 0, f"{tool} found nothing"
    return said.stdout + said.stderr


@pytest.mark.parametrize(
    ("planted", "contract"),
    [
        (
            ("domain/ledger/calculations_planted.py", "import fisc.domain.cashiering.models\n"),
            "Domain subjects, most dependent first",
        ),
        (
            ("domain/parking/models.py", ""),
            "Domain subjects, most dependent first",
        ),
        (
            ("domain/ledger/helpers.py", ""),
            "Inside a subject",
        ),
        (
            ("dmn/planted.py", "import django\n"),
            "Sums know nothing of Django",
        ),
        (
            ("basics/planted.py", "import fisc.plumbing.database\n"),
            "Each floor of the building",
        ),
        (
            ("interfaces/web/planted.py", "import fisc.interfaces.cli.main\n"),
            "Front doors do not know each other",
        ),
    ],
    indirect=["planted"],
    ids=["up", "unplaced", "helpers", "impure", "floors", "doors"],
)
def test_contracts(planted: pathlib.Path, copied: pathlib.Path, contract: str) -> None:
    said = said_by("lint-imports", "--config", "../.importlinter", "--no-cache", cwd=copied / "src")

    assert any(contract in line and "BROKEN" in line for line in said.splitlines()), said


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        (
            ("domain/ledger/planted.py", "from django.utils import timezone\n\ntimezone.now()\n"),
            "TID251",
        ),
        (
            ("domain/ledger/planted.py", "from django.db import transaction\n"),
            "TID251",
        ),
        (
            ("domain/ledger/planted.py", "from django.http import HttpResponse\n"),
            "TID251",
        ),
        (
            ("interfaces/web/planted.py", "from django.dispatch import receiver\n"),
            "TID251",
        ),
        (
            ("domain/ledger/planted.py", "def post(amount_cents: int, late: bool) -> None: ...\n"),
            "FBT001",
        ),
        (
            ("domain/planted/queries.py", "def balance() -> int:\n    return 0\n"),
            "D103",
        ),
        (
            ("domain/ledger/planted.py", 'print("posted")\n'),
            "T201",
        ),
    ],
    indirect=["planted"],
    ids=["clock", "transaction", "page", "signal", "positional", "undocumented", "print"],
)
def test_lint(planted: pathlib.Path, copied: pathlib.Path, rule: str) -> None:
    said = said_by(
        "ruff", "check", "--no-cache", "--output-format", "concise", str(planted), cwd=copied
    )

    assert rule in said


@pytest.mark.parametrize(
    "line",
    [
        "till.save()",
        "models.Till.objects.create(name='1')",
        "models.Till.objects.filter(id=1).update(status=2)",
        "rows.filter(x=1).delete()",
        "models.Item.objects.bulk_create(items)",
        "cursor.execute('insert into item values (1)')",
        "cursor.execute('update item set open_cents = 0')",
        "cursor.copy('copy posting (id) from stdin binary')",
    ],
)
def test_writes_outside_operations(tmp_path: pathlib.Path, line: str) -> None:
    file = source.File(tmp_path / "queries.py")
    file.path.write_text(f"{line}\n")

    assert [*writes.calls_that_write(file), *writes.sql_that_writes(file)] != []


@pytest.mark.parametrize("line", ["seen.update(more)", "path.delete", "'updated by'", "x.create()"])
def test_what_is_no_write(tmp_path: pathlib.Path, line: str) -> None:
    file = source.File(tmp_path / "queries.py")
    file.path.write_text(f"{line}\n")

    assert [*writes.calls_that_write(file), *writes.sql_that_writes(file)] == []


@pytest.mark.parametrize("call", ["datetime.datetime.now", "timezone.localdate", "time.time"])
def test_clocks(call: str) -> None:
    assert test_no_clock.CLOCKS.search(call)


@pytest.mark.parametrize("text", ["select now()", "where day < current_date", "clock_timestamp()"])
def test_clocks_in_statements(text: str) -> None:
    assert test_no_clock.SQL_CLOCKS.search(text)


def test_models_that_leave_home() -> None:
    owner = test_models_stay_home.owner_of_models("fisc.domain.ledger.models.Posting")

    assert owner == ("domain", "ledger")


def test_sizes_beyond_the_limit() -> None:
    assert test_sizes.beyond({"a": 50, "b": 51}, 50) == {"b": 51}
