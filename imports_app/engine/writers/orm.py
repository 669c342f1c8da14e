"""Writes records on any database that Django knows, through the ORM's bulk calls."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from imports_app.engine.planning import Draft, Drafts
from imports_app.engine.types import Schema, compact, gives_id
from imports_app.engine.writers.base import Meanwhile, PortableWriter, Written, nothing
from imports_app.engine.writers.clock import database_now
from imports_app.engine.writers.layout import layout_of, moment, stamped_fields
from imports_app.engine.writers.matching import match
from imports_app.engine.writers.values import as_json


class OrmWriter(PortableWriter):
    """Reads the records that exist, compares in Python, and writes with bulk_update and
    bulk_create.
    """

    def __init__(self, schema: Schema, mode: str, _: Meanwhile = nothing) -> None:
        self.schema = schema
        self.mode = mode

    def write(self, drafts: Drafts, *, keep: bool = False) -> Written:
        """See Writer."""
        written = Written()
        now = database_now()
        existing, new = match(self.schema, self.mode, drafts, written)
        self._update(existing, now, written)
        self._create(new, now, written)
        return written

    def _update(
        self, existing: Sequence[tuple[Any, Draft]], now: datetime, written: Written
    ) -> None:
        records = self.schema.records(self.mode).in_bulk([pk for pk, _ in existing])
        changed = [(records[pk], made) for pk, made in existing if apply(records[pk], made.fields)]
        written.updated = len(changed)
        written.same = {made.row.index for _, made in existing} - {
            made.row.index for _, made in changed
        }
        if changed:
            layout = layout_of(
                self.schema, self.mode, frozenset(tuple(made.fields) for _, made in changed)
            )
            for record, _ in changed:
                for field in layout.touched:
                    setattr(record, field.attname, moment(field, now))
            fields = (*layout.given, *layout.touched)
            names = [field.name for field in fields if not field.primary_key]
            self._manager.bulk_update([record for record, _ in changed], names)

    def _create(self, new: Sequence[Draft], now: datetime, written: Written) -> None:
        if not new:
            return
        scope = self.schema.scope(self.mode)
        ids = layout_of(self.schema, self.mode).new_ids(len(new), now)
        makes_ids = not gives_id(self.schema)
        records = [
            self.schema.model(**({"pk": pk} if makes_ids else {}), **scope, **made.fields)
            for pk, made in zip(ids, new, strict=True)
        ]
        self._manager.bulk_create(records)
        self._stamp([record.pk for record in records], now)
        for record, made in zip(records, new, strict=True):
            written.ids[made.row.index] = compact(record.pk)
        written.created = len(new)
        written.new = {made.row.index for made in new}

    def _stamp(self, pks: Sequence[Any], now: datetime) -> None:
        """Correct the times of new records: Django gives them those of this host's clock."""
        if times := stamped_fields(self.schema.model):
            stamps = {field.attname: moment(field, now) for field in times}
            self._manager.filter(pk__in=pks).update(**stamps)

    @property
    def _manager(self) -> Any:
        return self.schema.manager


def apply(record: Model, fields: dict[str, Any]) -> bool:
    """Set the fields; return whether that changed anything."""
    changes = {
        name: value for name, value in fields.items() if not _same(getattr(record, name), value)
    }
    for name, value in changes.items():
        setattr(record, name, value)
    return bool(changes)


def _same(old: Any, new: Any) -> bool:
    # To Python 1 equals true; in JSON they are different values.
    return old == new and (not isinstance(new, dict | list) or as_json(old) == as_json(new))
