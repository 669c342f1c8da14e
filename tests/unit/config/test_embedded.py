import contextlib
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from config.broker import EMBEDDED, transport_options


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Connection]:
    options = transport_options(EMBEDDED, tmp_path, visibility_timeout=60)
    with Connection(EMBEDDED, transport_options=options) as connection:
        yield connection


@pytest.fixture
def name() -> str:
    """kombu remembers the queues of a process, whichever folder they were in."""
    return f"test-{uuid.uuid4().hex}"


def messages(folder: Path) -> Path:
    return folder / "broker" / "messages"


def test_a_message_is_delivered_once_and_its_file_is_gone(
    broker: Connection, name: str, tmp_path: Path
) -> None:
    with broker.SimpleQueue(name) as queue:
        queue.put({"number": 1})

        message = queue.get(block=False)
        message.ack()

        assert message.payload == {"number": 1}
        with pytest.raises(queue.Empty):
            queue.get(block=False)
    assert list(messages(tmp_path).iterdir()) == []


def test_a_message_that_is_still_being_written_is_not_read(
    broker: Connection, name: str, tmp_path: Path
) -> None:
    with broker.SimpleQueue(name) as queue:
        (messages(tmp_path) / f".1_draft.{name}.msg").write_text('{"bo')

        with pytest.raises(queue.Empty):
            queue.get(block=False)


def test_a_reader_beside_a_writer_never_sees_half_a_message(broker: Connection, name: str) -> None:
    numbers = range(300)

    def write() -> None:
        with broker.clone() as own, own.SimpleQueue(name) as queue:
            for number in numbers:
                queue.put({"number": number, "padding": "x" * 2_000})

    writer = threading.Thread(target=write)
    with broker.SimpleQueue(name) as queue:
        writer.start()
        seen: set[int] = set()
        while writer.is_alive() or queue.qsize():
            with contextlib.suppress(queue.Empty):
                message = queue.get(block=False)
                message.ack()
                seen.add(message.payload["number"])

    assert seen == set(numbers)


def test_a_folder_that_is_gone_is_an_error_that_celery_knows(
    broker: Connection, name: str, tmp_path: Path
) -> None:
    with broker.SimpleQueue(name) as queue:
        messages(tmp_path).rmdir()

        with pytest.raises(ChannelError, match="Cannot write"):
            queue.put({"number": 1}, retry=False)


def test_an_empty_queue_is_left_again_at_the_given_time(broker: Connection, name: str) -> None:
    with broker.SimpleQueue(name), pytest.raises(socket.timeout):
        broker.drain_events(timeout=0.01)
