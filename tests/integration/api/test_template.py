import csv
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from imports_app.engine.types.row_type import json_schema
from imports_app.engine.types.schema import schema_for
from imports_app.importer import Importer
from imports_app.models import Import
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX
from imports_app.registry import importers
from tests.factories.clients import ApiClientFactory
from tests.factories.commerce import ShippingCategoryFactory
from tests.integration.api.caller import Answer, Caller
from tests.running import counts, row_errors, run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def header(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.content
    (line,) = csv.reader(answer.content.decode().splitlines())
    return line


def test_the_template_is_a_file_to_save(caller: Caller) -> None:
    answer = caller.get("/api/skus/template.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    disposition = 'attachment; filename="skus-template.csv"'
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.content.endswith(b"\r\n")


def test_the_key_comes_first_then_what_is_required(caller: Caller) -> None:
    assert header(caller.get("/api/skus/template.csv"))[:2] == ["code", "name"]
    assert header(caller.get("/api/prices/template.csv"))[:3] == [
        "sku_code",
        "price_list_name",
        "amount_cents",
    ]


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_every_attribute_of_every_type_has_one_column(caller: Caller, importer: Importer) -> None:
    schema = schema_for(importer)
    names = {column.attribute for column in schema.columns}
    forms = {form.attribute for link in schema.links for form in link.forms}

    columns = header(caller.get(f"/api/{importer.resource_type}/template.csv/"))

    assert len(columns) == len(set(columns))
    assert set(columns) == names | forms | {"id"}
    assert set(columns) <= json_schema(schema)["properties"].keys()


@pytest.mark.parametrize("importer", importers, ids=lambda importer: importer.resource_type)
def test_the_spreadsheet_has_the_same_columns_and_an_example_that_is_valid(
    caller: Caller, importer: Importer
) -> None:
    answer = caller.get(f"/api/{importer.resource_type}/template.xlsx")
    assert answer.status == 200, answer.content
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))

    (columns,) = book.get_sheet_by_index(0).to_python()
    names, cells = book.get_sheet_by_name("Example").to_python()

    assert columns == names == header(caller.get(f"/api/{importer.resource_type}/template.csv"))
    example = {name: cell for name, cell in zip(names, cells, strict=True) if cell != ""}
    assert example
    assert example.keys().isdisjoint(importer.secret)


@pytest.mark.backend
def test_an_example_can_be_imported(caller: Caller) -> None:
    ShippingCategoryFactory.create(name="Shipping category name 1")
    content = caller.get("/api/skus/template.xlsx").content
    query = "resource_type=skus&file_options[sheet]=Example"

    made = caller.post(f"/api/imports?{query}", content, media_type=XLSX)

    import_ = run_to_end(Import.objects.get(pk=made.data["id"]))
    assert (counts(import_), row_errors(import_)) == ((1, 0, 0, 0), {})


def test_the_spreadsheet_has_notes_and_lists_of_values(caller: Caller) -> None:
    content = caller.get("/api/skus/template.xlsx").content
    with ZipFile(BytesIO(content)) as book:
        notes = book.read("xl/comments1.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert "Text. Finds the record. A new record needs it." in notes
    assert "Names the shipping category (or give " in notes
    assert "&quot;gr,oz,lb&quot;" in sheet or '"gr,oz,lb"' in sheet
    assert '"true,false"' in sheet


def test_the_spreadsheet_is_a_file_to_save(caller: Caller) -> None:
    answer = caller.get("/api/skus/template.xlsx")

    assert answer.headers["Content-Type"] == XLSX
    disposition = 'attachment; filename="skus-template.xlsx"'
    assert answer.headers["Content-Disposition"] == disposition


@pytest.mark.parametrize("accept", ["text/csv", "*/*", "text/html,*/*;q=0.8"])
def test_a_client_that_accepts_csv_gets_the_template(caller: Caller, accept: str) -> None:
    assert caller.get("/api/skus/template.csv", Accept=accept).status == 200


def test_a_client_that_does_not_accept_csv_gets_a_406(caller: Caller) -> None:
    error = caller.get("/api/skus/template.csv", Accept="application/json").error

    assert error["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("name", ["colours", "SKUS", "skus%00", 'a"b'])
def test_a_type_that_is_not_registered_is_a_404(caller: Caller, name: str) -> None:
    error = caller.get(f"/api/{name}/template.csv", Accept="text/csv").error

    assert error["code"] == "RECORD_NOT_FOUND"


def test_a_parameter_that_means_nothing_is_a_400(caller: Caller) -> None:
    error = caller.get("/api/skus/template.csv?fields[skus]=code").error

    assert error["source"] == {"parameter": "fields[skus]"}


def test_the_template_is_given_only_to_who_may_read() -> None:
    writer = Caller(ApiClientFactory.create(scopes="imports:write"))

    assert writer.get("/api/skus/template.csv").status == 403
    assert writer.get("/api/skus/template.csv", Authorization="").status == 401


def test_the_template_can_only_be_read(caller: Caller) -> None:
    assert caller.post("/api/skus/template.csv", {}).error["code"] == "METHOD_NOT_ALLOWED"


def test_an_options_request_for_the_template_names_the_methods(caller: Caller) -> None:
    answer = caller.request("OPTIONS", "/api/skus/template.csv")

    assert answer.error["code"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["Allow"] == "GET, HEAD"
