"""Attributes of which only a hash is stored.

A hash is slow to make on purpose, so an import of what is there already must not make it again: a
fingerprint, quick to make but only for whoever has the service's secret key, tells that it is the
same. Both are salted, so that equal passwords look different.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.crypto import constant_time_compare, salted_hmac

from imports_app.conf import conf
from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, find_by_key
from imports_app.engine.reading import Row
from imports_app.engine.types import ID, Schema
from imports_app.models.ids import parse_id

PURPOSE = "imports.hashed"
NO_HASH = "!"  # in a dry run, whose hashes are never compared with anything

_hasher = PBKDF2PasswordHasher()


def hash_ahead(context: Context, rows: Sequence[Row]) -> None:
    """Hash what new or changed records will need, before the transaction that writes them.

    Within it, hashing would keep everybody else from writing on SQLite.
    """
    schema = context.schema
    names = schema.importer.hashed
    if not names or context.import_.dry_run:
        return
    sound = [row for row in rows if not row.errors and not names.keys().isdisjoint(row.values)]
    if not sound:
        return
    records = _records(schema, sound, context.mode)
    stored = _stored(schema, records.values())
    wanted = {
        (row.index, name): row.values[name]
        for row in sound
        for name in names.keys() & row.values.keys()
        if (row.index, name) not in context.hashes
        and row.values[name] is not None
        and not _same(row.values[name], stored.get(records.get(row.index), {}).get(name))
    }
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        hashes = pool.map(make_hash, wanted.values())
        for place, encoded in zip(wanted, hashes, strict=True):
            context.hashes[place] = (wanted[place], encoded)


def make_hash(text: str) -> str:
    """Hash the text as Django's own hasher does. Any Django can check it, and will
    strengthen
    it when its owner signs in, as it does after each rise of the iterations' number.
    """
    return _hasher.encode(text, _hasher.salt(), iterations=conf.password_iterations)


def complete(context: Context, schema: Schema, drafts: Sequence[Draft], pks: Sequence[Any]) -> None:
    """Replace texts by their hashes and fingerprints, and drop what the record has already."""
    names = schema.importer.hashed
    concerned = [
        pair for pair in zip(drafts, pks, strict=True) if names.keys() & pair[0].fields.keys()
    ]
    stored = _stored(schema, [pk for _, pk in concerned if pk is not None])
    make = partial(_hash, context)
    for made, pk in concerned:
        for name in names.keys() & made.fields.keys():
            _complete(made, name, names[name], stored.get(pk, {}).get(name), make)


def _complete(made: Draft, name: str, print_name: str, stored: Any, make: Any) -> None:
    text = made.fields.pop(name)
    if text is None:
        made.fields |= {name: None, print_name: None}
    elif not _same(text, stored):
        encoded = make(made.row.index, name, text)
        made.fields |= {name: encoded, print_name: _fingerprint(encoded, text)}


def _hash(context: Context, index: int, name: str, text: str) -> str:
    if context.import_.dry_run:
        return NO_HASH
    ahead = context.hashes.get((index, name))
    return ahead[1] if ahead and ahead[0] == text else make_hash(text)


def _records(schema: Schema, rows: Iterable[Row], mode: str) -> Mapping[int, Any]:
    """Return the record of each row, as far as it can be told before relations are looked up."""
    keys, found = {}, {}
    for row in rows:
        if ID in row.values:
            found[row.index] = parse_id(schema.pk, row.values[ID])
        elif schema.key_names and set(schema.key_names) <= row.values.keys():
            keys[row.index] = schema.key_of(row.values)
    by_key = find_by_key(schema, keys.values(), mode=mode)
    return found | {index: by_key.get(key) for index, key in keys.items()}


def _stored(schema: Schema, pks: Iterable[Any]) -> Mapping[Any, dict[str, tuple[str, str]]]:
    """Return what is stored of each record: attribute → (hash, fingerprint). One query, none for
    none.
    """
    pks = {*pks} - {None}
    if not pks:
        return {}
    pairs = schema.importer.hashed
    columns = [name for pair in pairs.items() for name in pair]
    rows = schema.model._base_manager.filter(pk__in=pks).values("pk", *columns)
    return {
        row["pk"]: {name: (row[name], row[print_]) for name, print_ in pairs.items()}
        for row in rows
    }


def _same(text: str, stored: tuple[str | None, str | None] | None) -> bool:
    """Return whether the text is what was hashed."""
    encoded, print_ = stored or (None, None)
    if not encoded or not print_:
        return False
    return constant_time_compare(_fingerprint(encoded, text), print_)


def _fingerprint(encoded: str, text: str) -> str:
    """Return the fingerprint, salted with the whole hash, which includes a salt of its own."""
    return salted_hmac(PURPOSE, f"{encoded}\0{text}", algorithm="sha256").hexdigest()
