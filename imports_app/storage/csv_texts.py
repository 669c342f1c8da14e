"""Store the CSV as which an import was sent: its text, gzipped, in pieces."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from imports_app.models import CsvPiece, Import
from imports_app.models.keyset import in_pages

PIECE = 256 * 1024  # bytes
PIECES_AT_A_TIME = 8


def store(import_: Import, packed: Iterable[bytes]) -> None:
    """Store a gzip file that comes in pieces of any size, in flat memory."""
    for number, content in enumerate(_cut(packed)):
        CsvPiece(bulk_import=import_, number=number, content=content).save(force_insert=True)


def _cut(packed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the file in pieces that are large enough for a row of their own."""
    piece = bytearray()
    for part in packed:
        piece += part
        while len(piece) >= PIECE:
            yield bytes(piece[:PIECE])
            del piece[:PIECE]
    if piece:
        yield bytes(piece)


def pieces_of(import_id: UUID) -> Iterator[bytes]:
    """Yield the file, in flat memory. Nothing if the rows came as no CSV, or are pruned."""
    pieces = CsvPiece.objects.filter(bulk_import_id=import_id)
    for piece in in_pages(pieces, "number", PIECES_AT_A_TIME):
        yield bytes(piece.content)
