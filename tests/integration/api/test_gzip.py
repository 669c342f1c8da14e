"""Packed bodies in, packed answers out."""

import gzip
import io
import json
import random
import zlib
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from imports_app.api.packing import PackedAnswers
from imports_app.models import Import
from tests.factories.clients import ApiClientFactory, bearer
from tests.factories.imports import ImportFactory
from tests.integration.api.caller import MEDIA_TYPE, Answer, Caller, import_document

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PATH = "/api/imports"
BODY = json.dumps(import_document()).encode()


def post(caller: Caller, body: bytes, encoding: str = "gzip") -> Answer:
    return caller.post(PATH, body, Content_Encoding=encoding)


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", " gzip "])
def test_a_packed_body_is_unpacked(caller: Caller, encoding: str) -> None:
    answer = post(caller, gzip.compress(BODY, mtime=0), encoding)
    assert answer.status == 201
    assert answer.data["attributes"]["inputs"] == [{"code": "A", "name": "a"}]


@pytest.mark.parametrize("encoding", ["identity", ""])
def test_a_body_may_say_that_it_is_not_packed(caller: Caller, encoding: str) -> None:
    assert post(caller, BODY, encoding).status == 201


def test_a_patch_may_be_packed_too(caller: Caller) -> None:
    import_ = ImportFactory.create()
    attributes = {"reference": "mine"}
    body = {"data": {"type": "imports", "id": str(import_.pk), "attributes": attributes}}
    packed = gzip.compress(json.dumps(body).encode())
    answer = caller.patch(f"{PATH}/{import_.pk}", packed, Content_Encoding="gzip")
    assert answer.data["attributes"]["reference"] == "mine"


@pytest.mark.backend
def test_a_large_body_is_unpacked_piece_by_piece(caller: Caller) -> None:
    rows = [{"code": f"S{n}", "name": str(n * 7919 % 10_007)} for n in range(20_000)]
    packed = gzip.compress(json.dumps(import_document(inputs=rows)).encode())
    assert len(packed) > 64 * 1024
    answer = caller.post(f"{PATH}?fields[imports]=inputs_size", packed, Content_Encoding="gzip")
    assert answer.data["attributes"] == {"inputs_size": 20_000}


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "deflate", "compress", "gzip, gzip", "nonsense"]
)
def test_another_encoding_is_a_415_that_names_the_right_one(caller: Caller, encoding: str) -> None:
    answer = post(caller, BODY, encoding)
    assert answer.status == 415
    assert answer.error["code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert answer.headers["Accept-Encoding"] == "gzip"


PACKED = gzip.compress(BODY, mtime=0)


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        PACKED[:-1],
        PACKED[:-8],
        PACKED[:20],
        PACKED[:1],
        PACKED + b"x",
        PACKED + PACKED,
        PACKED[:12] + b"\xff\xff\xff" + PACKED[15:],
        PACKED[:-8] + b"\0" * 8,
        zlib.compress(BODY),
        gzip.compress(b"", mtime=0) * 10_000,
        gzip.compress(b"{", mtime=0),
        gzip.compress(b"\xff", mtime=0),
        gzip.compress(PACKED, mtime=0),
    ],
    ids=range(14),
)
def test_a_body_that_is_not_one_complete_gzip_of_a_document_is_a_400(
    caller: Caller, body: bytes
) -> None:
    answer = post(caller, body)
    assert answer.status == 400
    assert answer.error["code"] == "MALFORMED_REQUEST"
    assert not Import.objects.exists()


def test_the_limit_is_on_the_unpacked_size(caller: Caller, settings: Settings) -> None:
    settings.IMPORTS_MAX_REQUEST_BYTES = len(BODY)
    assert post(caller, gzip.compress(BODY, mtime=0)).status == 201
    answer = post(caller, gzip.compress(BODY + b" ", mtime=0))
    assert answer.status == 413
    assert answer.error["code"] == "PAYLOAD_TOO_LARGE"


class Counted(io.BytesIO):
    """Remembers how much was read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def test_a_bomb_is_not_unpacked_to_its_end(settings: Settings) -> None:
    packed = gzip.compress(b" " * 500_000_000, compresslevel=1)
    settings.IMPORTS_MAX_REQUEST_BYTES = len(packed)
    body = Counted(packed)
    environ: Any = {
        "wsgi.input": body,
        "CONTENT_LENGTH": str(len(packed)),
        "CONTENT_TYPE": MEDIA_TYPE,
        "HTTP_CONTENT_ENCODING": "gzip",
    }
    response = Client().post(PATH, headers=bearer(ApiClientFactory.create()), **environ)
    assert response.status_code == 413
    assert body.taken <= 64 * 1024


def test_an_answer_is_packed_for_a_client_that_accepts_it(caller: Caller) -> None:
    import_ = ImportFactory.create()
    plain = caller.get(f"{PATH}/{import_.pk}")
    packed = caller.get(f"{PATH}/{import_.pk}", Accept_Encoding="br, gzip;q=0.5")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content) == plain.content


def test_an_answer_that_is_not_streamed_is_packed_too(caller: Caller) -> None:
    ImportFactory.create_batch(3)
    path = f"{PATH}?fields[imports]=status"
    packed = caller.get(path, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.content)
    assert gzip.decompress(packed.content) == caller.get(path).content


@pytest.mark.parametrize(
    "accept", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, br", "GZIP;Q=0"]
)
def test_an_answer_is_left_alone_for_a_client_that_does_not(caller: Caller, accept: str) -> None:
    import_ = ImportFactory.create()
    answer = caller.get(f"{PATH}/{import_.pk}", Accept_Encoding=accept)
    assert "Content-Encoding" not in answer.headers
    assert answer.data["id"] == str(import_.pk)


def test_an_error_is_packed_as_a_whole(caller: Caller) -> None:
    answer = caller.get("/api/a/b/c" + "d" * 300, Accept_Encoding="gzip")
    content = answer.content
    if answer.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    assert json.loads(content)["errors"][0]["status"] == "404"


@pytest.mark.backend
def test_a_stream_stays_one() -> None:
    taken = []

    def pieces() -> Any:
        for number in range(1_000):
            taken.append(number)
            yield random.randbytes(1_000)

    request = RequestFactory().get(PATH, headers={"Accept-Encoding": "gzip"})
    response = PackedAnswers(lambda _: HttpResponse()).process_response(
        request, StreamingHttpResponse(pieces())
    )
    assert isinstance(response, StreamingHttpResponse)
    packed = iter(response)
    sent = next(packed) + next(packed)
    assert sent.startswith(b"\x1f\x8b")
    assert len(taken) < 1_000
    assert len(gzip.decompress(sent + b"".join(packed))) == 1_000_000


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/admin/login/", "text/html"),
        ("/oauth/token", "application/json"),
        (PATH, "application/gzip"),
    ],
)
def test_pages_tokens_and_attachments_are_not_packed(path: str, content_type: str) -> None:
    request = RequestFactory().get(path, headers={"Accept-Encoding": "gzip"})
    answer = HttpResponse(b" " * 1_000, content_type=content_type)
    response = PackedAnswers(lambda _: answer).process_response(request, answer)
    assert "Content-Encoding" not in response.headers
