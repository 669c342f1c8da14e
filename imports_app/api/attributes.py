"""Decodes the attributes of a request's document, and reports those that it may not have."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from imports_app.api.documents import Document
from imports_app.api.errors import ApiError, escaped, validation_error
from imports_app.api.raw_inputs import INPUTS
from imports_app.conf import conf
from imports_app.inputs.numbers import number_fault


def decode(document: Document) -> tuple[dict[str, Any], list[ApiError]]:
    """Return the attributes' values, and the errors of those that can't be decoded."""
    values: dict[str, Any] = {}
    errors = []
    for name, text in document.attributes.items():
        if len(memoryview(text)) > conf.max_row_bytes:
            message = f"is too big (maximum is {conf.max_row_bytes} bytes)"
            errors.append(validation_error(name, "too_big", message))
        elif fault := number_fault(bytes(text)):
            errors.append(validation_error(name, "out_of_range", fault))
        else:
            values[name] = msgspec.json.decode(text)
    return values, errors


def unexpected(
    document: Document, accepted: Collection[str], read_only: Collection[str]
) -> Iterator[ApiError]:
    """Yield a 422 for each attribute and relationship that this request may not have, in order."""
    for name in document.attributes:
        if name not in accepted:
            yield _unexpected(name, read_only)
    if document.inputs is not None and INPUTS not in accepted:
        yield _unexpected(INPUTS, read_only, document.inputs.pointer)
    for name in document.relationships:
        yield _unexpected(name, (), f"/data/relationships/{escaped(name)}")


def _unexpected(name: str, read_only: Collection[str], pointer: str | None = None) -> ApiError:
    if name in read_only:
        return validation_error(name, "read_only", "is read-only", pointer=pointer)
    return validation_error(name, "unknown", "is unknown", pointer=pointer)
