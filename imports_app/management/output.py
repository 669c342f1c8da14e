"""Output whose reader may be gone: `| head` reads a few lines, and no more."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told() -> Iterator[None]:
    """Raise BrokenPipeError in time if nobody reads what the block prints.

    What is still to be printed goes nowhere then: Python would complain of it at the end.
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
