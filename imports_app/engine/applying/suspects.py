"""Find the row that kills its worker, without blaming one for a random death.

A batch whose worker died is tried again in halves: `suspect_end` marks how far the rows under
suspicion go, and each batch takes half of those left. That ends at single rows. A row alone is
counted in `attempts` before it is tried, so only a death within its own transaction counts.
"""

from imports_app.engine.applying import chunk_splitting
from imports_app.engine.holding import Context
from imports_app.engine.reading import as_sent, row_key
from imports_app.exceptions import CannotContinue, LeaseLost
from imports_app.models import Import, ImportChunk
from imports_app.models.status import Move
from imports_app.queue import transitions
from imports_app.storage import chunks

MAX_ATTEMPTS = 3
# What can't be halved is given up after this many deaths in a row: then it isn't chance.
MAX_TOGETHER = 20


def _batch_size(context: Context, left_in_chunk: int) -> int:
    suspects = (context.import_.suspect_end or 0) - context.rows_done
    return min(left_in_chunk, max(1, suspects // 2)) if suspects > 0 else left_in_chunk


def narrow_suspects(context: Context) -> None:
    """Put under suspicion what was in hand when a worker died or a batch broke.

    Raises CannotContinue if that was an import in one transaction or a cleanup, and so too often
    in a row.
    """
    import_ = context.import_
    if import_.is_whole:
        _count_together(context, "dry run" if import_.dry_run else "import")
    elif import_.is_undo:
        _count_together(context, "undo")
    elif context.rows_done >= import_.inputs_size:
        _count_together(context, "cleanup")
    else:
        chunk = chunks.chunk_at(import_.pk, context.rows_done)
        left = chunk.first_row + chunk.rows - context.rows_done
        _note(context, suspect_end=context.rows_done + _batch_size(context, left))


def _count_together(context: Context, name: str) -> None:
    if context.import_.attempts >= MAX_TOGETHER:
        raise CannotContinue(f"the {name} stopped its worker {MAX_TOGETHER} times")
    _note(context, attempts=context.import_.attempts + 1)


def next_size(context: Context, chunk: ImportChunk, left_in_chunk: int) -> int:
    """Return how many rows the next batch takes; a row that it takes alone is counted as tried.

    Raise CannotContinue for a row that was tried alone too often: alone but for those that can't
    be cut off it, which are named with it.
    """
    size = _batch_size(context, left_in_chunk)
    if size == 1 and context.import_.suspect_end is not None:
        _count_attempt(context, chunk, size)
    return size


def _count_attempt(context: Context, chunk: ImportChunk, size: int) -> None:
    import_ = context.import_
    # Even looking for rows that belong with it stopped a worker.
    if import_.attempts > MAX_ATTEMPTS:
        raise CannotContinue(_accusation(context, 1))
    _note(context, attempts=import_.attempts + 1)
    if import_.attempts > MAX_ATTEMPTS:
        rows = chunk_splitting.uncut_size(context, chunk, context.rows_done, size)
        raise CannotContinue(_accusation(context, rows))


def forgive_suspects(context: Context) -> None:
    """Take an attempt back: the database was in trouble, the worker lived."""
    if context.import_.attempts:
        _note(context, attempts=context.import_.attempts - 1)


def cleared(import_: Import, rows_done: int) -> dict[str, int | None]:
    """Return the changes of a commit that clear the rows it went through of suspicion."""
    done = import_.suspect_end is not None and rows_done >= import_.suspect_end
    return {"attempts": 0, "suspect_end": None if done else import_.suspect_end}


def _note(context: Context, **changes: int) -> None:
    if not transitions.move(context.import_.pk, context.token, Move.ADVANCE, changes):
        raise LeaseLost
    context.committed(Move.ADVANCE, changes)


def _accusation(context: Context, rows: int) -> str:
    index = context.rows_done
    chunk = chunks.chunk_at(context.import_.pk, index)
    (row,) = as_sent(chunk, index, 1)
    key = row_key(context.schema, row)
    name = f"inputs[{index}] ({key})" if key else f"inputs[{index}]"
    if rows > 1:
        last = f"inputs[{index + rows - 1}]"
        return f"{name} to {last}, which belong together, stopped their worker {MAX_ATTEMPTS} times"
    return f"{name} stopped its worker {MAX_ATTEMPTS} times"
