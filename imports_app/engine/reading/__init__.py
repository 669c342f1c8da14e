"""Turns stored text into rows: decoded, cast, validated, each with what is wrong with it."""

from imports_app.engine.reading.cells import cast, number_attributes
from imports_app.engine.reading.keys import attributes, failures_of, row_key, usable_key
from imports_app.engine.reading.rows import (
    Row,
    as_sent,
    lift,
    parts_of,
    read,
    unread,
)
from imports_app.engine.reading.tag_wishes import (
    TOO_MANY,
    TagId,
    TagName,
    TagWish,
)

__all__ = [
    "TOO_MANY",
    "Row",
    "TagId",
    "TagName",
    "TagWish",
    "as_sent",
    "attributes",
    "cast",
    "failures_of",
    "lift",
    "number_attributes",
    "parts_of",
    "read",
    "row_key",
    "unread",
    "usable_key",
]
