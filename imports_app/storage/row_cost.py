"""The cost of carrying out rows, as far as their type declares it.

A batch takes about a second of work at most, whatever its rows cost: an interruption waits for
the batch in hand (see docs/decisions/chunks.md). Most types are held to that by the numbers of
rows and bytes in a chunk alone. The cost is worked out from the rows, never measured: a chunk is
cut alike on every machine. Its unit is a round of PBKDF2.
"""

from collections.abc import Callable, Sequence
from functools import cache

from msgspec import Raw

from imports_app.conf import conf
from imports_app.importer import Importer
from imports_app.registry import importers

# What a batch may cost: about a second on one core.
BATCH_COST = 2_500_000
SAVED_ROWS = 500  # take about as long, where each goes through its model's own code

RowCost = Callable[[bytes | Raw], int]


def row_cost(importer: Importer) -> RowCost | None:
    """Return a function for the cost of a row of that type; None if only its size counts."""
    batch_rows = importer.batch_rows or (SAVED_ROWS if importer.write == "save" else None)
    each = BATCH_COST // batch_rows if batch_rows else 0
    hashed = [b'"%s"' % name.encode() for name in _hashed(importer)]
    if not each and not hashed:
        return None
    rounds: int = conf.password_iterations

    def cost(row: bytes | Raw) -> int:
        # Finding the name in the text is good enough: a mistake only makes a batch smaller.
        text = bytes(row)
        return each + rounds * sum(text.count(name) for name in hashed)

    return cost


@cache
def _hashed(importer: Importer) -> Sequence[str]:
    """Return the hashed attributes of the type and of the children that a row brings along."""
    children = importers.children_of(importer)
    return (*importer.hashed, *(name for child in children for name in _hashed(child)))
