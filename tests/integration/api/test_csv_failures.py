import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from imports_app.importer import RowError
from imports_app.storage import log
from tests.integration.api.caller import Caller, import_document
from tests.integration.api.test_failures import failed, numbered, path

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def table(caller: Caller, rows: list[dict[str, Any]]) -> list[list[str]]:
    """The file of an import in which all of these rows failed."""
    answer = caller.get(path(failed(rows, *range(len(rows)))), Accept="text/csv")
    assert answer.status == 200, answer.content
    return list(csv.reader(StringIO(answer.content.decode(), newline="")))


def cell(caller: Caller, value: Any) -> str:
    """What becomes of the value of an attribute."""
    [[column, *_], [text, *_]] = table(caller, [{"value": value}])
    assert column == "value"
    return text


def test_the_file_is_named_and_typed(caller: Caller) -> None:
    import_ = failed(numbered(2), 1)
    answer = caller.get(path(import_), Accept="text/csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    named = f'attachment; filename="failures-{import_.pk}.csv"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.content == b"code,weight,errors\r\nS1,1,name can't be blank\r\n"


def test_the_columns_are_those_of_all_failed_rows(caller: Caller) -> None:
    rows: list[dict[str, Any]] = [
        {"code": "A", "metadata": {"size": {"eu": "1"}}},
        {"name": "b", "code": "B"},
    ]
    assert table(caller, rows) == [
        ["code", "metadata.size.eu", "name", "errors"],
        ["A", "1", "", "name can't be blank"],
        ["B", "", "b", "name can't be blank"],
    ]


def test_all_errors_of_a_row_are_in_its_last_column(caller: Caller) -> None:
    import_ = failed(numbered(1))
    errors = [RowError("name", "blank", "can't be blank"), RowError("a[0].b", "x", "is x")]
    log.write(import_.pk, [log.Failure(0, None, errors)], [])
    answer = caller.get(path(import_), Accept="text/csv")
    assert answer.content.endswith(b",name can't be blank; a[0].b is x\r\n")


@pytest.mark.parametrize(
    "text", ["a,b", 'say "a"', "two\nlines", "two\r\nlines", "a\rb", " spaces ", "é 日本 🙂", "a;b"]
)
@pytest.mark.backend
def test_any_text_survives(caller: Caller, text: str) -> None:
    assert cell(caller, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "-",
        "+49 30 1",
        "=1",
        "+4930123456",
        " =1",
        "\u00a0@a",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        " \uff20a",
    ],
)
def test_nothing_is_taken_for_a_formula(caller: Caller, text: str) -> None:
    assert cell(caller, text) == f"'{text}"


def test_names_and_errors_are_not_taken_for_formulas_either(caller: Caller) -> None:
    rows = [{"=1+1": {"@a": "1"}}]
    import_ = failed(rows)
    log.write(import_.pk, [log.Failure(0, None, [RowError("=1+1", "unknown", "is unknown")])], [])
    content = caller.get(path(import_), Accept="text/csv").content
    assert content == b"'=1+1.@a,_formulas_quoted,errors\r\n1,,'=1+1 is unknown\r\n"


@pytest.mark.parametrize("value", [-5, -5.5, 0, 12.0, "-5", "-1.5e3", "'a", "a=1"])
@pytest.mark.backend
def test_numbers_stay_what_they_are(caller: Caller, value: Any) -> None:
    assert cell(caller, value) == str(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (None, ""), ("", ""), ([1, "a"], '[1, "a"]'), ({}, "{}")],
)
def test_other_values_are_written_as_json_has_them(caller: Caller, value: Any, text: str) -> None:
    assert cell(caller, value) == text


def test_a_column_of_an_earlier_file_gives_way_to_ours(caller: Caller) -> None:
    rows = [{"code": "A", "errors": "name is odd"}]
    assert table(caller, rows) == [["code", "errors"], ["A", "name can't be blank"]]


def test_without_failures_there_is_only_a_header(caller: Caller) -> None:
    answer = caller.get(path(failed(numbered(2))), Accept="text/csv")
    assert answer.content == b"errors\r\n"


