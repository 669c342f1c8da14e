"""What holds for every path of the API, shown on the imports."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.api.errors import UNKNOWN_HOST
from imports_app.api.imports.views import ImportViewSet
from imports_app.models import Import
from tests.factories.clients import ApiClientFactory, bearer
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import MEDIA_TYPE, Caller, import_document

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/imports"


@pytest.mark.parametrize("path", ["/api/", "/api/imports/a/b/c", "/api/%FF%00", "/oauth/nothing"])
def test_an_unknown_path_is_a_404_in_the_contracts_words(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert answer.status == 404
    assert answer.error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.parametrize("debug", [True, False])
def test_a_host_that_is_not_allowed_is_a_400(debug: bool, settings: Settings) -> None:  # noqa: FBT001
    settings.DEBUG = debug
    response = Client(raise_request_exception=False).get(PATH, headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert response["Content-Type"] == MEDIA_TYPE
    (error,) = response.json()["errors"]
    assert error["code"] == "MALFORMED_REQUEST"
    assert error["detail"] == UNKNOWN_HOST
    assert "evil" not in response.text


@pytest.mark.parametrize("debug", [True, False])
def test_a_crash_is_a_500_that_tells_nothing(
    caller: Caller,
    debug: bool,  # noqa: FBT001
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(view: ImportViewSet) -> None:
        raise RuntimeError("secret")

    settings.DEBUG = debug
    monkeypatch.setattr(ImportViewSet, "get_queryset", crash)
    answer = caller.get(PATH)
    assert answer.status == 500
    assert answer.error["code"] == "INTERNAL_SERVER_ERROR"
    assert b"secret" not in answer.content
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_pages_outside_the_api_stay_pages() -> None:
    response = Client().get("/nothing")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        (PATH, "PUT", {"GET", "HEAD", "POST"}),
        (PATH, "PATCH", {"GET", "HEAD", "POST"}),
        (PATH, "OPTIONS", {"GET", "HEAD", "POST"}),
        (f"{PATH}/7", "POST", {"GET", "HEAD", "PATCH", "DELETE"}),
        (f"{PATH}/7", "PUT", {"GET", "HEAD", "PATCH", "DELETE"}),
        (f"{PATH}/7", "BREW", {"GET", "HEAD", "PATCH", "DELETE"}),
    ],
)
def test_other_methods_are_a_405_that_names_those_allowed(
    caller: Caller, path: str, method: str, allowed: set[str]
) -> None:
    answer = caller.request(method, path)
    assert answer.status == 405
    assert answer.error["code"] == "METHOD_NOT_ALLOWED"
    assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE"])
def test_a_method_is_refused_before_its_parameters_are_checked(caller: Caller, method: str) -> None:
    answer = caller.request(method, "/api/imports?page[number]=1")
    assert answer.status == 405


@pytest.mark.parametrize(
    "accept", ["text/html", f"{MEDIA_TYPE}; charset=utf-8", f'{MEDIA_TYPE}; ext="https://e.com/x"']
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unacceptable_media_type_is_a_406(caller: Caller, method: str, accept: str) -> None:
    answer = caller.request(method, PATH, import_document(), Accept=accept)
    assert answer.status == 406
    assert answer.error["code"] == "NOT_ACCEPTABLE"
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        f"{MEDIA_TYPE}; charset=utf-8",
        f'{MEDIA_TYPE}; ext="https://e.com/x"',
        "nonsense",
        "",
    ],
)
def test_another_media_type_is_a_415(caller: Caller, media_type: str) -> None:
    answer = caller.post(PATH, import_document(), media_type=media_type)
    assert answer.status == 415
    assert answer.error["code"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize(
    "content_type", [f"{MEDIA_TYPE}; x*=nonsense'en'a", f"{MEDIA_TYPE};{';' * 300}"]
)
def test_a_media_type_that_can_not_be_parsed_is_a_406(caller: Caller, content_type: str) -> None:
    assert caller.get(PATH, Accept=content_type).status == 406


def test_a_profile_is_ignored(caller: Caller) -> None:
    media_type = f'{MEDIA_TYPE}; profile="https://e.com/p"'
    assert caller.post(PATH, import_document(), media_type=media_type).status == 201


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_content_type_without_content_does_no_harm(caller: Caller, method: str) -> None:
    import_ = ImportFactory.create()
    answer = caller.request(method, f"{PATH}/{import_.pk}", media_type="text/plain")
    assert answer.status in (200, 204)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"data": NaN}',
        b'{"data": {"type": "imports", "attributes": {"inputs": "\\ud800"}}}',
        b'{"data": {"type": "imports", "type": "imports"}}',
        b"[" * 1_000_000,
    ],
)
@pytest.mark.parametrize("path", [PATH, PATH + "/{pk}"])
def test_a_malformed_body_is_one_400(caller: Caller, path: str, body: bytes) -> None:
    import_ = ImportFactory.create()
    method = "POST" if path == PATH else "PATCH"
    answer = caller.request(method, path.format(pk=import_.pk), body)
    assert answer.status == 400
    assert answer.error["code"] == "MALFORMED_REQUEST"


def test_rows_that_nest_too_deep_are_one_400(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_MAX_DEPTH = 6
    row: Any = {"code": "A", "metadata": {"a": []}}
    answer = caller.post(PATH, import_document(inputs=[row], nonsense=1))
    assert answer.status == 400
    assert "nests too deep" in answer.error["detail"]
    row["metadata"]["a"] = 1
    assert caller.post(PATH, import_document(inputs=[row])).status == 201


def test_a_body_has_a_limited_size(caller: Caller, settings: Settings) -> None:
    body = json.dumps(import_document()).encode()
    settings.IMPORTS_MAX_REQUEST_BYTES = len(body)
    assert caller.post(PATH, body).status == 201
    answer = caller.post(PATH, body + b" ")
    assert answer.status == 413
    assert answer.error["code"] == "PAYLOAD_TOO_LARGE"
    assert str(len(body)) in answer.error["detail"]


class Endless(io.BytesIO):
    """A body that says nothing true of its length; remembers how much was read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0, "read to its end"
        self.taken += size
        return b" " * size


