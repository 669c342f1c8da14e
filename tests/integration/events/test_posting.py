"""What a receiver can't do to the one who calls it."""

import socket
import ssl
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from imports_app.events import posting
from imports_app.events.posting import post
from tests.receiver import Receiver, receiving, status

HEADERS = {"Content-Type": "application/vnd.api+json"}


@pytest.fixture
def short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.3)


def test_an_answer_is_read_up_to_a_kibibyte(receiver: Receiver) -> None:
    receiver.respond = status(500, b"x" * 5_000)

    assert post(receiver.url, b"{}", HEADERS) == (500, "x" * 1_024)


def test_an_answer_that_is_not_text_can_be_stored(receiver: Receiver) -> None:
    receiver.respond = status(400, b"a\x00\xff")

    assert post(receiver.url, b"{}", HEADERS) == (400, "a\ufffd\ufffd")


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte of a head that never ends, again and again."""
    stop = Event()
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        while not stop.wait(0.02):
            handler.wfile.write(b"x")
    except OSError:
        handler.close_connection = True


def continues(handler: BaseHTTPRequestHandler) -> None:
    try:
        while True:
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    except OSError:
        handler.close_connection = True


@pytest.mark.parametrize("respond", [drip, continues])
def test_an_answer_has_one_limit_however_it_comes(
    receiver: Receiver, short_timeout: None, respond: Any
) -> None:
    receiver.respond = respond

    assert post(receiver.url, b"{}", HEADERS) == (None, "no answer within 0.3 s")


def test_a_body_that_drips_changes_nothing_about_the_status(
    receiver: Receiver, short_timeout: None
) -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
        handler.connection.recv(1)  # until the caller hangs up

    receiver.respond = respond

    assert post(receiver.url, b"{}", HEADERS).code == 200


def test_silence_in_the_middle_of_tls_has_the_same_limit(
    settings: Any, short_timeout: None
) -> None:
    settings.IMPORTS_WEBHOOK_ALLOWED = ["127.0.0.0/8"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"

        assert post(url, b"{}", HEADERS) == (None, "no answer within 0.3 s")


def test_a_port_where_nobody_listens_is_no_answer(settings: Any) -> None:
    settings.IMPORTS_WEBHOOK_ALLOWED = ["127.0.0.0/8"]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"

    assert post(url, b"{}", HEADERS) == (None, "no answer: Connection refused")


def test_a_reply_that_is_not_http_is_no_answer(receiver: Receiver) -> None:
    receiver.respond = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")

    code, message = post(receiver.url, b"{}", HEADERS)

    assert (code, message.partition(":")[0]) == (None, "no answer")


def test_a_proxy_of_the_environment_is_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)

        assert post(receiver.url, b"{}", HEADERS).code == 204

        assert proxy.received == []


def test_a_name_that_changes_its_mind_is_called_where_it_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Rebinding: allowed while it is looked at, somewhere else when it is connected to."""
    answers = ["127.0.0.1", "169.254.169.254"]

    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host == "changing.example":
            return real(answers.pop(0), port, *args, **options)
        return real(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    url = receiver.url.replace("127.0.0.1", "changing.example")

    assert post(url, b"{}", HEADERS).code == 204

    assert answers == ["169.254.169.254"]  # nobody asked again
    assert receiver.received[0].headers["Host"].startswith("changing.example:")
    answer = post(url, b"{}", HEADERS)
    assert answer.code is None
    assert "not sent: the URL must lead to a public address" in answer.message


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One for right.example that signs itself."""
    key, both = tmp_path / "key.pem", tmp_path / "both.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=right.example"
    name = ("-addext", "subjectAltName=DNS:right.example")
    arguments = [*command.split(), *name, "-keyout", str(key), "-out", str(both)]
    subprocess.run(arguments, check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + both.read_bytes())
    return both


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("right.example", 204, ""),
        ("wrong.example", None, "TLS failed: CERTIFICATE_VERIFY_FAILED"),
    ],
)
def test_tls_is_verified_against_the_name(  # noqa: PLR0917
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    certificate: Path,
    name: str,
    code: int | None,
    message: str,
) -> None:
    settings.IMPORTS_WEBHOOK_ALLOWED = ["127.0.0.0/8"]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _, *args, **options: real("127.0.0.1", *args, **options)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with receiving(context) as receiver:
        url = receiver.url.replace("http://127.0.0.1", f"https://{name}")

        assert post(url, b"{}", HEADERS) == (code, message)
