from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.importer import RowError
from imports_app.models import Import, ImportChunk, Mode
from imports_app.storage import log
from tests.factories.clients import ApiClientFactory
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Caller

pytestmark = pytest.mark.django_db

NOBODYS_ID = "0190b5a2-7c1e-7f00-8d3b-5e6f7a8b9c0d"
# All of them look the import up in the same way.
each_method = pytest.mark.parametrize(
    "method", ["GET", *(pytest.param(name, marks=pytest.mark.once) for name in ("PATCH", "DELETE"))]
)
LARGE_TABLES = ("importchunk", "rowfailure", "rowwarning", "importbatch")


def path(import_: Import, query: str = "") -> str:
    return f"/api/imports/{import_.pk}{query}"


def failed(caller: Caller, **attributes: Any) -> Import:
    import_ = ImportFactory.create(
        mode=caller.mode, interrupted=True, errors_count=1, warnings_count=1, **attributes
    )
    errors = [RowError("name", "blank", "can't be blank"), RowError("base", "x", 'is é"')]
    log.write(import_.pk, [log.Failure(1, "B", errors)], [log.Notice(0, "A", "seen twice")])
    return import_


def test_an_import_is_shown_whole(caller: Caller) -> None:
    import_ = failed(caller, processed_count=1, updated_count=1)
    answer = caller.get(path(import_))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert answer.data["id"] == str(import_.pk)
    assert answer.data["links"] == {"self": f"http://testserver{path(import_)}"}
    owner = {"type": "applications", "id": import_.caller}
    assert answer.data["relationships"]["application"] == {"data": owner}
    assert answer.data["meta"] == {"mode": "test", "version": 1}
    shown = answer.data["attributes"]
    assert shown["inputs"] == [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]
    assert shown["errors_log"] == {"B": {"name": ["can't be blank"], "base": ['is é"']}}
    assert shown["warnings_log"] == {"A": ["seen twice"]}
    assert (shown["processed_count"], shown["updated_count"]) == (1, 1)
    assert (shown["errors_count"], shown["warnings_count"]) == (1, 1)


@pytest.mark.once
def test_the_attributes_of_the_request_are_shown(caller: Caller) -> None:
    import_ = ImportFactory.create(cleanup_limit=7, dry_run=True, format="csv")
    shown = caller.get(path(import_)).data["attributes"]
    assert (shown["cleanup_limit"], shown["dry_run"], shown["format"]) == (7, True, "csv")


def test_times_are_utc_with_milliseconds(caller: Caller) -> None:
    import_ = ImportFactory.create(
        interrupted=True, interrupted_at=datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
    )
    shown = caller.get(path(import_)).data["attributes"]
    assert shown["interrupted_at"] == "2024-02-29T23:59:59.999Z"


def test_a_pending_import_has_a_place_in_the_queue(caller: Caller) -> None:
    first, second = ImportFactory.create_batch(2)
    assert caller.get(path(first)).data["meta"] == {
        "mode": "test",
        "version": 1,
        "queue_position": 1,
    }
    assert caller.get(path(second)).data["meta"] == {
        "mode": "test",
        "version": 1,
        "queue_position": 2,
    }


@pytest.mark.once
@pytest.mark.parametrize("life", ["in_progress", "completed", "interrupted"])
def test_only_a_pending_import_has_a_queue_position(caller: Caller, life: str) -> None:
    import_ = ImportFactory.create(**{life: True})
    assert caller.get(path(import_)).data["meta"] == {"mode": "test", "version": 1}


