"""An empty database is brought to this version quickly, and just as Django would bring it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
from django.core import management
from django.db import connection, models
from django.db import migrations as operations
from pytest_django import plugin

from fisc.plumbing import database, migrations, quick_migrations
from fisc.plumbing.postgres import passwords
from tests import databases

# Whatever a migration can bring about, in text and in order.
WHAT_THERE_IS = {
    "columns": """
        select table_name, column_name, data_type, udt_name, is_nullable, column_default,
            is_identity, is_generated, generation_expression
        from information_schema.columns where table_schema = 'public' order by 1, 2
    """,
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
        from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2
    """,
    "indexes": """
        select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
        order by 1, 2
    """,
    "triggers": """
        select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger
        where not tgisinternal order by 1, 2
    """,
    "functions": """
        select proname, pg_get_functiondef(oid) from pg_proc
        where pronamespace = 'public'::regnamespace and prokind <> 'a' order by 1, 2
    """,
    "grants": """
        select table_name, grantee, privilege_type from information_schema.table_privileges
        where table_schema = 'public' order by 1, 2, 3
    """,
    "migrations": "select app, name from django_migrations order by 1, 2",
    "permissions": """
        select app_label, model, codename, name from auth_permission
        join django_content_type as type on type.id = content_type_id order by 1, 2, 3
    """,
}


@contextlib.contextmanager
def emptied(addresses: passwords.Addresses, name: str) -> Iterator[None]:
    """Make an empty database for a test, and drop it."""
    with psycopg.connect(addresses.migrate, autocommit=True) as owner:
        owner.execute(f"set role {database.OWNER}")
        databases._drop(owner, name)
        owner.execute(f"create database {name}")
        try:
            yield
        finally:
            databases._drop(owner, name)


def what_there_is(addresses: passwords.Addresses, name: str) -> dict[str, list[tuple[object, ...]]]:
    """Read everything that migrations made in a database."""
    with psycopg.connect(addresses.migrate, dbname=name) as owner:
        owner.execute(f"set role {database.OWNER}")
        return {kind: owner.execute(asked).fetchall() for kind, asked in WHAT_THERE_IS.items()}


def migrate_as_django_does(addresses: passwords.Addresses, name: str) -> None:
    """Bring a database to this version by Django's own command."""
    with database.pointed_at(addresses.migrate, role=database.OWNER, name=name):
        with connection.cursor() as cursor:
            for statement in migrations.GRANTS:
                cursor.execute(statement)
        management.call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(migrations.CLOSED)


def test_leaves_what_django_leaves(
    database_server: passwords.Addresses, django_db_blocker: plugin.DjangoDbBlocker
) -> None:
    server, told = database_server, list[str]()
    with (
        django_db_blocker.unblock(),
        emptied(server, "fisc_quick"),
        emptied(server, "fisc_slow"),
    ):
        migrations.migrate(address=server.migrate, name="fisc_quick", tell=told.append)
        migrate_as_django_does(server, "fisc_slow")

        quick = what_there_is(server, "fisc_quick")
        slow = what_there_is(server, "fisc_slow")

    for kind in WHAT_THERE_IS:
        assert quick[kind], kind
        assert quick[kind] == slow[kind], kind
    assert len(told) == len(quick["migrations"])


def test_a_migration_that_does_more_than_add_finds_every_model_made_anew() -> None:
    made = quick_migrations.State()
    made.takes(migration(CREATED, REFERRED))
    for each in (CREATED, REFERRED):
        each.state_forwards("app", made)
    assert list(made.apps.get_models())

    added = operations.AddField("one", "more", models.TextField(default=""))
    made.takes(migration(added))
    added.state_forwards("app", made)
    stale = made.apps.get_model("app", "two")._meta.get_field("one").related_model
    made.takes(migration(operations.AlterField("one", "id", models.TextField(primary_key=True))))
    fresh = made.apps.get_model("app", "two")._meta.get_field("one").related_model

    assert "more" not in {each.name for each in stale._meta.fields}
    assert "more" in {each.name for each in fresh._meta.fields}


CREATED = operations.CreateModel("One", [("id", models.AutoField(primary_key=True))])
REFERRED = operations.CreateModel(
    "Two",
    [
        ("id", models.AutoField(primary_key=True)),
        ("one", models.ForeignKey("app.One", on_delete=models.CASCADE)),
    ],
)


def migration(*steps: operations.operations.base.Operation) -> operations.Migration:
    kind = type("Migration", (operations.Migration,), {"operations": list(steps)})
    made: operations.Migration = kind("0001_named", "app")
    return made
