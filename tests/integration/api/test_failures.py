from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.importer import RowError
from imports_app.models import Import, ImportChunk, Mode
from imports_app.registry import importers
from imports_app.storage import log
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller
from tests.running import run_import

pytestmark = pytest.mark.django_db

BLANK = RowError("name", "blank", "can't be blank")
NOBODYS_ID = "0190b5a2-7c1e-7f00-8d3b-5e6f7a8b9c0d"


def path(import_: Import, query: str = "") -> str:
    return f"/api/imports/{import_.pk}/failures{query}"


def failed(rows: list[dict[str, Any]], *indexes: int, **attributes: Any) -> Import:
    """An import of these rows, gone through, in which those of these indexes failed."""
    processed = len(rows) - len(indexes)
    import_ = ImportFactory.create(
        rows=rows,
        interrupted=True,
        errors_count=len(indexes),
        processed_count=processed,
        created_count=processed,
        **attributes,
    )
    keys = {index: str(rows[index].get("code"))[:255] for index in indexes}
    log.write(import_.pk, [log.Failure(index, key, [BLANK]) for index, key in keys.items()], [])
    return import_


def numbered(count: int) -> list[dict[str, Any]]:
    return [{"code": f"S{number}", "weight": number} for number in range(count)]


def test_every_failed_row_is_shown_with_what_is_wrong_with_it(caller: Caller) -> None:
    rows: list[dict[str, Any]] = [
        {"code": "A", "name": "a"},
        {"code": "B", "name": "b", "colour": "red"},
        {"code": "C", "name": 1},
    ]
    import_ = run_import(importers.get("skus"), rows, skip_errors=True)
    answer = caller.get(path(import_))
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert answer.data == [
        {
            "type": "failures",
            "id": f"{import_.pk}-1",
            "attributes": {
                "index": 1,
                "line": None,
                "key": "B",
                "input": {"code": "B", "name": "b", "colour": "red"},
                "errors": [{"code": "unknown", "attribute": "colour", "message": "is unknown"}],
            },
            "relationships": {},
            "meta": {"mode": "test"},
        },
        {
            "type": "failures",
            "id": f"{import_.pk}-2",
            "attributes": {
                "index": 2,
                "line": None,
                "key": "C",
                "input": {"code": "C", "name": 1},
                "errors": [
                    {"code": "not_a_string", "attribute": "name", "message": "must be a string"}
                ],
            },
            "relationships": {},
            "meta": {"mode": "test"},
        },
    ]
    assert answer.document["meta"] == {"record_count": 2, "page_count": 1}


