"""Django REST framework: one serializer for all rows, then bulk_create."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from imports_app.commerce.models import Sku
from tests.benchmarks.rows import ATTRIBUTES, INVALID_EACH, Row, texts

BATCH = 1_000


class Lenient(serializers.ListSerializer[Sku]):
    """Goes on after an invalid row, as an import does."""

    def to_internal_value(self, data: Any) -> list[Any]:
        self.refused: list[Any] = []
        good = []
        for row in data:
            try:
                good.append(self.run_child_validation(row))
            except serializers.ValidationError as error:
                self.refused.append(error.detail)
        return good


class SkuSerializer(serializers.ModelSerializer[Sku]):
    """Without the validators that ask the database about uniqueness: the upsert needs none."""

    class Meta:
        model = Sku
        fields = ATTRIBUTES
        validators: list[Any] = []
        list_serializer_class = Lenient


class ManyThenBulk:
    """From JSON, as ours: `many=True`, then `bulk_create(update_conflicts=True)`."""

    def __init__(self) -> None:
        self._body = b""
        self._refused = 0

    def prepare(self, rows: Sequence[Row]) -> None:
        self._body = b"[" + b",".join(texts(rows)) + b"]"

    def run(self) -> None:
        serializer = SkuSerializer(data=json.loads(self._body), many=True)
        serializer.is_valid(raise_exception=True)
        self._refused = len(serializer.refused)  # type: ignore[attr-defined]
        now = timezone.now()
        Sku.objects.bulk_create(
            [
                Sku(mode="test", created_at=now, updated_at=now, **row)
                for row in serializer.validated_data
            ],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["code", "mode"],
            update_fields=[*ATTRIBUTES[1:], "updated_at"],
        )

    def check(self, rows: Sequence[Row]) -> None:
        assert self._refused == -(-len(rows) // INVALID_EACH)
