"""Which ends of imports somebody is to be told of by mail."""

from django.db import models
from django.utils import timezone

from imports_app.models.imports import Import


class Notice(models.Model):
    """An import that is over, and whose maker nobody has told so yet.

    The row is the outbox: made by the transaction that ends the import, deleted by whoever takes
    it to be sent.
    """

    bulk_import = models.OneToOneField(
        Import,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="notice",
        db_column="import_id",
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.pk)
