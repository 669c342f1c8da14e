"""Resource types as the readers of files see them."""

from collections.abc import Iterator, Mapping
from functools import cache

from imports_app.engine.types import Schema, decimal_attributes, json_schema
from imports_app.inputs.kinds import Kind
from imports_app.inputs.target import Need, Target


@cache
def target_of(schema: Schema, *, has_parent: bool = False) -> Target:
    """Return what rows of that type are to become; their parent is given for all, or isn't."""
    importer = schema.importer
    links = {name: link.given_by for name, link in schema.links_by_name.items()}
    names = set(importer.key or schema.found_by)
    return Target(
        resource_type=importer.resource_type,
        kinds=kinds_of(schema),
        synonyms=importer.synonyms,
        labels=importer.labels,
        links=links,
        many=frozenset(schema.many),
        needs=tuple(_needs(schema, has_parent=has_parent)),
        key_names=frozenset(names.union(*(links.get(name, ()) for name in names))),
    )


@cache
def kinds_of(schema: Schema) -> Mapping[str, Kind]:
    """Return what a row's attributes take, by name."""
    document = json_schema(schema)
    definitions = document.get("$defs", {})
    exact = decimal_attributes(schema)
    return {
        name: Kind(name, node, definitions, is_exact=name in exact)
        for name, node in document["properties"].items()
    }


def _needs(schema: Schema, *, has_parent: bool) -> Iterator[Need]:
    importer = schema.importer
    for name in importer.key:
        link = schema.links_by_name.get(name)
        attname = link.field.attname if link else name
        if attname not in schema.required_fields or (name == importer.parent and has_parent):
            continue
        ways = set(link.given_by) if link else {name}
        ways |= {synonym for synonym, own in importer.synonyms.items() if own in ways}
        yield Need(link.given_by[-1] if link else name, frozenset(ways))
