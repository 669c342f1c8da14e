"""Find tables outside the database of the imports; imports and their records share one."""

from collections.abc import Iterator
from typing import cast

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import router
from django.db.models import Model

from imports_app import database
from imports_app.callers import OAUTH
from imports_app.checks.messages import field_of
from imports_app.checks.shapes import check_shapes
from imports_app.importer import Importer
from imports_app.registry import importers

OWN = ("imports_app", OAUTH)


def check_databases() -> Iterator[CheckMessage]:
    """Yield models in another database: a batch's records and counts are committed together."""
    seen: set[type[Model]] = set()
    for whose, model in _models():
        if model not in seen:
            seen.add(model)
            yield from _check_model(whose, model)


def _check_model(whose: str, model: type[Model]) -> Iterator[CheckMessage]:
    label, here = model._meta.label, database.alias()
    if (alias := router.db_for_write(model)) != here:
        yield Error(
            f"{whose}: the database router puts {label} into {alias!r}, and imports into {here!r};"
            " a batch's records and its counts are committed in one transaction, so in one"
            " database.",
            hint=f"Let db_for_write return {here!r} for {label}, or {alias!r} for all models of"
            f" imports_app and for those that they refer to; or import {label} elsewhere.",
            obj=model,
            id="imports.E101",
        )
    elif (alias := router.db_for_read(model)) != here:
        yield Error(
            f"{whose}: the database router has {label} read from {alias!r}, and written to"
            f" {here!r}; an import would not find there what it has just written.",
            hint=f"Let db_for_read return {here!r} for {label}.",
            obj=model,
            id="imports.E105",
        )


def _models() -> Iterator[tuple[str, type[Model]]]:
    """Yield all models that an import reads or writes, each with the app or importer using it."""
    for config in apps.get_app_configs():
        if config.name in OWN:
            for model in config.get_models():
                yield config.name, model
                yield from ((config.name, target) for target in _targets(model))
    whole = [importer for importer in importers if not any(check_shapes(importer))]
    yield from ((type(importer).__name__, importer.model) for importer in whole)
    for importer in whole:
        yield from ((type(importer).__name__, model) for model in _others_of(importer))


def _targets(model: type[Model]) -> Iterator[type[Model]]:
    """Yield the targets of foreign key constraints, which can't reach another database."""
    for field in model._meta.concrete_fields:
        if getattr(field, "db_constraint", False):
            yield cast("type[Model]", field.related_model)


def _others_of(importer: Importer) -> Iterator[type[Model]]:
    """Yield the models of what its records refer to."""
    for relation in (*importer.relations.values(), *importer.many.values()):
        yield relation.to
    fields = (field_of(importer, name) for name in importer.many)
    yield from (field.remote_field.through for field in fields if hasattr(field, "m2m_db_table"))
