"""Renders answers."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer
from rest_framework.renderers import JSONRenderer as PlainRenderer
from rest_framework_json_api.renderers import JSONRenderer
from rest_framework_json_api.utils import get_resource_id, undo_format_field_names

from imports_app.api.resources import ResourceMembers
from imports_app.outputs.csv_failures import MEDIA_TYPE
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX
from imports_app.outputs.workbook import can_write


class OwnNames(PlainRenderer):
    """Keeps our names in the document's meta, which the library would rename as the project's."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Return the text, with our own names."""
        if isinstance(data, dict) and "meta" in data:
            data["meta"] = undo_format_field_names(data["meta"])
        return super().render(data, *args, **kwargs)


class JsonApiRenderer(JSONRenderer, OwnNames):  # type: ignore[misc]
    """Renders resource objects with the members that their serializers name: ResourceMembers."""

    @classmethod
    def build_json_resource_obj(  # noqa: PLR0913, PLR0917  (the library's)
        cls,
        fields: Any,  # noqa: ARG003
        resource: Mapping[str, Any],
        resource_instance: Any,
        resource_name: str,
        serializer: Any,
        force_type_resolution: bool = False,  # noqa: ARG003, FBT001, FBT002
    ) -> dict[str, Any]:
        """Return a resource object with all its members, empty ones included.

        Attributes and relationships are told apart once for the answer, and not for each of its
        objects, as the library does.
        """
        own: ResourceMembers = getattr(serializer, "child", serializer)  # of a list
        built: dict[str, Any] = {
            "type": resource_name,
            "id": get_resource_id(resource_instance, resource),
            "attributes": {name: resource[name] for name in own.shown.attributes},
        }
        if (relationships := own.resource_relationships(resource_instance)) is not None:
            listed = {name: {"data": resource[name]} for name in own.shown.relationships}
            for name, members in relationships.items():
                listed[name] = {**members, **listed.get(name, {})}
            built["relationships"] = listed
        if links := own.resource_links(resource_instance):
            built["links"] = links
        if (meta := own.resource_meta(resource_instance)) is not None:
            built["meta"] = meta
        return built

    @classmethod
    def extract_included(
        cls, fields: Any, resource: Any, instance: Any, included_resources: list[str], cache: Any
    ) -> None:
        """Return the included resources; spare the library's search if none are asked for."""
        if included_resources:
            super().extract_included(fields, resource, instance, included_resources, cache)


class JsonRenderer(JsonApiRenderer):
    """Renders the same document as plain JSON, for clients that accept only that."""

    media_type = "application/json"
    format = "json"


class CsvRenderer(BaseRenderer):
    """Stands for text/csv in content negotiation; the view makes the file itself."""

    media_type = MEDIA_TYPE
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Return nothing: only the answer to OPTIONS is rendered, which needs headers only."""
        return b""


class XlsxRenderer(CsvRenderer):
    """Stands for spreadsheets in the same way."""

    media_type = XLSX
    format = "xlsx"


# The renderers of a view that offers files in both forms.
FILES: tuple[type[BaseRenderer], ...] = (
    (CsvRenderer, XlsxRenderer) if can_write() else (CsvRenderer,)
)
