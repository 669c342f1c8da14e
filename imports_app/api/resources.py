"""Bases of serializers: the members of resource objects, and resources that are read-only."""

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
    """The members of a resource object; a base before the library's serializer.

    The serializer's context has the request. Which fields are shown, and which of them are
    attributes, is worked out once for an answer; the library would do so for each object.
    """

    fields: Any
    context: Any

    def resource_links(self, instance: Any) -> dict[str, Any]:
        """Return the links of a resource object."""
        return {}

    def resource_relationships(self, instance: Any) -> dict[str, Any] | None:
        """Return the relationships that aren't fields; None for no such member."""
        return {}

    def resource_meta(self, instance: Any) -> dict[str, Any] | None:
        """Return the members of its meta; None for no such member."""
        return {}

    @cached_property
    def wanted(self) -> frozenset[str] | None:
        """The requested attributes and relationships; None for all of them."""
        type_ = get_resource_type_from_serializer(self)
        return requested_fields(self.context["request"], type_)

    @cached_property
    def shown(self) -> "Shown":
        """The fields that this answer shows.

        Several fieldsets of one type add up; the library would use only the last one.
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
        """Return the mode, if there are modes."""
        return shown_mode(self.context["request"].auth.caller.mode) or None
