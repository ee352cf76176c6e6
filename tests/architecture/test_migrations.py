from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, migrations
from django.db.migrations import autodetector, executor, loader, state

from fisc.plumbing import database
from tests import databases
from tests.architecture import source


def own_migrations() -> list[migrations.Migration]:
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("fisc.")}
    found = loader.MigrationLoader(None).disk_migrations
    return [migration for (app, _), migration in sorted(found.items()) if app in own]


def test_the_tables_have_every_change_of_the_models() -> None:
    known = loader.MigrationLoader(None)
    now = state.ProjectState.from_apps(apps)

    changes = autodetector.MigrationAutodetector(known.project_state(), now).changes(
        graph=known.graph
    )

    missing = {
        app: [str(operation) for step in steps for operation in step.operations]
        for app, steps in changes.items()
        if apps.get_app_config(app).name.startswith("fisc.")
    }
    assert missing == {}


def test_every_migration_is_named_for_what_it_does() -> None:
    unnamed = [str(step) for step in own_migrations() if "_auto_" in step.name]

    assert unnamed == []


def test_every_migration_can_be_undone() -> None:
    one_way = [
        f"{step}: {operation}"
        for step in own_migrations()
        for operation in step.operations
        if not operation.reversible
    ]

    assert one_way == []


def test_no_migration_imports_our_code() -> None:
    imports = [
        f"{file.name}:{line} {module}"
        for file in source.own_files()
        if "migrations" in file.place
        for line, module in source.imported_modules(file)
        if module.startswith("fisc.")
    ]

    assert imports == []


@pytest.mark.usefixtures("city_database")
class TestUndoingEverything:
    def test_leaves_no_table_of_ours_and_can_be_done_again(
        self, city_database: databases.CityDatabase
    ) -> None:
        own = sorted({step.app_label for step in own_migrations()})
        with database.pointed_at(city_database.migrate, role=database.OWNER):
            before = tables()
            executor.MigrationExecutor(connection).migrate([(app, None) for app in own])
            left = [name for name in tables() if name.split("_")[0] in own]
            again = executor.MigrationExecutor(connection)
            again.migrate(again.loader.graph.leaf_nodes())

            assert left == []
            assert tables() == before


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(table.name for table in connection.introspection.get_table_list(cursor))
