"""Answers out."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer
from rest_framework.renderers import JSONRenderer as PlainRenderer
from rest_framework_json_api.renderers import JSONRenderer
from rest_framework_json_api.utils import undo_format_field_names

from imports_app.api.resources import ResourceMembers
from imports_app.outputs.csv_failures import MEDIA_TYPE
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX
from imports_app.outputs.workbook import can_write


class OwnNames(PlainRenderer):
    """Behind the library's renderer, which names the document's meta as the project's own are."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Return the text, with the names as we have them."""
        if isinstance(data, dict) and "meta" in data:
            data["meta"] = undo_format_field_names(data["meta"])
        return super().render(data, *args, **kwargs)


class JsonApiRenderer(JSONRenderer, OwnNames):  # type: ignore[misc]
    """Every resource object has the members that its serializer says; see ResourceMembers."""

    @classmethod
    def build_json_resource_obj(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return a resource object with all its members, those that are empty too."""
        built: dict[str, Any] = super().build_json_resource_obj(*args, **kwargs)
        _, _, instance, _, serializer, *_ = args
        own: ResourceMembers = getattr(serializer, "child", serializer)  # of a list
        built.setdefault("attributes", {})
        if links := own.resource_links(instance):
            built["links"] = links
        if (relationships := own.resource_relationships(instance)) is not None:
            listed = built.setdefault("relationships", {})
            for name, members in relationships.items():
                listed[name] = {**members, **listed.get(name, {})}
        if (meta := own.resource_meta(instance)) is not None:
            built["meta"] = meta
        return built

    @classmethod
    def extract_attributes(cls, fields: Any, resource: Mapping[str, Any]) -> dict[str, Any]:
        """Return the attributes, by names that were told from the relationships' once for the
        answer.
        """
        return {name: resource[name] for name in fields.serializer.shown.attributes}

    @classmethod
    def extract_relationships(
        cls,
        fields: Any,
        resource: Mapping[str, Any],
        resource_instance: Any,  # noqa: ARG003
    ) -> dict[str, Any]:
        """Return the relationships, each a resource identifier or null."""
        return {name: {"data": resource[name]} for name in fields.serializer.shown.relationships}

    @classmethod
    def extract_included(
        cls, fields: Any, resource: Any, instance: Any, included_resources: list[str], cache: Any
    ) -> None:
        """Nothing where nothing is asked for: the library goes through the fields all the same."""
        if included_resources:
            super().extract_included(fields, resource, instance, included_resources, cache)

    @classmethod
    def _filter_sparse_fields(cls, serializer: Any, fields: Any, resource_name: str) -> Any:  # noqa: ARG003
        """Return all of them: what is not asked for is not among the serializer's names."""
        return fields


class JsonRenderer(JsonApiRenderer):
    """The same document under the name of plain JSON, for those who accept only that."""

    media_type = "application/json"
    format = "json"


class CsvRenderer(BaseRenderer):
    """Stands for text/csv where the media type is agreed on; the view makes the file itself."""

    media_type = MEDIA_TYPE
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Nothing: only the answer to OPTIONS comes here, and it says everything in headers."""
        return b""


class XlsxRenderer(CsvRenderer):
    """Stands for spreadsheets in the same way."""

    media_type = XLSX
    format = "xlsx"


# What a view answers with that gives files in either form.
FILES: tuple[type[BaseRenderer], ...] = (
    (CsvRenderer, XlsxRenderer) if can_write() else (CsvRenderer,)
)
