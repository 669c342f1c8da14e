import gzip
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from imports_app.models import CsvPiece, Import, ImportChunk, Mode
from imports_app.registry import importers
from imports_app.storage import csv_texts
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import Answer, Caller, import_document
from tests.running import run_to_end

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/imports"
ROWS = [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}]
NOBODYS_ID = "0190b5a2-7c1e-7f00-8d3b-5e6f7a8b9c0d"


def url_of(caller: Caller, import_: Import) -> str:
    shown = caller.get(f"/api/imports/{import_.pk}?fields[imports]=attachment_url").data
    url: str = shown["attributes"]["attachment_url"]
    assert url.startswith("http://testserver/api/imports/")
    return url


def fetch(url: str, method: str = "GET", **headers: str) -> Answer:
    """Fetches the URL as anybody who has it can: without a token."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}"
    response: Any = Client(raise_request_exception=False).generic(method, path, headers=named)
    return Answer(response.status_code, response.headers, response.getvalue())


def in_seconds(seconds: float) -> Callable[[], float]:
    """A clock that is ahead."""
    now = time.time()
    return lambda: now + seconds


def unpacked(answer: Answer) -> Any:
    assert answer.status == 200, answer.content
    return json.loads(gzip.decompress(answer.content))


@pytest.mark.backend
@pytest.mark.parametrize("life", ["", "in_progress", "completed", "interrupted"])
def test_the_inputs_can_be_fetched_at_every_status(caller: Caller, life: str) -> None:
    import_ = ImportFactory.create(**({life: True} if life else {}))
    answer = fetch(url_of(caller, import_))
    assert unpacked(answer) == ROWS
    assert answer.headers["Content-Type"] == "application/gzip"
    named = f'attachment; filename="import-{import_.pk}.json.gz"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_new_import_has_its_url_at_once(caller: Caller) -> None:
    shown = caller.post("/api/imports", import_document(inputs=ROWS)).data["attributes"]
    assert unpacked(fetch(shown["attachment_url"])) == ROWS


def test_every_import_of_a_list_has_one(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    imports = ImportFactory.create_batch(3)
    with django_assert_num_queries(3):  # the token, the count, the page
        listed = caller.get("/api/imports?fields[imports]=attachment_url&sort=created_at").data
    for import_, shown in zip(imports, listed, strict=True):
        url = shown["attributes"]["attachment_url"]
        assert str(import_.pk) in url
        assert unpacked(fetch(url)) == ROWS


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.api+json", "application/gzip", "x/y"])
@pytest.mark.parametrize("token", ["", "Bearer nonsense"])
def test_an_attachment_is_fetched_whatever_else_a_client_sends(
    caller: Caller, accept: str, token: str
) -> None:
    url = url_of(caller, ImportFactory.create())
    headers = {"Accept": accept, "Accept_Encoding": "gzip"} | (
        {"Authorization": token} if token else {}
    )
    answer = fetch(url, **headers)
    assert unpacked(answer) == ROWS
    assert "Content-Encoding" not in answer.headers


@pytest.mark.backend
def test_an_attachment_is_streamed_chunk_by_chunk(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_CHUNK_ROWS = 10
    rows = [{"code": str(number)} for number in range(95)]
    parts = urlsplit(url_of(caller, ImportFactory.create(rows=rows)))
    with CaptureQueriesContext(connection) as queries:
        response: Any = Client().get(f"{parts.path}?{parts.query}")
        assert response.streaming
        assert not any('"inputs"' in query["sql"] for query in queries)
        content = b"".join(response.streaming_content)
    assert json.loads(gzip.decompress(content)) == rows


def test_secret_attributes_are_not_in_an_attachment(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importers.get("skus"), "secret", frozenset({"name"}), raising=False)
    assert unpacked(fetch(url_of(caller, ImportFactory.create()))) == [{"code": "A"}, {"code": "B"}]


@pytest.mark.backend
@pytest.mark.parametrize(
    "text",
    [
        'code,name\n"A","a ""b"""\n\n,,\n"C\nD", c \n',
        "\ufeffname , code\r\nx,A\r\n\r\n",
        "code,name,metadata.a\nA,a,'=1",
        "code\n" + "\n".join(f"CODE-{number:09}" for number in range(60_000)),
    ],
)
def test_a_csv_is_given_out_as_it_was_sent(caller: Caller, text: str) -> None:
    shown = caller.post(PATH, import_document(format="csv", inputs=text)).data
    answer = fetch(shown["attributes"]["attachment_url"])
    assert gzip.decompress(answer.content).decode() == text
    named = f'attachment; filename="import-{shown["id"]}.csv.gz"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Content-Type"] == "application/gzip"


@pytest.mark.backend
def test_a_large_csv_is_kept_and_streamed_in_pieces(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_texts, "PIECE", 100)
    text = "code\n" + "\n".join(secrets.token_hex(8) for _ in range(1_000))
    url = caller.post(PATH, import_document(format="csv", inputs=text)).data["attributes"]
    assert CsvPiece.objects.count() > 50
    parts = urlsplit(url["attachment_url"])
    response: Any = Client().get(f"{parts.path}?{parts.query}")
    pieces = list(response.streaming_content)
    assert {len(piece) for piece in pieces[:-1]} == {100}
    assert gzip.decompress(b"".join(pieces)).decode() == text


