"""Relations to many records: many-to-many fields, as rows set them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import WithJsonSchema

from imports_app.engine.types.links import PK, Form, forms_of
from imports_app.importer import Importer, Relation

TAGS = "tags"
MAX_TAGS = 10
MAX_TARGETS = 1_000


@dataclass(frozen=True, eq=False)
class Many:
    """A many-to-many field, with the ways in which a row may name its targets.

    Attributes:
        attribute: its name in a row; `_add_` and `_remove_` before it add and remove targets.
        word: the noun for a target in messages.
        forms: the ways to name a target; `key_form` is the one by the target's own key.
        named_by: the form that a plain text means.
        most: how many targets a record may have.
    """

    attribute: str
    word: str
    field: Any
    relation: Relation
    forms: tuple[Form, ...]
    key_form: Form | None
    named_by: Form
    most: int

    @property
    def add(self) -> str:
        """The attribute that adds targets."""
        return f"_add_{self.attribute}"

    @property
    def remove(self) -> str:
        """The attribute that removes targets."""
        return f"_remove_{self.attribute}"

    @property
    def names(self) -> tuple[str, str, str]:
        """The attributes that set or edit it."""
        return self.attribute, self.add, self.remove

    @property
    def makes_by(self) -> Form | None:
        """The form by which a missing target is made; None if targets aren't made."""
        return self.key_form if self.relation.makes else None

    @property
    def members(self) -> dict[str, Form]:
        """The members of an object that names a target, of which it has exactly one."""
        return {"id" if form.lookup == PK else form.lookup: form for form in self.forms}

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The attributes' types."""
        texts = {
            "type": "string",
            "description": f"The names of {self.word}s, separated by commas.",
        }
        # The array's items are validated later: a union's errors would name its branches.
        return {
            self.attribute: Annotated[list[Any] | None, WithJsonSchema(self._schema)],
            self.add: Annotated[str, WithJsonSchema(texts)],
            self.remove: Annotated[str, WithJsonSchema(texts)],
        }

    @property
    def _schema(self) -> dict[str, Any]:
        inner = {
            "type": "object",
            "properties": {name: {"type": "string"} for name in self.members},
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
        }
        name = {"type": "string", "description": f"The {self.word}'s name."}
        items = {"type": "array", "maxItems": self.most, "items": {"anyOf": [name, inner]}}
        return {"anyOf": [items, {"type": "null"}]}


def many_of(importer: Importer) -> Iterator[Many]:
    """Yield the importer's relations to many records, its tags included."""
    meta = importer.model._meta
    for name, relation in importer.many.items():
        forms, key_form = forms_of(name, relation)
        by = next((form for form in forms if form.lookup == relation.by), None)
        named_by = by or key_form or forms[0]
        field = meta.get_field(name)
        yield Many(name, "target", field, relation, forms, key_form, named_by, MAX_TARGETS)
    if importer.tags:
        yield _tags(meta.get_field(importer.tags))


def _tags(field: Any) -> Many:
    relation = Relation(field.related_model, makes=True)
    (by_id, *_), key_form = forms_of(TAGS, relation)
    named_by = key_form or by_id
    return Many(TAGS, "tag", field, relation, (by_id, named_by), key_form, named_by, MAX_TAGS)
