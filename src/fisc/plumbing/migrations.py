"""Bringing the database's tables to the form this version needs."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import sql
from django.db import connection
from django.db.migrations import Migration, executor

from fisc.plumbing import database, quick_migrations

# What the serving role may do unless a migration says less. TRUNCATE is never given.
GRANTS = (
    "grant usage on schema public to fisc_app",
    "alter default privileges in schema public grant select on tables to fisc_app",
    "alter default privileges in schema public grant insert, update, delete on tables to fisc_app",
    "alter default privileges in schema public grant usage, select on sequences to fisc_app",
)
# The record of migrations is written by them alone.
CLOSED = "revoke insert, update, delete on django_migrations from fisc_app"

# Any number that no other program of ours locks; let go with the connection.
LOCK = 7_301_913


class NoMigratingAddress(Exception):
    """Nobody said how to reach the database as the role that changes tables."""


def migrate(*, address: str, name: str = "", tell: Callable[[str], object] | None = None) -> None:
    """Apply every migration not yet applied, as the owner of the tables; tell of each that was.

    Raises NoMigratingAddress.
    """
    if not address:
        raise NoMigratingAddress(
            "MIGRATE_DATABASE_URL is not set. Give the address that signs in as fisc_migrate; "
            "docs/operations says how the three roles are made."
        )
    with database.pointed_at(address, role=database.OWNER, name=name):
        with connection.cursor() as cursor:
            # Two programs may start at once on an empty database; the second finds it done.
            cursor.execute("select pg_advisory_lock(%s)", [LOCK])
            for statement in GRANTS:
                cursor.execute(statement)
        _apply(tell=tell)
        with connection.cursor() as cursor:
            cursor.execute(CLOSED)


def _apply(*, tell: Callable[[str], object] | None) -> None:
    """Do what Django's command `migrate` does, by an executor that is quick."""

    def told(action: str, migration: Migration | None = None, *_: object) -> None:
        if tell is not None and action == "apply_success":
            tell(f"Applied {migration}")

    applying = quick_migrations.Executor(connection, told)
    applying.loader.check_consistent_history(connection)
    connection.prepare_database()
    plan = applying.migration_plan(applying.loader.graph.leaf_nodes())
    before = applying.applied_state()
    alias = connection.alias
    sql.emit_pre_migrate_signal(0, False, alias, apps=before.apps, plan=plan)  # noqa: FBT003
    after = applying.migrate([], plan=plan, state=before.clone())
    after.clear_delayed_apps_cache()
    sql.emit_post_migrate_signal(0, False, alias, apps=after.apps, plan=plan)  # noqa: FBT003


def unapplied() -> list[str]:
    """Return the migrations that this version has and the database has not."""
    plan = executor.MigrationExecutor(connection)
    targets = plan.loader.graph.leaf_nodes()
    return [f"{step.app_label}.{step.name}" for step, _ in plan.migration_plan(targets)]