def test_the_csv_of_a_type_with_secrets_lacks_their_columns(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'name,code, description ,weight\n\nhush,"A,1",x\nhush,B,,1,hush\n'
    url = caller.post(PATH, import_document(format="csv", inputs=text)).data["attributes"]
    hidden = frozenset({"name"})
    monkeypatch.setattr(importers.get("skus"), "secret", hidden, raising=False)
    shown = gzip.decompress(fetch(url["attachment_url"]).content).decode()
    assert shown == 'code, description ,weight\r\n"A,1",x\r\nB,,1\r\n'


@pytest.mark.backend
def test_what_is_left_of_a_csv_was_sent_by_nobody_and_is_an_array(caller: Caller) -> None:
    text = "code,name\nA,a\nB,\n"
    first = caller.post(PATH, import_document(format="csv", inputs=text, skip_errors=True)).data
    run_to_end(Import.objects.get(pk=first["id"]))
    retry = caller.post(f"{PATH}/{first['id']}/retry", b"").data
    assert unpacked(fetch(retry["attributes"]["attachment_url"])) == [{"code": "B"}]


@pytest.mark.backend
def test_pruned_inputs_have_no_url_and_an_old_one_ends(caller: Caller) -> None:
    import_ = ImportFactory.create()
    url = url_of(caller, import_)
    ImportChunk.objects.all().delete()
    shown = caller.get(f"/api/imports/{import_.pk}").data["attributes"]
    assert (shown["inputs"], shown["attachment_url"]) == (None, None)
    assert fetch(url).error["code"] == "RECORD_NOT_FOUND"


def test_inputs_of_a_type_that_is_gone_have_no_url(caller: Caller) -> None:
    import_ = ImportFactory.create()
    url = url_of(caller, import_)
    Import.objects.update(resource_type="unicorns")
    shown = caller.get(f"/api/imports/{import_.pk}?fields[imports]=attachment_url").data
    assert shown["attributes"] == {"attachment_url": None}
    assert fetch(url).error["code"] == "RECORD_NOT_FOUND"


@pytest.mark.backend
def test_a_deleted_import_is_not_found(caller: Caller) -> None:
    import_ = ImportFactory.create()
    url = url_of(caller, import_)
    import_.delete()
    assert fetch(url).error["code"] == "RECORD_NOT_FOUND"


def test_a_url_expires(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lasts for an hour from the beginning of the half hour in which it was signed."""
    url = url_of(caller, ImportFactory.create())
    with monkeypatch.context() as later:
        later.setattr("django.core.signing.time.time", in_seconds(1_790))
        assert fetch(url).status == 200
    monkeypatch.setattr("django.core.signing.time.time", in_seconds(3_610))
    assert fetch(url).error["code"] == "FORBIDDEN"


def test_how_long_it_lasts_is_a_setting(
    caller: Caller, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMPORTS_ATTACHMENT_SECONDS = 60
    url = url_of(caller, ImportFactory.create())
    monkeypatch.setattr("django.core.signing.time.time", in_seconds(70))
    assert fetch(url).error["code"] == "FORBIDDEN"


@pytest.mark.parametrize("cut", [slice(None, -1), slice(1, None), slice(0, 0), slice(0, 7)])
def test_a_signature_can_not_be_guessed(caller: Caller, cut: slice) -> None:
    path, _, signature = url_of(caller, ImportFactory.create()).partition("?signature=")
    assert fetch(f"{path}?signature={signature}").status == 200
    assert fetch(f"{path}?signature={signature[cut]}").error["code"] == "FORBIDDEN"


@pytest.mark.parametrize("query", ["", "?signature=", "?signature=:", "?signature=%00", "?x=é"])
def test_an_attachment_is_forbidden_without_a_signature(query: str) -> None:
    import_ = ImportFactory.create()
    for pk in (import_.pk, NOBODYS_ID, "nothing", "1"):
        assert fetch(f"/api/imports/{pk}/attachment{query}").error["code"] == "FORBIDDEN"


def test_another_parameter_is_a_400(caller: Caller) -> None:
    answer = fetch(f"{url_of(caller, ImportFactory.create())}&format=csv")
    assert (answer.status, answer.error["source"]) == (400, {"parameter": "format"})


def test_a_signature_opens_no_other_import(caller: Caller) -> None:
    own = ImportFactory.create()
    signature = url_of(caller, own).partition("?")[2]
    for mode in Mode:
        other = ImportFactory.create(mode=mode)
        answer = fetch(f"/api/imports/{other.pk}/attachment?{signature}")
        assert answer.error["code"] == "FORBIDDEN"


def test_a_signature_for_another_purpose_opens_nothing() -> None:
    import_ = ImportFactory.create()
    signature = TimestampSigner().sign(str(import_.pk)).partition(":")[2]
    answer = fetch(f"/api/imports/{import_.pk}/attachment?signature={signature}")
    assert answer.error["code"] == "FORBIDDEN"


def test_a_client_never_gets_the_url_of_the_other_mode(caller: Caller) -> None:
    import_ = ImportFactory.create(mode=Mode.LIVE)
    assert caller.get(f"/api/imports/{import_.pk}").status == 404
    assert str(import_.pk).encode() not in caller.get("/api/imports").content


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_an_attachment_can_only_be_read(caller: Caller, method: str) -> None:
    url = url_of(caller, ImportFactory.create())
    assert fetch(url, method).error["code"] == "METHOD_NOT_ALLOWED"
