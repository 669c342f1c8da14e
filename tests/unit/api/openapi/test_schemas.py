from typing import Any

import pytest
from django.db import models
from rest_framework import serializers

from imports_app.api.fields import BooleanField, TextField
from imports_app.api.filters.attributes import Kind
from imports_app.api.openapi.schemas import or_null, relocated, sent, shown


def test_a_shown_choice_is_one_of_its_values() -> None:
    field = models.CharField(choices=[("a", "A"), ("b", "B")])

    schema = shown(field, Kind.STRING, nullable=True)

    assert schema == {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]}


def test_json_that_is_an_object_by_default_is_always_one() -> None:
    assert shown(models.JSONField(default=dict), Kind.JSON, nullable=False) == {"type": "object"}
    assert shown(models.JSONField(null=True), Kind.JSON, nullable=True) == {}


def test_a_sent_boolean_may_be_its_name_or_null() -> None:
    assert sent(BooleanField(allow_null=True)) == {
        "anyOf": [
            {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]},
            {"type": "null"},
        ]
    }


@pytest.mark.parametrize(("allow_blank", "shortest"), [(True, 0), (False, 1)])
def test_a_sent_text_has_a_length(*, allow_blank: bool, shortest: int) -> None:
    schema = sent(TextField(max_length=7, allow_blank=allow_blank))

    assert schema == {"type": "string", "minLength": shortest, "maxLength": 7}


def test_a_field_that_nobody_described_is_an_error() -> None:
    with pytest.raises(TypeError, match="FileField has no JSON Schema"):
        sent(serializers.FileField())


@pytest.mark.parametrize(
    ("schema", "nullable"),
    [
        ({"type": "string"}, {"type": ["string", "null"]}),
        ({"const": 1}, {"anyOf": [{"const": 1}, {"type": "null"}]}),
        ({}, {}),
    ],
)
def test_whatever_there_is_may_be_null(schema: Any, nullable: Any) -> None:
    assert or_null(schema) == nullable


def test_references_follow_the_schema_to_its_new_place() -> None:
    schema = {"type": "array", "items": [{"$ref": "#/$defs/B"}, {"$ref": "#/$defs/C"}]}

    moved = relocated(schema, {"#/$defs/B": "#/components/schemas/row_B"})

    assert moved["items"] == [{"$ref": "#/components/schemas/row_B"}, {"$ref": "#/$defs/C"}]


def test_an_attribute_called_ref_is_no_reference() -> None:
    schema = {"properties": {"$ref": {"type": "string"}}}

    assert relocated(schema, {"string": "#/elsewhere"}) == schema
