"""`manage.py list_importers`: list the resource types that can be imported."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser

from imports_app.engine.types import json_schema, schema_for
from imports_app.importer import Importer
from imports_app.management.command import TeachingCommand
from imports_app.registry import importers


class Command(TeachingCommand):
    """Prints a line for each type, with its key and the parent that an import may name."""

    help = "Lists the resource types that can be imported, each with its key and its parent."
    epilog = """examples:
  manage.py list_importers
  manage.py list_importers --json | jq -r '.[].resource_type'
"""
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json",
            action="store_true",
            help="print an array of {resource_type, key, parent, relations, attributes}",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        found = [described(importer) for importer in importers]
        if options["json"]:
            self.print_json(found)
            return
        for line in _table(found):
            self.stdout.write(line)


def described(importer: Importer) -> dict[str, Any]:
    """Return what the author of a file has to know about the type."""
    return {
        "resource_type": importer.resource_type,
        "key": list(importer.key),
        "parent": importer.parent,
        "relations": sorted(importer.relations),
        "attributes": sorted(json_schema(schema_for(importer))["properties"]),
    }


def _table(found: list[dict[str, Any]]) -> Iterator[str]:
    lines = [("TYPE", "KEY", "PARENT")]
    lines += [
        (each["resource_type"], " + ".join(each["key"]) or "id", each["parent"] or "-")
        for each in found
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(
            f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)
        ).rstrip()
