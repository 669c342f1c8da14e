"""What a row says of its record's tags."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from imports_app.engine.types import (
    ADD_TAGS,
    MAX_TAGS,
    REMOVE_TAGS,
    TAGS,
    Schema,
    normal,
    row_error,
    validator,
)
from imports_app.importer import RowError

MAX_LISTED = 1_000  # named in a row, the same one again and again; more are not looked at
TOO_MANY = ("too_long", f"is too long (maximum is {MAX_TAGS} tags)")
NO_TAG = ("invalid", "must be a name, or an object with a name or an id")


@dataclass(frozen=True)
class TagName:
    """A tag by its name; it is made if it isn't there."""

    name: str


@dataclass(frozen=True)
class TagId:
    """A tag by its id, as the row has it at `path`."""

    id: str
    path: str


@dataclass(slots=True)
class TagEdit:
    """The tags that the record shall have.

    Attributes:
        all: the whole list; None leaves the record's.
    """

    all: list[TagName | TagId] | None = None
    add: list[TagName] = field(default_factory=list)
    remove: list[TagName] = field(default_factory=list)


def edit_of(tag_schema: Schema, attributes: dict[str, Any], errors: list[RowError]) -> TagEdit:
    """Return what the attributes that are about tags ask for; adds to the errors what they
    can't.
    """
    edit = TagEdit()
    if TAGS in attributes:
        items = attributes[TAGS] or ()
        if len(items) > MAX_LISTED:
            errors.append(RowError(TAGS, *TOO_MANY))
            return edit
        listed = enumerate(items)
        edit.all = [
            tag for n, item in listed for tag in _tag(tag_schema, f"{TAGS}[{n}]", item, errors)
        ]
        if len(set(edit.all)) > MAX_TAGS:
            errors.append(RowError(TAGS, *TOO_MANY))
    for name, tags in ((ADD_TAGS, edit.add), (REMOVE_TAGS, edit.remove)):
        text = attributes.get(name, "")
        if text.count(",") >= MAX_LISTED:
            errors.append(RowError(name, *TOO_MANY))
            continue
        parts = (normal(part) for part in text.split(","))
        tags.extend(tag for part in parts if part for tag in _named(tag_schema, name, part, errors))
    return edit


def _tag(
    tag_schema: Schema, path: str, item: Any, errors: list[RowError]
) -> Iterator[TagName | TagId]:
    key = tag_schema.importer.key[0]
    match item:
        case str():
            yield from _named(tag_schema, path, item, errors)
        case {"id": str(pk), **rest} if not rest:
            yield TagId(normal(pk), path)
        case dict() if item.keys() == {key} and isinstance(item[key], str):
            yield from _named(tag_schema, path, item[key], errors)
        case _:
            errors.append(RowError(path, *NO_TAG))


def _named(tag_schema: Schema, path: str, name: str, errors: list[RowError]) -> Iterator[TagName]:
    """Yield the tag of that name, if a tag can have it."""
    key = tag_schema.importer.key[0]
    try:
        yield TagName(validator(tag_schema).validate_python({key: name}, strict=True)[key])
    except ValidationError as error:
        found = (row_error(details) for details in error.errors(include_url=False))
        errors.extend(RowError(path, code, message) for _, code, message in found)
