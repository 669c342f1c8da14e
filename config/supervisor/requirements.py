"""What the machine has to offer; looked at before Django, which would fail in its own words."""

import socket
import tempfile
from pathlib import Path

from config.keys import private_folder


class CannotStart(Exception):
    """Something outside is in the way; the message is one line that says what to change."""


def require_writable(data_dir: Path) -> None:
    """Raise CannotStart unless files can be made in the data directory, which is made too."""
    try:
        private_folder(data_dir)
        tempfile.TemporaryFile(dir=data_dir).close()
    except OSError as error:
        raise CannotStart(
            f"The data directory {data_dir} is not writable ({error.strerror}); "
            "set IMPORTS_DATA_DIR to one that is."
        ) from error


def require_free(host: str, port: int) -> None:
    """Raise CannotStart if something listens at this address already."""
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
