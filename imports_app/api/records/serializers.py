"""Shows records as resource objects, by a serializer that is made once for each type."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP
from rest_framework.fields import Field
from rest_framework.relations import PKOnlyObject
from rest_framework_json_api.relations import ResourceRelatedField

from imports_app.addresses import address
from imports_app.api.resources import AnyField, ResourceSerializer
from imports_app.outputs.record_types import RecordType
from imports_app.outputs.values import shown

SHARED = "fields of records"


class ValueField(Field[Any, Any, Any, Any]):
    """Shows the value at an ORM path; null if a relation on the path has no target."""

    def __init__(self, path: str) -> None:
        super().__init__(read_only=True)
        self._read = reader(path)

    def get_attribute(self, instance: Model) -> Any:
        """Return the value from the database."""
        return self._read(instance)

    def to_representation(self, value: Any) -> Any:
        """Return the value in a form in which a row could give it."""
        return shown(value)


class ListField(ValueField):
    """Shows the names of many targets, in order; its ORM path has two parts."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._many, _, self._name = path.partition(LOOKUP_SEP)

    def get_attribute(self, instance: Model) -> Any:
        """Return the names, which were fetched for all records at once."""
        targets = getattr(instance, self._many).all()
        return sorted(getattr(target, self._name) for target in targets)


class TargetField(ResourceRelatedField):  # type: ignore[misc]
    """Shows a relation to one record of a registered type, whose id is at `path`."""

    def __init__(self, *, target: RecordType, path: str) -> None:
        super().__init__(read_only=True, model=target.schema.model)
        self._target = target.name
        self._read = reader(path)

    def get_attribute(self, instance: Model) -> PKOnlyObject | None:
        """Return the target's id, from the foreign key alone if that has it."""
        pk = self._read(instance)
        return None if pk is None else PKOnlyObject(pk)

    def get_resource_type_from_included_serializer(self) -> str:
        """Return the type; the library would look for a serializer under its name."""
        return self._target


class RecordSerializer(ResourceSerializer):
    """The base of all types' serializers, each of which has its type in `Meta.record_type`."""

    _reserved_field_names: frozenset[str] = frozenset()  # a type's attributes may have any name

    @cached_property
    def fields(self) -> Any:
        """The fields, made once for all serializers of a type in an answer.

        There is one for each included record.
        """
        shared = self.context.setdefault(SHARED, {})
        name = self._type.name
        if name not in shared:
            shared[name] = super().fields
        return shared[name]

    @cached_property
    def _readable_fields(self) -> list[AnyField]:
        """The fields to read: included relations, too, even if they aren't shown."""
        names = {*self.shown.fields, *self.context["view"].included}
        return [field for name, field in self.fields.items() if name in names]

    def get_fields(self) -> dict[str, AnyField]:
        """Return a field for each attribute and for each relation to a registered type."""
        attributes = {name: ValueField(path) for name, path in self._type.attributes.items()}
        lists = {name: ListField(path) for name, path in self._type.lists.items()}
        relationships = {
            name: TargetField(target=target, path=self._type.target_path(name))
            for name, target in self._type.targets.items()
        }
        return {**attributes, **lists, **relationships}

    def resource_links(self, instance: Model) -> dict[str, Any]:
        """Return the record's own URL. It isn't a field, whose name an attribute may have."""
        return {"self": f"{self._listing}/{quote(str(instance.pk), safe='')}"}

    @cached_property
    def _listing(self) -> str:
        url: str = self.context["request"].build_absolute_uri(
            address("record-list", self._type.name)
        )
        return url

    @property
    def _type(self) -> RecordType:
        found: RecordType = self.Meta.record_type
        return found


class IncludedSerializers(Mapping[str, type[RecordSerializer]]):
    """The serializers of relations' targets, looked up late: types may refer to each other."""

    def __init__(self, record_type: RecordType) -> None:
        self._type = record_type

    def __getitem__(self, relation: str) -> type[RecordSerializer]:
        return serializer_for(self._type.targets[relation])

    def __iter__(self) -> Iterator[str]:
        return iter(self._type.relationships)

    def __len__(self) -> int:
        return len(self._type.relationships)


@cache
def serializer_for(record_type: RecordType) -> type[RecordSerializer]:
    """Return the serializer of that type's records; made at first use."""
    names = {"resource_name": record_type.name, "record_type": record_type}
    members = {
        "Meta": type("Meta", (), names),
        "included_serializers": IncludedSerializers(record_type),
    }
    return type(f"{record_type.name}_serializer", (RecordSerializer,), members)


def reader(path: str) -> Callable[[Any], Any]:
    """Return what reads the value at an ORM path of a record.

    It returns None if a relation has no target, or one that the client may not see.
    """
    first, _, rest = path.partition(LOOKUP_SEP)
    if not rest:
        return attrgetter(path)
    read_rest = reader(rest)

    def read(record: Any) -> Any:
        target = getattr(record, first, None)
        return None if target is None else read_rest(target)

    return read
