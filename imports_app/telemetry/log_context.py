"""What is in hand, for the log to tell and for metrics: the request, the import, the client."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

NAMES = ("request_id", "import_id", "client", "mode", "resource_type")

_context: ContextVar[dict[str, str] | None] = ContextVar("log_context", default=None)


def begin(**values: object) -> None:
    """Let what is logged from here on be about these, and about what is noted, until `end`.

    None is nothing to tell.
    """
    _context.set({name: str(value) for name, value in values.items() if value is not None})


def end(**_: object) -> None:
    """Let what is logged from here on be about nothing. Can be the receiver of a signal."""
    _context.set(None)


@contextmanager
def logging_context(**values: object) -> Iterator[None]:
    """Do the same for a block, and restore the context of before at its end."""
    before = _context.get()
    begin(**values)
    try:
        yield
    finally:
        _context.set(before)


def note(**values: object) -> None:
    """Add to the context in hand, if there is one; None is nothing to tell.

    Names are those of NAMES, values never a secret: the client is told by its number.
    """
    context = _context.get()
    if context is not None:
        context.update({name: str(value) for name, value in values.items() if value is not None})


def noted() -> Mapping[str, str]:
    """Return the context in hand."""
    return _context.get() or {}
