"""The kept changes of imports, packed, a row for each transaction."""

from django.db import models

from imports_app.models.imports import Import


class KeptChanges(models.Model):
    """What one transaction of an import changed: its records before and after.

    Attributes:
        number: rises with every transaction of the import.
        touched: the ids of the records, so that they can be looked for; see storage/changes.py.
        content: the changes, packed; sealed where a type among them has secrets.
    """

    bulk_import = models.ForeignKey(
        Import,
        on_delete=models.CASCADE,
        related_name="kept_changes",
        db_index=False,
        db_column="import_id",
    )
    number = models.PositiveBigIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    destroyed = models.PositiveIntegerField()
    is_sealed = models.BooleanField()
    touched = models.BinaryField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulk_import", "number"], name="import_changes_are_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulk_import_id} {self.number}"
