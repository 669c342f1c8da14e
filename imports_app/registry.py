"""The registered resource types."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from imports_app.exceptions import AlreadyRegistered, NotRegistered
from imports_app.model_rows import completed

if TYPE_CHECKING:
    from imports_app.importer import Importer

ImporterClass = TypeVar("ImporterClass", bound="type[Importer]")


class Registry:
    """The importers by resource type. A registration that is refused changes nothing."""

    def __init__(self) -> None:
        self._by_type: dict[str, Importer] = {}
        self._by_model: dict[type[models.Model], Importer] = {}

    def register(self, importer: ImporterClass) -> ImporterClass:
        """Class decorator.

        Raises AlreadyRegistered if the type or the model is taken, ImproperlyConfigured if the
        class names none. What else may be wrong with it, the checks tell.
        """
        _require_names(importer)
        if importer.resource_type in self._by_type:
            raise AlreadyRegistered(f"the resource type {importer.resource_type!r} is taken")
        if importer.model in self._by_model:
            raise AlreadyRegistered(f"{importer.model.__name__} has an importer already")
        instance = completed(importer())
        self._by_type[importer.resource_type] = instance
        self._by_model[importer.model] = instance
        return importer

    def get(self, resource_type: str) -> "Importer":
        """Return the importer of that type. Raises NotRegistered."""
        try:
            return self._by_type[resource_type]
        except KeyError:
            raise NotRegistered(f"there is no resource type {resource_type!r}") from None

    def find(self, resource_type: object) -> "Importer | None":
        """Return the importer of that type, if there is one."""
        return self._by_type.get(resource_type)  # type: ignore[call-overload, no-any-return]

    def for_model(self, model: type[models.Model]) -> "Importer | None":
        """Return the importer whose records live in that model, if there is one."""
        return self._by_model.get(model)

    def children_of(self, importer: "Importer") -> "Iterator[Importer]":
        """Yield the importers of the records that its rows bring along under their own."""
        for attribute in importer.children:
            related: Any = importer.model._meta.get_field(attribute)
            if child := self.for_model(related.related_model):
                yield child

    def __contains__(self, resource_type: str) -> bool:
        return resource_type in self._by_type

    def __iter__(self) -> "Iterator[Importer]":
        return iter(sorted(self._by_type.values(), key=lambda importer: importer.resource_type))

    def __len__(self) -> int:
        return len(self._by_type)


def _require_names(importer: "type[Importer]") -> None:
    """By the two an importer is found, so it can't do without."""
    name = importer.__name__
    if not isinstance(getattr(importer, "resource_type", None), str):
        raise ImproperlyConfigured(f'{name}: write its name in the API, resource_type = "…".')
    model = getattr(importer, "model", None)
    if not (isinstance(model, type) and issubclass(model, models.Model)):
        raise ImproperlyConfigured(f"{name}: write where its records live, model = … (the class).")


importers = Registry()
