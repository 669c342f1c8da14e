"""What goes with records that are destroyed, kept so that all of it can be made again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CASCADE, DO_NOTHING, PROTECT, RESTRICT, F, Model

from imports_app.engine.running.destroy import references_to
from imports_app.engine.running.later_changes import there_of
from imports_app.engine.types import Schema
from imports_app.models.among import Among
from imports_app.storage.groups import Action, Group, group_of
from imports_app.storage.images import Image, snapshot

KEEPING = (PROTECT, RESTRICT, DO_NOTHING)

Images = dict[type[Model], dict[Any, Image]]


class Doomed:
    """Records that are about to be destroyed, with what cascades, and what loses a reference.

    Made before they are destroyed, of their natural keys by id; a query for each reference to them.
    """

    def __init__(self, schema: Schema, keys: Mapping[Any, str | None]) -> None:
        self._going: Images = {}
        self._losing: Images = {}
        self._schema = schema
        self._keys = keys
        self._collect(schema.model, keys)

    def gone(self, *, is_all: bool) -> list[Group]:
        """Return what became of them, now that they are destroyed: who refers comes first.

        With `is_all` the records themselves are known to be gone, and nobody asks.
        """
        groups = [self._updated(model, images) for model, images in self._losing.items()]
        destroyed = [
            self._destroyed(model, images, is_all=is_all and model is self._schema.model)
            for model, images in self._going.items()
        ]
        groups += destroyed[::-1]
        return [group for group in groups if group.pks]

    def _collect(self, model: type[Model], pks: Iterable[Any]) -> None:
        known = self._going.setdefault(model, {})
        new = [pk for pk in pks if pk not in known]
        if not new:
            return
        known |= snapshot(model, new)
        for related in references_to(model):
            if related.on_delete in KEEPING:
                continue
            referring = related.related_model._base_manager.filter(
                Among(F(f"{related.field.name}__pk"), new)
            ).order_by()
            # In the same order on any database: an undo's log names them by their place.
            found = sorted(referring.values_list("pk", flat=True))
            if related.on_delete is CASCADE:
                self._collect(related.related_model, found)
            else:
                losing = self._losing.setdefault(related.related_model, {})
                losing |= snapshot(related.related_model, found)

    def _destroyed(self, model: type[Model], images: Mapping[Any, Image], *, is_all: bool) -> Group:
        left = set() if is_all else there_of(model, images)
        group = group_of(model, Action.DESTROYED)
        keys = self._keys if model is self._schema.model else {}
        for pk, image in images.items():
            if pk not in left:
                group.add(None, keys.get(pk), pk, image, None)
        return group

    def _updated(self, model: type[Model], images: Mapping[Any, Image]) -> Group:
        group = group_of(model, Action.UPDATED)
        now = snapshot(model, images)
        for pk, image in images.items():
            if pk in now and now[pk] != image:
                group.add(None, None, pk, image, now[pk])
        return group
