"""Check an importer's children, tags, hashed attributes and ways to name targets."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage
from django.db.models import BinaryField, CharField, JSONField, ManyToManyField, ManyToOneRel

from imports_app.checks.many import check_many
from imports_app.checks.messages import error, field_of, hints_of, meant
from imports_app.importer import Importer, Relation
from imports_app.registry import importers

HASH_LENGTH = 128
FINGERPRINT_LENGTH = 64


def check_parts(importer: Importer) -> Iterator[CheckMessage]:
    """Yield the errors of all these parts."""
    yield from _check_children(importer)
    yield from _check_tags(importer)
    yield from check_many(importer)
    yield from _check_hashed(importer)
    for name, relation in (*importer.relations.items(), *importer.many.items()):
        yield from _check_forms(importer, name, relation)
    yield from _check_modes(importer)


def _check_modes(importer: Importer) -> Iterator[CheckMessage]:
    """Check that rows create records of their own mode only."""
    made: dict[str, Any] = {
        name: relation.to
        for name, relation in importer.relations.items()
        if relation.makes or relation.inline_among
    }
    for name in filter(None, (*importer.children, *_made_many(importer), importer.tags)):
        made[name] = getattr(field_of(importer, name), "related_model", None)
    for name, model in made.items():
        target = importers.for_model(model)
        if target is not None and target.mode not in (None, importer.mode):
            yield error(
                importer,
                35,
                f"{name!r} creates {target.resource_type}, which exist in {target.mode} mode only",
                hint="Let both importers name the same mode, or don't let rows create records.",
            )


def _made_many(importer: Importer) -> Iterator[str]:
    yield from (name for name, relation in importer.many.items() if relation.makes)


def _check_children(importer: Importer) -> Iterator[CheckMessage]:
    for attribute, name in importer.children.items():
        related = field_of(importer, attribute)
        if not isinstance(related, ManyToOneRel) or related.field.name != name:
            yield error(
                importer,
                14,
                f"children {attribute!r} are not the reverse side of a foreign key {name!r}",
                hint=f"Give the child's foreign key {name!r} to {importer.model.__name__}"
                f" the related_name {attribute!r}.",
            )
        elif related.related_model is importer.model:
            yield error(
                importer,
                7,
                f"children {attribute!r} are of its own type, which rows can't nest",
                hint=f"Leave them out: rows refer to each other by the relation {name!r}.",
            )
        else:
            yield from _check_child(importer, attribute, name, related.related_model)


def _check_child(
    importer: Importer, attribute: str, name: str, model: Any
) -> Iterator[CheckMessage]:
    """Check the importer of the children's model, which says how they are read and written."""
    child = importers.for_model(model)
    if child is not None and child.write == "save":
        yield error(
            importer,
            42,
            f'children {attribute!r} are written in bulk, but their importer has `write = "save"`',
            hint="Leave `write` out of it, or import them by their own type.",
        )
    if child is None or name not in child.relations:
        yield error(
            importer,
            15,
            f"children {attribute!r} have no importer with the relation {name!r}",
            hint=f"Register an importer of {model.__name__}: it declares what a child's row"
            " contains.",
        )


def _check_tags(importer: Importer) -> Iterator[CheckMessage]:
    if importer.tags is None:
        return
    field = field_of(importer, importer.tags)
    target = isinstance(field, ManyToManyField) and importers.for_model(field.related_model)
    if not target or len(target.key) != 1:
        yield error(
            importer,
            16,
            f"tags {importer.tags!r} refer to no type whose key is one attribute",
            hint="Name a ManyToManyField whose model has such an importer.",
        )


def _check_hashed(importer: Importer) -> Iterator[CheckMessage]:
    row = hints_of(importer)
    for attribute, fingerprint in importer.hashed.items():
        lengths = {attribute: HASH_LENGTH, fingerprint: FINGERPRINT_LENGTH}
        for name, length in lengths.items():
            field = field_of(importer, name)
            if not isinstance(field, CharField) or (field.max_length or length) < length:
                yield error(
                    importer,
                    17,
                    f"{name!r} can't hold the hash of {attribute!r}",
                    hint=f"Make it a CharField(max_length={length}, null=True).",
                )
        if attribute not in row:
            yield error(
                importer,
                18,
                f"the hashed {attribute!r} is no attribute of Row",
                hint="Add it to Row.",
            )
        if attribute not in importer.secret:
            yield error(
                importer,
                19,
                f"the hashed {attribute!r} is not secret",
                hint="Add it to `secret`: otherwise it comes back with the import's inputs.",
            )


def _check_forms(importer: Importer, name: str, relation: Relation) -> Iterator[CheckMessage]:
    target = importers.for_model(relation.to)
    for field in relation.by_fields:
        yield from _check_by(importer, name, relation, field)
    if relation.makes and target and not _is_one_attribute(target):
        yield error(
            importer,
            21,
            f"relation {name!r} creates {target.resource_type}, whose key is not one attribute",
            hint="Leave `makes` out: a created target has nothing but its key.",
        )
    if relation.inline_among and relation.inline_among not in importer.relations:
        yield error(
            importer,
            22,
            f"relation {name!r} is inline among {relation.inline_among!r}, which is no relation",
            hint=f"{meant(relation.inline_among, importer.relations)}Name the relation within"
            " whose target inline targets are compared.",
        )


def _check_by(
    importer: Importer, name: str, relation: Relation, field: str
) -> Iterator[CheckMessage]:
    known = _field_names(relation)
    if field not in known:
        yield error(
            importer,
            20,
            f"relation {name!r} is given by {field!r}, which is no field of {relation.to.__name__}",
            hint=f"{meant(field, known)}Name a field of the target, or leave `by` out.",
        )
    elif _is_no_name(relation.to._meta.get_field(field), of_several=len(relation.by_fields) > 1):
        yield error(
            importer,
            47,
            f"relation {name!r} is given by {field!r}, whose values can't name a record",
            hint="Name a field whose values are texts, numbers or dates, or leave `by` out.",
        )


def _is_one_attribute(target: Importer) -> bool:
    return len(target.key) == 1 and target.key[0] not in target.relations


def _is_no_name(field: Any, *, of_several: bool) -> bool:
    """Return whether the field's values can't name a record.

    A value that can be written in several ways is no name, and neither is a foreign key as a part
    of a name, since a row would have to name its target in turn.
    """
    kinds = (BinaryField, JSONField)
    is_reference = of_several and field.is_relation
    return is_reference or isinstance(field, kinds) or hasattr(field, "base_field")


def _field_names(relation: Relation) -> list[str]:
    return [field.name for field in relation.to._meta.concrete_fields]
