"""Complete drafts whose turn has come."""

from collections.abc import Sequence

from imports_app.engine.applying import children, hashed, many, model_rules, showing
from imports_app.engine.applying.deriving import derive
from imports_app.engine.applying.notices import note_keys
from imports_app.engine.holding import Context
from imports_app.engine.planning import Draft, Match, merge
from imports_app.engine.types import Schema
from imports_app.engine.writers import find


def prepare(context: Context, schema: Schema, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Complete drafts whose turn has come with the current state of the database.

    Returns those that can be written; the others have got errors.
    """
    if any(made.match is Match.ID for made in drafts):
        note_keys(schema, drafts)
    if not _looks_first(schema, drafts):
        return drafts
    pks = find(schema, context.mode, drafts)
    merge(schema, drafts, pks)
    if schema.importer.hashed:
        hashed.complete(context, schema, drafts, pks)
    if schema.derives:
        derive(schema, drafts, pks)
    children.complete(context, schema, drafts, pks, prepare=prepare)
    if schema.many:
        many.complete(context, schema, drafts, pks)
    if model_rules.are_asked(schema):
        model_rules.check(schema, drafts, pks, mode=context.mode)
    if showing.is_asked(schema):
        showing.show(schema, drafts, pks)
    return [made for made in drafts if not made.row.errors]


def _looks_first(schema: Schema, drafts: Sequence[Draft]) -> bool:
    """Return whether any of the drafts needs completing; most don't, and cost no query then."""
    if schema.derives or showing.is_asked(schema) or model_rules.are_asked(schema):
        return True
    if any(made.row.parts or made.row.dotted for made in drafts):
        return True
    hashed_names = schema.importer.hashed.keys()
    return bool(hashed_names) and any(hashed_names & made.fields.keys() for made in drafts)
