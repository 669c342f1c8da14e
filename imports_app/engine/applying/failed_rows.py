"""Examine failed rows once more, for their other errors and for the records that they mean.

A row that fails validation goes no further, so nobody looked up what it refers to. Here its sound
parts are. What a new record would lack is told of rows that name no record: of the others only
their turn could say whether they create one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imports_app.engine.holding import Context, Kept
from imports_app.engine.planning import (
    Key,
    Known,
    ToCome,
    ToCreate,
    find_by_id,
    find_by_key,
    find_by_reference,
    naming_attributes,
    probes_of,
    resolve_relations,
)
from imports_app.engine.reading import Row
from imports_app.engine.types import ID, REFERENCE, Schema
from imports_app.importer import RowError
from imports_app.models.ids import parse_id


def examine(context: Context, failed: Sequence[Row], known: Known) -> Kept:
    """Add to the rows' errors what else is wrong, and return the records they stand for.

    Two queries, and one for each way of naming a relation by what isn't `known` yet.
    """
    names = naming_attributes(context.schema)
    probes = probes_of(context.schema, names, failed)
    # Missing targets of the rows' own type may still be created.
    resolve_relations(
        context.schema,
        probes,
        mode=context.mode,
        parent=context.parent,
        awaits=True,
        known=known,
    )
    matches = _match(context, probes)
    kept = Kept()
    for row, probe in zip(failed, probes, strict=True):
        records = matches.get(probe.index)
        further = [*_untold(context.schema, row, probe)]
        further += _missing(context.schema, probe) if records is None else ()
        row.errors.extend(error for error in further if error not in row.errors)
        kept.records.extend(records or ())
        kept.unmatched += records is None and not probe.errors
    return kept


def _match(context: Context, probes: Sequence[Row]) -> Mapping[int, Sequence[Any]]:
    """Return the record of each row that says which it means, by index: one, or none that exists.

    Only a cleanup asks which records they are; without one they aren't looked up.
    """
    schema = context.schema
    ids = {p.index: parse_id(schema.pk, p.values[ID]) for p in probes if ID in p.values}
    keys = {p.index: key for p in probes if ID not in p.values and (key := _key(schema, p))}
    references = _references(schema, probes)
    if not context.import_.cleanup_records:
        return dict.fromkeys([*ids, *keys, *references], ())
    # A record that refers to a missing target can't exist either.
    lacking = (ToCreate, ToCome)
    there = [key for key in keys.values() if not any(isinstance(part, lacking) for part in key)]
    by_id = find_by_id(schema, {*ids.values()} - {None}, mode=context.mode)
    by_key = find_by_key(schema, there, mode=context.mode)
    found = {index: [pk] if pk in by_id else [] for index, pk in ids.items()}
    found |= {index: [by_key[key]] if key in by_key else [] for index, key in keys.items()}
    referred = find_by_reference(schema, [*references.values()], mode=context.mode)
    return found | dict(zip(references, referred, strict=True))


def _references(schema: Schema, probes: Sequence[Row]) -> Mapping[int, Mapping[str, Any]]:
    """Return the values of the rows that may mean records by their reference, as only those of a
    type without a key do.
    """
    if schema.key_names:
        return {}
    return {
        probe.index: probe.values
        for probe in probes
        if ID not in probe.values and REFERENCE in probe.values
    }


def _key(schema: Schema, probe: Row) -> Key | None:
    if not schema.key_names or not set(schema.needed_key_names) <= probe.values.keys():
        return None
    return tuple(probe.values.get(name) for name in schema.key_names)


def _untold(schema: Schema, row: Row, probe: Row) -> list[RowError]:
    """Return what is wrong with the relations, but for those of which an attribute was refused
    before.
    """
    if not probe.errors:
        return []
    told = {error.attribute for error in row.errors}
    ways = {name: link.given_by for link in schema.links for name in (link.name, *link.given_by)}
    return [error for error in probe.errors if told.isdisjoint(ways[error.attribute])]


def _missing(schema: Schema, probe: Row) -> Iterator[RowError]:
    """Yield an error for each attribute that a new record needs and the row doesn't give."""
    sent = probe.sent.keys()
    if ID in sent or not sent:  # for an empty or unreadable row no error is worth reporting
        return
    for column in schema.columns:
        if column.required and column.attribute not in sent:
            yield schema.required_fields[column.field.attname]
    for link in schema.links:
        given = link.field.attname in probe.values or sent & {*link.given_by}
        if link.relation.required and not given:
            yield link.error
