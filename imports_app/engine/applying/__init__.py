"""Carries out a batch in one transaction, with all that belongs to its records."""

from imports_app.engine.applying.batch import next_batch
from imports_app.engine.applying.suspects import forgive_suspects, narrow_suspects

__all__ = [
    "forgive_suspects",
    "narrow_suspects",
    "next_batch",
]