def test_rows_with_too_many_columns_are_no_csv(caller: Caller) -> None:
    rows = [{f"{row}-{number}": 1 for number in range(500 - row)} for row in range(2)]
    assert len(table(caller, rows)[0]) == 1000
    rows = [{f"{row}-{number}": 1 for number in range(500)} for row in range(2)]
    answer = caller.get(path(failed(rows, 0, 1)), Accept="text/csv")
    assert answer.error["code"] == "NOT_ACCEPTABLE"
    assert "1000 columns" in answer.error["detail"]


def test_an_object_that_is_something_else_in_another_row_stays_whole(caller: Caller) -> None:
    rows: list[dict[str, Any]] = [
        {"a": {"b": {"c": "1"}}},
        {"a": {"b": "c"}},
        {"a": {"d": "x"}},
    ]
    assert table(caller, rows) == [
        ["a", "errors"],
        ['{"b": {"c": "1"}}', "name can't be blank"],
        ['{"b": "c"}', "name can't be blank"],
        ['{"d": "x"}', "name can't be blank"],
    ]
    assert table(caller, [*rows, {"a": {}}])[0] == ["a", "errors"]


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1},
        {"b": True},
        {"b": None},
        {"b": []},
        {"b": ""},
        {"b": {}},
        {"b": "x", "c": {"d": 1.5}},
        {"b.c": "x"},
        {" b": "x"},
        {"": "x"},
        {"b\n": "x"},
    ],
)
def test_an_object_that_columns_would_change_stays_whole(
    caller: Caller, value: dict[str, Any]
) -> None:
    assert json.loads(cell(caller, value)) == value


@pytest.mark.parametrize("text", ["'=1", "''-5", "'@a"])
def test_a_cell_that_looks_escaped_is_escaped_again(caller: Caller, text: str) -> None:
    assert cell(caller, text) == f"'{text}"


@pytest.mark.backend
def test_a_large_file_is_streamed_chunk_by_chunk(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_CHUNK_ROWS = 50
    import_ = failed(numbered(400), *range(400))
    with CaptureQueriesContext(connection) as queries:
        response = caller.send("GET", path(import_), Accept="text/csv")
        assert response.streaming
        pieces = list(response.streaming_content)
    assert [piece.count(b"\r\n") for piece in pieces] == [100, 100, 100, 100, 1]
    assert b"".join(pieces).splitlines()[-1].startswith(b"S399,399,")
    assert len(queries) == 7  # the token, the import, whether it has inputs, and two per pass


HARMFUL = (
    "+123",
    " =1",
    "\uff1d1",
    "'=1",
    "''\uff0b1",
    "-",
    "@a",
    "\t=1",
    "-5",
    "'-5",
    "plain",
    "'plain",
)


def test_a_file_that_is_sent_in_again_has_the_cells_that_were_sent(caller: Caller) -> None:
    rows = [{"code": "A", "=a": text, "metadata": {"b": text}} for text in HARMFUL]
    text = caller.get(path(failed(rows, *range(len(rows)))), Accept="text/csv").content.decode()

    document = import_document(format="csv", inputs=text)
    again = caller.post("/api/imports", document).data["attributes"]["inputs"]

    assert [(row["=a"], row["metadata"]["b"]) for row in again] == [(t, t) for t in HARMFUL]
    assert all(row.keys() == {"code", "=a", "metadata", "errors"} for row in again)


@pytest.mark.parametrize("header", ["code,name", "code,name,errors"])
def test_a_file_from_elsewhere_is_not_changed(caller: Caller, header: str) -> None:
    text = "\n".join([header, *(f"A,{text}" for text in HARMFUL)])

    document = import_document(format="csv", inputs=text)
    sent = caller.post("/api/imports", document).data["attributes"]["inputs"]

    assert [row["name"] for row in sent] == [*HARMFUL]


def test_a_file_in_which_nothing_is_quoted_has_no_sign(caller: Caller) -> None:
    assert table(caller, [{"code": "A", "weight": -5}])[0] == ["code", "weight", "errors"]
