"""The foreign project as a site that a browser can look at."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.host.conftest import Host
from tests.servers import free_port

START_SECONDS = 120
FILL = """
from django.contrib.auth import get_user_model
from library.models import Author, Book
get_user_model().objects.create_superuser("jo@example.com", "secret")
author = Author.objects.create(email="ursula@example.com", name="Ursula")
for number in range(3):
    Book.objects.create(isbn=str(number), title=f"Volume {number}", author=author)
"""


@contextmanager
def serving(host: Host, settings: str) -> Iterator[str]:
    """Make a few records, serve it until the block ends, and yield its address."""
    own = ("--settings", settings)
    host.manage("shell", "-c", FILL, *own)
    port = free_port()
    served = ("runserver", "--noreload", "--insecure", f"127.0.0.1:{port}", *own)
    command = [str(host.environment.python), "manage.py", *served]
    with (host.folder / "site.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=host.folder, stdout=log, stderr=log)
    try:
        _await(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"it didn't listen within {START_SECONDS} s: {process.poll()}")
