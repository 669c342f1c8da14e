"""An import's rows as they were sent, and what became of them."""

from django.db import models

from imports_app.models.imports import Import
from imports_app.models.zstd import ZstdField

# The name under which a CSV's row keeps its cells beyond the header: no column has it.
SURPLUS = ""


class ImportChunk(models.Model):
    """A run of consecutive rows as raw JSON: the unit of storage, never changed once written."""

    bulk_import = models.ForeignKey(
        Import,
        on_delete=models.CASCADE,
        related_name="chunks",
        db_index=False,
        db_column="import_id",
    )
    first_row = models.PositiveIntegerField(help_text="Index of its first row in the inputs.")
    rows = models.PositiveIntegerField()
    inputs = ZstdField(help_text="The text of a JSON array of row objects.")
    lines = models.BinaryField(
        null=True, help_text="MessagePack array: runs of rows, and the line where each begins."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulk_import", "first_row"], name="import_chunk_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulk_import_id}[{self.first_row}:{self.first_row + self.rows}]"


class SealedRow(models.Model):
    """A row as it was sent, encrypted: its chunk has it without what its type keeps secret.

    It goes once the row took effect; if that failed, when the inputs are pruned.
    """

    bulk_import = models.ForeignKey(
        Import,
        on_delete=models.CASCADE,
        related_name="sealed_rows",
        db_index=False,
        db_column="import_id",
    )
    index = models.PositiveIntegerField(help_text="Index of the row in the inputs.")
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk_import", "index"], name="sealed_row_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.bulk_import_id}[{self.index}]"


class CsvPiece(models.Model):
    """A part of the CSV that an import was sent as; all of them in order are one gzip file.

    Kept beside the rows, from which no text can be made again as it was: with its quotes and line
    ends, the order of its columns, its empty lines.
    """

    bulk_import = models.ForeignKey(
        Import,
        on_delete=models.CASCADE,
        related_name="csv_pieces",
        db_index=False,
        db_column="import_id",
    )
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulk_import", "number"], name="import_csv_piece_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulk_import_id} {self.number}"


class ImportBatch(models.Model):
    """A committed transaction: the rows it went through and the records they became.

    Kept apart from the chunk so that a commit inserts these few bytes instead of rewriting rows.
    A restarted worker learns from them which records were met before.
    """

    bulk_import = models.ForeignKey(
        Import,
        on_delete=models.CASCADE,
        related_name="batches",
        db_index=False,
        db_column="import_id",
    )
    first_row = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    records = models.BinaryField(
        help_text="MessagePack array: each row's record id, nil if it failed."
    )
    kept = models.BinaryField(help_text="MessagePack array: ids of records whose row failed.")
    unmatched = models.PositiveIntegerField(
        default=0, help_text="Failed rows that can't be matched to a record."
    )
    early = models.BinaryField(
        default=b"",
        help_text="MessagePack map: rows that took effect early, and whether each made a record.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulk_import", "first_row"], name="import_batch_is_unique"
            )
        ]
        # How many rows are gone through a minute, of all imports together.
        indexes = [models.Index(fields=["created_at"], name="import_batch_by_time")]

    def __str__(self) -> str:
        return f"{self.bulk_import_id}[{self.first_row}:{self.first_row + self.rows}]"
