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
        by: a field of the target that names it too, in a further form: `bundle_code`. It need not
            be unique, but a name that several targets have is refused as ambiguous. Several fields
            name it together: with `("region", "code")` a row gives `store_region` and `store_code`.
        makes: a target that is named by its key and isn't there is made, with nothing but that.
        inline_among: the row may give the target itself, as an object under the relation's name.
            It is matched with an equal one to which a record of this type refers that has the same
            value in the relation named here, and is made if there is none.
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
        errors: what is added here fails the row.
    """

    pk: Any
    fields: dict[str, Any]
    instructions: Mapping[str, Any]
    errors: list[RowError]


class Importer:
    """How rows become records of one model. Subclass, declare, and register.

    Attributes:
        resource_type: the type's name in the API, plural: `skus`.
        model: where its records live.
        mode: of a model that is no ModeModel, the one mode whose clients may import it. A field of
            its own that happens to be called `mode` is an ordinary attribute.
        key: attributes or relations that together find a record, within its mode; a unique
            constraint must hold it. Where a part may be missing and its field has a default, a row
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
            to a model whose key is one attribute. An unknown tag is made.
        hashed: attributes that are stored hashed by Django's hasher, each with the field that
            keeps a fingerprint of what was hashed, so that the same again is seen as unchanged.
        synonyms: other names under which a row may give an attribute, which has its own name in
            all that is given out: `{"type": "tier_type"}`.
        labels: what people call the columns of an attribute in their files, regardless of case,
            blanks, `_` and `-`: `{"isbn": ("book number",)}`.
        secret: attributes that are never given out again.
        write: "bulk" writes many records at once, past the model's save() and its signals. "save"
            has each record go through full_clean(), save() and the signals of the model, still in
            batches.
        manager: the name of the model's manager that finds, writes and shows the records; by
            default its default manager. What it doesn't show is not there. Cleanup calls delete()
            of its querysets, which may do something else than destroy.
        derive_reads: models that `derive` reads, besides those of the relations.
        batch_rows: where `validate` or `derive` take long: how many rows take about a second. A
            batch has no more, so that an import's counts move and a stop takes effect that soon.
            What is hashed counts by itself.
        Row: the attributes of a row, a `TypedDict` that Pydantic validates. `Required[…]` means
            required on create; `| None` that null clears it. Lengths and ranges that the model's
            fields have need not be repeated. What begins with `_` is an instruction, stored
            nowhere. An importer without it takes it from the model, foreign keys too; what it
            says itself in Row or `relations` holds.
        fields: which fields of the model are taken; None means all that its forms would show. An
            importer with a Row takes some only if it names them here, or what to `exclude`.
        exclude: fields of the model that are not taken.
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

        An update may leave out what the record has already, so check only what is there. An
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
        """Complete rows by what the database says; called in the transaction that writes them.

        It has all the rows of one write at once, and should ask a fixed number of queries.
        """

    def before_write(self, rows: Sequence[Derivation]) -> None:
        """See rows that are complete and valid just before they are written, in that transaction.

        It has all the rows of one write at once. It may add errors, which fail a row; what it does
        to the fields has no effect (`derive` is for that). It may be called again for the same
        rows: after a rollback they are written again.
        """

    def after_commit(self, ids: Sequence[Any]) -> None:
        """Hear of the records that a batch has created or updated, once that is committed.

        Called at most once for each batch, and not at all if the process dies just then; what it
        raises is logged and harms nothing. Not called for records that rows bring along or make.
        """
