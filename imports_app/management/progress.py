"""How far an import is, on one line of a terminal."""

from typing import TextIO

from imports_app.models import Import

WIDTH = 30  # characters


class ProgressBar:
    """Redraws its line; where there is no terminal it draws nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shows = stream.isatty()

    def show(self, import_: Import) -> None:
        """`[######        ]  45 %  4,500 of 10,000 rows, 3 errors`"""
        if self._shows:
            self._stream.write(f"\r{bar(import_)}\x1b[K")
            self._stream.flush()

    def end(self) -> None:
        """Leaves the line as it is."""
        if self._shows:
            self._stream.write("\n")


def bar(import_: Import) -> str:
    """Return the line's text."""
    share = import_.rows_done / import_.inputs_size
    filled = "#" * int(share * WIDTH)
    rows = f"{import_.rows_done:,} of {import_.inputs_size:,} rows"
    errors = f", {import_.errors_count:,} errors" if import_.errors_count else ""
    return f"[{filled:<{WIDTH}}] {share:4.0%}  {rows}{errors}"
