"""Has PostgreSQL compress the inputs by lz4, which is five times as fast as its default.

SQLite doesn't compress. A server that was built without lz4, or is older than 14, keeps its default.
"""

from typing import Any

from django.db import NotSupportedError, ProgrammingError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def compress_by(method: str) -> Any:
    """Return the operation's half: only what is stored from now on is compressed in that way."""

    def alter(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        table = schema_editor.quote_name(
            apps.get_model("imports_app", "ImportChunk")._meta.db_table
        )
        try:
            with transaction.atomic(schema_editor.connection.alias):
                schema_editor.execute(
                    f"ALTER TABLE {table} ALTER COLUMN inputs SET COMPRESSION {method}"
                )
        except (NotSupportedError, ProgrammingError):
            return

    return alter


class Migration(migrations.Migration):
    dependencies = [
        ("imports_app", "0006_indexes_for_clients"),
    ]

    operations = [
        migrations.RunPython(compress_by("lz4"), compress_by("default")),
    ]
