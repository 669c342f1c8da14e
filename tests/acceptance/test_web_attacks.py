"""The web server against requests that are made to be misunderstood, or to be dear."""

import contextlib
import gzip
import json
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.processes import eventually
from tests.acceptance.stack import Stack
from tests.acceptance.test_web_server import refusal
from tests.acceptance.web import Client, answers, head, web_server

MIB = 1024 * 1024
CONNECTIONS = 20
CHUNKED = head("POST", "/oauth/token", Transfer_Encoding="chunked")
MALFORMED = (400, "MALFORMED_REQUEST")
ASKED = head("GET", "/healthz")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("web")
    with web_server(folder, IMPORTS_WEB_CONNECTIONS=str(CONNECTIONS)) as stack:
        yield stack
        assert "Traceback" not in stack.web.log()


def line(text: str, *headers: str) -> bytes:
    """A head of exactly these lines."""
    return "\r\n".join([text, *headers, "", ""]).encode("latin-1")


@pytest.mark.parametrize(
    "sent",
    [
        head("POST", "/oauth/token", Content_Length="5", Transfer_Encoding="chunked"),
        line("POST /oauth/token HTTP/1.0", "Transfer-Encoding: chunked"),
        head("POST", "/oauth/token", Transfer_Encoding="gzip, chunked"),
        line("POST /oauth/token HTTP/1.1", "Host: x", "Content-Length: 2", "Content-Length: 3"),
        head("POST", "/oauth/token", Content_Length="+2"),
        head("POST", "/oauth/token", Content_Length="0" * 5_000 + "2"),
        CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"2\r\n{}XX0\r\n\r\n",
        CHUNKED + b"f" * 21 + b"\r\n",
        CHUNKED + b"2;" + b"a" * 100_000,
        CHUNKED + b"0\r\n" + b"X: y\r\n" * 20_000,
        line("GET /healthz HTTP/1.1"),
        line("GET /healthz HTTP/1.1", "Host: a", "Host: b"),
        line("GET /healthz HTTP/1.1", "Host: a", "X : b"),
        line("GET /healthz HTTP/1.1", "Host: a", "X: b\rc"),
        line("GET /healthz HTTP/1.1", "Host: a", "X: b\0c"),
        line("GET /hea\0lthz HTTP/1.1", "Host: a"),
        line("GET healthz HTTP/1.1", "Host: a"),
        line("GET http://[::1/healthz HTTP/1.1", "Host: a"),
        line("GET ftp://localhost/healthz HTTP/1.1", "Host: a"),
        line("OPTIONS * HTTP/1.1", "Host: a"),
        line("CONNECT localhost:80 HTTP/1.1", "Host: a"),
        line("PRI * HTTP/2.0"),
        line("GET /healthz HTTP/2.0", "Host: a"),
        b"\x16\x03\x01\x00\xf5\x01\x00\x00\xf1\x03\x03" + b"\x11" * 230,
    ],
)
def test_an_ambiguous_request_is_refused_once(server: Stack, sent: bytes) -> None:
    with Client(server) as client:
        client.send(sent, ASKED)
        client.socket.shutdown(socket.SHUT_WR)
        assert refusal(client.answer()) == MALFORMED
        assert client.is_closed()


def test_a_name_with_an_underscore_passes_for_no_other(server: Stack) -> None:
    token = f"Bearer {server.client().token}"
    with Client(server) as client:
        client.send(line("GET /api/application HTTP/1.1", "Host: x", f"Authorization_: {token}"))
        client.send(line("GET /api/application HTTP/1.1", "Host: localhost"))
        assert client.answer()[0] in (400, 401)


def test_pages_with_cookies_are_answered(server: Stack) -> None:
    with Client(server) as client:
        client.send(head("GET", "/admin/login/"))
        status, headers, _ = client.answer()

    assert (status, headers["set-cookie"].partition("=")[0]) == (200, "csrftoken")


def test_requests_in_a_row_are_answered_in_turn(server: Stack) -> None:
    with Client(server) as client:
        client.send(ASKED * 200)
        client.send(head("HEAD", "/healthz"), head("GET", "/healthz", Connection="close"))
        received = b"".join(iter(lambda: client.socket.recv(65_536), b""))

    assert received.count(b"HTTP/1.1 200 OK") == 202
    assert received.count(b'{"status": "ok"}') == 201


def test_a_host_that_is_not_ours_costs_a_line_of_the_log(server: Stack) -> None:
    with Client(server) as client:
        client.send(line("GET /api/imports HTTP/1.1", "Host: other.example"))
        assert client.answer()[0] == 400

    assert "other.example" in server.web.log()
    assert "Traceback" not in server.web.log()


def test_a_stranger_is_refused_before_a_body_of_many_small_chunks_is_there(server: Stack) -> None:
    with Client(server) as client:
        client.send(CHUNKED, b"1\r\n \r\n" * 20_000)
        status, headers, _ = client.answer()

    assert (status, headers["connection"]) == (413, "close")


