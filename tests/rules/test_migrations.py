"""Migrations: complete, one line, named by hand, with a way back."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation


def _ours() -> list[Migration]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [migration for (app, _name), migration in loader.disk_migrations.items() if app == "forum"]


def named_by_machine(names: Iterable[str]) -> list[str]:
    """Migrations that still have the name that Django gave them."""
    return [name for name in names if "_auto_" in name or name.split("_", 1)[-1] in {"initial", ""}]


def leaves(migrations: Iterable[Migration]) -> list[str]:
    """Migrations that no other one follows."""
    migrations = list(migrations)
    followed = {name for migration in migrations for app, name in migration.dependencies if app == "forum"}
    return sorted(m.name for m in migrations if m.name not in followed)


def without_return(migrations: Iterable[Migration]) -> list[str]:
    """Steps that change data or run SQL and cannot be taken back."""
    return [
        f"{migration.name}: {operation}"
        for migration in migrations
        for operation in _steps(migration.operations)
        if isinstance(operation, RunPython | RunSQL) and not operation.reversible
    ]


def _steps(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _steps(operation.database_operations)
        else:
            yield operation


def _migration(name: str, *operations: Operation, after: str = "") -> Migration:
    migration = Migration(name, "forum")
    migration.operations = list(operations)
    migration.dependencies = [("forum", after)] if after else []
    return migration


@pytest.mark.django_db
def test_no_change_of_a_model_is_without_its_migration():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_control_a_model_without_its_migration_is_caught(settings, tmp_path, monkeypatch):
    (tmp_path / "no_migrations_at_all").mkdir()
    (tmp_path / "no_migrations_at_all" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"forum": "no_migrations_at_all"}
    with pytest.raises(SystemExit):
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_migrations_stand_in_one_line():
    assert len(leaves(_ours())) == 1


def test_control_a_second_line_of_migrations_is_caught():
    first, second = _migration("0001_a"), _migration("0002_b", after="0001_a")
    assert leaves([first, second]) == ["0002_b"]
    assert len(leaves([first, second, _migration("0002_c", after="0001_a")])) == 2


def test_migrations_are_named_by_hand():
    assert named_by_machine(migration.name for migration in _ours()) == []


def test_control_a_name_that_a_machine_gave_is_caught():
    names = ["0002_auto_20240101_1200", "0003_comment_auto_now", "0001_initial", "0004_names_of_guests"]
    assert named_by_machine(names) == ["0002_auto_20240101_1200", "0003_comment_auto_now", "0001_initial"]


def test_steps_on_data_can_be_taken_back():
    assert any(isinstance(step, RunPython) for m in _ours() for step in _steps(m.operations))
    assert without_return(_ours()) == []


def test_control_a_step_without_return_is_caught():
    def forward(apps, editor):
        """Change something."""

    one_way = [RunPython(forward), RunSQL("SELECT 1")]
    both_ways = [RunPython(forward, RunPython.noop), RunSQL("SELECT 1", RunSQL.noop)]
    assert len(without_return([_migration("0009_a", *one_way)])) == 2
    assert without_return([_migration("0009_a", SeparateDatabaseAndState([one_way[0]]))])
    assert without_return([_migration("0009_a", *both_ways)]) == []


def test_every_model_of_the_app_has_its_table_from_a_migration():
    tables = MigrationLoader(None).project_state().models
    assert {("forum", m._meta.model_name) for m in apps.get_app_config("forum").get_models()} <= set(tables)
