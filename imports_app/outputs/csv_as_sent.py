"""The CSV that an import was sent as, without the columns that its type keeps secret."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from itertools import chain
from typing import Any

from imports_app.importer import Importer
from imports_app.inputs.records import Records
from imports_app.inputs.text_lines import TextLines
from imports_app.inputs.unpacking import file_of, gunzip
from imports_app.models import Import
from imports_app.outputs.texts import gzipped
from imports_app.registry import importers
from imports_app.secrecy.hidden import has_secrets, is_secret
from imports_app.storage import csv_texts

COMMA = ","


def csv_as_sent(import_: Import) -> Iterator[bytes]:
    """Return the gzip file. What became secret only since it was stored is left out, too."""
    return readable(csv_texts.pieces_of(import_.pk), import_)


def readable(packed: Iterable[bytes], import_: Import) -> Iterator[bytes]:
    """Return the gzip file less the columns that the type keeps secret; as it came if it keeps
    none.
    """
    importer = importers.get(import_.resource_type)
    if not has_secrets(importer):
        return iter(packed)
    return gzipped(_shown(packed, importer, import_.file or {}))


def _shown(packed: Iterable[bytes], importer: Importer, file: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield what stands under columns that may be read, in the delimiter and encoding that it came
    in; what stands beyond the header may be anything.
    """
    delimiter, encoding = file.get("delimiter") or COMMA, file.get("encoding") or "utf-8"
    records = Records(TextLines(file_of(gunzip(packed)), file.get("encoding")), delimiter)
    header = next(records)
    kept = [n for n, name in enumerate(header) if not _is_secret(name, importer, file)]
    line = StringIO()
    writer = csv.writer(line, lineterminator="\r\n", delimiter=delimiter)
    for cells in chain([header], records):
        writer.writerow([cells[number] for number in kept if number < len(cells)])
        yield line.getvalue().encode(encoding)
        line.seek(0)
        line.truncate()


def _is_secret(name: str, importer: Importer, file: Mapping[str, Any]) -> bool:
    """Return whether the column is one by its own name, or by the attribute that it was for."""
    attribute = file.get("columns", {}).get(name.strip()) or name
    paths = ([part.strip() for part in text.split(".")] for text in (name, attribute))
    return any(is_secret(path, importer) for path in paths)