def test_a_client_may_send_a_body_in_many_small_chunks(server: Stack) -> None:
    api = server.client()
    attributes = {"resource_type": "skus", "inputs": [{"code": "MUG", "name": "Mug"}]}
    body = json.dumps({"data": {"type": "imports", "attributes": attributes}}).encode()
    named = {"Authorization": f"Bearer {api.token}", "Content_Type": "application/vnd.api+json"}
    with Client(server) as client:
        client.send(head("POST", "/api/imports", Transfer_Encoding="chunked", **named))
        client.send(b"1\r\n \r\n" * 20_000, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        status, _, answer = client.answer()

    assert status == 201, answer


def test_half_sent_requests_beyond_the_most_connections_are_ended(server: Stack) -> None:
    half = head("POST", "/oauth/token", Content_Length="2") + b"{"
    with ExitStack() as clients:
        crowd = [clients.enter_context(Client(server)) for _ in range(CONNECTIONS)]
        for client in crowd:
            client.send(half)
        assert answers(server)  # whoever comes later finds them half-sent
        crowd += [clients.enter_context(Client(server)) for _ in range(CONNECTIONS)]
        for client in crowd[CONNECTIONS:]:
            with contextlib.suppress(ConnectionError):
                client.send(half)
        assert answers(server)
        sockets = [client.socket for client in crowd]
        eventually(lambda: len(select.select(sockets, [], [], 0)[0]) >= CONNECTIONS, "they end")


def test_packed_bodies_do_not_wait_for_readers_of_answers(server: Stack) -> None:
    api = server.client()
    rows = [{"code": f"SLOW-{number}", "name": "x" * 900} for number in range(5_000)]
    path = f"/api/imports/{api.create_import('skus', rows)['id']}"
    named = {"Authorization": f"Bearer {api.token}", "Content_Encoding": "gzip"}
    body = gzip.compress(b"{}")
    with ExitStack() as clients:
        for _ in range(4):
            client = clients.enter_context(Client(server, receive_buffer=4_096))
            client.send(head("GET", path, Content_Length=str(len(body)), **named), body)
            client.socket.recv(1)  # the answer has begun, and isn't read on
        with Client(server) as client:
            client.socket.settimeout(15)
            client.send(head("POST", "/api/imports", Content_Length=str(len(body)), **named), body)
            assert client.answer()[0] in (400, 415, 422)


def test_a_client_that_disconnects_during_a_body_or_an_answer_leaves_nothing_open(
    server: Stack,
) -> None:
    api = server.client()
    rows = [{"code": f"GONE-{number}", "name": "x" * 900} for number in range(5_000)]
    path = f"/api/imports/{api.create_import('skus', rows)['id']}"
    for _ in range(2 * CONNECTIONS):  # more than there are threads, or connections
        with Client(server, receive_buffer=4_096) as client:
            client.send(head("GET", path, Authorization=f"Bearer {api.token}"))
            client.socket.recv(1)
        with Client(server) as client:
            client.send(head("POST", "/oauth/token", Content_Length="50"), b"{")

    assert eventually(lambda: api.get("/api/application").status == 200, "it is answered", 15)
    assert "Traceback" not in server.web.log()


def test_a_body_without_room_is_refused_and_leaves_room_for_others(tmp_path: Path) -> None:
    with web_server(tmp_path, IMPORTS_SPOOL_BYTES=str(3 * MIB)) as stack, ExitStack() as clients:
        named = {"Authorization": f"Bearer {stack.client().token}", "Content_Length": str(4 * MIB)}
        first, second = (clients.enter_context(Client(stack)) for _ in range(2))
        first.send(head("POST", "/api/imports", **named), b" " * (2 * MIB))
        second.send(head("POST", "/api/imports", **named), b" " * (4 * MIB))
        sockets = [first.socket, second.socket]
        eventually(lambda: select.select(sockets, [], [], 0)[0], "one of them is answered")
        refused = first if select.select([first.socket], [], [], 0)[0] else second

        assert refusal(refused.answer())[0] == 507
        assert answers(stack)


def test_requests_in_hand_are_answered_and_nobody_else_is_waited_for(tmp_path: Path) -> None:
    with web_server(tmp_path) as stack, ExitStack() as clients:
        crowd = [clients.enter_context(Client(stack)) for _ in range(20)]
        idle, lingering = (clients.enter_context(Client(stack)) for _ in range(2))
        lingering.send(head("POST", "/oauth/token", Content_Length=str(64 * MIB)))
        assert lingering.answer()[0] == 413
        for client in crowd:
            client.send(head("POST", "/oauth/token", Content_Length="2"), b"{")
        assert answers(stack)
        stack.web.signal_end()
        assert idle.is_closed()
        for client in crowd:
            client.send(b"}")
        assert [client.answer()[0] for client in crowd] == [400] * 20
        assert stack.web.wait(8) == 0  # less than the requests in hand are given
