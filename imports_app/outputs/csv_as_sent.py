"""The CSV that an import was sent as, without the columns that its type keeps secret."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from imports_app.importer import Importer
from imports_app.inputs.csv_header import read_header
from imports_app.inputs.csv_rows import Records
from imports_app.inputs.limits import ROW_DEPTH
from imports_app.inputs.unpacking import file_of, gunzip
from imports_app.models import Import
from imports_app.outputs.packing import gzipped
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets, is_secret
from imports_app.storage import csv_texts


def csv_as_sent(import_: Import) -> Iterator[bytes]:
    """Return the gzip file. What became secret only since it was stored is left out, too."""
    return readable(csv_texts.pieces_of(import_.pk), import_.resource_type)


def readable(packed: Iterable[bytes], resource_type: str) -> Iterator[bytes]:
    """Return the gzip file less the columns that the type keeps secret; as it came if it keeps
    none.
    """
    importer = importers.get(resource_type)
    if not has_secrets(importer):
        return iter(packed)
    return gzipped(_shown(Records(file_of(gunzip(packed))), importer))


def _shown(records: Records, importer: Importer) -> Iterator[bytes]:
    """Yield what stands under columns that may be read; what stands beyond the header may be
    anything.
    """
    header = next(records)
    paths = read_header(header, ROW_DEPTH)
    kept = [number for number, path in enumerate(paths) if not is_secret(path, importer)]
    line = StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    for cells in chain([header], records):
        writer.writerow([cells[number] for number in kept if number < len(cells)])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()
