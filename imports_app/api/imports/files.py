"""A request whose body is a file."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import IO, Any
from weakref import finalize

from django.utils.http import parse_header_parameters
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from imports_app.api.bodies import GZIP_NAMES
from imports_app.api.documents import malformed, unreadable
from imports_app.api.errors import (
    MEDIA_TYPE,
    ApiError,
    ApiErrors,
    standard_error,
    validation_errors,
)
from imports_app.api.fields import checked
from imports_app.api.imports.parents import admission_errors, not_admitted
from imports_app.api.imports.query import accepted, attributes_in, in_query, is_attribute
from imports_app.api.imports.targets import reading_of
from imports_app.api.parameters import quoted
from imports_app.api.senders import RESOURCE_TYPE
from imports_app.conf import conf
from imports_app.engine.types import whole_problem
from imports_app.inputs import (
    Fault,
    FileOptions,
    InputFormat,
    InputsRefused,
    Reader,
    RowSource,
    Target,
    Unreadable,
)
from imports_app.inputs.archives import kept
from imports_app.inputs.file_options import codec_of
from imports_app.inputs.limits import too_large
from imports_app.inputs.unpacking import PIECE, file_of, gunzip, measured
from imports_app.models import Import
from imports_app.models.attributes import stored
from imports_app.services import ImportOrder

JSON = "application/json"
# The format of a text, by its media type; None if the content decides.
FORMATS: dict[str, InputFormat | None] = {
    "text/csv": InputFormat.CSV,
    "text/tab-separated-values": InputFormat.CSV,
    "application/x-ndjson": InputFormat.NDJSON,
    JSON: InputFormat.JSON,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": None,
    "application/vnd.ms-excel": None,
    "application/vnd.oasis.opendocument.spreadsheet": None,
    "application/zip": None,
    "application/gzip": None,
    "application/octet-stream": None,
}


def is_file(request: Request) -> bool:
    """Return whether the body of a create is a file: then the query names the resource type."""
    return RESOURCE_TYPE in request.query_params


def is_mended_file(request: Request) -> bool:
    """Return whether the body of a retry is a file.

    The query needn't name the type, which is known; so plain JSON is a document unless it does.
    """
    name = media_type_of(request)
    return is_file(request) or (name in FORMATS and name != JSON)


def media_type_of(request: Request) -> str:
    """Return the body's media type, without parameters."""
    return parse_header_parameters(request.content_type or "")[0].lower()


class FileBody:
    """The file in a request. It is read once, or twice if its fingerprint is needed.

    A text has the charset of its media type, if it has one and the options name no encoding.

    Raises ApiError or UnsupportedMediaType for a media type or an encoding that isn't accepted.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._format = _format_of(request)
        self._charset = _charset_of(request)
        self._stream = _unpacked(request)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the query's attributes and of the body before any Content-Encoding.

        What the query asks of the answer, such as its fields, makes no difference.
        """
        with refusals_as_errors():
            self._stream = kept(self._stream)
        finalize(self, self._stream.close)
        digest = sha256()
        for name, values in sorted(self._request.query_params.lists()):
            if is_attribute(name):
                digest.update(repr((name, values)).encode())
        for piece in iter(partial(self._stream.read, PIECE), b""):
            digest.update(piece)
        self._stream.seek(0)
        return digest.hexdigest()

    def order(self, mode: str, others: Collection[str]) -> ImportOrder:
        """Return the import that is asked for.

        `others` are the query's parameters besides attributes. Raises ApiErrors, and a 403 for a
        cleanup without its scope.
        """
        sent = attributes_in(self._request.query_params, others)
        values, faults = checked(sent, Import, stored(accepted()))
        reading = reading_of(self._request, values)
        of_type, of_parent = admission_errors(reading.importer, sent, values, mode)
        if errors := [*of_type, *validation_errors(faults, sent), *of_parent, *reading.errors]:
            raise ApiErrors(list(map(in_query, errors)))
        source = self.source(reading.target, reading.options)
        if problem := whole_problem(values, source.rows):
            raise ApiErrors([in_query(not_admitted(problem))])
        return ImportOrder.of(source, **values)

    def source(self, target: Target | None, options: FileOptions) -> RowSource:
        """Return the rows. Raises ApiErrors."""
        if options.encoding is None and self._format is InputFormat.CSV:
            options = replace(options, encoding=self._charset)
        reader = Reader(self._format, target, options, conf.max_file_bytes)
        with refusals_as_errors():
            return reader.read(self._stream, _name_of(self._request))


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """Turn what is wrong with a file into errors for the client."""
    try:
        yield
    except InputsRefused as refusal:
        raise ApiErrors(list(map(_refusal, refusal.faults))) from None
    except Unreadable as reason:
        raise unreadable(reason) from None
    except OSError as reason:
        raise standard_error(507, f"The file can't be kept ({reason.strerror}).") from None


def _refusal(fault: Fault) -> ApiError:
    place = {"line": fault.line} if fault.line else {}
    place |= {} if fault.index is None else {"index": fault.index}
    where = "".join(f"{name} {number} - " for name, number in place.items())
    parameter = f"file_options[{fault.option}]" if fault.option else None
    # The body is the file: a pointer leads to a row of an array, or else to the whole.
    pointer = "" if fault.index is None else f"/{fault.index}"
    return ApiError(
        422,
        "VALIDATION_ERROR",
        fault.message,
        detail=f"file - {where}{fault.message}",
        pointer=None if parameter else pointer,
        parameter=parameter,
        meta={"error": fault.error, "value": fault.value, **place},
    )


def _format_of(request: Request) -> InputFormat | None:
    name = media_type_of(request)
    if name == MEDIA_TYPE:
        raise malformed("With resource_type in the query, the body is a file and not a document.")
    if name not in FORMATS:
        raise UnsupportedMediaType(request.content_type)
    return FORMATS[name]


def _charset_of(request: Request) -> str | None:
    charset = parse_header_parameters(request.content_type or "")[1].get("charset")
    if charset is None or codec_of(charset):
        return charset and charset.lower()
    raise standard_error(415, f"The charset {quoted(charset)} is not known.")


def _unpacked(request: Request) -> IO[bytes]:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if int(request.headers.get("Content-Length") or 0) > conf.max_file_bytes:
        raise unreadable(too_large(conf.max_file_bytes))
    stream: Any = request.stream or BytesIO()
    if encoding in GZIP_NAMES:
        pieces = gunzip(iter(partial(stream.read, PIECE), b""))
        return file_of(measured(pieces, conf.max_file_bytes))
    if encoding not in ("", "identity"):
        headers = {"Accept-Encoding": "gzip"}  # as RFC 9110, 15.5.16 asks
        raise standard_error(415, "A body's Content-Encoding may be gzip only.", headers=headers)
    return stream  # type: ignore[no-any-return]


def _name_of(request: Request) -> str | None:
    """Return the name that Content-Disposition gives the file (RFC 6266)."""
    try:
        _, parameters = parse_header_parameters(request.headers.get("Content-Disposition", ""))
    except ValueError:  # longer than Django parses
        return None
    return parameters.get("filename")
