"""A row's edit of its record's tags, or of other many-to-many targets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from pydantic import ValidationError

from imports_app.engine.types import Form, Many, name_validator, normal, row_error
from imports_app.importer import RowError

MAX_LISTED = 1_000  # named in a row, the same one again and again; more are not looked at


@dataclass(frozen=True)
class Named:
    """A target as the row names it at `path`, by its field `lookup`."""

    lookup: str
    name: Any
    path: str = field(compare=False)


@dataclass(slots=True)
class ManyEdit:
    """The targets that the record shall have.

    Attributes:
        all: the whole list; None leaves the record's.
    """

    all: list[Named] | None = None
    add: list[Named] = field(default_factory=list)
    remove: list[Named] = field(default_factory=list)


def edit_of(many: Many, attributes: Mapping[str, Any], errors: list[RowError]) -> ManyEdit:
    """Return what the attributes ask for that are about these targets; adds to the errors what they
    can't.
    """
    edit, name = ManyEdit(), many.attribute
    if name in attributes:
        items = attributes[name] or ()
        if len(items) > MAX_LISTED:
            errors.append(too_many(many, name))
            return edit
        listed = enumerate(items)
        edit.all = [one for n, item in listed for one in _one(many, f"{name}[{n}]", item, errors)]
        if len(set(edit.all)) > many.most:
            errors.append(too_many(many, name))
    for name, some in ((many.add, edit.add), (many.remove, edit.remove)):
        text = attributes.get(name, "")
        if text.count(",") >= MAX_LISTED:
            errors.append(too_many(many, name))
            continue
        parts = (normal(part) for part in text.split(","))
        some.extend(one for part in parts if part for one in _named(many, name, part, errors))
    return edit


def too_many(many: Many, attribute: str) -> RowError:
    """Return the error of an attribute that names more targets than a record may have."""
    return RowError(attribute, "too_long", f"is too long (maximum is {many.most} {many.word}s)")


def _one(many: Many, path: str, item: Any, errors: list[RowError]) -> Iterator[Named]:
    members = many.members
    match item:
        case str() | int() if not isinstance(item, bool):
            yield from _named(many, path, item, errors)
        case dict() if len(item) == 1 and (form := members.get(next(iter(item)))):
            (name,) = item.values()
            yield from _named(many, path, name, errors, form)
        case _:
            named = (f"an {name}" if name == "id" else f"a {name}" for name in reversed(members))
            wanted = " or ".join(named)
            message = f"must be a {many.named_by.lookup}, or an object with {wanted}"
            errors.append(RowError(path, "invalid", message))


def _named(
    many: Many, path: str, name: Any, errors: list[RowError], form: Form | None = None
) -> Iterator[Named]:
    """Yield the target of that name, if one can have it."""
    form = form or many.named_by
    try:
        text = msgspec.json.encode(name)
        yield Named(form.lookup, name_validator(many, form).validate_json(text, strict=True), path)
    except ValidationError as error:
        found = (row_error(details) for details in error.errors(include_url=False))
        errors.extend(RowError(path, code, message) for _, code, message in found)
