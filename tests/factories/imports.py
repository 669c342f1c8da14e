"""Imports as they are at any point of their life."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from factory.declarations import LazyFunction, SelfAttribute, SubFactory, Trait
from factory.django import DjangoModelFactory

from imports_app.models import Import, ImportQueue, Mode
from imports_app.models.status import Status
from imports_app.storage import chunks
from tests.factories.clients import ApiClientFactory

Row = dict[str, Any]


class ImportFactory(DjangoModelFactory[Import]):
    """A pending import of skus, its rows stored and its place in the queue taken."""

    class Meta:
        model = Import

    class Params:
        in_progress = Trait(status=Status.IN_PROGRESS, started_at=LazyFunction(timezone.now))
        completed = Trait(
            status=Status.COMPLETED,
            started_at=LazyFunction(timezone.now),
            completed_at=LazyFunction(timezone.now),
            processed_count=2,
            created_count=2,
        )
        interrupted = Trait(status=Status.INTERRUPTED, interrupted_at=LazyFunction(timezone.now))

    rows: Sequence[Row] = ({"code": "A", "name": "a"}, {"code": "B", "name": "b"})
    mode = Mode.TEST
    client = SubFactory(ApiClientFactory, mode=SelfAttribute("..mode"))
    resource_type = "skus"

    @classmethod
    def _create(cls, model_class: type[Import], *args: Any, **kwargs: Any) -> Import:
        rows = [json.dumps(row).encode() for row in kwargs.pop("rows")]
        client = kwargs.pop("client")
        kwargs = {"caller": client and client.client_id, **kwargs}
        with transaction.atomic():
            place = ImportQueue.objects.next_place(kwargs["mode"])
            kwargs = {"inputs_size": len(rows), **place._asdict(), **kwargs}
            import_: Import = super()._create(  # type: ignore[no-untyped-call]
                model_class, *args, **kwargs
            )
            chunks.store(import_, rows)
        return import_
