"""Check that what an importer declares has the names and types of the contract."""

from collections.abc import Callable, Iterator, Mapping, Set
from difflib import get_close_matches
from typing import Any

from django.core.checks import CheckMessage
from django.db.models import Model

from imports_app.checks.messages import error
from imports_app.importer import Importer, Relation

Shape = tuple[Callable[[Any], bool], str]


def check_shapes(importer: Importer) -> Iterator[CheckMessage]:
    """Yield errors with which the other checks could not read the importer at all."""
    yield from _check_declared_names(importer)
    for name, (fits, what) in SHAPES.items():
        if not fits(value := getattr(importer, name)):
            yield error(importer, 24, f"`{name}` can't be {value!r}", hint=f"Write {what}.")
    if importer.model._meta.abstract:
        yield error(
            importer,
            24,
            f"its model {importer.model.__name__} is abstract, and has no records",
            hint="Name a model that derives from it.",
        )


def _check_declared_names(importer: Importer) -> Iterator[CheckMessage]:
    """Check only names that look like a part of the contract: a class may have its own."""
    contract = [name for name in (*vars(Importer), *Importer.__annotations__) if name[0] != "_"]
    names = {name for one in type(importer).__mro__ for name in vars(one) if name[0] != "_"}
    for name in names.difference(contract):
        if close := get_close_matches(name, contract, n=1, cutoff=0.8):
            yield error(
                importer,
                25,
                f"`{name}` means nothing to an importer",
                hint=f"Write `{close[0]}`, or choose a name that is less similar.",
            )


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Model)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _are_labels(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(_are_texts, value.values()))


def _are_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(map(_is_text, value))


def _are_texts_or_none(value: Any) -> bool:
    return value is None or _are_texts(value)


def _are_models(value: Any) -> bool:
    return isinstance(value, tuple) and all(map(_is_model, value))


def _is_set(value: Any) -> bool:
    return isinstance(value, Set) and all(map(_is_text, value))


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(_is_text, (*value, *value.values())))


def _are_relations(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        _is_text(name) and isinstance(relation, Relation) and _is_model(relation.to)
        for name, relation in value.items()
    )


def _is_number_or_none(value: Any) -> bool:
    return value is None or (type(value) is int and value > 0)


SHAPES: Mapping[str, Shape] = {
    "key": (_are_texts, 'a tuple of names, with a comma even after a single one: ("isbn",)'),
    "fields": (_are_texts_or_none, 'a tuple of fields of the model: ("isbn", "title")'),
    "exclude": (_are_texts, "a tuple of fields of the model, with a comma even after a single one"),
    "parent": (_is_text_or_none, "the name of a relation"),
    "tags": (_is_text_or_none, "the name of a ManyToManyField"),
    "mode": (_is_text_or_none, "a mode's name"),
    "relations": (_are_relations, '{"shelf": Relation(Shelf)}: names, and the models pointed to'),
    "many": (_are_relations, '{"brands": Relation(Brand)}: names, and the models pointed to'),
    "children": (_is_mapping, '{"line_items": "order"}: related_name and foreign key'),
    "hashed": (_is_mapping, '{"password": "password_fingerprint"}: attribute and field'),
    "labels": (_are_labels, '{"isbn": ("book number",)}: a tuple of labels for each attribute'),
    "secret": (_is_set, 'a set of attributes: frozenset({"password"})'),
    "derive_reads": (_are_models, "a tuple of models, with a comma even after a single one"),
    "write": (lambda value: value in ("bulk", "save"), '"bulk" or "save"'),
    "validate": (lambda value: callable(value) or value == "model", 'a method, or "model"'),
    "manager": (_is_text_or_none, "the name of a manager of the model"),
    "batch_rows": (_is_number_or_none, "a number of rows: 500"),
}
