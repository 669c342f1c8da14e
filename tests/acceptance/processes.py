"""Real processes under test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import psutil

from config.env import BASE_DIR
from config.supervisor.lifeline import die_with_parent

T = TypeVar("T")
PYTHON = [sys.executable, "-m"]
PATIENCE = 180.0  # seconds; a machine that does much else may need minutes to start a process


class Process:
    """A module of the project's virtual environment as a process, its output in a file."""

    def __init__(self, *module: str, environment: Mapping[str, str], log: Path) -> None:
        self._command = [*PYTHON, *module]
        self._environment = dict(environment)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._running.pid

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=BASE_DIR,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=partial(_begin, os.getpid()),
            )

    def ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def signal_end(self) -> None:
        """SIGTERM, without waiting for its end."""
        self._running.terminate()

    def terminate(self, seconds: float = PATIENCE) -> int:
        """SIGTERM; the exit code, once it has ended."""
        self._running.terminate()
        return self.wait(seconds)

    def kill(self) -> None:
        """SIGKILL, as a machine that goes down would."""
        self._running.kill()
        self._running.wait()

    def wait(self, seconds: float = PATIENCE) -> int:
        return self._running.wait(seconds)

    def stop(self) -> None:
        """Leave nothing behind, whatever the test did to it."""
        if self._process is None:
            return
        family = descendants(self._process.pid) if self._process.poll() is None else []
        self._process.terminate()
        psutil.wait_procs([*family], timeout=20)
        for process in family:
            if process.is_running():
                process.kill()
        self._process.wait()

    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was not started"
        return self._process


def _begin(parent: int) -> None:
    """In the new process: what a shell runs in the background hands down that SIGINT is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent(parent)


def descendants(pid: int) -> Sequence[psutil.Process]:
    """Itself and all that it has forked."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def run(*module: str, environment: Mapping[str, str]) -> str:
    """Run a module to its end; its output, or a failure that shows it."""
    done = subprocess.run(
        [*PYTHON, *module],
        cwd=BASE_DIR,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (
        f"{module} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    )
    return done.stdout


def eventually(look: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """The first value that counts as true, or a failure that says what was waited for."""
    deadline = time.monotonic() + seconds
    while not (value := look()):
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        time.sleep(0.05)
    return value


def clean_environment() -> dict[str, str]:
    """This process's environment without what would steer the service."""
    steering = ("IMPORTS_", "DJANGO_", "CELERY_", "DATABASE_", "TEST_", "PYTEST_", "COV_", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "IMPORTS_LEASE_SECONDS": "5",
        "IMPORTS_SWEEP_SECONDS": "1",
        "IMPORTS_SLICE_SECONDS": "2",
    }