@pytest.mark.parametrize(
    ("length", "status", "taken"), [(101, 413, 0), (10**12, 413, 0), (100, 400, 100)]
)
def test_no_more_is_read_than_is_allowed(
    length: int, status: int, taken: int, settings: Settings
) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = 100
    body = Endless()
    environ: Any = {"wsgi.input": body, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": MEDIA_TYPE}
    response = Client().post(PATH, headers=bearer(ApiClientFactory.create()), **environ)
    assert response.status_code == status
    assert body.taken == taken


@pytest.mark.parametrize("parameter", ["include", "page[size]", "sort", "filter[q][id_eq]", "q"])
def test_a_parameter_that_means_nothing_here_is_a_400(caller: Caller, parameter: str) -> None:
    import_ = ImportFactory.create()
    answer = caller.get(f"{PATH}/{import_.pk}?{parameter}=1")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": parameter}


@pytest.mark.parametrize("parameter", ["include", "format", "q"])
def test_reserved_parameters_are_a_400_in_a_listing_too(caller: Caller, parameter: str) -> None:
    answer = caller.get(f"{PATH}?{parameter}=skus")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": parameter}


@pytest.mark.parametrize("parameter", ["utm_source", "camelCase", "fields[import]", "x-y"])
def test_parameters_that_json_api_leaves_to_others_are_a_400_too(
    caller: Caller, parameter: str
) -> None:
    """A misspelt filter must not answer with everything."""
    answer = caller.get(f"{PATH}?{parameter}=1")
    assert answer.status == 400
    assert answer.error["source"] == {"parameter": parameter}
    assert "the nearest is" in answer.error["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/application",
        "/api/organization",
        "/api/resource_types",
        "/api/resource_types/skus",
        "/api/skus",
        "/api/skus/1",
        "/api/skus/template.csv",
        "/api/skus/template.xlsx",
        "/api/imports/1/failures",
        "/api/schema",
    ],
)
def test_no_operation_ignores_a_parameter(caller: Caller, path: str) -> None:
    error = caller.get(f"{path}?field_s[x]=1").error
    assert (error["status"], error["source"]) == ("400", {"parameter": "field_s[x]"})


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_no_parameter_is_ignored_when_something_is_changed(caller: Caller, method: str) -> None:
    import_ = ImportFactory.create()
    path = PATH if method == "POST" else f"{PATH}/{import_.pk}"
    answer = caller.request(method, f"{path}?dry-run=true", import_document())
    assert (answer.status, answer.error["source"]) == (400, {"parameter": "dry-run"})
    assert Import.objects.get() == import_


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_is_answered_without_a_token(method: str) -> None:
    response = Client().generic(method, PATH, b"{}", MEDIA_TYPE)
    assert response.status_code == 401
    assert response["Content-Type"] == MEDIA_TYPE
    assert response["WWW-Authenticate"]
    assert response.json()["errors"][0]["code"] == "UNAUTHORIZED"


