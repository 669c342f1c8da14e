"""What the machine has to offer; checked before Django starts, whose own errors say less."""

import fcntl
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.keys import keep_private, private_folder
from config.sockets import make_socket_folder, remove_short_folder

OURS = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "keys", "metrics", "run", "spool")


class CannotStart(Exception):
    """Something on this machine is in the way; the message says in one line what to change."""


def require_writable(data_dir: Path) -> None:
    """Create the data directory if needed. Raise CannotStart unless files can be made in it.

    From then on only its owner can read it, and what is made in it.
    """
    try:
        private_folder(data_dir)
        _keep_private(data_dir)
        tempfile.TemporaryFile(dir=data_dir).close()
    except OSError as error:
        raise CannotStart(
            f"The data directory {data_dir} is not writable ({error.strerror}); "
            "set IMPORTS_DATA_DIR to one that is."
        ) from error


def _keep_private(data_dir: Path) -> None:
    """Revoke others' rights to the folder and to the service's own files in it.

    Warns where that isn't possible. Other files in the folder stay as they are.
    """
    for path in (data_dir, *(data_dir / name for name in OURS)):
        try:
            keep_private(path)
        except PermissionError:
            sys.stderr.write(
                f"Warning: others can read {path}, which belongs to another user: as that user,"
                f" run chmod go-rwx {path}\n"
            )


@contextmanager
def sole_use(data_dir: Path) -> Iterator[Path]:
    """Keep the folder of the sockets from any other supervisor until the block ends.

    Raises CannotStart if one has it already. The kernel releases the lock when this process dies.
    """
    try:
        folder = make_socket_folder(data_dir)
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise CannotStart(f"There is no place for sockets in {data_dir}: {error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder.stat()  # its last owner may just have removed it
        except OSError as error:
            lock.seek(0)
            raise CannotStart(
                f"The data directory {data_dir} is in use by process {lock.read()}, which has to"
                " end first; or set IMPORTS_DATA_DIR to another."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield folder
        finally:
            remove_short_folder(data_dir)


def require_free(host: str, port: int) -> None:
    """Raise CannotStart if this address can't be listened on."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise CannotStart(
            f"Can't listen on {host}:{port} ({getattr(error, 'strerror', error)}); "
            f"choose another port: PORT={port + 1} make run"
        ) from error
