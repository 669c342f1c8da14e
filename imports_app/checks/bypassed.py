"""Warn of what a model does when it saves a record, and a bulk write bypasses."""

from collections.abc import Iterator

from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.db.models import Field, Model
from django.db.models.signals import m2m_changed, post_save, pre_save

from imports_app.checks.messages import field_of
from imports_app.importer import Importer

HINT = (
    'Write `write = "save"` into the importer if imports need it;'
    " if they don't, put the warning's id into SILENCED_SYSTEM_CHECKS."
)
SIGNALS = {"pre_save": pre_save, "post_save": post_save}


def check_bypassed(importer: Importer) -> Iterator[CheckMessage]:
    """Check what the model does besides storing fields, where records are written in bulk."""
    if importer.write == "save":
        return
    model = importer.model
    for number, what in (
        *((37, name) for name in _overridden(model)),
        *((38, name) for name in _receivers(importer)),
        *((39, name) for name in _history(model)),
        *((40, name) for name in _computed(model)),
    ):
        message = f"{type(importer).__name__}: a bulk write bypasses {what}."
        yield CheckWarning(message, hint=HINT, obj=model, id=f"imports.W{number:03}")


def _overridden(model: type[Model]) -> Iterator[str]:
    for name in ("save", "save_base"):
        owner = next(one for one in model.__mro__ if name in vars(one))
        if owner is not Model:
            yield f"{owner.__name__}.{name}()"


def _receivers(importer: Importer) -> Iterator[str]:
    model = importer.model
    for name, signal in SIGNALS.items():
        if signal.has_listeners(model):
            yield f"the receivers of {name} of {model.__name__}"
    for name in filter(None, (*importer.many, importer.tags)):
        field = field_of(importer, name)
        if getattr(field, "many_to_many", False) and m2m_changed.has_listeners(
            field.remote_field.through
        ):
            yield f"the receivers of m2m_changed of {model.__name__}.{name}"


def _history(model: type[Model]) -> Iterator[str]:
    """Yield the history that django-simple-history keeps."""
    if hasattr(model._meta, "simple_history_manager_attribute"):
        yield f"the history of {model.__name__}"


def _computed(model: type[Model]) -> Iterator[str]:
    """Yield fields that compute their value when they are saved, as automatic slugs do."""
    for field in model._meta.concrete_fields:
        owner = next(one for one in type(field).__mro__ if "pre_save" in vars(one))
        if owner is not Field and not owner.__module__.startswith("django."):
            kind = type(field).__name__
            yield f"the value that {kind} computes for {model.__name__}.{field.name}"
