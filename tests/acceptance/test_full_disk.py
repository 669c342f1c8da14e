"""A data folder without room: what is there can be read, and no process dies of it."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.acceptance.stack import Stack
from tests.acceptance.web import web_server

MIB = 1024 * 1024
ROUNDS = 5


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 MiB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(tmp_path)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"nobody may mount here, so that no disk can be filled: {error}")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Not a byte more goes into it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (MIB, 4_096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    yield
    filler.unlink()


def processes(stack: Stack) -> set[int]:
    return {child.pid for child in psutil.Process(stack.web.pid).children()}


def document(name: str) -> dict[str, object]:
    rows = [{"code": f"MUG-{number}", "name": name} for number in range(100)]
    return {"data": {"type": "imports", "attributes": {"resource_type": "skus", "inputs": rows}}}


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is mounted as Linux does it")
def test_reads_go_on_and_work_does_once_there_is_room(small_disk: Path) -> None:
    with web_server(small_disk) as stack:
        api = stack.client()
        path = f"/api/imports/{api.create_import('skus', [{'code': 'MUG', 'name': 'Mug'}])['id']}"
        before = processes(stack)
        with filled(small_disk):
            read = [api.get(path).status for _ in range(ROUNDS)]
            others = [api.get(f"/api/{name}").status for name in ("skus", "prices", "nothing")]
            ready = api.get("/readyz")
            posted = [api.post("/api/imports", document("x" * 250)).status for _ in range(ROUNDS)]
            after = processes(stack)
        created = api.post("/api/imports", document("Mug")).status
        log = stack.web.log()

    assert after == before, "no process died"
    assert read == [200] * ROUNDS
    assert others == [200, 200, 404]
    assert "full" in ready.document["components"]["disk"]
    assert set(posted) <= {503, 507}
    assert created == 201
    assert "Traceback" not in log
    assert log.count("No space left on device") <= 2, "a line a minute, of each kind"
