"""The CSV that an import was sent as: its text, gzipped, in pieces."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from imports_app.models import CsvPiece, Import
from imports_app.models.keyset import in_pages

PIECE = 256 * 1024  # bytes
PIECES_AT_A_TIME = 8


def store(import_: Import, pieces: Iterable[bytes]) -> None:
    """Keep a gzip file that comes in pieces. No more than one is in memory, if they come so."""
    for number, content in enumerate(pieces):
        CsvPiece(bulk_import=import_, number=number, content=content).save(force_insert=True)


def cut(packed: bytes) -> Iterator[bytes]:
    """Yield the file in pieces that are worth a row each."""
    for start in range(0, len(packed), PIECE):
        yield packed[start : start + PIECE]


def pieces_of(import_id: UUID) -> Iterator[bytes]:
    """Yield the file, in flat memory. Nothing if the rows came as no CSV, or are pruned."""
    pieces = CsvPiece.objects.filter(bulk_import_id=import_id)
    for piece in in_pages(pieces, "number", PIECES_AT_A_TIME):
        yield bytes(piece.content)
