"""The service as it is deployed: web, worker and beat, and the broker that they need."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests import migrated
from tests.acceptance.api import Api
from tests.acceptance.processes import Process, clean_environment, eventually, run
from tests.migrated import SCOPES, Credentials
from tests.servers import EmbeddedBroker, free_port


class Stack:
    """Web, worker and beat over one data directory, database and broker; a test may start a sender.

    The broker is the embedded one unless the environment names another.

    `environment` is what they run in, for tests that start more of the same. A database that
    `is_migrated` already is a copy of one that the migrations made.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], *, is_migrated: bool = False
    ) -> None:
        self._is_migrated = is_migrated
        port = free_port()
        self.environment = clean_environment() | {
            "IMPORTS_DATA_DIR": str(folder),
            "PORT": str(port),
            "IMPORTS_WEBHOOK_ALLOWED": "127.0.0.0/8",
            **environment,
        }
        self.broker = None if "CELERY_BROKER_URL" in environment else EmbeddedBroker(folder)
        self.api = Api(f"http://127.0.0.1:{port}")
        self.web = self.process(folder / "web.log", *WEB)
        self.worker = self.process(folder / "worker.log", *WORKER)
        self.beat = self.process(folder / "beat.log", *BEAT)
        queue = self.environment.get("CELERY_TASK_DEFAULT_QUEUE", "imports")
        self.sender = self.process(folder / "sender.log", *SENDER, f"{queue}-callbacks")
        self._clients: dict[tuple[str, str], Api] = {}
        self._credentials: dict[tuple[str, str], Credentials] = {}

    def process(self, log: Path, *module: str) -> Process:
        return Process(*module, environment=self.environment, log=log)

    def start(self) -> None:
        self.start_broker()
        self.migrate()
        self.web.start()
        self.worker.start()
        self.beat.start()
        self.await_ready()

    def await_ready(self) -> None:
        """Returns once web, worker and beat are seen: again, after what a test has done to them."""
        eventually(self.api.is_ready, "the stack is ready")

    def migrate(self) -> None:
        """Make the database, or bring one of a server up to date."""
        if self._is_migrated:
            return
        if "DATABASE_URL" in self.environment:
            self.manage("migrate", "--verbosity", "0")
        else:
            migrated.copy_sqlite(Path(self.environment["IMPORTS_DATA_DIR"]))
            self._credentials.update(migrated.clients())

    def stop(self) -> None:
        for process in (self.beat, self.sender, self.worker, self.web):
            process.stop()
        self.stop_broker()

    def start_broker(self) -> None:
        """Start the embedded one, if that is what the processes use."""
        if self.broker is not None:
            self.broker.start()

    def stop_broker(self) -> None:
        """To be called last."""
        if self.broker is not None:
            self.broker.stop()

    def manage(self, *arguments: str) -> str:
        return run("django", *arguments, environment=self.environment)

    def client(self, mode: str = "test", scopes: str = SCOPES) -> Api:
        """The API with the token of such a client."""
        if (mode, scopes) not in self._clients:
            self._clients[mode, scopes] = self.api.signed_in(self.credentials(mode, scopes))
        return self._clients[mode, scopes]

    def credentials(self, mode: str = "test", scopes: str = SCOPES) -> Credentials:
        """What such a client signs in with; it is made when first asked for, if it isn't there.

        Without Django's checks: they take as long as all else, and say the same in every stack.
        """
        if (mode, scopes) not in self._credentials:
            options = ("--mode", mode, "--scopes", scopes, "--json", "--skip-checks")
            made = self.manage("create_client", "tests", *options)
            self._credentials[mode, scopes] = json.loads(made)
        return self._credentials[mode, scopes]

    def logs(self) -> dict[str, str]:
        return {"web": self.web.log(), "worker": self.worker.log(), "beat": self.beat.log()}


WEB = ("config.web",)
WORKER = ("celery", "-A", "config", "worker", "--without-gossip", "--without-mingle")
SENDER = (*WORKER, "-n", "sender@%h", "-P", "threads", "-c", "8", "-Q")
BEAT = ("celery", "-A", "config", "beat", "--pidfile=")
