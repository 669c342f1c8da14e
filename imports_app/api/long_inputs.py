"""Cuts long inputs out of a body, so that checking the document's members has little to parse.

Reading the members of an object parses everything in it, and three objects are nested around the
inputs: they would be parsed three times.
"""

import msgspec
from msgspec import Raw

from imports_app.api.raw_inputs import NULL

LONG = 64 * 1024  # bytes; shorter inputs may be parsed again
HEAD = 256  # bytes by which the inputs are found in the body


class _Attributes(msgspec.Struct, frozen=True):
    inputs: Raw = NULL


class _Data(msgspec.Struct, frozen=True):
    attributes: _Attributes = _Attributes()


class _Document(msgspec.Struct, frozen=True):
    data: _Data = _Data()


_as_document = msgspec.json.Decoder(_Document)


def without_long_inputs(body: bytes) -> tuple[bytes, Raw | None]:
    """Return the body with null in place of its `inputs`, and the text of the inputs.

    Return the body as it is, and None, if they aren't long or aren't found, or if the body isn't a
    document. The text that is cut may be an equal one under another name; then the `inputs` of the
    returned body aren't null.
    """
    if len(body) < LONG:
        return body, None
    try:
        inputs = _as_document.decode(body).data.attributes.inputs
    except (msgspec.MsgspecError, RecursionError):  # reported by whoever reads the whole document
        return body, None
    view = memoryview(inputs)  # a copy would cost as much as another look
    start = body.find(view[:HEAD])
    if len(view) < LONG or not body.startswith(view, start):
        return body, None
    return b"".join((body[:start], NULL, body[start + len(view) :])), inputs
