"""The signs of life by which the supervisor judges."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import watchdog
from config.supervisor.signs import Answer, Notice
from config.watchdog import BusySigns, notify
from tests.acceptance.processes import eventually
from tests.locks import PATIENCE
from tests.servers import free_port, temporary_folder


def asking(port: int, *, every: float = 60.0) -> Answer:
    return Answer(
        name="PING",
        patience=1.0,
        address=("127.0.0.1", port),
        question=b"PING",
        begins=b"PONG",
        every=every,
    )


@contextmanager
def server(answer: bytes) -> Iterator[int]:
    """The port of one that answers the first question."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)

        def serve() -> None:
            connection, _ = listener.accept()
            connection.settimeout(PATIENCE)
            with connection:
                assert connection.recv(4) == b"PING"
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join()


def test_an_answer_is_one_sign_of_life() -> None:
    with server(b"PONG and more") as port:
        sign = asking(port)

        eventually(sign.seen, "it answers")

        assert not sign.seen()


def test_an_unexpected_answer_is_no_sign() -> None:
    with server(b"what?") as port:
        sign = asking(port)

        eventually(lambda: sign.seen() or (sign._sent and sign._connection is None), "it answered")

    assert not sign.seen()


def test_a_process_that_does_not_answer_is_asked_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sign = asking(silent.getsockname()[1], every=0.01)
        accepted = []

        def asked_twice() -> bool:
            assert not sign.seen()
            silent.settimeout(0.05)
            accepted.append(silent.accept()[0])
            return len(accepted) >= 2

        eventually(asked_twice, "there is a second question")
        for connection in accepted:
            connection.close()
        sign._hang_up()


@pytest.mark.parametrize("address", [("127.0.0.1", free_port()), "/nowhere/valkey.sock"])
def test_an_address_without_a_listener_gives_no_sign(address: str | tuple[str, int]) -> None:
    sign = asking(0)
    sign.address = address

    assert not any(sign.seen() for _ in range(5))


@pytest.fixture
def notice(monkeypatch: pytest.MonkeyPatch) -> Iterator[Notice]:
    """One whose socket this process is told of."""
    path = temporary_folder() / "worker.notify"
    notice = Notice(path, patience=1.0)
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    yield notice
    notice._socket.close()


def test_a_notice_is_one_sign_of_life(notice: Notice) -> None:
    assert not notice.seen()

    notify()
    notify()

    assert notice.seen()
    assert not notice.seen()


def test_a_notice_other_than_the_watchdogs_is_no_sign(notice: Notice) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(notice._socket.getsockname())
        sender.send(b"READY=1\nSTATUS=well")
        assert not notice.seen()
        sender.send(b"READY=1\nWATCHDOG=1")
        assert notice.seen()


def test_a_second_supervisor_takes_the_place_of_one_that_was_killed(notice: Notice) -> None:
    second = Notice(Path(notice._socket.getsockname()), patience=1.0)

    notify()

    assert second.seen()
    second._socket.close()


def test_notices_that_nobody_reads_do_not_block(notice: Notice) -> None:
    for _ in range(1_000):
        notify()

    assert notice.seen()


@pytest.mark.parametrize("address", ["", "/nowhere/worker.notify"])
def test_without_a_listener_nothing_is_sent(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)

    notify()


def test_a_task_gives_signs_for_as_long_as_it_runs(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "PULSE_SECONDS", 0.01)
    signs = BusySigns()
    signs.start()

    signs.begin()
    for _ in range(3):
        eventually(notice.seen, "the task is still in hand")
    signs.end()

    eventually(lambda: not notice.seen(), "it is silent again")


def test_threads_give_signs_while_none_of_them_is_free(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "PULSE_SECONDS", 0.01)
    signs = BusySigns(places=2)
    signs.start()

    signs.begin()
    free = signs._busy.is_set()
    signs.begin()
    for _ in range(3):
        eventually(notice.seen, "both tasks are still in hand")
    signs.end()

    assert not free
    eventually(lambda: not notice.seen(), "it is silent again")
