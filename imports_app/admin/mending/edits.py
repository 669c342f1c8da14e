"""What somebody changed in an import's failed rows. It is kept, sealed, until the rows are sent."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from django.contrib.auth.models import User
from msgspec import Raw, Struct, field

from imports_app.engine.reading import target_of
from imports_app.engine.types import schema_for
from imports_app.exceptions import DraftsFull, SealBroken
from imports_app.inputs import RowSource
from imports_app.inputs.casting import ABSENT, Misfit, cast_of
from imports_app.inputs.cell_form import PLAIN
from imports_app.inputs.row_file import RowFile
from imports_app.models import Format, Import, ImportDraft, RowFailure
from imports_app.registry import importers
from imports_app.secrecy.hidden import is_secret
from imports_app.storage import drafts
from imports_app.storage.failures import failed_rows

MAX_RULES = 200
MAX_CELLS = 20_000
LONGEST_CELL = 10_000  # characters

Members = dict[str, Raw]
_as_members = msgspec.json.Decoder(Members)
_as_errors = msgspec.json.Decoder(list[dict[str, str]])


class Rule(Struct, frozen=True):
    """Replaces equal cells of a column, in all rows that failed because of them."""

    attribute: str
    old: str
    new: str


class Edits(Struct):
    """Changed cells by row and attribute, rows that are left out, and rules."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


class Mending:
    """The failed rows of one import, as one member of staff mends them.

    Attributes:
        kept: the database record that keeps the edits.
        edits: what was changed; `save` stores it.
    """

    def __init__(self, owner: User, import_: Import) -> None:
        self.import_ = import_
        self.kept: ImportDraft = drafts.for_mending(owner, import_)
        self.edits = _edits_of(self.kept)
        self.importer = importers.get(import_.resource_type)
        self.kinds = target_of(schema_for(self.importer)).kinds

    def save(self) -> None:
        """Store the edits."""
        drafts.save_mending(self.kept, msgspec.to_builtins(self.edits))

    def may_edit(self, attribute: str) -> bool:
        """Return whether the attribute can be edited. A secret can't, because nobody can see it."""
        return bool(attribute) and not is_secret([attribute], self.importer)

    def edit(self, index: int, attribute: str, text: str) -> None:
        """Change a cell; an empty text removes it. Raises DraftsFull."""
        if self.may_edit(attribute):
            if sum(map(len, self.edits.cells.values())) >= MAX_CELLS:
                raise DraftsFull(f"No more than {MAX_CELLS:,} cells can be mended one by one.")
            self.edits.cells.setdefault(str(index), {})[attribute] = text[:LONGEST_CELL]

    def replace(self, rule: Rule) -> None:
        """Add a rule. It takes the place of an earlier rule for the same cells."""
        if self.may_edit(rule.attribute):
            same = (rule.attribute, rule.old)
            others = [each for each in self.edits.rules if (each.attribute, each.old) != same]
            self.edits.rules = [*others, rule][-MAX_RULES:]

    def shown(self, failure: RowFailure, row: Members) -> Mapping[str, str]:
        """Return the row's cells, with the edits in them."""
        made = {name: text_of(value) for name, value in row.items()}
        return made | self.changes(failure.index, row, wrong_of(failure.errors))

    def changes(self, index: int, row: Members, wrong: Collection[str]) -> dict[str, str]:
        """Return a row's changed cells, by attribute. `wrong` has the attributes with an error."""
        by_rule = {
            rule.attribute: rule.new
            for rule in self.edits.rules
            if rule.attribute in wrong and text_of(row.get(rule.attribute)) == rule.old
        }
        return by_rule | self.edits.cells.get(str(index), {})

    def mended(self, row: Members, changes: Mapping[str, str]) -> Members:
        """Return the row with these cells."""
        made = dict(row)
        for attribute, text in changes.items():
            if text == "":
                made.pop(attribute, None)
            else:
                made[attribute] = Raw(msgspec.json.encode(self._value(attribute, text)))
        return made

    def rows(self) -> Iterator[tuple[int, Members, bool]]:
        """Yield each failed row: its index, the row with its edits, and whether it has edits."""
        left_out = set(self.edits.left_out)
        for failure, text in failed_rows(self.import_):
            if text is None or failure.index in left_out:
                continue
            row = _as_members.decode(text)
            changes = self.changes(failure.index, row, wrong_of(failure.errors))
            yield failure.index, self.mended(row, changes), bool(changes)

    def source(self) -> RowSource:
        """Return the mended rows, each with the index of the failed row that it replaces."""
        texts = (
            msgspec.json.encode({**row, "index": index})
            for index, row, is_mended in self.rows()
            if is_mended
        )
        format_ = Format(self.import_.format)
        return RowSource(rows=RowFile(enumerate(texts)), format=format_, file=self.import_.file)

    def _value(self, attribute: str, text: str) -> Any:
        """Return the cell in the form of the import's rows: text in a table, otherwise JSON."""
        kind = self.kinds.get(attribute)
        is_compound = kind is not None and not kind.types.isdisjoint({"object", "array"})
        if kind is None or (self.import_.format == Format.CSV and not is_compound):
            return text
        value = cast_of(kind, PLAIN)(text)
        return text if value is ABSENT or isinstance(value, Misfit) else value


def _edits_of(kept: ImportDraft) -> Edits:
    """Return the stored edits. If they were sealed with another secret key, there are none."""
    try:
        return msgspec.convert(drafts.state_of(kept), Edits)
    except SealBroken:
        return Edits()


def text_of(value: Raw | None) -> str:
    """Return a cell as the grid shows it."""
    if value is None:
        return ""
    decoded = msgspec.json.decode(value)
    if decoded is None:
        return ""
    return decoded if isinstance(decoded, str) else bytes(value).decode()


def wrong_of(errors: str) -> dict[str, str]:
    """Return a row's errors: the first message for each attribute."""
    found: dict[str, str] = {}
    for error in _as_errors.decode(errors):
        found.setdefault(error["attribute"], error["message"])
    return found
