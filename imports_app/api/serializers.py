"""The import object, in and out."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from django.db import models
from rest_framework.exceptions import ValidationError
from rest_framework.relations import HyperlinkedIdentityField
from rest_framework_json_api import serializers

from imports_app.api.attributes import decode, unexpected
from imports_app.api.authentication import client_of
from imports_app.api.documents import INPUTS, Document, RawInputs
from imports_app.api.errors import ApiError, ApiErrors, validation_errors
from imports_app.api.fields import (
    BooleanField,
    CountField,
    MetadataField,
    TextField,
    UtcDateTimeField,
)
from imports_app.api.fieldsets import requested_fields
from imports_app.api.parents import PARENT, parent_error
from imports_app.api.permissions import require_scope
from imports_app.api.rows import read_inputs, without_type
from imports_app.api.splice import Source, Splices
from imports_app.engine.types import type_problem
from imports_app.models import ApiClient, Format, Import
from imports_app.models.scopes import Scope
from imports_app.outputs.attachments import attachment_path
from imports_app.outputs.texts import errors_of, inputs_of, sent_inputs, warnings_of
from imports_app.registry import importers
from imports_app.services import ImportOrder, create_import, relabel, request_interrupt

TYPE = "imports"
APPLICATION = "application"
OPTIONAL: Mapping[str, Any] = {"required": False, "allow_null": True}

SETTABLE = (
    "resource_type",
    PARENT,
    "format",
    INPUTS,
    "cleanup_records",
    "cleanup_limit",
    "skip_errors",
    "dry_run",
    "reference",
    "reference_origin",
    "metadata",
)
CHANGEABLE = ("reference", "reference_origin", "metadata", "_interrupt")
READ_ONLY = (
    "status",
    "started_at",
    "completed_at",
    "interrupted_at",
    "inputs_size",
    "processed_count",
    "created_count",
    "updated_count",
    "unchanged_count",
    "errors_count",
    "warnings_count",
    "destroyed_count",
    "errors_log",
    "warnings_log",
    "attachment_url",
    "created_at",
    "updated_at",
)
# The columns that an attribute is made of, where it isn't the one of its name.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    INPUTS: ("resource_type",),
    "errors_log": ("errors_count", "interruption"),
    "warnings_log": ("warnings_count",),
    "attachment_url": ("resource_type",),
}


class ImportSerializer(serializers.ModelSerializer):  # type: ignore[misc]
    """Takes a Document, creates or changes the import, and shows it.

    Its context holds the request and the `Splices` of the answer. Whatever is wrong with the
    document is raised as ApiErrors, all at once.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: UtcDateTimeField,
    }

    url = HyperlinkedIdentityField(view_name="import")
    resource_type = TextField(max_length=100)
    parent_resource_id = TextField(**OPTIONAL)
    format = TextField(**OPTIONAL)
    inputs = serializers.SerializerMethodField()
    cleanup_records = BooleanField(**OPTIONAL)
    cleanup_limit = CountField(**OPTIONAL)
    skip_errors = BooleanField(**OPTIONAL)
    dry_run = BooleanField(**OPTIONAL)
    reference = TextField(allow_blank=True, **OPTIONAL)
    reference_origin = TextField(allow_blank=True, **OPTIONAL)
    metadata = MetadataField(**OPTIONAL)
    errors_log = serializers.SerializerMethodField()
    warnings_log = serializers.SerializerMethodField()
    attachment_url = serializers.SerializerMethodField()
    _interrupt = BooleanField(write_only=True, **OPTIONAL)

    _inputs: str | None = None

    class Meta:
        model = Import
        resource_name = TYPE
        fields = ("url", *SETTABLE, *READ_ONLY, "_interrupt")
        read_only_fields = READ_ONLY

    def run_validation(self, data: Document) -> dict[str, Any]:
        """The values that the document asks for; null asks for the default."""
        creates = self.instance is None
        accepted = SETTABLE if creates else CHANGEABLE
        sent, errors = decode(data)
        errors += unexpected(data, accepted, (*SETTABLE, *READ_ONLY))
        values: dict[str, Any] = {}
        try:
            values = super().run_validation({name: sent[name] for name in accepted if name in sent})
        except ValidationError as error:
            errors += validation_errors(error.detail, sent)
        if creates:
            errors += self._parent_errors(sent)
            values |= self._rows(data.inputs, sent, errors)
        if errors:
            raise ApiErrors(errors)
        return {name: _or_default(name, value) for name, value in values.items()}

    def validate_resource_type(self, value: str) -> str:
        """Must be a registered one of the client's mode."""
        if problem := type_problem(value, self._client.mode):
            raise ValidationError(problem.message, code=problem.error)
        return value

    def validate_format(self, value: str | None) -> str | None:
        """Must be one of the two."""
        if value is not None and value not in Format.values:
            raise ValidationError("must be json or csv", code="inclusion")
        return value

    def validate_cleanup_records(self, value: Any) -> Any:
        """Needs a scope of its own; without it this is a 403."""
        if value:
            require_scope(self.context["request"], Scope.CLEANUP)
        return value

    def create(self, validated_data: dict[str, Any]) -> Import:
        """Queues the import under `key`, which is no attribute: `save(key=…)`."""
        client, key = self._client, validated_data.pop("key")
        order = ImportOrder(**validated_data)
        import_ = create_import(order=order, mode=client.mode, client=client, key=key)
        # Only the answer holds the rows from here on: a serializer has cycles, and would keep them
        # in memory until the garbage collector comes.
        rows = self.validated_data.pop("rows")
        self.validated_data.pop("csv", None)
        self._inputs = self._mark(partial(sent_inputs, rows, import_.resource_type))
        return import_

    def update(self, instance: Import, validated_data: dict[str, Any]) -> Import:
        """Changes the labels, then interrupts it if that is asked for.

        `versions`, which is no attribute, are those that it may be of: `save(versions=…)`.
        """
        interrupt = validated_data.pop("_interrupt", False)
        versions = validated_data.pop("versions", None)
        if validated_data or versions is not None:
            relabel(import_=instance, versions=versions, **validated_data)
        return request_interrupt(import_=instance) if interrupt else instance

    def get_inputs(self, import_: Import) -> str:
        """The marker of the rows; those just sent need not be read again."""
        return self._inputs or self._mark(partial(inputs_of, import_))

    def get_errors_log(self, import_: Import) -> str:
        """The marker of the log."""
        return self._mark(partial(errors_of, import_))

    def get_warnings_log(self, import_: Import) -> str:
        """The marker of the log."""
        return self._mark(partial(warnings_of, import_))

    def get_attachment_url(self, import_: Import) -> str | None:
        """None once the inputs are pruned, or when nobody knows what in them is secret."""
        if import_.resource_type not in importers or not self._has_inputs(import_):
            return None
        path = attachment_path(import_, self._client)
        url: str = self.context["request"].build_absolute_uri(path)
        return url

    def _has_inputs(self, import_: Import) -> bool:
        """Listings bring the answer along: one query for all of their imports."""
        if hasattr(import_, "has_inputs"):
            return bool(import_.has_inputs)
        return self._inputs is not None or import_.chunks.exists()

    def resource_meta(self, import_: Import) -> dict[str, Any]:
        """Its version, what the view says of it, and the import that it is a retry of."""
        retry_of = {"retry_of": str(import_.retry_of_id)} if import_.retry_of_id else {}
        return {"version": import_.version, **self.context.get("meta", {}), **retry_of}

    def resource_relationships(self, import_: Import) -> dict[str, Any]:
        """Whose it is; nobody's where staff or a command made it."""
        fields = requested_fields(self.context["request"], TYPE)
        if fields is not None and APPLICATION not in fields:
            return {}
        client = import_.client
        identifier = client and {"type": "applications", "id": client.client_id}
        return {APPLICATION: {"data": identifier}}

    def _mark(self, source: Source) -> str:
        splices: Splices = self.context["splices"]
        return splices.mark(source)

    @property
    def _client(self) -> ApiClient:
        return client_of(self.context["request"])

    def _parent_errors(self, sent: Mapping[str, Any]) -> list[ApiError]:
        error = parent_error(sent.get("resource_type"), sent.get(PARENT), self._client.mode)
        return [error] if error else []

    def _rows(
        self, inputs: RawInputs | None, sent: Mapping[str, Any], errors: list[ApiError]
    ) -> dict[str, Any]:
        as_csv = sent.get("format") == Format.CSV
        try:
            source = read_inputs(inputs, as_csv=as_csv)
        except ApiErrors as found:
            errors += found.errors
            return {}
        rows = source.rows
        if inputs is not None and inputs.are_resources and not as_csv:
            rows = without_type(rows, sent.get("resource_type", ""))
        return {"rows": rows} | ({"csv": source.csv} if source.csv else {})


def columns(fields: Collection[str] | None) -> set[str]:
    """The columns to fetch for an answer with these attributes, or with all of them."""
    attributes = {*SETTABLE, *READ_ONLY}
    shown = attributes if fields is None else attributes.intersection(fields)
    names = {name for attribute in shown for name in COLUMNS.get(attribute, (attribute,))}
    if fields is None or APPLICATION in fields:
        names.add("client__client_id")
    return {"id", "mode", "retry_of", "version", *names}


def _or_default(name: str, value: Any) -> Any:
    if value is None and name != "_interrupt":
        return getattr(Import(), name)
    return value
