"""Long inputs cut out of a body, so that the careful look at its members passes over little.

Each look at the members of an object passes over all that stands in it, and a document has three
objects around its inputs.
"""

import msgspec
from msgspec import Raw

from imports_app.api.raw_inputs import NULL

LONG = 64 * 1024  # bytes; shorter ones may be passed over again
HEAD = 256  # bytes by which they are found


class _Attributes(msgspec.Struct, frozen=True):
    inputs: Raw = NULL


class _Data(msgspec.Struct, frozen=True):
    attributes: _Attributes = _Attributes()


class _Document(msgspec.Struct, frozen=True):
    data: _Data = _Data()


_as_document = msgspec.json.Decoder(_Document)


def without_long_inputs(body: bytes) -> tuple[bytes, Raw | None]:
    """Return the body with null in place of its `inputs`, and their text; the body as it is and
    None where they aren't long, aren't found, or the body is no such document.

    What is cut may be the same text under another name: then the `inputs` aren't null.
    """
    if len(body) < LONG:
        return body, None
    try:
        inputs = _as_document.decode(body).data.attributes.inputs
    except (msgspec.MsgspecError, RecursionError):  # which is told by whoever looks closely
        return body, None
    view = memoryview(inputs)  # a copy would cost as much as another look
    start = body.find(view[:HEAD])
    if len(view) < LONG or not body.startswith(view, start):
        return body, None
    return b"".join((body[:start], NULL, body[start + len(view) :])), inputs
