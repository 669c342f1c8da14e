"""The columns of an import that an answer needs; large texts aren't fetched for nothing."""

from imports_app.models.attributes import columns_of, shown

APPLICATION = "application"
# Needed whatever is shown: by a delete, a retry, the position in the queue, and the entity tag.
SINGLE_COLUMNS = (
    "mode",
    "status",
    "position",
    "resource_type",
    "parent_resource_id",
    "cleanup_records",
    "started_at",
    "inputs_size",
    "processed_count",
    "errors_count",
    "caller",
    "retry_of",
    "undo_of",
    "revision",
    "version",
)


def columns(fields: frozenset[str] | None) -> set[str]:
    """Return the columns to fetch for an answer with these attributes, or with all of them."""
    names = columns_of([name for name in shown() if fields is None or name in fields])
    if fields is None or APPLICATION in fields:
        names.add("caller")
    return {"id", "mode", "retry_of", "undo_of", "check_of", "mended", "version", "file", *names}
