"""Progress bars on one line of a terminal."""

from typing import IO, TextIO

from imports_app.models import Import
from imports_app.outputs import amounts

WIDTH = 30  # characters
MEGABYTE = 1_000_000


class ProgressBar:
    """Shows an import's progress; without a terminal it draws nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shows = stream.isatty()

    def show(self, import_: Import) -> None:
        """Draw the line: `[######        ]  45 %  4,500 of 10,000 rows, 3 errors`."""
        if self._shows:
            self._stream.write(f"\r{bar(import_)}\x1b[K")
            self._stream.flush()

    def end(self) -> None:
        """Leave the line as it is."""
        if self._shows:
            self._stream.write("\n")


def bar(import_: Import) -> str:
    """Return the line's text."""
    share = import_.rows_done / import_.inputs_size
    filled = "#" * int(share * WIDTH)
    rows = f"{import_.rows_done:,} of {amounts.rows(import_.inputs_size)}"
    errors = f", {import_.errors_count:,} errors" if import_.errors_count else ""
    return f"[{filled:<{WIDTH}}] {share:4.0%}  {rows}{errors}"


class ReadingBar:
    """A stream that shows on a terminal how much of it has been read.

    It can replace a file that is read from beginning to end.
    """

    def __init__(self, out: TextIO, stream: IO[bytes], size: int) -> None:
        self._out = out
        self._stream = stream
        self._size = size
        self._read = 0
        self._percent = -1
        self._shows = out.isatty()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._stream.read(size)
        self._read += len(data)
        if self._shows and (percent := self._read * 100 // max(self._size, 1)) != self._percent:
            self._percent = percent
            self._out.write(f"\r{reading_bar(self._read, self._size)}\x1b[K")
            self._out.flush()
        return data

    def end(self) -> None:
        """Leave the line as it is."""
        if self._shows:
            self._out.write("\n")


def reading_bar(read: int, size: int) -> str:
    """Return the line's text: `[######        ]  45 %  57.6 of 128.0 MB read`."""
    share = read / size if size else 1
    filled = "#" * int(share * WIDTH)
    return (
        f"[{filled:<{WIDTH}}] {share:4.0%}  {read / MEGABYTE:.1f} of {size / MEGABYTE:.1f} MB read"
    )
