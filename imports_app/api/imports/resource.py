"""The import as a resource object."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from rest_framework_json_api import serializers

from imports_app.api.application import TYPE as APPLICATIONS
from imports_app.api.events.events import TYPE as EVENTS
from imports_app.api.events.events import EventSerializer
from imports_app.api.imports.columns import APPLICATION
from imports_app.api.relations import KeyField, RelatedMembers
from imports_app.api.response_fields import shown_fields
from imports_app.models import Import, shown_mode
from imports_app.models.attributes import shown
from imports_app.outputs.attachments import signed_query
from imports_app.outputs.texts import inputs_of
from imports_app.registry import importers
from imports_app.storage.log import errors_text, warnings_text

TYPE = "imports"
# The members of `meta.file`.
FILE = ("name", "format", "encoding", "delimiter", "decimal", "sheet", "columns")
# The attributes whose values are texts that may be large.
STORED: "dict[str, Callable[[Import], Iterable[bytes]]]" = {
    "inputs": inputs_of,
    "errors_log": errors_text,
    "warnings_log": warnings_text,
}


class ImportSerializer(RelatedMembers, serializers.Serializer):  # type: ignore[misc]
    """Shows an import.

    Its context has the `request` and `fields`, the names of the attributes and relationships to
    show (None for all of them). It may have `meta`, further members of the import's meta, and
    `has_inputs`, true if its inputs are known to be stored.
    """

    related = {EVENTS: EVENTS}
    included_serializers: Mapping[str, Any] = {EVENTS: EventSerializer}

    class Meta:
        resource_name = TYPE

    @cached_property
    def wanted(self) -> frozenset[str] | None:
        """The fields that the view has read from the request already."""
        fields: frozenset[str] | None = self.context["fields"]
        return fields

    def get_fields(self) -> dict[str, Any]:
        """Return the fields of the attributes, of the application, and of what is included.

        An import that staff or a command made has no application.
        """
        related = {
            APPLICATION: KeyField(type_=APPLICATIONS, source="caller"),
            **self.relation_fields(),
        }
        return {
            **shown_fields(Import, shown(), stored=STORED),
            "attachment_url": serializers.SerializerMethodField(),
            **related,
        }

    def get_attachment_url(self, import_: Import) -> str | None:
        """Return the URL; None once the inputs are pruned, or if nobody knows their secrets."""
        if not self._has_inputs(import_) or import_.resource_type not in importers:
            return None
        query = signed_query(import_, self.context["request"].auth.caller.key)
        return f"{self.own_url(import_)}/attachment?{query}"

    def resource_meta(self, import_: Import) -> dict[str, Any]:
        """Return its mode and version, the view's members, related imports, and its file."""
        retry_of = {"retry_of": str(import_.retry_of_id)} if import_.retry_of_id else {}
        always = {**shown_mode(import_.mode), "version": import_.version}
        checked = {"check_of": str(import_.check_of_id)} if import_.check_of_id else {}
        mended = {} if import_.mended is None else {"mended": import_.mended}
        file = {"file": file_of(import_)} if import_.file else {}
        undo_of = {"undo_of": str(import_.undo_of_id)} if import_.undo_of_id else {}
        others = {**retry_of, **undo_of, **checked, **mended}
        return {**always, **self.context.get("meta", {}), **others, **file}

    def _has_inputs(self, import_: Import) -> bool:
        """Return whether inputs are stored; listings ask once for all their imports."""
        if hasattr(import_, "has_inputs"):
            return bool(import_.has_inputs)
        return self.context.get("has_inputs", False) or import_.chunks.exists()


def file_of(import_: Import) -> dict[str, Any]:
    """Return how the file or the CSV with the rows was read."""
    file = import_.file or {}
    return {name: file.get(name) for name in FILE}
