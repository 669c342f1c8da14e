"""The failed rows as a spreadsheet, mended and sent again."""

import json
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from imports_app.commerce.models import Sku
from imports_app.models import Import
from imports_app.outputs.workbook import MAX_CHARACTERS
from imports_app.outputs.workbook import MEDIA_TYPE as XLSX
from imports_app.storage.lines import lines_of
from tests.integration.api.caller import Answer, Caller, import_document
from tests.integration.api.test_failures import failed, path
from tests.integration.api.test_retry_mended import ended, first_of_file, retry_file
from tests.running import counts, run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FILE = "weight;name;code\n1,5;;A\n2;Mug;B\nheavy;=1+1;0012\n"


def table(answer: Answer) -> list[list[Any]]:
    assert answer.status == 200, answer.content
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return list(book.get_sheet_by_index(0).iter_rows())


def saved(rows: list[list[Any]]) -> bytes:
    """The file as a spreadsheet program saves it."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


@pytest.mark.backend
def test_the_file_has_the_order_of_the_columns_lines_and_errors(caller: Caller) -> None:
    first = first_of_file(caller, FILE)

    answer = caller.get(path(first), Accept=XLSX)

    assert answer.headers["Content-Type"] == XLSX
    named = f'attachment; filename="failures-{first.pk}.xlsx"'
    assert answer.headers["Content-Disposition"] == named
    header, *rows = table(answer)
    assert header == ["weight", "name", "code", "line", "errors"]
    assert rows == [
        ["1,5", "", "A", 2, "name can't be blank"],
        ["heavy", "=1+1", "0012", 4, "weight is not a number: 'heavy'; write one such as 12,5"],
    ]


def test_the_file_is_understood_when_it_comes_back(caller: Caller) -> None:
    first = first_of_file(caller, FILE)
    header, *rows = table(caller.get(path(first), Accept=XLSX))
    rows[0][1], rows[1][0] = "Tea", 2.25

    retried = ended(retry_file(caller, first, saved([header, *rows]), media_type=XLSX))

    assert counts(retried) == (2, 0, 0, 0)
    assert list(lines_of(retried.pk)) == [2, 4]
    read = {sku.code: (sku.name, sku.weight) for sku in Sku.objects.all()}
    assert read == {"A": ("Tea", 1.5), "B": ("Mug", 2), "0012": ("=1+1", 2.25)}


@pytest.mark.backend
def test_values_are_what_they_were(caller: Caller) -> None:
    row = {"code": 12, "weight": 1.5, "do_not_ship": True, "x": None, "long": 12345678901234567890}
    header, cells = table(caller.get(path(failed([row], 0)), Accept=XLSX))
    assert dict(zip(header, cells, strict=True)) == {
        "code": 12,
        "weight": 1.5,
        "do_not_ship": True,
        "x": "",
        "long": "12345678901234567890",
        "errors": "name can't be blank",
    }


@pytest.mark.parametrize("zero", ["0e-999", "-0.00E+123"])
def test_a_zero_is_one_whatever_its_exponent(caller: Caller, zero: str) -> None:
    document = json.dumps(import_document(inputs=[{"code": "A", "weight": 11}], skip_errors=True))
    made = caller.post("/api/imports", document.replace("11", zero).encode())
    first = run_to_end(Import.objects.get(pk=made.data["id"]))

    header, cells = table(caller.get(path(first), Accept=XLSX))

    assert dict(zip(header, cells, strict=True))["weight"] == 0


@pytest.mark.parametrize("cell", ["x" * (MAX_CHARACTERS + 1), "\ufffe"])
def test_a_value_too_long_for_a_cell_is_not_left_out_in_silence(caller: Caller, cell: str) -> None:
    answer = caller.get(path(failed([{"code": cell}], 0)), Accept=XLSX)
    assert (answer.status, answer.error["code"]) == (406, "NOT_ACCEPTABLE")
    assert "Ask for CSV" in answer.error["detail"]
