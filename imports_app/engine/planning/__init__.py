"""Decides what is to happen to which record, before anything is written."""

from imports_app.engine.planning.contests import Names, Wish, contests_of
from imports_app.engine.planning.drafts import Draft, Match
from imports_app.engine.planning.exchanges import connected, key_takes
from imports_app.engine.planning.lookup import Key, find_by_id, find_by_key
from imports_app.engine.planning.merging import merge
from imports_app.engine.planning.plan import Step, draft, outline, steps, wishes_of
from imports_app.engine.planning.prepared import Prepared, prepare
from imports_app.engine.planning.probes import naming_attributes, probes_of
from imports_app.engine.planning.references import find_by_reference
from imports_app.engine.planning.relations import MISMATCH, Made, resolve_relations

__all__ = [
    "MISMATCH",
    "Draft",
    "Key",
    "Made",
    "Match",
    "Names",
    "Prepared",
    "Step",
    "Wish",
    "connected",
    "contests_of",
    "draft",
    "find_by_id",
    "find_by_key",
    "find_by_reference",
    "key_takes",
    "merge",
    "naming_attributes",
    "outline",
    "prepare",
    "probes_of",
    "resolve_relations",
    "steps",
    "wishes_of",
]
