"""The rule that stops an import when too many of its rows fail."""

from collections.abc import Sequence

from imports_app.engine.holding import Context
from imports_app.engine.reading import Row


class StopsEarlier(Exception):
    """The import stops at a row before the batch's last.

    Attributes:
        size: how many rows of the batch there are up to and including that one.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def stops_after(context: Context, rows: Sequence[Row]) -> int | None:
    """How many of the rows there are up to the one that is one failure too many, if there is."""
    allowed = context.errors_allowed
    if allowed is None:
        return None
    left = allowed - context.import_.errors_count
    failed = [place for place, row in enumerate(rows, 1) if row.errors]
    return failed[left] if len(failed) > left else None


def check(context: Context, rows: Sequence[Row]) -> None:
    """Raises StopsEarlier if the rows hold one failure too many before their last."""
    size = stops_after(context, rows)
    if size is not None and size < len(rows):
        raise StopsEarlier(size)