@pytest.mark.django_db(transaction=True)
@pytest.mark.backend
def test_a_database_that_is_away_is_a_503(database_away: None) -> None:
    response = Client().get(PATH, headers={"Authorization": "Bearer x"})
    assert response.status_code == 503
    assert response["Content-Type"] == MEDIA_TYPE
    assert int(response["Retry-After"]) > 0
    assert response.json()["errors"][0]["code"] == "SERVICE_UNAVAILABLE"


@pytest.mark.parametrize(
    "query", ["filter[q][reference_eq]=%ff", "sort=%ZZ", "%c3=1", "page[size]=1%", "sort=%e9&x"]
)
@pytest.mark.parametrize("path", [PATH, "/api/skus", "/api/schema"])
def test_a_query_that_is_no_utf_8_is_a_400(caller: Caller, path: str, query: str) -> None:
    error = caller.get(f"{path}?{query}").error
    assert (error["status"], error["code"]) == ("400", "MALFORMED_REQUEST")
    assert "query" in error["detail"]


EVERY_PATH = (
    "/api/imports",
    "/api/imports/{pk}",
    "/api/imports/{pk}/attachment",
    "/api/imports/{pk}/failures",
    "/api/imports/{pk}/retry",
    "/api/application",
    "/api/organization",
    "/api/resource_types",
    "/api/resource_types/skus",
    "/api/schema",
    "/api/schema/docs",
    "/api/skus",
    "/api/skus/1",
    "/api/skus/template.csv",
    "/api/skus/template.xlsx",
    "/oauth/token",
    "/oauth/revoke",
)


@pytest.mark.parametrize("path", EVERY_PATH)
def test_options_is_a_405_everywhere(caller: Caller, path: str) -> None:
    answer = caller.request("OPTIONS", path.format(pk=ImportFactory.create().pk))
    assert answer.status == 405
    assert answer.document["errors"][0]["code"] == "METHOD_NOT_ALLOWED"
    assert "OPTIONS" not in answer.headers["Allow"]


@pytest.mark.parametrize("path", EVERY_PATH)
def test_head_is_answered_as_get_is_or_is_a_405(caller: Caller, path: str) -> None:
    path = path.format(pk=ImportFactory.create(completed=True).pk)
    if path.endswith("attachment"):
        path = caller.get(path.removesuffix("/attachment")).data["attributes"]["attachment_url"]
        path = path.removeprefix("http://testserver")
    get, head = caller.get(path), caller.request("HEAD", path)
    assert head.content == b""
    assert head.status == get.status
    for name in ("Content-Type", "Allow", "ETag", "Content-Disposition"):
        assert head.headers.get(name) == get.headers.get(name), name


@pytest.mark.backend
def test_a_head_reads_no_inputs(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    import_ = ImportFactory.create(completed=True)
    with django_assert_num_queries(2) as queries:
        assert caller.request("HEAD", f"{PATH}/{import_.pk}").status == 200
    assert not any('"inputs"' in query["sql"] for query in queries.captured_queries)


@pytest.mark.parametrize(
    ("accept", "named"),
    [
        ("application/json", "application/json"),
        (f"{MEDIA_TYPE};q=0.5, application/json", "application/json"),
        ("application/json, */*;q=0.1", "application/json"),
        ("*/*", MEDIA_TYPE),
        ("text/html", MEDIA_TYPE),
    ],
)
@pytest.mark.parametrize(
    "path", ["/api/imports/7", "/api/skus?nothing=1", "/api/a/b/c", "/api/?%ff"]
)
def test_errors_follow_accept(caller: Caller, path: str, accept: str, named: str) -> None:
    answer = caller.get(path, Accept=accept)
    assert answer.status >= 400
    assert answer.headers["Content-Type"] == named
    assert answer.document["errors"]
    assert "Accept" in answer.headers["Vary"]
