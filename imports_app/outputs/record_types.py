"""Resource types as they are read: derived from their importers once."""

from collections.abc import Iterator
from functools import cache, cached_property

from django.db.models.constants import LOOKUP_SEP

from imports_app.engine.types import Form, Link, Many, schema_for
from imports_app.importer import Importer
from imports_app.registry import importers
from imports_app.secrecy.hidden import secrets_of

# Shown of every model that has such fields, whether or not a row may set them.
COMMON = ("reference", "reference_origin", "metadata", "created_at", "updated_at")


class RecordType:
    """A resource type as it is read.

    Attributes that it, or a relation's target, marks secret don't exist here: they can neither be
    shown nor be guessed by filtering.

    Attributes:
        name: the type's name in the API.
    """

    def __init__(self, importer: Importer) -> None:
        self.name = importer.resource_type
        self.schema = schema_for(importer)
        self._secret = secrets_of(importer)

    @cached_property
    def attributes(self) -> dict[str, str]:
        """ORM paths by attribute; one with `__` in it leads into a relation's target."""
        paths = {column.attribute: column.field.name for column in self.schema.columns}
        for link, form in self.forms():
            if form == link.key_form or form in link.parts:
                paths.setdefault(form.attribute, path_of(link, form))
        for name in (*COMMON, *self._generated):
            if name in self._field_names:
                paths.setdefault(name, name)
        return {name: path for name, path in paths.items() if name not in self._secret}

    @cached_property
    def lists(self) -> dict[str, str]:
        """ORM paths to what rows name many targets by, by attribute."""
        return {
            many.attribute: f"{many.field.name}__{many.named_by.lookup}"
            for many in self.schema.many.values()
            if many.field.name in self.schema.importer.many and not self._hides(many)
        }

    def _hides(self, many: Many) -> bool:
        target = importers.for_model(many.relation.to)
        hidden = secrets_of(target) if target else frozenset()
        return many.attribute in self._secret or many.named_by.lookup in hidden

    @cached_property
    def relationships(self) -> dict[str, str]:
        """The target's type by relation. One that isn't registered has no resource to link to."""
        targets = {
            link.name: importers.for_model(link.relation.to)
            for link in self.schema.links
            if link.name not in self._secret
        }
        return {name: target.resource_type for name, target in targets.items() if target}

    @cached_property
    def targets(self) -> "dict[str, RecordType]":
        """The type that each relationship leads to."""
        return {
            name: record_type_for(importers.get(target))
            for name, target in self.relationships.items()
        }

    def target_path(self, relation: str) -> str:
        """ORM path to the id of a relation's target: the foreign key's own where it holds that."""
        link = self.schema.links_by_name[relation]
        pk = link.relation.to._meta.pk.name
        return link.field.attname if link.holds_pk else f"{relation}{LOOKUP_SEP}{pk}"

    def forms(self) -> Iterator[tuple[Link, Form]]:
        """Yield every way of naming a relation's target that may be told."""
        for link in self.schema.links:
            target = importers.for_model(link.relation.to)
            hidden = secrets_of(target) if target else frozenset()
            for form in (*link.forms, *link.parts):
                if form.lookup not in hidden and self._secret.isdisjoint(
                    {link.name, form.attribute}
                ):
                    yield link, form

    @property
    def _generated(self) -> list[str]:
        """What the database computes."""
        return [f.name for f in self.schema.model._meta.concrete_fields if f.generated]

    @cached_property
    def _field_names(self) -> frozenset[str]:
        return frozenset(field.name for field in self.schema.model._meta.fields)


@cache
def record_type_for(importer: Importer) -> RecordType:
    """Return the importer's type as it is read; compiled at first use."""
    return RecordType(importer)


def path_of(link: Link, form: Form) -> str:
    """Return the ORM path to what a row names the relation's target by."""
    return f"{link.name}__{form.lookup}"
