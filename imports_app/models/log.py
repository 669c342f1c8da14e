"""What went wrong with an import's rows, an entry each."""

from django.db import models

from imports_app.models.imports import Import


class RowFailure(models.Model):
    """A row that failed, with all its errors."""

    bulk_import = models.ForeignKey(
        Import,
        on_delete=models.CASCADE,
        related_name="failures",
        db_index=False,
        db_column="import_id",
    )
    index = models.PositiveIntegerField(help_text="Index of the row in the inputs.")
    key = models.CharField(max_length=255, null=True, help_text="The record's natural key.")
    errors = models.TextField(help_text="JSON array of {attribute, code, message}.")

    class Meta:
        ordering = ("index",)
        constraints = [
            models.UniqueConstraint(fields=["bulk_import", "index"], name="row_failure_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.bulk_import_id}[{self.index}]"


class RowWarning(models.Model):
    """Something a client should know; without an index it concerns the import as a whole."""

    bulk_import = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="warnings", db_column="import_id"
    )
    index = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=255, null=True)
    message = models.TextField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.bulk_import_id}: {self.message}"
