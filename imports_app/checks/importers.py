"""Check all registered importers."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, register

from imports_app.checks.bypassed import check_bypassed
from imports_app.checks.chosen import check_chosen
from imports_app.checks.fields import check_fields
from imports_app.checks.keys import check_key
from imports_app.checks.models import check_composite, check_model
from imports_app.checks.names import check_mode, check_name
from imports_app.checks.parts import check_parts
from imports_app.checks.registered import check_registered
from imports_app.checks.relations import check_relations
from imports_app.checks.rows import check_row
from imports_app.checks.shapes import check_shapes
from imports_app.importer import Importer
from imports_app.model_rows import completed
from imports_app.registry import importers


@register("imports")
def check_importers(**_: Any) -> list[CheckMessage]:
    """Return the errors of the registered importers, and importers that are not registered."""
    found = [message for importer in importers for message in check_importer(importer)]
    return [*found, *check_registered()]


def check_importer(importer: Importer) -> Iterator[CheckMessage]:
    """Yield the errors of one importer, which may be too broken for the engine to use."""
    if misshapen := list(check_shapes(importer)):
        yield from misshapen  # the other checks could not read it
        return
    if composite := list(check_composite(importer)):
        yield from composite
        return
    completed(importer)
    yield from check_name(importer)
    yield from check_mode(importer)
    yield from check_model(importer)
    yield from check_row(importer)
    yield from check_chosen(importer)
    yield from check_relations(importer)
    yield from check_key(importer)
    yield from check_parts(importer)
    yield from check_fields(importer)
    yield from check_bypassed(importer)
