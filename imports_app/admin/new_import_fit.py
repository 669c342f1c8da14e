"""Whether rows can be meant for a type at all."""

from msgspec import Raw

from imports_app.admin.new_import_columns import Columns, names_of
from imports_app.engine.types import schema_for
from imports_app.importer import Importer
from imports_app.inputs import RowSource

ROWS = 10
SHOWN = 5
MAX_NAME = 40


def unfit(importer: Importer, source: RowSource) -> str | None:
    """Return why not: the first rows have nothing that the type knows. So it costs no dry run."""
    schema = schema_for(importer)
    rows = [Raw(row) for row in source.rows[:ROWS]]
    names = names_of(schema, rows, source.format)
    if Columns(schema, names).found:
        return None
    some = ", ".join(name[:MAX_NAME] for name in names[:SHOWN]) or "there is none"
    return f"These are no {importer.resource_type}: none of the columns is known ({some})."
