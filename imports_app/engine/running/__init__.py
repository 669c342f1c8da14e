"""Work on an import for a time slice, from batch to batch, until it is final."""

from imports_app.engine.running.run import run_slice

__all__ = [
    "run_slice",
]
