"""The service as `make run` starts it."""

import json
from pathlib import Path

import psutil

from tests.acceptance.api import Api
from tests.acceptance.processes import Process, clean_environment, descendants, eventually
from tests.servers import free_port


class Service:
    """A supervisor with all that it runs, on the embedded default."""

    def __init__(self, folder: Path, **environment: str) -> None:
        port = free_port()
        self.folder = folder
        self.api = Api(f"http://127.0.0.1:{port}")
        self.environment = (
            clean_environment()
            | {"IMPORTS_DATA_DIR": str(folder), "PORT": str(port), "IMPORTS_SAMPLE": "0"}
            | environment
        )
        log = folder.with_name(f"{folder.name}-{port}.log")  # two may be started on one folder
        self._client: Api | None = None
        self.process = Process("config.supervisor", environment=self.environment, log=log)

    def start(self) -> None:
        self.process.start()
        eventually(self.api.is_ready, "the service is ready")

    def family(self) -> list[psutil.Process]:
        """All processes below the supervisor."""
        return list(descendants(self.process.pid)[1:])

    def child(self, name: str) -> psutil.Process | None:
        """The process that the supervisor started: `worker`, `sender`, `beat`, or a program."""
        children = psutil.Process(self.process.pid).children()
        return next((child for child in children if _is(child, name)), None)

    def client(self) -> Api:
        """The API with a token of the test client that the service has made."""
        if self._client is None:
            made = (self.folder / "keys" / "test-client.json").read_text()
            self._client = self.api.signed_in(json.loads(made))
        return self._client

    def logs(self) -> dict[str, str]:
        return {"service": self.process.log()}


def _is(process: psutil.Process, name: str) -> bool:
    try:
        words, program = process.cmdline(), process.name()
    except psutil.Error:  # it has just ended
        return False
    if "sender@%h" in words:  # a worker, too, for callbacks alone
        return name == "sender"
    return name in words or program == name


def refusal(folder: Path, **environment: str) -> str:
    """What a service that can't start says, all of it."""
    service = Service(folder, **environment)
    service.process.start()
    assert service.process.wait() == 1
    return service.process.log()
