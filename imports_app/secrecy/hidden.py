"""What of a row is never given out: what its type marks secret, and the types of records in it."""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any

import msgspec
from msgspec import Raw

from imports_app.importer import Importer
from imports_app.models.chunks import SURPLUS
from imports_app.registry import importers
from imports_app.secrecy.names import SecretNames

NULL = Raw(b"null")
TAGS = ("tags", "_add_tags", "_remove_tags")

_as_rows = msgspec.json.Decoder(list[Raw])
_as_members = msgspec.json.Decoder(dict[str, Raw])


def has_secrets(importer: Importer) -> bool:
    """Return whether there is anything to hide in rows of that type."""
    return bool(names_of(importer).near)


def secrets_of(importer: Importer) -> frozenset[str]:
    """Return the type's own secret attributes. What is stored hashed is one, marked or not."""
    secret = importer.secret | importer.hashed.keys()
    return frozenset(secret | {name for name, one in importer.synonyms.items() if one in secret})


def without_secrets(row: bytes, importer: Importer) -> bytes:
    """Return the row's JSON text less what is secret in it, at any depth; itself if nothing is."""
    shown = _shown(row, importer)
    return row if shown is None else shown


def is_secret(path: Sequence[str], importer: Importer) -> bool:
    """Return whether the cells of a CSV's column are secret, or can be JSON that has a secret
    in it.
    """
    name, *rest = path
    names = names_of(importer)
    if names.cover(name):
        return True
    inner = _inner(importer).get(name)
    if inner is None:
        return not names.know(name) and any(names.cover(part) for part in rest)
    return is_secret(rest, inner) if rest else has_secrets(inner)


def names_of(importer: Importer) -> SecretNames:
    """Return the names under which something of a row of that type may be secret."""
    near = frozenset[str]().union(*map(secrets_of, _reachable(importer)))
    return _names(importer, secrets_of(importer), near)


@cache
def _names(importer: Importer, own: frozenset[str], near: frozenset[str]) -> SecretNames:
    return SecretNames(own, near, _known(importer), tuple(f"{n}_" for n in importer.relations))


def _shown(row: bytes, importer: Importer) -> bytes | None:
    """Return what of the row may be shown; None if nothing in it is secret."""
    members = _as_members.decode(row)
    names = names_of(importer)
    inner = {name: one for name, one in _inner(importer).items() if has_secrets(one)}
    shown: dict[str, Raw] = {}
    for name, value in members.items():
        # Whatever moved a cell beyond the header, it may be a secret that is there now.
        if name == SURPLUS or names.cover(name):
            continue
        if name in inner:
            shown[name] = _inside(value, inner[name])
        else:
            shown[name] = value if names.know(name) else _unknown(value, names)
    is_same = len(shown) == len(members) and all(shown[name] is members[name] for name in members)
    return None if is_same else msgspec.json.encode(shown)


def _inside(value: Raw, importer: Importer) -> Raw:
    """Return a record that a row brings along, or an array of such; null for what is neither."""
    text = bytes(value)
    if text.startswith(b"{"):
        shown = _shown(text, importer)
        return value if shown is None else Raw(shown)
    if not text.startswith(b"["):
        return value if text == b"null" else NULL
    items = _as_rows.decode(text)
    kept = [_inside(item, importer) for item in items]
    return value if all(map(_is, kept, items)) else Raw(msgspec.json.encode(kept))


def _unknown(value: Raw, names: SecretNames) -> Raw:
    """Return what stands under a name that the type doesn't know: whole rows, maybe, one level
    down.
    """
    text = bytes(value)
    if text.startswith(b"["):
        items = _as_rows.decode(text)
        kept = [_unknown(item, names) for item in items]
        return value if all(map(_is, kept, items)) else Raw(msgspec.json.encode(kept))
    if not text.startswith(b"{"):
        return value
    members = _as_members.decode(text)
    shown = {n: _unknown(item, names) for n, item in members.items() if not names.cover(n)}
    is_same = len(shown) == len(members) and all(shown[n] is members[n] for n in members)
    return value if is_same else Raw(msgspec.json.encode(shown))


def _is(one: Raw, other: Raw) -> bool:
    return one is other


@cache
def _reachable(importer: Importer) -> Set[Importer]:
    """Return the type, and those of the records that its rows may bring along, at any depth."""
    seen: set[Importer] = set()
    found = [importer]
    while found:
        one = found.pop()
        if one not in seen:
            seen.add(one)
            found += _inner(one).values()
    return seen


def _known(importer: Importer) -> frozenset[str]:
    hints: dict[str, Any] = importer.Row.__annotations__
    many = {f"{prefix}{name}" for name in importer.many for prefix in ("", "_add_", "_remove_")}
    own = {*hints, *importer.children, *importer.relations, *many, *TAGS}
    return frozenset({"id", "type", *own})


@cache
def _inner(importer: Importer) -> Mapping[str, Importer]:
    """Return the types of the records that a row may bring along, by the attribute that holds
    them.
    """
    return {name: one for name, model in _models(importer) if (one := importers.for_model(model))}


def _models(importer: Importer) -> Iterator[tuple[str, Any]]:
    for pointing in importer.model._meta.related_objects:
        if (name := str(pointing.get_accessor_name())) in importer.children:
            yield name, pointing.related_model
    for name, relation in importer.relations.items():
        if relation.inline_among is not None:
            yield name, relation.to
