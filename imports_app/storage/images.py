"""Images of records: all their columns, packed by the database where it can do that.

On PostgreSQL an image is the record's line as text, which the server makes and reads; elsewhere it
is a list of values.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import BinaryField, F, JSONField, Model
from django.db.models.expressions import RawSQL

from imports_app.database import connection, quote
from imports_app.models.among import Among

Image = str | list[Any]

# The fields whose values `_plain` changes.
NOT_PLAIN = (BinaryField, JSONField)

# OFFSET keeps the server from casting the text once for each column.
SHOW = """
    SELECT (line).* FROM (
        SELECT image::{table} AS line FROM unnest(%s::text[]) WITH ORDINALITY AS given(image, n)
        ORDER BY n OFFSET 0
    ) AS lines
"""


def snapshot(model: type[Model], pks: Collection[Any]) -> dict[Any, Image]:
    """Return the images of the records of these ids that exist, in the order of the ids, which a
    database does not keep. One query.
    """
    found = _taken(model, pks) if pks else {}
    return {pk: found[pk] for pk in pks if pk in found}


def _taken(model: type[Model], pks: Collection[Any]) -> dict[Any, Image]:
    records = model._base_manager.filter(Among(F("pk"), pks)).order_by()
    if connection.vendor == "postgresql":
        line = RawSQL(f"{quote(model._meta.db_table)}::text", ())  # noqa: S611  (it is quoted)
        return dict(records.values_list("pk", line))
    fields = model._meta.concrete_fields
    place = fields.index(model._meta.pk)
    others = [n for n, field in enumerate(fields) if isinstance(field, NOT_PLAIN)]
    images: dict[Any, Image] = {}
    for row in records.values_list(*(field.attname for field in fields)):
        images[row[place]] = image = [*row]
        for n in others:
            image[n] = _plain(fields[n], row[n])
    return images


def records_of(model: type[Model], images: Sequence[Image]) -> list[Model]:
    """Return the records as they were, in the order of their images.

    Raises django.db.Error, or ValueError, if the table has other columns by now.
    """
    if not images:
        return []
    if connection.vendor == "postgresql":
        text = SHOW.format(table=quote(model._meta.db_table))
        return list(model._base_manager.raw(text, [list(images)]))
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return [
        model.from_db(
            connection.alias,
            names,
            [value_from(field, value) for field, value in zip(fields, image, strict=True)],
        )
        for image in images
    ]


def values_of(record: Model) -> dict[str, Any]:
    """Return the record's values by field name (`attname`)."""
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def _plain(field: Any, value: Any) -> Any:
    """Return a field's value as it is packed where it stands in a list."""
    # As text: MessagePack has no integers beyond 64 bits.
    if isinstance(field, JSONField) and value is not None:
        return json.dumps(value)
    return bytes(value) if isinstance(value, memoryview) else value


def value_from(field: Any, plain: Any) -> Any:
    """Return the value that `_plain` packed."""
    if isinstance(field, JSONField) and plain is not None:
        return json.loads(plain)
    return field.to_python(plain)
