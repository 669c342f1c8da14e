"""Where a process keeps what it measures, so that others on its host can read it.

The files have the format of prometheus_client, whose collector reads them, but are written rather
than mapped into memory: on a full disk a write is an error, a mapped page the end of the process.
"""

import contextlib
import os
import struct
from pathlib import Path
from threading import Lock
from typing import Any

from prometheus_client.mmap_dict import MmapedDict, mmap_key

from imports_app.conf import conf
from imports_app.telemetry.logs import throttled

HEADER = struct.Struct("i4x")  # bytes in use
PAIR = struct.Struct("dd")  # a value, and a time that nothing here has

_lock = Lock()


class File:
    """The values of this process of one type of metric. Not thread-safe. Raises OSError."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            _make(path)
        entries = list(MmapedDict.read_all_values_from_file(path))  # type: ignore[no-untyped-call]
        self.values = {key: value for key, value, _, _ in entries}
        self._places = {key: place for key, _, _, place in entries}
        self._used = max(
            (place + PAIR.size for place in self._places.values()), default=HEADER.size
        )
        self._descriptor = os.open(path, os.O_WRONLY)

    def write(self, key: str, value: float) -> None:
        """Put a number in its place. A new key counts once all of it is there."""
        if key in self._places:
            self._put(PAIR.pack(value, 0), self._places[key])
            return
        entry = _named(key) + PAIR.pack(value, 0)
        self._put(entry, self._used)
        self._put(HEADER.pack(self._used + len(entry)), 0)
        self._used += len(entry)
        self._places[key] = self._used - PAIR.size

    def close(self) -> None:
        os.close(self._descriptor)

    def _put(self, data: bytes, place: int) -> None:
        if os.pwrite(self._descriptor, data, place) != len(data):
            raise OSError("only a part of it could be written")


class Value:
    """A number of this process: what prometheus_client makes each of its metrics of.

    What can't be written is kept in memory, and written with the next change.
    """

    _multiprocess = True
    _files: dict[str, File] = {}
    _pid = 0

    def __init__(  # noqa: PLR0913, PLR0917  (prometheus_client's)
        self,
        typ: str,
        metric_name: str,
        name: str,
        labelnames: list[str],
        labelvalues: list[str],
        help_text: str,
        **_: Any,
    ) -> None:
        self._type = typ
        self._key: str = mmap_key(metric_name, name, labelnames, labelvalues, help_text)
        self._value: float | None = None
        self._owner = 0
        self.inc(0)

    def inc(self, amount: float) -> None:
        with _lock:
            self._change(amount)

    def get(self) -> float:
        with _lock:
            return self._value or 0.0

    def set_exemplar(self, exemplar: Any) -> None:
        """There are none in files."""

    def get_exemplar(self) -> None:
        """There are none in files."""

    def _change(self, amount: float) -> None:
        if self._owner != os.getpid():  # a fork begins at nothing, in files of its own
            self._owner, self._value = os.getpid(), None
        try:
            file = self._file()
            if self._value is None:
                self._value = file.values.get(self._key)
            self._value = (self._value or 0.0) + amount
            amount = 0.0
            file.write(self._key, self._value)
        except OSError as error:
            self._value = (self._value or 0.0) + amount
            throttled.warning("Metrics can't be written (%s).", error.strerror)

    def _file(self) -> File:
        if Value._pid != os.getpid():
            for file in Value._files.values():
                file.close()
            Value._files, Value._pid = {}, os.getpid()
        if self._type not in Value._files:
            path = Path(conf.metrics_dir) / f"{self._type}_{os.getpid()}.db"
            Value._files[self._type] = File(path)
        return Value._files[self._type]


def _make(path: Path) -> None:
    """Make the file. Readers find it with its header or not at all."""
    draft = path.with_suffix(".new")
    try:
        draft.write_bytes(HEADER.pack(HEADER.size))
        draft.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _named(key: str) -> bytes:
    encoded = key.encode()
    padding = b" " * (8 - (len(encoded) + 4) % 8)
    return struct.pack("i", len(encoded)) + encoded + padding
