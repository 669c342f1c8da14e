"""Reads the rows of a request, and reports those that are refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.api.documents import unreadable
from imports_app.api.errors import ApiError, ApiErrors, validation_error
from imports_app.api.raw_inputs import INPUTS, NULL, RawInputs
from imports_app.inputs import FileOptions, RowSource, Target
from imports_app.inputs.file_options import NOTHING_SAID
from imports_app.inputs.json_rows import decoded, json_rows
from imports_app.inputs.reading import kept_of_text, text_table
from imports_app.inputs.recording import Recording
from imports_app.inputs.refusals import Fault, InputsRefused, Unreadable, refused
from imports_app.models import Format

_as_members = msgspec.json.Decoder(dict[str, Raw])


def read_rows(
    inputs: RawInputs | None,
    sent: Mapping[str, Any],
    target: Target | None,
    options: FileOptions,
) -> tuple[RowSource | None, Sequence[ApiError]]:
    """Return the rows, in the format that the `sent` attributes name, or their errors.

    `target` is what they are to become, if that is known. Raises a 400 or 413 ApiError for what
    can't be read at all.
    """
    as_csv = sent.get("format") == Format.CSV
    try:
        source = read_inputs(inputs, as_csv=as_csv, target=target, options=options)
    except ApiErrors as refused:
        return None, refused.errors
    if inputs is not None and inputs.are_resources and not as_csv:
        source = replace(source, rows=without_type(source.rows, sent.get("resource_type", "")))
    return source, ()


def read_inputs(
    inputs: RawInputs | None,
    *,
    as_csv: bool,
    target: Target | None = None,
    options: FileOptions = NOTHING_SAID,
) -> RowSource:
    """Return the rows. Raise ApiErrors for values that aren't rows, or a 400 or 413."""
    try:
        if inputs is None or inputs.text == NULL:
            raise refused("blank", "can't be blank")
        if as_csv:
            return _csv(inputs, target, options)
        return RowSource(json_rows(inputs.take(), depth=inputs.depth), Format.JSON)
    except InputsRefused as reason:
        raise rows_refused(reason.faults, inputs) from None
    except Unreadable as reason:
        raise unreadable(reason) from None


def without_type(rows: Iterable[bytes | Raw], resource_type: str) -> list[bytes | Raw]:
    """Return the rows without the `type` of resource objects, if it is the given type."""
    return [_without_type(row, resource_type) for row in rows]


def _csv(inputs: RawInputs, target: Target | None, options: FileOptions) -> RowSource:
    if bytes(memoryview(inputs.text)[:1]) != b'"':
        raise refused("invalid", "must be a string, as the format is csv")
    text = msgspec.json.decode(inputs.take(), type=str).encode()
    recording = Recording(BytesIO(text))
    as_utf8 = replace(options, encoding="utf-8")  # as all of JSON is
    table, lines = text_table(recording, target, as_utf8, depth=inputs.depth)
    numbers, rows = zip(*table.rows(), strict=True)
    kept = kept_of_text(table, lines)
    return RowSource(rows, Format.CSV, recording.packed.end(), kept, numbers)


def _without_type(row: bytes | Raw, resource_type: str) -> bytes | Raw:
    members = _as_members.decode(row)
    if "type" not in members or decoded(bytes(members["type"])) != resource_type:
        return row
    del members["type"]
    return msgspec.json.encode(members)


def rows_refused(faults: Iterable[Fault], inputs: RawInputs | None) -> ApiErrors:
    """Return the 422s, each with a pointer to its row."""
    pointer = inputs.pointer if inputs else None
    return ApiErrors(
        [
            validation_error(
                INPUTS,
                fault.error,
                fault.message,
                value=fault.value,
                pointer=pointer if fault.index is None else f"{pointer}/{fault.index}",
            )
            for fault in faults
        ]
    )
