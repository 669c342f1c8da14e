"""A draft: its file, what was found in it, and what its owner decided."""

from collections.abc import Mapping
from io import BufferedReader
from typing import Any
from uuid import UUID

import msgspec
from django.contrib.auth.models import User
from django.http import Http404
from msgspec import Struct, field

from imports_app.engine.reading import target_of
from imports_app.engine.types import Schema, schema_for
from imports_app.exceptions import SealBroken
from imports_app.inputs import FileOptions, Reader, RowSource, Target
from imports_app.inputs.unpacking import file_of
from imports_app.models import ImportDraft
from imports_app.registry import importers
from imports_app.storage import drafts

TABLES = ("csv", "xlsx", "xls", "ods")


class Choice(Struct, frozen=True):
    """What becomes of a column.

    Attributes:
        attribute: the attribute that it becomes; None leaves the column out.
        transform: what is done to its cells; empty for nothing.
        why: the reason of a suggestion; empty if somebody made the choice.
    """

    attribute: str | None = None
    transform: str = ""
    why: str = ""


class Trouble(Struct, frozen=True):
    """Why no import can be made of the file, and a short name for the reason."""

    code: str
    message: str


class Survey(Struct):
    """What can be found in a file without knowing the type of its rows.

    Attributes:
        first: the first rows as JSON texts, whose members have the names of the columns.
        lines: the lines where the first rows begin.
        decimal: the decimal sign of cells that look like numbers.
    """

    format: str
    rows: int
    header: list[str]
    first: list[str]
    lines: list[int]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    decimal: str | None = None
    sheets: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def is_table(self) -> bool:
        """Whether it has columns to match. In JSON the members are attributes already."""
        return self.format in TABLES


class DraftState(Struct):
    """What has been found in a draft's file and decided about it so far.

    Attributes:
        given: the options that somebody gave for reading the file. The others are detected.
        chosen: the choices that somebody made for columns.
        order: the options of the import, by the fields of the form.
        survey: what was found in the file; None as long as the file can't be read.
        decimal: the decimal sign that the columns of numbers show; None if they show none.
        notices: warnings about how the file was read.
        troubles: why no import can be made of the file yet.
    """

    given: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, Choice] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    survey: Survey | None = None
    decimal: str | None = None
    notices: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


class Draft:
    """A draft, for its owner.

    Attributes:
        kept: the draft's record in the database.
        state: what was found and decided. `save` stores it.
        suggestions: the suggested choices for the columns, and what they were worked out from.
    """

    suggestions: tuple[tuple[str, Survey], Mapping[str, Choice]] | None = None

    def __init__(self, kept: ImportDraft) -> None:
        self.kept = kept
        self.state = msgspec.convert(drafts.state_of(kept), DraftState)

    @classmethod
    def of(cls, owner: User, pk: UUID) -> "Draft":
        """Return the owner's draft of that id. Raises Http404 if there is none."""
        kept = ImportDraft.objects.filter(owner=owner, pk=pk, mends=None).first()
        if kept is None:
            raise Http404("The draft is gone: it was imported or deleted.")
        try:
            return cls(kept)
        except SealBroken:
            raise Http404("The draft was sealed with another secret key.") from None

    def save(self) -> None:
        """Store the state."""
        drafts.save_state(self.kept, msgspec.to_builtins(self.state))

    @property
    def schema(self) -> Schema | None:
        """The schema of the draft's type; None as long as it has no type."""
        importer = importers.find(self.kept.resource_type)
        return schema_for(importer) if importer else None

    @property
    def target(self) -> Target | None:
        """What the draft's rows are to become."""
        has_parent = bool(self.state.order.get("parent_resource_id"))
        return target_of(self.schema, has_parent=has_parent) if self.schema else None

    def read(self, target: Target | None, options: dict[str, Any]) -> RowSource:
        """Read the file. Raises what Reader.read raises, and SealBroken."""
        reader = Reader(target=target, options=FileOptions.of(options))
        return reader.read(self._stream(), self.kept.name or None)

    def _stream(self) -> BufferedReader:
        return file_of(drafts.content_of(self.kept))
