import json
from typing import Any, Literal, Required

import pytest
from django.db import models
from msgspec import Raw
from typing_extensions import TypedDict

from imports_app.engine.reading.cells import cast
from imports_app.engine.types.schema import Schema, schema_for
from imports_app.importer import Importer
from imports_app.registry import importers

pytestmark = pytest.mark.backend


class Part(TypedDict, total=False):
    """What is nested in a row."""

    name: str
    size: int | None


class AnyImporter(Importer):
    """A type of which every attribute is something else; its model holds none of them."""

    resource_type = "anythings"

    class Row(TypedDict, total=False):
        """One of it."""

        text: Required[str]
        number: float | None
        count: int
        either: int | str
        is_new: bool | None
        options: dict[str, Any]
        names: list[str] | None
        part: Part | None
        state: Literal["new", "old"]
        anything: Any


class Anything(models.Model):
    """Where it lives."""

    text = models.TextField()
    number = models.FloatField(null=True)
    count = models.BigIntegerField()
    either = models.TextField()
    is_new = models.BooleanField(null=True)
    options = models.JSONField()
    names = models.JSONField(null=True)
    part = models.JSONField(null=True)
    state = models.TextField()
    anything = models.JSONField()

    class Meta:
        app_label = "imports_app"
        managed = False

    def __str__(self) -> str:
        return self.text


AnyImporter.model = Anything


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(AnyImporter())


def values(schema: Schema, **cells: Any) -> Any:
    return json.loads(bytes(cast(schema, Raw(json.dumps(cells).encode())).text))


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("text", "007", "007"),
        ("text", "true", "true"),
        ("text", '{"a": 1}', '{"a": 1}'),
        ("count", "12", 12),
        ("count", " -007 ", -7),
        ("count", "+5", 5),
        ("count", "12.0", 12),
        ("count", "000", 0),
        ("count", "9" * 30, int("9" * 30)),
        ("count", "12.5", "12.5"),
        ("count", "1e3", "1e3"),
        ("count", "1_000", "1_000"),
        ("count", "1,000", "1,000"),
        ("count", "٣", "٣"),
        ("count", "9" * 5_000, "9" * 5_000),
        ("count", "true", "true"),
        ("number", "1.5", 1.5),
        ("number", "-.5e-3", -0.0005),
        ("number", "7", 7),
        ("number", "1e999", "1e999"),
        ("number", "NaN", "NaN"),
        ("number", "inf", "inf"),
        ("number", "0x10", "0x10"),
        ("number", "0" * 100_000 + "x", "0" * 100_000 + "x"),
        ("is_new", "true", True),
        ("is_new", "FALSE", False),
        ("is_new", "1", "1"),
        ("is_new", "yes", "yes"),
        ("either", "7", "7"),
        ("state", "new", "new"),
        ("anything", "7", "7"),
        ("options", '{"a": [1, null, 18446744073709551616]}', {"a": [1, None, 2**64]}),
        ("options", " {} ", {}),
        ("options", "{a: 1}", "{a: 1}"),
        ("options", '{"a": NaN}', '{"a": NaN}'),
        ("options", "7", "7"),
        ("options", "null", "null"),
        ("options", {"a": "1"}, {"a": "1"}),
        ("names", '["a", "b"]', ["a", "b"]),
        ("part", {"name": "1", "size": "2", "other": "3"}, {"name": "1", "size": 2, "other": "3"}),
        ("part", '{"size": 2}', {"size": 2}),
        ("count", {"a": "1"}, {"a": "1"}),
    ],
)
def test_a_cell_becomes_what_its_attribute_takes_or_stays_text(
    schema: Schema, name: str, cell: Any, value: Any
) -> None:
    made = values(schema, **{name: cell})[name]
    assert made == value
    assert type(made) is type(value) or isinstance(made, float)


@pytest.mark.parametrize("depth", [33, 1_000, 400_000])
def test_json_that_nests_too_deep_stays_text(schema: Schema, depth: int) -> None:
    cell = "[" * depth + "]" * depth
    assert values(schema, names=cell)["names"] == cell
    assert values(schema, names="[" * 32 + "]" * 32)["names"] != "[" * 32 + "]" * 32


def test_unknown_columns_are_left_out_and_named_as_in_the_header(schema: Schema) -> None:
    row = {"text": "a", "errors": "x", "other": {"a": "1", "b": {"c": "2"}}, "part": {"x": "1"}}
    cells = cast(schema, Raw(json.dumps(row).encode()))
    assert json.loads(bytes(cells.text)) == {"text": "a", "part": {"x": "1"}}
    assert cells.unknown == ["errors", "other.a", "other.b.c"]
    assert cells.errors == []


def test_surplus_cells_are_an_error_of_the_row(schema: Schema) -> None:
    cells = cast(schema, Raw(b'{"text": "a", "": ["b"]}'))
    assert json.loads(bytes(cells.text)) == {"text": "a"}
    assert [error.attribute for error in cells.errors] == ["base"]
    assert cells.unknown == []


@pytest.mark.parametrize("resource_type", [importer.resource_type for importer in importers])
def test_every_registered_type_can_be_sent_as_a_csv(resource_type: str) -> None:
    schema = schema_for(importers.get(resource_type))
    row = {column.attribute: "x" for column in schema.columns}
    cells = cast(schema, Raw(json.dumps(row).encode()))
    assert cells.unknown == []
    assert json.loads(bytes(cells.text)) == row