def test_inputs_of_many_chunks_are_one_array(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_CHUNK_ROWS = 2
    rows = [{"code": str(number)} for number in range(25)]
    import_ = ImportFactory.create(rows=rows)
    assert ImportChunk.objects.count() == 13
    assert caller.get(path(import_)).data["attributes"]["inputs"] == rows


def test_pruned_inputs_are_null(caller: Caller) -> None:
    import_ = ImportFactory.create()
    ImportChunk.objects.all().delete()
    assert caller.get(path(import_)).data["attributes"]["inputs"] is None


@pytest.mark.once
def test_inputs_of_a_type_that_is_gone_are_not_shown(caller: Caller) -> None:
    import_ = ImportFactory.create(resource_type="unicorns")
    assert caller.get(path(import_)).data["attributes"]["inputs"] is None


def test_the_inputs_are_streamed(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_CHUNK_ROWS = 1
    import_ = ImportFactory.create(rows=[{"code": str(number)} for number in range(20)])
    with CaptureQueriesContext(connection) as queries:
        response = caller.send("GET", path(import_))
        assert response.streaming
        assert not any('"inputs"' in query["sql"] for query in queries)
        pieces = list(response.streaming_content)
    assert b'[{"code": "0"}' in pieces
    assert b',{"code": "19"}' in pieces


@pytest.mark.once
@pytest.mark.parametrize(
    "names", ["status", "status,processed_count", "id", "", "nothing", "status,nothing"]
)
def test_attributes_that_are_not_asked_for_are_not_read(
    caller: Caller, names: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_ = failed(caller)
    with django_assert_num_queries(2) as queries:  # the token, the import
        answer = caller.get(path(import_, f"?fields[imports]={names}"))
    asked_for = set(names.split(",")) - {"id", "nothing", ""}
    assert answer.data["attributes"].keys() == asked_for
    assert answer.data["id"] == str(import_.pk)
    sql = " ".join(query["sql"] for query in queries)
    assert not any(table in sql for table in LARGE_TABLES)
    assert '"imports_app_import"."metadata"' not in sql


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "queries"), [("inputs", 3), ("errors_log", 3), ("warnings_log", 3), ("metadata", 2)]
)
def test_an_attribute_that_is_asked_for_alone_needs_no_other_query(
    caller: Caller, name: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_ = failed(caller)
    with django_assert_num_queries(queries):
        answer = caller.get(path(import_, f"?fields[imports]={name}"))
    assert answer.data["attributes"].keys() == {name}


def test_logs_without_entries_cost_nothing(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_ = ImportFactory.create(completed=True)
    with django_assert_num_queries(2):
        caller.get(path(import_, "?fields[imports]=errors_log,warnings_log"))


@pytest.mark.once
def test_fields_of_other_types_mean_nothing(caller: Caller) -> None:
    import_ = ImportFactory.create()
    shown = caller.get(path(import_, "?fields[skus]=code")).data["attributes"]
    assert "inputs" in shown


@pytest.mark.once
def test_head_has_no_body(caller: Caller) -> None:
    import_ = ImportFactory.create()
    answer = caller.request("HEAD", path(import_))
    assert answer.status == 200
    assert answer.content == b""


@pytest.mark.parametrize(
    "pk",
    [
        "x",
        "0",
        "%00",
        "é",
        "1" * 300,
        NOBODYS_ID,
        NOBODYS_ID.upper(),
        NOBODYS_ID.replace("-", ""),
        f"{{{NOBODYS_ID}}}",
        f"urn:uuid:{NOBODYS_ID}",
        f"{NOBODYS_ID}%0A",
    ],
)
@each_method
def test_an_unknown_id_is_a_404(caller: Caller, method: str, pk: str) -> None:
    answer = caller.request(method, f"/api/imports/{pk}")
    assert answer.status == 404
    assert answer.error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.parametrize("other_spelling", [str.upper, lambda pk: pk.replace("-", "")])
def test_an_id_has_one_spelling(caller: Caller, other_spelling: Any) -> None:
    import_ = ImportFactory.create()
    assert caller.get(path(import_)).status == 200
    assert caller.get(f"/api/imports/{other_spelling(str(import_.pk))}").status == 404


@each_method
def test_an_import_of_the_other_mode_is_a_404(caller: Caller, method: str) -> None:
    live = ImportFactory.create(mode=Mode.LIVE)
    answer = caller.request(method, path(live), {"data": {"type": "imports", "id": str(live.pk)}})
    assert answer.status == 404
    assert Import.objects.filter(pk=live.pk).exists()


def test_imports_of_other_clients_of_the_mode_are_seen(caller: Caller) -> None:
    other = ImportFactory.create(client=ApiClientFactory.create(mode=caller.mode))
    assert caller.get(path(other)).status == 200


@pytest.mark.once
def test_the_path_with_a_slash_answers_too(caller: Caller) -> None:
    assert caller.get(path(ImportFactory.create(), "/")).status == 200
