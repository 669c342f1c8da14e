"""What the fleet works on: servers of its own, or the embedded default."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from celery import Celery

from config.broker import transport_options
from imports_app.queue import bell
from tests import migrated
from tests.servers import EmbeddedBroker
from tests.torture.fleet import QUEUE
from tests.torture.goals import DEAF, KILLS, SENDERS, Goal
from tests.torture.servers import PostgreSQL, Redis


class Backend:
    """The embedded default: SQLite and Valkey on a socket."""

    workers = 2
    goals: tuple[Goal, ...] = (
        Goal("SIGKILLs", (*KILLS, "broker kills"), 200),
        SENDERS,
        DEAF,
        Goal("broker kills", ("broker kills",), 20),
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._valkey = EmbeddedBroker(folder / "data")

    def start(self) -> None:
        """Called before the fleet starts."""
        (self.folder / "data").mkdir(mode=0o700)
        self._valkey.start()

    def stop(self) -> None:
        """Called when the fleet is gone, whatever has been started."""
        self._valkey.stop()

    def migrate(self) -> None:
        """Make the databases `tortured` and `expected`."""
        for database in ("tortured", "expected"):
            migrated.copy_sqlite(Path(self.environment(database)["IMPORTS_DATA_DIR"]))

    def environment(self, database: str) -> dict[str, str]:
        """What the processes need to know, for the database `tortured` or `expected`."""
        data = self.folder / ("data" if database == "tortured" else database)
        data.mkdir(exist_ok=True)
        return {"IMPORTS_DATA_DIR": str(data), "CELERY_TASK_DEFAULT_QUEUE": QUEUE}

    def losses(self) -> dict[str, Callable[[], None]]:
        """What can get lost or go away besides processes, by the name that it is counted under."""
        return {"broker kills": self._kill_broker}

    def broker(self) -> Celery:
        """For rings besides the service's own."""
        return _broker(self._valkey.url)

    def _kill_broker(self) -> None:
        """Every message is lost with it."""
        self._valkey.kill()
        self._valkey.start()


class Servers(Backend):
    """PostgreSQL and Redis."""

    goals = (
        Goal("SIGKILLs", KILLS, 200),
        SENDERS,
        DEAF,
        Goal("Redis restarts and flushes", ("Redis restarts", "Redis flushes"), 20),
        Goal("PostgreSQL stops", ("PostgreSQL stops",), 5),
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.postgresql = PostgreSQL(folder)
        self.redis = Redis(folder)

    def start(self) -> None:
        self.postgresql.create()
        self.redis.start()

    def migrate(self) -> None:
        self.postgresql.copy("tortured", "expected")

    def stop(self) -> None:
        self.redis.stop()
        self.postgresql.stop()
        shutil.rmtree(self.folder / "postgresql", ignore_errors=True)

    def environment(self, database: str) -> dict[str, str]:
        return super().environment(database) | {
            "DATABASE_URL": self.postgresql.url(database),
            "CELERY_BROKER_URL": self.redis.url,
        }

    def losses(self) -> dict[str, Callable[[], None]]:
        return {
            "Redis flushes": self.redis.flush,
            "Redis restarts": self._restart_redis,
            "PostgreSQL stops": self._restart_postgresql,
        }

    def broker(self) -> Celery:
        return _broker(self.redis.url)

    def _restart_redis(self) -> None:
        self.redis.stop()
        self.redis.start()

    def _restart_postgresql(self) -> None:
        self.postgresql.stop_immediately()
        self.postgresql.start()


BACKENDS = {"embedded": Backend, "servers": Servers}


def ring(broker: Celery) -> None:
    """Two sweeps and a ring more than there ought to be."""
    with broker.connection_for_write() as connection:
        for task in (bell.SWEEP, bell.SWEEP, bell.ADVANCE):
            broker.send_task(task, connection=connection, ignore_result=True, retry=False)


def unsubscribe(broker: Celery, worker: str, queues: Iterable[str]) -> None:
    """Have a worker take nothing from these queues any more, nothing from its own included."""
    with broker.connection_for_write() as connection:
        for queue in queues:
            broker.control.cancel_consumer(queue, destination=[worker], connection=connection)


def _broker(url: str) -> Celery:
    broker = Celery("torture", broker=url, set_as_current=False)
    broker.conf.update(
        task_default_queue=QUEUE,
        broker_transport_options=transport_options(url, visibility_timeout=3_600),
    )
    return broker
