"""The contract that a resource type fulfils: one declarative class.

@importers.register
class SkuImporter(Importer):
    resource_type = "skus"
    model = Sku
    key = ("code",)
    relations = {"shipping_category": Relation(ShippingCategory)}

    class Row(TypedDict, total=False):
        code: Required[str]
        name: Required[str]
        weight: float | None
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.db import models


class RowError(NamedTuple):
    """One thing that is wrong with a row. `base` is the attribute of what concerns all of it."""

    attribute: str
    code: str
    message: str


@dataclass(frozen=True)
class Relation:
    """A reference to another record, which a row may give in three ways.

    For a relation `sku` to a type whose key is `code` these are `sku_id`, `sku_reference` (where
    the target has a `reference`) and `sku_code`. Its name is that of the foreign key.

    Attributes:
        to: the model that is pointed to; its own importer says what its key is.
        required: on create, one of the three must be there.
        asks_for: the attribute under which a missing one is reported as blank; by default it is
            reported under the relation's own name, which "must exist".
    """

    to: type[models.Model]
    required: bool = False
    asks_for: str | None = None


class Importer:
    """How rows become records of one model. Subclass, declare, and register.

    Attributes:
        resource_type: the type's name in the API, plural: `skus`.
        model: where its records live.
        key: attributes or relations that together find a record, within its mode; a unique
            constraint must hold it. Empty: records are found by `id` only.
        parent: the relation that an import's `parent_resource_id` stands for.
        relations: the foreign keys that a row may set, by name.
        secret: attributes that are never given out again.
        Row: the attributes of a row, a `TypedDict` that Pydantic validates. `Required[…]` means
            required on create; `| None` that null clears it. Lengths and ranges that the model's
            fields have need not be repeated.
    """

    resource_type: ClassVar[str]
    model: ClassVar[type[models.Model]]
    key: ClassVar[tuple[str, ...]] = ()
    parent: ClassVar[str | None] = None
    relations: ClassVar[Mapping[str, Relation]] = {}
    secret: ClassVar[frozenset[str]] = frozenset()
    Row: ClassVar[type]

    def validate(self, row: Mapping[str, Any]) -> Iterable[RowError]:
        """Rules that span attributes; called with the attributes that are present and valid.

        An update may leave out what the record has already, so check only what is there.
        """
        return ()
