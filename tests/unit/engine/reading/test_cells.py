import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Required

import pytest
from django.db import models
from msgspec import Raw
from typing_extensions import TypedDict

from imports_app.engine.reading.cells import cast
from imports_app.engine.types.schema import Schema, schema_for
from imports_app.importer import Importer
from imports_app.inputs.cell_form import CellForm
from imports_app.inputs.time_cells import EXAMPLES
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
        when: datetime
        day: date
        cost_cents: int
        price: Decimal | None


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
    when = models.DateTimeField()
    day = models.DateField()
    cost_cents = models.IntegerField()
    price = models.DecimalField(max_digits=20, decimal_places=4, null=True)

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
        ("number", "1.5", 1.5),
        ("number", "-.5e-3", -0.0005),
        ("number", "7", 7),
        ("is_new", "true", True),
        ("is_new", "FALSE", False),
        ("is_new", "1", True),
        ("is_new", " No ", False),
        ("is_new", "Y", True),
        ("names", "a, b,", ["a", "b"]),
        ("when", "2025-12-31", "2025-12-31T00:00:00Z"),
        ("when", " 2025-12-31T10:00:00Z ", "2025-12-31T10:00:00Z"),
        ("when", "2025-12-31 10:00", "2025-12-31T10:00Z"),
        ("when", "2025-12-31T10:00:00.5+02:00", "2025-12-31T10:00:00.5+02:00"),
        ("day", "2025-12-31", "2025-12-31"),
        ("day", "2025-12-31 00:00:00", "2025-12-31"),
        ("cost_cents", "1099", 1099),
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


NO_DATE = (
    f"is no date: '31/12/2025'; {EXAMPLES}, or say in file_options[dates] that the day (dmy) or the"
    " month (mdy) is first"
)
NO_INTEGER = "must be an integer, such as 12, and is "


@pytest.mark.parametrize(
    ("name", "cell", "message"),
    [
        ("count", "12.5", f"{NO_INTEGER}'12.5'"),
        ("count", "1e3", f"{NO_INTEGER}'1e3'"),
        ("count", "1_000", f"{NO_INTEGER}'1_000'"),
        ("count", "1,000", "is '1,000', which can be two numbers: set file_options[decimal]"),
        ("count", "٣", f"{NO_INTEGER}'٣'"),
        ("count", "9" * 5_000, f"{NO_INTEGER}'{'9' * 50}…'"),
        ("count", "true", f"{NO_INTEGER}'true'"),
        ("number", "1e999", "is not a number: '1e999'; write one such as 12.5"),
        ("number", "NULL", "is not a number: 'NULL'; write one such as 12.5"),
        ("number", "NaN", "is not a number: 'NaN'; write one such as 12.5"),
        ("number", "inf", "is not a number: 'inf'; write one such as 12.5"),
        ("number", "0x10", "is not a number: '0x10'; write one such as 12.5"),
        ("number", "0" * 100_000 + "x", f"is not a number: '{'0' * 50}…'; write one such as 12.5"),
        ("number", "#N/A", "is the error #N/A of a spreadsheet"),
        ("text", "#DIV/0!", "is the error #DIV/0! of a spreadsheet"),
        (
            "is_new",
            "WAHR",
            "must be true or false (1 or 0, yes or no, y or n), and is 'WAHR'",
        ),
        (
            "when",
            "31/12/2025",
            NO_DATE,
        ),
        (
            "cost_cents",
            "10.99",
            "is in cents, a whole number, and is '10.99': that would be 1099",
        ),
        ("cost_cents", "-0.5", "is in cents, a whole number, and is '-0.5': that would be -50"),
    ],
)
def test_a_cell_that_can_not_be_cast_is_an_error_that_says_what_is_wanted(
    schema: Schema, name: str, cell: str, message: str
) -> None:
    cells = cast(schema, Raw(json.dumps({"state": "new", name: cell}).encode()))
    assert [(error.attribute, error.message) for error in cells.errors] == [(name, message)]
    assert json.loads(bytes(cells.text)) == {"state": "new"}


@pytest.mark.parametrize(
    ("form", "name", "cell", "value"),
    [
        (CellForm(decimal=","), "number", "110,5", 110.5),
        (CellForm(decimal=","), "number", "1.234,5", 1234.5),
        (CellForm(decimal=","), "number", "1.000", 1000),
        (CellForm(decimal=","), "count", "1.234.567", 1234567),
        (CellForm(decimal=","), "price", "1.234,50", "1234.50"),
        (CellForm(decimal="."), "number", "1.000", 1),
        (CellForm(decimal="."), "number", "-1,234,567.25", -1234567.25),
        (CellForm(decimal="."), "number", "1\u00a0234.5", 1234.5),
        (CellForm(decimal="."), "number", "1'234.5", 1234.5),
        (CellForm(dates="dmy"), "when", "31/12/2025", "2025-12-31T00:00:00Z"),
        (CellForm(dates="mdy"), "when", "12/31/2025 9:05", "2025-12-31T09:05Z"),
        (CellForm(dates="dmy"), "day", "1.2.2025", "2025-02-01"),
        (CellForm(dates="dmy"), "when", "2025-12-31", "2025-12-31T00:00:00Z"),
        (CellForm(typed=True), "text", 12, "12"),
        (CellForm(typed=True), "count", 12, 12),
        (CellForm(typed=True), "is_new", 1, True),
        (CellForm(typed=True), "text", True, "true"),
        (CellForm(typed=True), "price", 1.125, "1.125"),
    ],
)
def test_the_form_of_a_file_says_what_its_cells_mean(
    schema: Schema, form: CellForm, name: str, cell: Any, value: Any
) -> None:
    cells = cast(schema, Raw(json.dumps({name: cell}).encode()), form)
    assert (cells.errors, json.loads(bytes(cells.text))) == ([], {name: value})


@pytest.mark.parametrize(
    ("form", "name", "cell"),
    [
        (CellForm(decimal=","), "number", "110.5"),
        (CellForm(decimal="."), "number", "1,5"),
        (CellForm(decimal="."), "number", "1,23,4"),
        (CellForm(dates="dmy"), "when", "12/31/2025"),
        (CellForm(dates="dmy"), "when", "31/12/25"),
        (CellForm(dates="dmy"), "when", "31/12-2025"),
        (CellForm(typed=True), "when", 46022),
        (CellForm(doubled=(("text", frozenset({"8.9E+12"})),)), "text", " 8.9E+12"),
    ],
)
def test_a_cell_that_does_not_fit_the_form_of_its_file_is_an_error(
    schema: Schema, form: CellForm, name: str, cell: Any
) -> None:
    cells = cast(schema, Raw(json.dumps({name: cell}).encode()), form)
    assert [error.attribute for error in cells.errors] == [name]


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
    assert list(cells.unknown) == []
    assert {*json.loads(bytes(cells.text)), *(error.attribute for error in cells.errors)} == {*row}
