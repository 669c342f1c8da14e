"""What a serializer says of its resource objects, and what those that can only be read share."""

from functools import cached_property
from typing import Any, NamedTuple

from rest_framework.fields import Field
from rest_framework_json_api import serializers
from rest_framework_json_api.utils import (
    get_resource_type_from_serializer,
    is_relationship_field,
)

from imports_app.api.parameters import requested_fields
from imports_app.models import shown_mode

AnyField = Field[Any, Any, Any, Any]
ID = "id"


class Shown(NamedTuple):
    """The fields that an answer shows, and which of them are attributes and relationships."""

    fields: dict[str, AnyField]
    attributes: list[str]
    relationships: list[str]


class ResourceMembers:
    """Comes before the library's serializer, whose context holds the request.

    Which fields are shown, and which of them are attributes, is worked out once for an answer: the
    library does that again for each of its resource objects.
    """

    fields: Any
    context: Any

    def resource_links(self, instance: Any) -> dict[str, Any]:
        """Return the links of a resource object."""
        return {}

    def resource_relationships(self, instance: Any) -> dict[str, Any] | None:
        """Return the relationships that are no fields; None if the resource object has no such
        member.
        """
        return {}

    def resource_meta(self, instance: Any) -> dict[str, Any] | None:
        """Return what stands in its meta; None if the resource object has no such member."""
        return {}

    @cached_property
    def wanted(self) -> frozenset[str] | None:
        """The attributes and relationships that are asked for; None for all of them."""
        type_ = get_resource_type_from_serializer(self)
        return requested_fields(self.context["request"], type_)

    @cached_property
    def shown(self) -> "Shown":
        """What this answer shows. Several fieldsets of one type add up, where the library would go
        by the last of them.
        """
        wanted = self.wanted
        fields = {
            name: field
            for name, field in self.fields.items()
            if not field.write_only and (wanted is None or name in wanted or name == ID)
        }
        related = {name for name, field in fields.items() if is_relationship_field(field)}
        return Shown(
            fields,
            attributes=[name for name in fields if name != ID and name not in related],
            relationships=[name for name in fields if name in related],
        )

    @cached_property
    def _readable_fields(self) -> list[AnyField]:
        return list(self.shown.fields.values())


class ResourceSerializer(ResourceMembers, serializers.Serializer):  # type: ignore[misc]
    """A resource that can only be read, of the mode of the client that asks."""

    def resource_meta(self, instance: Any) -> dict[str, Any] | None:
        """Return the mode, where there are any."""
        return shown_mode(self.context["request"].auth.caller.mode) or None
