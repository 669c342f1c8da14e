"""Files that are archives: spreadsheets are, and a zip of one file is taken for that file."""

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from io import BufferedReader
from tempfile import TemporaryFile
from typing import IO

from imports_app.conf import conf
from imports_app.inputs.formats import OLE, ZIP, InputFormat
from imports_app.inputs.refusals import Unreadable
from imports_app.inputs.unpacking import PIECE, file_of, measured

ENCRYPTED = 0x1  # a flag of a member
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MAX_MEMBERS = 10_000
NOT_OURS = "__MACOSX/"
PARTS = {"xl/workbook.xml": InputFormat.XLSX, "content.xml": InputFormat.ODS}


def is_archive(head: bytes) -> bool:
    """Return whether a file that begins so is a zip, or an old spreadsheet."""
    return head.startswith((ZIP, OLE))


def kept(stream: IO[bytes]) -> IO[bytes]:
    """Return a file of the same bytes on disk, which can be read anywhere in it."""
    file = TemporaryFile(dir=conf.spool_dir or None)  # noqa: SIM115  (whoever reads it closes it)
    shutil.copyfileobj(stream, file, PIECE)
    file.seek(0)
    return file


def spreadsheet_of(file: IO[bytes], head: bytes) -> InputFormat | None:
    """Return which kind of spreadsheet the archive is; None for a zip of other files."""
    if head.startswith(OLE):
        return InputFormat.XLS
    names = {member.filename for member in _members(file)}
    found = (format_ for part, format_ in PARTS.items() if part in names)
    return next(found, None)


def only_file(file: IO[bytes], max_bytes: int) -> tuple[str, BufferedReader]:
    """Return the name and the content of the one file in a zip."""
    members = [
        member
        for member in _members(file)
        if not member.is_dir() and not member.filename.startswith(NOT_OURS)
    ]
    if len(members) != 1:
        raise Unreadable(f"is an archive of {len(members)} files: send one file")
    (member,) = members
    if member.flag_bits & ENCRYPTED:
        raise Unreadable("is an archive with a password: send it without one")
    if member.compress_type not in METHODS:
        raise Unreadable("is an archive packed in an unusual way: pack it again, or send the file")
    return member.filename, file_of(measured(_pieces(file, member), max_bytes))


def _members(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _broken() from None
    if len(members) > MAX_MEMBERS:
        raise _broken()
    return members


def _pieces(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(member) as stream:
            yield from iter(partial(stream.read, PIECE), b"")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise _broken() from None


def _broken() -> Unreadable:
    return Unreadable("is an archive or a spreadsheet that cannot be read: it is broken or cut off")
