"""Restore many records at once, where the database can do that."""

from collections.abc import Sequence
from contextlib import suppress

from imports_app.database import atomic
from imports_app.engine.applying.refused import REFUSALS, refusals
from imports_app.engine.holding import Context
from imports_app.engine.types import Schema
from imports_app.storage.groups import Group


def restore(context: Context, schema: Schema, group: Group) -> Sequence[int]:
    """Put records back that are as an import left them, where the database can do that with many at
    once; return their places in the group.
    """
    with suppress(*REFUSALS), refusals(), atomic():
        return context.writer_of(schema).restore(group)
    return ()
