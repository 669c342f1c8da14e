"""The records of a spreadsheet's sheet."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from imports_app.conf import conf
from imports_app.inputs.recording import Packed
from imports_app.inputs.refusals import InputsRefused, Unreadable, refused

SCRIPT = Path(__file__).with_name("sheet_process.py")
NO_MEMORY = b"memory allocation of"
LONGEST_LIST = 100  # characters of the names of sheets that a refusal tells
STDERR_TAIL = 64 * 1024  # bytes at the end of what the process writes to stderr
CANNOT = "is a spreadsheet that cannot be read: it is broken, cut off or has a password"

Cells = list[Any]


class Sheet(Iterator[Cells]):
    """The rows that have any value. Cells hold text, numbers or truth values.

    Another process reads the spreadsheet: it has to hold the whole sheet, and a small file may
    claim billions of cells. That one may take conf.sheet_bytes, and no more.

    Attributes:
        line: the number of the row in hand, from 1.
        packed: the rows as a CSV, complete when all were gone through.
        name: that of the sheet.
        names: those of all that can be read.
    """

    delimiter = None
    is_certain = True

    def __init__(self, file: IO[bytes], wanted: str | None) -> None:
        if find_spec("python_calamine") is None:
            raise Unreadable("is a spreadsheet, which can't be read here: send it as CSV")
        self.line = 0
        self.packed = Packed()
        self._rows: Iterator[tuple[int, Cells]] = iter(())
        # A pipe that nobody empties would hold the process up.
        self._stderr = TemporaryFile()  # noqa: SIM115  (closed with the process)
        self._process = subprocess.Popen(  # noqa: S603  (its own script)
            [sys.executable, "-I", str(SCRIPT), wanted or "", str(conf.sheet_bytes)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )
        found = self._read()
        if not isinstance(found, dict):
            raise Unreadable(CANNOT)
        if found["sheet"] is None:
            self.close()
            raise _no_sheet(wanted, found["sheets"])
        self.name: str = found["sheet"]
        self.names: list[str] = found["sheets"]

    def __next__(self) -> Cells:
        while (row := next(self._rows, None)) is None:
            if (found := self._read()) is None:
                raise StopIteration
            numbers, rows, text = found
            self.packed.write(text.encode())
            self._rows = zip(numbers, rows, strict=True)
        self.line, cells = row
        return cells

    def close(self) -> None:
        """End the process, whether or not everything was read."""
        with self._process:
            self._process.kill()
        self._stderr.close()

    def too_big(self) -> InputsRefused:
        """Return the refusal of the row in hand."""
        message = f"has a row that is too big at line {self.line} "
        return refused("too_big", message + f"(maximum is {conf.max_row_bytes} bytes)")

    def _read(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101  (it is a pipe)
        if line := self._process.stdout.readline():
            return msgspec.json.decode(line)
        self._check_end()
        return None

    def _check_end(self) -> None:
        with self._process:
            self._process.wait()
        with self._stderr:
            self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - STDERR_TAIL))
            errors = self._stderr.read()
        if self._process.returncode == 0:
            return
        if NO_MEMORY in errors or b"MemoryError" in errors or self._process.returncode < 0:
            raise Unreadable(
                f"is a spreadsheet that takes more than {conf.sheet_bytes} bytes of memory to read:"
                " send it as CSV"
            )
        raise Unreadable(CANNOT)


def _no_sheet(wanted: str | None, names: list[str]) -> InputsRefused:
    if wanted is None:
        return refused("blank", "has no sheet with a row in it")
    some = ", ".join(names)[:LONGEST_LIST]
    return refused("unknown", f"has no sheet '{wanted}'; it has {some}", option="sheet")
