"""Registers importers for as long as a test takes."""

from collections.abc import Iterator
from contextlib import contextmanager

from imports_app.engine.types.schema import schema_for
from imports_app.importer import Importer
from imports_app.model_rows import completed
from imports_app.outputs.record_types import record_type_for
from imports_app.registry import importers


@contextmanager
def registered(*classes: type[Importer]) -> Iterator[None]:
    """The importers beside those that there are."""
    before = importers._by_type, importers._by_model
    made = [completed(one()) for one in classes]
    importers._by_type = importers._by_type | {one.resource_type: one for one in made}
    importers._by_model = importers._by_model | {one.model: one for one in made}
    try:
        yield
    finally:
        importers._by_type, importers._by_model = before
        for compiled in (record_type_for, schema_for):
            compiled.cache_clear()
