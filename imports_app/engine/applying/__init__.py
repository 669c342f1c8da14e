"""Carry out a batch in one transaction, with everything that belongs to its records."""

from imports_app.engine.applying.batch import next_batch
from imports_app.engine.applying.many import current_ties
from imports_app.engine.applying.suspects import forgive_suspects, narrow_suspects
from imports_app.engine.applying.writing import restore, write_back

__all__ = [
    "current_ties",
    "forgive_suspects",
    "narrow_suspects",
    "next_batch",
    "restore",
    "write_back",
]
