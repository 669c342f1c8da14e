"""Decide what happens to which record, before anything is written."""

from imports_app.engine.planning.contests import Demand, Names, contests_of
from imports_app.engine.planning.drafts import Draft, Drafts, Match
from imports_app.engine.planning.exchanges import connected, key_takes
from imports_app.engine.planning.lookup import (
    Ambiguous,
    Key,
    find_by_id,
    find_by_key,
    find_by_reference,
    find_targets,
)
from imports_app.engine.planning.merging import merge
from imports_app.engine.planning.plan import Step, demands_of, draft, outline, steps
from imports_app.engine.planning.prepared import Prepared, prepare
from imports_app.engine.planning.probes import naming_attributes, probes_of
from imports_app.engine.planning.relations import (
    MISMATCH,
    Known,
    ToCome,
    ToCreate,
    resolve_awaited,
    resolve_relations,
)
from imports_app.engine.planning.self_references import (
    Given,
    awaited,
    given,
    levels,
    own_names,
    referred,
)

__all__ = [
    "MISMATCH",
    "Ambiguous",
    "Demand",
    "Draft",
    "Drafts",
    "Given",
    "Key",
    "Known",
    "Match",
    "Names",
    "Prepared",
    "Step",
    "ToCome",
    "ToCreate",
    "awaited",
    "connected",
    "contests_of",
    "demands_of",
    "draft",
    "find_by_id",
    "find_by_key",
    "find_by_reference",
    "find_targets",
    "given",
    "key_takes",
    "levels",
    "merge",
    "naming_attributes",
    "outline",
    "own_names",
    "prepare",
    "probes_of",
    "referred",
    "resolve_awaited",
    "resolve_relations",
    "steps",
]
