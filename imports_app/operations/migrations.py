"""Migrations that are not applied to the database that imports are in."""

from django.db.migrations.executor import MigrationExecutor

from imports_app.database import connection


def missing_migrations() -> int:
    """Return how many there are."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
