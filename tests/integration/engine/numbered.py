"""Types of a host project's whose records the database numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Required, TypedDict

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from imports_app.engine.types.schema import schema_for
from imports_app.importer import Importer, Relation
from imports_app.outputs.record_types import record_type_for
from imports_app.registry import importers


class KindImporter(Importer):
    resource_type = "kinds"
    model = ContentType
    mode = "test"
    key = ("app_label", "model")

    class Row(TypedDict, total=False):
        app_label: Required[str]
        model: Required[str]


class GroupImporter(Importer):
    resource_type = "groups"
    model = Group
    mode = "test"
    key = ("name",)

    class Row(TypedDict, total=False):
        name: Required[str]


class PermissionImporter(Importer):
    resource_type = "permissions"
    model = Permission
    mode = "test"
    key = ("content_type", "codename")
    parent = "content_type"
    relations: ClassVar[Any] = {"content_type": Relation(ContentType, required=True)}

    class Row(TypedDict, total=False):
        codename: Required[str]
        name: Required[str]


@contextmanager
def registered() -> Iterator[None]:
    """Within, these types can be imported."""
    made = (KindImporter(), GroupImporter(), PermissionImporter())
    with pytest.MonkeyPatch.context() as patch:
        by_type = {one.resource_type: one for one in made}
        patch.setattr(importers, "_by_type", importers._by_type | by_type)
        patch.setattr(
            importers, "_by_model", importers._by_model | {one.model: one for one in made}
        )
        yield
    for compiled in (record_type_for, schema_for):
        compiled.cache_clear()
