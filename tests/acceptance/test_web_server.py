"""The web server against clients that are slow, silent, hostile or cut off."""

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.acceptance.api import Api
from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack
from tests.acceptance.web import Client, head, web_server

MIB = 1024 * 1024
HELD = 50  # connections; more than the server has threads


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("web")
    with web_server(folder, IMPORTS_ACCESS_LOG="1", IMPORTS_WEB_PROCESSES="2") as stack:
        yield stack


def refusal(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, str]:
    """Status and code of an answer that has to be a JSON:API document of one error."""
    status, headers, body = answer
    assert headers["content-type"] == "application/vnd.api+json"
    (error,) = json.loads(body)["errors"]
    assert error["status"] == str(status)
    return status, error["code"]


def test_half_sent_requests_keep_nobody_waiting(server: Stack) -> None:
    with ExitStack() as clients:
        for _ in range(HELD):
            client = clients.enter_context(Client(server))
            client.send(head("POST", "/oauth/token", Content_Length="100"), b"{")
        assert server.api.get("/healthz").status == 200
        assert server.api.get("/api/imports").status == 401


def test_answers_that_nobody_reads_keep_nobody_waiting(server: Stack) -> None:
    api = server.client()
    rows = [{"code": f"SLOW-{number}", "name": "x" * 900} for number in range(5_000)]
    path = f"/api/imports/{api.create_import('skus', rows)['id']}"
    with ExitStack() as clients:
        for _ in range(HELD):
            client = clients.enter_context(Client(server, receive_buffer=4_096))
            client.send(head("GET", path, Authorization=f"Bearer {api.token}"))
        assert server.api.get("/healthz").status == 200
        assert api.get("/api/application").status == 200


def test_a_head_that_drips_is_cut_off(server: Stack) -> None:
    began = time.monotonic()
    with Client(server) as client:
        client.send(b"GET /healthz HTTP/1.1\r\n")
        client.socket.settimeout(0.5)
        answer = b""
        while not answer and time.monotonic() < began + 60:
            try:
                answer = client.socket.recv(4_096)
            except TimeoutError:
                client.send(b"a: b\r\n")

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/vnd.api+json" in answer


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (head("GET", "/" + "a" * 9_000), (414, "URI_TOO_LONG")),
        (head("GET", "/", X="a" * 40_000), (431, "HEADERS_TOO_LARGE")),
        (b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 70_000, (431, "HEADERS_TOO_LARGE")),
        (b"GET /" + b"a" * 70_000, (414, "URI_TOO_LONG")),
        (b"nonsense\r\n\r\n", (400, "MALFORMED_REQUEST")),
        (
            head("POST", "/oauth/token", Transfer_Encoding="chunked") + b"nonsense\r\n",
            (400, "MALFORMED_REQUEST"),
        ),
    ],
)
def test_a_refusal_by_the_web_server_is_a_json_api_error(
    server: Stack, sent: bytes, expected: tuple[int, str]
) -> None:
    with Client(server) as client:
        client.send(sent)
        assert refusal(client.answer()) == expected
        assert client.is_closed()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (head("HEAD", "/" + "a" * 9_000), b"414"),
        (head("HEAD", "/", X="a" * 40_000), b"431"),
    ],
)
def test_a_refused_head_request_is_answered_without_a_body(
    server: Stack, sent: bytes, status: bytes
) -> None:
    with Client(server) as client:
        client.send(sent)
        answer = client.socket.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 " + status)
    assert answer.endswith(b"\r\n\r\n")


def test_a_refusal_after_a_head_request_has_a_body(server: Stack) -> None:
    with Client(server) as client:
        client.send(head("HEAD", "/healthz"), b"nonsense\r\n\r\n")
        answers = client.socket.makefile("rb").read()

    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"MALFORMED_REQUEST" in answers


