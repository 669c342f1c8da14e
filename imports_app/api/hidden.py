"""What of a row is never given out: what its type marks secret, and the types of records in it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.engine.cells import SURPLUS
from imports_app.importer import Importer
from imports_app.registry import importers

NULL = b"null"

_as_rows = msgspec.json.Decoder(list[Raw])
_as_members = msgspec.json.Decoder(dict[str, Raw])


def has_secrets(importer: Importer) -> bool:
    """Whether there is anything to hide in rows of that type."""
    seen: set[Importer] = set()
    found = [importer]
    while found:
        one = found.pop()
        if secrets_of(one):
            return True
        seen.add(one)
        found += set(_inner(one).values()) - seen
    return False


def secrets_of(importer: Importer) -> frozenset[str]:
    """The type's own secret attributes. What is stored hashed is one, marked or not."""
    return importer.secret | importer.hashed.keys()


def without_secrets(row: bytes, importer: Importer) -> bytes:
    """The row's JSON text less what is secret in it, at any depth."""
    return msgspec.json.encode(_shown(_as_members.decode(row), importer))


def is_secret(path: Sequence[str], importer: Importer) -> bool:
    """Whether the cells of a CSV's column are secret, or can be JSON that has a secret in it."""
    name, *rest = path
    if name in secrets_of(importer):
        return True
    inner = _inner(importer).get(name)
    if inner is None:
        return False
    return is_secret(rest, inner) if rest else has_secrets(inner)


def _shown(members: Mapping[str, Raw], importer: Importer) -> dict[str, Raw]:
    # Whatever moved a cell beyond the header, it may be a secret that is there now.
    hidden = secrets_of(importer) | {SURPLUS}
    inner = {name: one for name, one in _inner(importer).items() if has_secrets(one)}
    return {
        name: _inside(value, inner[name]) if name in inner else value
        for name, value in members.items()
        if name not in hidden
    }


def _inside(value: Raw, importer: Importer) -> Raw:
    """A record that a row brings along, or an array of such; null for what is neither."""
    text = bytes(value)
    if text.startswith(b"{"):
        return Raw(without_secrets(text, importer))
    if text.startswith(b"["):
        return Raw(b"[%s]" % b",".join(bytes(_inside(v, importer)) for v in _as_rows.decode(text)))
    return Raw(NULL)


@cache
def _inner(importer: Importer) -> Mapping[str, Importer]:
    """The types of the records that a row may bring along, by the attribute that holds them."""
    return {name: one for name, model in _models(importer) if (one := importers.for_model(model))}


def _models(importer: Importer) -> Iterator[tuple[str, Any]]:
    for pointing in importer.model._meta.related_objects:
        if (name := str(pointing.get_accessor_name())) in importer.children:
            yield name, pointing.related_model
    for name, relation in importer.relations.items():
        if relation.inline_among is not None:
            yield name, relation.to
