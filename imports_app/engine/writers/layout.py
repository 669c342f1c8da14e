"""Which fields a write touches, and where their values come from."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from django.db.models import DateTimeField, Field, JSONField, Model
from django.db.models.fields import NOT_PROVIDED, AutoFieldMixin

from imports_app.engine.planning import Match
from imports_app.engine.types import Schema
from imports_app.models.ids import new_ids

CONSTANT_FACTORIES = (dict, list)

AnyField: TypeAlias = "Field[Any, Any]"


@dataclass(frozen=True)
class Layout:
    """The fields of a model, sorted by who says what they hold.

    Attributes:
        given: fields that the rows of this write give, some or all of them.
        mixed: those of them that some rows give and others don't.
        match: how the records are found.
        generated: fields that get a value of its own in each new record.
        constant: fields that hold the same in all new records.
    """

    schema: Schema
    mode: str
    given: tuple[AnyField, ...]
    mixed: tuple[AnyField, ...]
    match: Match

    @cached_property
    def generated(self) -> tuple[AnyField, ...]:
        """Not given, and the default is a function, a UUID's for example."""
        return tuple(f for f in self._absent if is_generated(f))

    @cached_property
    def constant(self) -> tuple[AnyField, ...]:
        """Not given, and the default is a value."""
        return tuple(f for f in self._absent if not is_generated(f))

    @cached_property
    def changes(self) -> list[AnyField]:
        """The fields in which an update may differ from its record.

        Those that it was found by are the same. If they were set all the same, a database would
        write their indexes anew, and PostgreSQL lock the record against references to it.
        """
        found_by = self.schema.key_fields if self.match is Match.KEY else ()
        return [field for field in self.given if field not in found_by]

    @cached_property
    def json_from(self) -> int:
        """How many of `changes` hold no JSON: fields of JSON are the last ones."""
        return sum(type(field) is not JSONField for field in self.changes)

    @property
    def numbered(self) -> bool:
        """Whether the database numbers new records; otherwise their id is made here."""
        return isinstance(self.schema.pk, AutoFieldMixin)

    def new_ids(self, count: int, now: datetime) -> list[Any]:
        """Return the ids of that many records created at `now`; None where the database numbers
        them.
        """
        return [None] * count if self.numbered else new_ids(self.schema.pk, count, now)

    @cached_property
    def touched(self) -> tuple[AnyField, ...]:
        """The fields that say when a record was last written."""
        return touched_fields(self.schema.model)

    def stamps(self, now: datetime) -> list[tuple[AnyField, Any]]:
        """Return what these fields hold in a record written at `now`."""
        return [(field, moment(field, now)) for field in self.touched]

    @cached_property
    def is_full(self) -> bool:
        """Whether it is known here what every field of a new record holds."""
        known = {*self.given, *self.generated, *self.constant}
        return known.issuperset(self._fields)

    def constants(self, now: datetime) -> list[tuple[AnyField, Any]]:
        """Return what the constant fields hold in a record created at `now`."""
        known: dict[str, Any] = dict.fromkeys(self.schema.scope_names, self.mode)
        known |= {f.name: moment(f, now) for f in stamped_fields(self.schema.model)}
        return [(f, known[f.name] if f.name in known else f.get_default()) for f in self.constant]

    @cached_property
    def _fields(self) -> list[AnyField]:
        return [
            field
            for field in self.schema.model._meta.concrete_fields
            if not field.primary_key and not field.generated
        ]

    @cached_property
    def _absent(self) -> list[AnyField]:
        return [
            field
            for field in self._fields
            if field not in self.given and field.db_default is NOT_PROVIDED
        ]


@lru_cache(maxsize=1_024)
def layout_of(
    schema: Schema,
    mode: str,
    shapes: frozenset[tuple[str, ...]] = frozenset(),
    match: Match = Match.NONE,
) -> Layout:
    """Return the layout of a write, from the sets of fields that drafts give.

    Batches of one origin give the same ones, so most layouts are there already.
    """
    names = {name for each in shapes for name in each}
    by_name = {field.attname: field for field in schema.model._meta.concrete_fields}
    # A comparison ends at the first difference: JSON, which takes longest to compare, comes last.
    given = sorted(
        (by_name[name] for name in by_name if name in names),
        key=lambda field: type(field) is JSONField,
    )
    mixed = (f for f in given if not all(f.attname in each for each in shapes))
    return Layout(schema, mode, tuple(given), tuple(mixed), match)


def touched_fields(model: type[Model]) -> tuple[AnyField, ...]:
    """Return the model's fields that say when a record was last written."""
    return tuple(f for f in model._meta.concrete_fields if getattr(f, "auto_now", False))


def stamped_fields(model: type[Model]) -> tuple[AnyField, ...]:
    """Return the model's fields that say when a record was created or last written."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    )


def moment(field: AnyField, now: datetime) -> Any:
    """`now` as the field holds it: a datetime, or just its date."""
    return now if isinstance(field, DateTimeField) else now.date()


def is_generated(field: AnyField) -> bool:
    """Return whether the field's default is a new value each time, a UUID's for example."""
    return callable(field.default) and field.default not in (*CONSTANT_FACTORIES, NOT_PROVIDED)
