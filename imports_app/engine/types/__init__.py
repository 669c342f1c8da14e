"""Compiled resource types: what the engine needs to know about an importer and its model."""

from imports_app.engine.types.admission import (
    NotAdmitted,
    Problem,
    admit,
    parent_problem,
    problems,
    type_problem,
)
from imports_app.engine.types.decimals import decimal_attributes, exact, has_decimals
from imports_app.engine.types.field_rules import problem_of
from imports_app.engine.types.links import PK, REFERENCE, REFERENCE_ORIGIN, Form, Link
from imports_app.engine.types.many import Many
from imports_app.engine.types.messages import (
    AMBIGUOUS,
    BASE,
    BLANK,
    CYCLE,
    DOES_NOT_EXIST,
    EXCHANGED,
    EXISTS,
    MUST_EXIST,
    NOT_FINITE,
    NULL_CHARACTER,
    TAKEN,
    TOO_FAR,
    row_error,
)
from imports_app.engine.types.names import Name, normal
from imports_app.engine.types.reach import gives_id, is_plain, target_records
from imports_app.engine.types.record_ids import (
    compact,
    compact_ids,
    expand,
    pack_early,
    pack_ids,
    unpack_early,
    unpack_ids,
)
from imports_app.engine.types.row_type import (
    ID,
    TYPE,
    json_schema,
    name_validator,
    naming_validator,
    rows_validator,
    validator,
)
from imports_app.engine.types.schema import Child, Schema, schema_for, schema_for_model
from imports_app.engine.types.validation_errors import model_errors
from imports_app.engine.types.whole import dry_run_problem, whole_problem

__all__ = [
    "AMBIGUOUS",
    "BASE",
    "BLANK",
    "CYCLE",
    "DOES_NOT_EXIST",
    "EXCHANGED",
    "EXISTS",
    "ID",
    "MUST_EXIST",
    "NOT_FINITE",
    "NULL_CHARACTER",
    "PK",
    "REFERENCE",
    "REFERENCE_ORIGIN",
    "TAKEN",
    "TOO_FAR",
    "TYPE",
    "Child",
    "Form",
    "Link",
    "Many",
    "Name",
    "NotAdmitted",
    "Problem",
    "Schema",
    "admit",
    "compact",
    "compact_ids",
    "decimal_attributes",
    "dry_run_problem",
    "exact",
    "expand",
    "gives_id",
    "has_decimals",
    "is_plain",
    "json_schema",
    "model_errors",
    "name_validator",
    "naming_validator",
    "normal",
    "pack_early",
    "pack_ids",
    "parent_problem",
    "problem_of",
    "problems",
    "row_error",
    "rows_validator",
    "schema_for",
    "schema_for_model",
    "target_records",
    "type_problem",
    "unpack_early",
    "unpack_ids",
    "validator",
    "whole_problem",
]