def test_a_chunked_body_is_a_body(server: Stack) -> None:
    api = server.client()
    attributes = {"resource_type": "skus", "inputs": [{"code": "MUG", "name": "Mug"}]}
    body = json.dumps({"data": {"type": "imports", "attributes": attributes}}).encode()
    pieces = [b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:])]
    with Client(server) as client:
        client.send(
            head(
                "POST",
                "/api/imports",
                Transfer_Encoding="chunked",
                Content_Type="application/vnd.api+json",
                Authorization=f"Bearer {api.token}",
            ),
            *pieces,
            b"0\r\n\r\n",
        )
        status, _, answer = client.answer()

    assert status == 201, answer
    assert json.loads(answer)["data"]["attributes"]["inputs_size"] == 1


@pytest.mark.parametrize("path", ["/healthz", "/admin/login/", "/oauth/token", "/api/imports"])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_stranger_is_refused_before_a_large_body_is_there(
    server: Stack, path: str, framing: str
) -> None:
    piece = b"%41" * 20_000
    with Client(server) as client:
        if framing == "length":
            client.send(head("POST", path, Content_Length=str(64 * MIB)))
        else:
            client.send(head("POST", path, Transfer_Encoding="chunked"))
            for _ in range(0, MIB, len(piece)):
                client.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        status, headers, _ = client.answer()

    assert status in (401, 403, 405, 413)
    assert headers["connection"] == "close"


def test_a_plain_client_reads_the_refusal_of_what_it_still_sends(server: Stack) -> None:
    stranger = Api(server.api.url)
    answer = stranger.request("POST", "/api/imports", b" " * (20 * MIB))

    assert answer.status == 401
    answer = server.client().request("POST", "/api/imports", b" " * (65 * MIB))
    assert (answer.status, answer.document["errors"][0]["code"]) == (413, "PAYLOAD_TOO_LARGE")


def folders(pid: int) -> set[Path]:
    """Those of the files that a process has open, nameless ones too."""
    return {link.readlink().parent for link in Path(f"/proc/{pid}/fd").iterdir()}


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc shows files without a name")
def test_spooled_bytes_are_private_and_vanish_with_the_process(server: Stack) -> None:
    api = server.client()
    folder = Path(server.environment["IMPORTS_DATA_DIR"]) / "spool"

    def spooled() -> list[psutil.Process]:
        children = psutil.Process(server.web.pid).children()
        return [child for child in children if any(folder == file for file in folders(child.pid))]

    with Client(server) as client:
        client.send(
            head(
                "POST",
                "/api/imports",
                Content_Length=str(8 * MIB),
                Authorization=f"Bearer {api.token}",
            ),
            b" " * (4 * MIB),
        )
        (process,) = eventually(spooled, "the body is spooled")
        process.kill()
        assert client.is_closed()

    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700
    eventually(
        lambda: len(psutil.Process(server.web.pid).children()) == 2, "there are two processes again"
    )


def test_the_access_log_has_neither_query_nor_headers(server: Stack) -> None:
    path = "/api/imports/1/attachment"
    server.api.request("GET", f"{path}?signature=secret", headers={"Referer": "secret"})

    line = re.compile(rf'127\.0\.0\.1 "GET {path}" 40\d \d+ \d+\.\d{{6}}$', re.MULTILINE)
    eventually(lambda: line.search(server.web.log()), "the line is there")
    assert "secret" not in server.web.log()


def test_a_request_in_hand_is_answered_before_the_end(tmp_path: Path) -> None:
    with web_server(tmp_path) as stack, Client(stack) as client, Client(stack) as idle:
        client.send(head("POST", "/oauth/token", Content_Length="2"), b"{")
        eventually(lambda: stack.api.get("/healthz").status == 200, "the head has been read")
        stack.web.signal_end()
        assert idle.is_closed()
        client.send(b"}")
        status, headers, _ = client.answer()
        assert stack.web.wait() == 0

    assert (status, headers["connection"]) == (400, "close")
