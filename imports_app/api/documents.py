"""A request's JSON:API document, taken apart without decoding the rows in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

import msgspec
from msgspec import Raw

from imports_app.api.errors import ApiError, standard_error
from imports_app.api.long_inputs import without_long_inputs
from imports_app.api.raw_inputs import INPUTS, NULL, RawInputs
from imports_app.conf import conf
from imports_app.inputs.json_text import check_utf8, nests_deeper, not_json
from imports_app.inputs.limits import MAX_MEMBERS, MAX_NAME, ROW_DEPTH, too_deep
from imports_app.inputs.refusals import TooLarge, Unreadable

EMPTY = Raw(b"{}")


@dataclass(frozen=True)
class Document:
    """A resource object. The values of its attributes are still JSON text.

    Attributes:
        attributes: the attributes that were sent, without `inputs`.
        relationships: the names of the relationships that were sent, without `inputs`.
        inputs: the attribute or the relationship of that name; None if there is neither.
        fingerprint: the body's SHA-256, if the request has an Idempotency-Key.
    """

    type: str
    id: str | None
    attributes: Mapping[str, Raw]
    relationships: tuple[str, ...]
    inputs: RawInputs | None
    fingerprint: str = ""


class Member:
    """A member's name. It equals only itself, so that a dict keeps repeated names apart."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def malformed(detail: str, pointer: str | None = None) -> ApiError:
    """Return the 400 for a body that isn't a JSON:API document."""
    return standard_error(400, detail, pointer=pointer)


def unreadable(reason: Unreadable) -> ApiError:
    """Return the 400 for a body that can't be read, or the 413 for one that is too large."""
    detail = f"The body {reason.predicate}."
    return standard_error(413, detail) if isinstance(reason, TooLarge) else malformed(detail)


def read_document(body: bytes) -> Document:
    """Take the body apart. Raise a 400 with the first thing that is wrong with it."""
    try:
        return _document(body)
    except Unreadable as reason:
        raise unreadable(reason) from None


def _document(body: bytes) -> Document:
    check_utf8(body)
    short, cut = without_long_inputs(body)
    top, data, attributes, relationships = _objects(short)
    if cut is not None and attributes.get(INPUTS) == NULL:
        attributes[INPUTS] = cut
    elif cut is not None:
        top, data, attributes, relationships = _objects(body)
    inputs = _inputs(attributes.pop(INPUTS, None), relationships.pop(INPUTS, None))
    type_ = _string(_required(data.get("type"), "type", "/data"), "/data/type")
    id_ = _string(data["id"], "/data/id") if data.get("id", NULL) != NULL else None
    _check_depth(top, data, attributes | relationships)
    return Document(
        type=type_,
        id=id_,
        attributes={name: value.copy() for name, value in attributes.items()},
        relationships=tuple(relationships),
        inputs=inputs,
    )


def _objects(text: bytes) -> tuple[dict[str, Raw], ...]:
    """Return the members of the document, its data, the attributes and the relationships.

    Each without the next ones, which are members of it.
    """
    top = _members(text, "")
    data = _members(_required(top.pop("data", None), "data", ""), "/data")
    attributes = _members(data.pop("attributes", EMPTY), "/data/attributes")
    relationships = _members(data.pop("relationships", EMPTY), "/data/relationships")
    return top, data, attributes, relationships


def _members(text: bytes | Raw, pointer: str) -> dict[str, Raw]:
    """Return an object's members, with undecoded values. Raise a 400 for a repeated member."""
    try:
        pairs = msgspec.json.Decoder(dict[Member, Raw], dec_hook=_named(pointer)).decode(text)
    except msgspec.ValidationError:
        raise malformed("This must be an object.", pointer) from None
    except msgspec.DecodeError as error:
        raise not_json(bytes(text), error) from None
    except RecursionError:
        raise too_deep() from None
    values: dict[str, Raw] = {}
    for member, value in pairs.items():
        if member.name in values:
            raise malformed(f"The member {member.name} is repeated.", pointer)
        values[member.name] = value
    return values


def _named(pointer: str) -> Callable[[type, str], Member]:
    """Return what makes the names of one object's members, and raises a 400 beyond MAX_MEMBERS."""
    number = count(1)

    def member(_: type, name: str) -> Member:
        if next(number) > MAX_MEMBERS:
            raise malformed(f"This has more than {MAX_MEMBERS} members.", pointer)
        if len(name) > MAX_NAME:
            raise malformed(f"This has a member whose name is too long: {name[:50]}…", pointer)
        return Member(name)

    return member


def _required(value: Raw | None, name: str, pointer: str) -> Raw:
    if value is None:
        raise malformed(f"The member {name} is missing.", pointer)
    return value


def _string(text: Raw, pointer: str) -> str:
    try:
        return msgspec.json.decode(text, type=str)
    except msgspec.ValidationError:
        raise malformed("This must be a string.", pointer) from None


def _inputs(attribute: Raw | None, relationship: Raw | None) -> RawInputs | None:
    if relationship is None:
        if attribute is None:
            return None
        return RawInputs(attribute, f"/data/attributes/{INPUTS}", ROW_DEPTH)
    pointer = f"/data/relationships/{INPUTS}"
    if attribute is not None:
        raise malformed("This is given as an attribute too.", pointer)
    rows = _members(relationship, pointer).get("data", NULL)
    return RawInputs(rows, f"{pointer}/data", ROW_DEPTH + 1, are_resources=True)


def _check_depth(*objects: Mapping[str, Raw]) -> None:
    """Raise Unreadable for a value that nests too deep; each object is nested in the one before."""
    for depth, members in enumerate(objects, start=1):
        for text in map(bytes, members.values()):
            if nests_deeper(text, conf.max_depth - depth):
                raise too_deep()
