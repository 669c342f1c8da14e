"""A PgBouncer between the service and PostgreSQL, in transaction mode, with few connections."""

import os
import shutil
import socket
import subprocess
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from config.supervisor.lifeline import die_with_parent
from tests.acceptance.processes import eventually
from tests.servers import free_port
from tests.torture.servers import unprivileged_user

# Fewer than the processes that use it, so that each meets what others left on a connection.
CONNECTIONS = 2

CONFIGURATION = """\
[databases]
{name} = {target}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 100
"""


def program() -> str | None:
    """Debian has it where only root's PATH leads."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class PgBouncer:
    """Stands in front of the database of that URL; it refuses what it refuses by default."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self._folder = folder
        self._port = free_port()
        self._name = urlsplit(database_url).path.removeprefix("/")
        self._target = conninfo_to_dict(database_url)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://anybody@127.0.0.1:{self._port}/{self._name}"

    def start(self) -> None:
        """Returns once it listens."""
        file = self._folder / "pgbouncer.ini"
        target = " ".join(f"{name}='{value}'" for name, value in self._target.items())
        file.write_text(
            CONFIGURATION.format(
                name=self._name, target=target, port=self._port, connections=CONNECTIONS
            )
        )
        file.chmod(0o644)
        found = program()
        assert found is not None, "PgBouncer is not installed"
        with (self._folder / "pgbouncer.log").open("ab") as log:
            self._process = subprocess.Popen(
                [found, str(file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=unprivileged_user(),
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        eventually(self._listens, "PgBouncer listens")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def log(self) -> str:
        return (self._folder / "pgbouncer.log").read_text(errors="replace")

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log()
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True
