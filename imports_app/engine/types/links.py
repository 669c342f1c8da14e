"""The ways in which a row may name the target of a relation."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from imports_app.engine.types.messages import BLANK, MUST_EXIST
from imports_app.importer import Importer, Relation, RowError
from imports_app.registry import importers

REFERENCE = "reference"
REFERENCE_ORIGIN = "reference_origin"
PK = "pk"


@dataclass(frozen=True)
class Form:
    """One way to name a relation's target: by the target's field `lookup`.

    Attributes:
        unique: whether no two targets of one mode can have the same value there.
    """

    attribute: str
    lookup: str
    unique: bool = True


@dataclass(frozen=True)
class Link:
    """A relation, with the ways in which a row may name its target.

    Attributes:
        parts: forms that name the target only together.
        key_form: the form by the target's own key, if that is one attribute.
        attributes: the attributes by which a row can name the target.
        given_by: `attributes`, and the relation's own name if a row can bring its target along.
        is_own: whether the target is of the row's own type.
    """

    name: str
    relation: Relation
    field: models.ForeignKey[Any, Any]
    forms: tuple[Form, ...]
    parts: tuple[Form, ...]
    key_form: Form | None
    attributes: tuple[str, ...]
    given_by: tuple[str, ...]
    is_own: bool

    @property
    def error(self) -> RowError:
        """The error of a new record without a target."""
        if self.relation.asks_for:
            return RowError(self.relation.asks_for, *BLANK)
        return RowError(self.name, *MUST_EXIST)

    @property
    def holds_pk(self) -> bool:
        """Whether the foreign key's column holds the target's id, and not another field of it."""
        return self.target_field.primary_key

    @property
    def target_field(self) -> "models.Field[Any, Any]":
        """The target's field whose value the foreign key holds: its `to_field`."""
        return self.field.target_field

    def held(self, pks: Collection[Any]) -> Mapping[Any, Any]:
        """Return what the foreign key holds for targets, by id; a query unless it is the id."""
        if self.holds_pk or not pks:
            return {pk: pk for pk in pks}
        targets = self.relation.to._base_manager.filter(pk__in=pks)
        return dict(targets.values_list("pk", self.target_field.attname))


def links_of(importer: Importer) -> Iterator[Link]:
    """Yield the importer's relations."""
    for name, relation in importer.relations.items():
        forms, key_form = forms_of(name, relation)
        field: Any = importer.model._meta.get_field(name)
        inline = (name,) if relation.inline_among else ()
        parts = parts_of(name, relation)
        attributes = tuple(form.attribute for form in (*forms, *parts))
        given_by = (*attributes, *inline)
        is_own = relation.to is importer.model
        yield Link(name, relation, field, forms, parts, key_form, attributes, given_by, is_own)


def parts_of(name: str, relation: Relation) -> tuple[Form, ...]:
    """Return the forms that name a target only together; none if one field is enough."""
    fields = relation.by_fields
    forms = (Form(f"{name}_{field}", field, unique=False) for field in fields)
    return tuple(forms) if len(fields) > 1 else ()


def forms_of(name: str, relation: Relation) -> tuple[tuple[Form, ...], Form | None]:
    """Return the forms to name a target, the friendliest last, and the one by the target's key."""
    key_form = _key_form(name, relation)
    forms = [Form(f"{name}_id", PK)]
    if any(field.name == REFERENCE for field in relation.to._meta.fields):
        forms.append(Form(f"{name}_{REFERENCE}", REFERENCE, unique=False))
    if isinstance(relation.by, str):
        forms.append(Form(f"{name}_{relation.by}", relation.by, unique=False))
    if key_form:
        forms.append(key_form)
    return tuple(forms), key_form


def _key_form(name: str, relation: Relation) -> Form | None:
    target = importers.for_model(relation.to)
    if target is None or len(target.key) != 1 or target.key[0] in target.relations:
        return None
    (attribute,) = target.key
    return Form(f"{name}_{attribute}", attribute)
