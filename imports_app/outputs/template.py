"""The columns of a type's rows: a file to fill in."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.http import HttpResponse

from imports_app.engine.types import ID, Link, Schema, schema_for
from imports_app.importer import Importer
from imports_app.outputs.workbook import MEDIA_TYPE, workbook


def template_of(importer: Importer) -> HttpResponse:
    """Return the file of that type."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(columns_of(importer))
    name = f"{importer.resource_type}-template.csv"
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def workbook_of(importer: Importer) -> HttpResponse:
    """Return the spreadsheet of that type, with notes, lists of values and an example."""
    name = f"{importer.resource_type}-template.xlsx"
    return HttpResponse(
        workbook(importer, columns_of(importer)),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def columns_of(importer: Importer) -> list[str]:
    """Return every column, the most needed ones first: the key, what is required, then the rest.

    Relations are there in all their forms; the friendliest one stands for the relation where
    it is part of the key or required.
    """
    schema = schema_for(importer)
    return list(dict.fromkeys((*_key(schema), *_required(schema), *_others(schema))))


def _key(schema: Schema) -> Iterator[str]:
    if not schema.importer.key:
        yield ID
    for name in schema.importer.key:
        link = schema.links_by_name.get(name)
        yield from _friendliest(link) if link else (name,)


def _required(schema: Schema) -> Iterator[str]:
    yield from (column.attribute for column in schema.columns if column.required)
    for link in schema.links:
        if link.relation.required:
            yield from _friendliest(link)


def _friendliest(link: Link) -> Iterator[str]:
    yield from (form.attribute for form in link.parts or link.forms[-1:])


def _others(schema: Schema) -> Iterator[str]:
    yield from (column.attribute for column in schema.columns)
    for link in schema.links:
        yield from reversed(link.attributes)
    yield from schema.importer.many
    yield ID
