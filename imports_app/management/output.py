"""Handle output whose reader may be gone: `| head` reads only a few lines."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def flushed() -> Iterator[None]:
    """Raise BrokenPipeError in time if nobody reads what the block prints.

    The rest of the output is then discarded, or Python would complain about it at exit.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise
