"""Packs the inputs by zstd before the database gets them; has PostgreSQL take them as they are."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import imports_app.models.zstd


def move(source: str, target: str, moved: Callable[[Any], Any]) -> Any:
    """Return the operation's half: a chunk at a time goes from one column to the other."""

    def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        chunks = apps.get_model("imports_app", "ImportChunk").objects
        chunks = chunks.using(schema_editor.connection.alias)
        for pk in [*chunks.values_list("pk", flat=True)]:
            text = getattr(chunks.only(source).get(pk=pk), source)
            chunks.filter(pk=pk).update(**{target: moved(text)})

    return forwards


def keep_as_is(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep PostgreSQL from compressing what is compressed."""
    if schema_editor.connection.vendor == "postgresql":
        model = apps.get_model("imports_app", "ImportChunk")
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN inputs SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    dependencies = [
        ("imports_app", "0016_changes"),
    ]

    operations = [
        migrations.RenameField("importchunk", "inputs", "text"),
        migrations.AddField(
            model_name="importchunk",
            name="inputs",
            field=imports_app.models.zstd.ZstdField(
                default=b"", help_text="The text of a JSON array of row objects."
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="importchunk",
            name="text",
            field=models.TextField(default=""),
        ),
        migrations.RunPython(
            move("text", "inputs", str.encode), move("inputs", "text", bytes.decode)
        ),
        migrations.RemoveField(model_name="importchunk", name="text"),
        migrations.RunPython(keep_as_is, migrations.RunPython.noop),
    ]
