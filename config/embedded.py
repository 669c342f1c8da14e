"""The broker of the embedded default: kombu's messages in files, made safe to run for long."""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

LONGEST_WAIT = 0.2  # seconds


class Channel(filesystem.Channel):
    """Lets no consumer see a message before all of it is written.

    kombu's own writes in place. A worker that polls at that moment reads half a message, and ends.
    """

    def _put(  # type: ignore[override]  # the stubs of kombu's own two classes disagree
        self, queue: str, payload: dict[str, Any], **_: Any
    ) -> None:
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        draft = folder / f".{name}"  # a name that belongs to no queue
        try:
            draft.write_text(dumps(payload))
            draft.replace(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot write {name} in {folder}: {error}") from error


class Transport(filesystem.Transport):
    """Lets a worker look up from an empty queue often, so that it ends soon when told to.

    Celery waits here for two seconds at a time, and once more after SIGTERM. Who asks for longer
    is told of a time-out early, and has to ask again.
    """

    Channel = Channel

    def drain_events(  # type: ignore[override]  # as above
        self, connection: Any, timeout: float | None = None
    ) -> None:
        wait = LONGEST_WAIT if timeout is None else min(timeout, LONGEST_WAIT)
        super().drain_events(connection, timeout=wait)