def test_failures_are_paged_in_the_order_of_the_rows(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_CHUNK_ROWS = 7
    import_ = failed(numbered(50), *range(0, 50, 2))
    indexes = []
    for number in range(1, 8):
        answer = caller.get(path(import_, f"?page[size]=4&page[number]={number}"))
        assert answer.document["meta"] == {"record_count": 25, "page_count": 7}
        for failure in answer.data:
            shown = failure["attributes"]
            assert shown["input"] == {"code": f"S{shown['index']}", "weight": shown["index"]}
            indexes.append(shown["index"])
    assert indexes == list(range(0, 50, 2))
    assert answer.document["links"]["next"] is None


def test_a_page_takes_as_many_queries_however_many_rows_and_chunks(
    caller: Caller, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.IMPORTS_CHUNK_ROWS = 1
    import_ = failed(numbered(30), *range(25))
    with django_assert_num_queries(5):  # the token, the import, the count, the page, the inputs
        assert len(caller.get(path(import_, "?page[size]=25")).data) == 25


def test_attributes_that_are_not_asked_for_are_not_read(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_ = failed(numbered(2), 1)
    with django_assert_num_queries(4):
        answer = caller.get(path(import_, "?fields[failures]=key,index,nothing"))
    assert answer.data[0]["attributes"] == {"index": 1, "key": "S1"}


@pytest.mark.once
def test_an_import_without_failures_has_an_empty_list(caller: Caller) -> None:
    assert caller.get(path(ImportFactory.create())).data == []


def test_numbers_come_back_as_they_were_sent(caller: Caller) -> None:
    import_ = failed(numbered(1), 0)
    ImportChunk.objects.update(inputs=b'[{"code":1e999,"weight":12345678901234567890123.10}]')
    body = caller.get(path(import_)).content
    assert b'{"code":1e999,"weight":12345678901234567890123.10}' in body


@pytest.mark.once
def test_secret_attributes_are_in_neither_form(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers.get("skus"), "secret", frozenset({"name"}), raising=False)
    import_ = failed([{"code": "A", "name": "hush"}], 0)
    answer = caller.get(path(import_))
    assert answer.data[0]["attributes"]["input"] == {"code": "A"}
    assert b"hush" not in answer.content
    assert b"hush" not in caller.get(path(import_), Accept="text/csv").content


@pytest.mark.once
@pytest.mark.parametrize("gone", ["inputs", "type"])
def test_a_row_that_is_gone_or_of_an_unknown_type_is_null(caller: Caller, gone: str) -> None:
    import_ = failed(numbered(1), 0, resource_type="skus" if gone == "inputs" else "unicorns")
    if gone == "inputs":
        ImportChunk.objects.all().delete()
    shown = caller.get(path(import_)).data[0]["attributes"]
    assert (shown["index"], shown["key"], shown["input"]) == (0, "S0", None)
    assert shown["errors"] == [BLANK._asdict()]
    assert caller.get(path(import_), Accept="text/csv").error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.once
@pytest.mark.parametrize("accept", ["application/vnd.api+json", "text/csv"])
def test_failures_of_the_other_mode_are_not_found(caller: Caller, accept: str) -> None:
    import_ = failed(numbered(1), 0, mode=Mode.LIVE)
    assert caller.get(path(import_), Accept=accept).error["code"] == "RECORD_NOT_FOUND"
    assert caller.get(path(import_), Accept=accept).status == 404


@pytest.mark.parametrize("pk", [NOBODYS_ID, "1", "nothing", "%00"])
def test_an_unknown_import_has_no_failures(caller: Caller, pk: str) -> None:
    assert caller.get(f"/api/imports/{pk}/failures").error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.once
def test_failures_need_the_scope_to_read() -> None:
    import_ = failed(numbered(1), 0)
    writer = Caller(ApiClientFactory.create(), scopes="imports:write")
    assert writer.get(path(import_)).error["code"] == "FORBIDDEN"
    assert writer.get(path(import_), Accept="text/csv").error["code"] == "FORBIDDEN"


@pytest.mark.once
@pytest.mark.parametrize("query", ["?sort=index", "?filter[q][index_eq]=1", "?include=import"])
def test_parameters_without_a_meaning_here_are_refused(caller: Caller, query: str) -> None:
    assert caller.get(path(failed(numbered(1), 0), query)).error["code"] == "MALFORMED_REQUEST"


@pytest.mark.once
def test_only_json_and_csv_are_acceptable(caller: Caller) -> None:
    import_ = failed(numbered(1), 0)
    assert caller.get(path(import_), Accept="text/html").error["code"] == "NOT_ACCEPTABLE"
    assert caller.get(path(import_), Accept="application/json").status == 200
    assert caller.get(path(import_), Accept="*/*").data[0]["type"] == "failures"


@pytest.mark.once
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_failures_can_not_be_changed(caller: Caller, method: str) -> None:
    answer = caller.request(method, path(failed(numbered(1), 0)))
    assert answer.error["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.once
def test_an_options_request_that_accepts_only_csv_names_the_methods(caller: Caller) -> None:
    answer = caller.request("OPTIONS", path(failed(numbered(1), 0)), Accept="text/csv")

    assert answer.error["code"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["Allow"] == "GET, HEAD"
