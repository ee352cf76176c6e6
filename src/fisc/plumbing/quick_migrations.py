"""Applying migrations without drawing up every model anew for each of them.

For each operation Django keeps the models as classes, and makes those anew that are related to the
one that changed, however far: of a few hundred migrations some seventeen thousand classes, which
takes most of the time of an empty database (decision 0171). Where a migration only adds (models,
fields, constraints, indexes, SQL), nothing needs the related ones: the model that changed is made
anew alone. Before any other migration all models are, once, and it is applied as Django does.
"""

from __future__ import annotations

from django.db.migrations import Migration, executor, operations, state

ADDING = (
    operations.AddConstraint,
    operations.AddField,
    operations.AddIndex,
    operations.AlterModelOptions,
    operations.CreateModel,
    operations.RemoveConstraint,
)


class State(state.ProjectState):
    """A state of the models that may leave related ones as they were."""

    only_adds = False

    def clone(self) -> State:
        """Return a copy, of this kind."""
        copy = State(
            models={key: each.clone() for key, each in self.models.items()},
            real_apps=self.real_apps,
        )
        if "apps" in self.__dict__:
            copy.apps = self.apps.clone()
        copy.is_delayed = self.is_delayed
        copy.only_adds = self.only_adds
        return copy

    def takes(self, migration: Migration) -> None:
        """Get ready for a migration: where it does more than add, no model is left as it was."""
        self.only_adds = all(map(_adds, migration.operations))
        if not self.only_adds:
            self.clear_delayed_apps_cache()
            self.is_delayed = False
            # Made now, as each operation goes on from what is made.
            self.apps.check_models_ready()

    def _find_reload_model(
        self,
        app_label: str,
        model_name: str,
        delay: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> set[tuple[str, str]]:
        if not self.only_adds:
            found: set[tuple[str, str]] = super()._find_reload_model(  # type: ignore[misc]
                app_label, model_name, delay
            )
            return found
        self.is_delayed = True
        return {(app_label, model_name)}


class Executor(executor.MigrationExecutor):
    """Applies migrations to such a state."""

    def applied_state(self) -> State:
        """Return the state that the migrations applied so far have brought about."""
        return self._create_project_state(with_applied_migrations=True)

    def _create_project_state(
        self,
        with_applied_migrations: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> State:
        made = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return State(models=made.models, real_apps=made.real_apps)

    def apply_migration(
        self,
        state: state.ProjectState,
        migration: Migration,
        fake: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        fake_initial: bool = False,  # noqa: FBT001, FBT002
    ) -> state.ProjectState:
        """Apply one migration and return the state after it."""
        assert isinstance(state, State)
        state.takes(migration)
        return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)


def _adds(operation: operations.base.Operation) -> bool:
    if isinstance(operation, operations.RunSQL):
        return not operation.state_operations
    return isinstance(operation, ADDING)
