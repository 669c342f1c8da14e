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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from django.db import models


class RowError(NamedTuple):
    """One error of a row. The attribute is `base` if it concerns the row as a whole."""

    attribute: str
    code: str
    message: str


@dataclass(frozen=True)
class Relation:
    """A foreign key to another record, which a row may name in three ways.

    For a relation `sku` to a type whose key is `code` these are `sku_id`, `sku_reference` (where
    the target has a `reference`) and `sku_code`. Its name is that of the foreign key.

    Attributes:
        to: the target's model; the key is that of its importer.
        required: a row that creates a record must give one of the three.
        asks_for: the attribute under which a missing one is reported as blank; by default it is
            reported under the relation's own name, which "must exist".
        by: a further field of the target that may name it, as in `bundle_code`. It need not be
            unique, but a name that several targets have is refused as ambiguous. Several fields
            name the target together: with `("region", "code")` a row gives `store_region` and
            `store_code`.
        makes: a missing target that is named by its key is created, with nothing but the key.
        inline_among: the row may give the target itself, as an object under the relation's name.
            It is matched with an equal one to which a record of this type refers that has the same
            value in the relation named here, and created if there is none.
    """

    to: type[models.Model]
    required: bool = False
    asks_for: str | None = None
    by: str | tuple[str, ...] | None = None
    makes: bool = False
    inline_among: str | None = None

    @property
    def by_fields(self) -> tuple[str, ...]:
        """The fields of `by`."""
        return (self.by,) if isinstance(self.by, str) else self.by or ()


@dataclass(slots=True)
class Derivation:
    """A row that is about to be written, for `Importer.derive` to complete.

    Attributes:
        pk: the id of the record that it updates, None if it creates one.
        fields: what will be written, by field (`attname`); values may be added, changed, dropped.
        instructions: the row's attributes that begin with `_`.
        errors: an error that is added here fails the row.
    """

    pk: Any
    fields: dict[str, Any]
    instructions: Mapping[str, Any]
    errors: list[RowError]


class Importer:
    """How rows become records of one model. Subclass, declare, and register.

    Attributes:
        resource_type: the type's name in the API, plural: `skus`.
        model: the model of its records.
        mode: for a model that is no ModeModel: the one mode whose clients may import it. A field
            of the model that happens to be called `mode` is an ordinary attribute.
        key: the attributes or relations that together identify a record within its mode; a unique
            constraint must cover them. If a part may be missing and its field has a default, a row
            without it creates a record. Empty: records are found by `id`, or by their `reference`
            (within the parent that the row gives) where rows have that attribute.
        parent: the relation that an import's `parent_resource_id` stands for.
        relations: the foreign keys that a row may set, by name.
        children: records that a row may bring along, as an array of their own rows: the array's
            name, which is the foreign key's `related_name`, and that foreign key's name. They
            are created or updated by their own key under the row's record; one that fails fails
            the row.
        many: the many-to-many fields that rows may set, by name: `{"brands": Relation(Brand)}`. A
            row gives all targets, as an array of names by `by`, or else by the target's key, or of
            objects as `{"id": …}`; `_add_brands` and `_remove_brands` are lists with commas, of
            names too. Of a relation to many `to`, `by` and `makes` count.
        tags: the many-to-many field that the attributes `tags`, `_add_tags` and `_remove_tags` set,
            to a model whose key is one attribute. An unknown tag is created.
        hashed: attributes that are stored hashed by Django's hasher, each with the field that
            keeps a fingerprint of the value, so that the same value counts as unchanged.
        synonyms: other names under which a row may give an attribute; answers always use the
            attribute's own name: `{"type": "tier_type"}`.
        labels: other names that columns of files may have for an attribute, regardless of case,
            blanks, `_` and `-`: `{"isbn": ("book number",)}`.
        secret: attributes that are never given out again.
        write: "bulk" writes many records at once, bypassing the model's save() and signals. "save"
            has each record go through full_clean(), save() and the signals of the model, still in
            batches.
        manager: the name of the model's manager that finds, writes and shows the records; by
            default its default manager. Records that it hides don't exist for imports. Cleanup
            calls delete() of its querysets, which may do something else than destroy.
        derive_reads: models that `derive` reads, besides those of the relations.
        batch_rows: if `validate` or `derive` are slow: the number of rows that take about a second.
            A batch has no more, so that counts move and stops take effect that soon. Hashing is
            taken into account anyway.
        Row: the attributes of a row, a `TypedDict` that Pydantic validates. `Required[…]` means
            required on create; `| None` that null clears it. Lengths and ranges that the model's
            fields have need not be repeated. An attribute that begins with `_` is an
            instruction, which isn't stored. An importer without a Row derives it from the model,
            foreign keys included; what it declares itself in Row or `relations` wins.
        fields: the fields of the model to take; None means all that its forms would show. An
            importer with a Row takes fields only if it sets `fields` or `exclude`.
        exclude: the fields of the model to leave out.
    """

    resource_type: ClassVar[str]
    model: ClassVar[type[models.Model]]
    mode: ClassVar[str | None] = None
    key: ClassVar[tuple[str, ...]] = ()
    parent: ClassVar[str | None] = None
    relations: ClassVar[Mapping[str, Relation]] = {}
    children: ClassVar[Mapping[str, str]] = {}
    many: ClassVar[Mapping[str, Relation]] = {}
    tags: ClassVar[str | None] = None
    hashed: ClassVar[Mapping[str, str]] = {}
    synonyms: ClassVar[Mapping[str, str]] = {}
    labels: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    secret: ClassVar[frozenset[str]] = frozenset()
    write: ClassVar[Literal["bulk", "save"]] = "bulk"
    manager: ClassVar[str | None] = None
    derive_reads: ClassVar[tuple[type[models.Model], ...]] = ()
    batch_rows: ClassVar[int | None] = None
    fields: ClassVar[tuple[str, ...] | None] = None
    exclude: ClassVar[tuple[str, ...]] = ()
    Row: ClassVar[type]

    def validate(self, row: Mapping[str, Any]) -> Iterable[RowError]:
        """Rules that span attributes; called with the attributes that are present and valid.

        An update may leave out attributes, so check only those that are present. An
        importer may write `validate = "model"` instead: then each record goes through the model's
        full_clean(), with its clean() and its constraints, before it is written.
        """
        return ()

    def missing(self, row: Mapping[str, Any]) -> Iterable[RowError]:
        """Return what a new record would lack besides what is `Required`; asked of rows that create
        one.

        The row's attributes and instructions stand under their names, its relations, resolved,
        under the foreign keys' (`market_id`). What was not given is not there.
        """
        return ()

    def derive(self, rows: Sequence[Derivation]) -> None:
        """Complete rows with values from the database; called in the transaction that writes them.

        It has all the rows of one write at once, and should ask a fixed number of queries.
        """

    def before_write(self, rows: Sequence[Derivation]) -> None:
        """Inspect complete and valid rows just before they are written, in the same transaction.

        It has all the rows of one write at once. It may add errors, which fail a row; what it does
        to the fields has no effect (`derive` is for that). It may be called again for the same
        rows: after a rollback they are written again.
        """

    def after_commit(self, ids: Sequence[Any]) -> None:
        """React to the records that a batch has created or updated, once it is committed.

        Called at most once for each batch, and not at all if the process dies just then; an
        exception in it is logged and does no harm. Not called for children and created targets.
        """
