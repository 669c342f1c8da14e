"""Columns find their attributes."""

from typing import Any

import pytest

from imports_app.inputs.kinds import Kind
from imports_app.inputs.names import Names
from imports_app.inputs.target import Target

TEXT: dict[str, Any] = {"type": "string"}
NODES: dict[str, Any] = {
    "isbn": TEXT,
    "unit_of_weight": TEXT,
    "author_email": TEXT,
    "metadata": {"type": "object"},
    "editions": {"type": "array", "items": {"properties": {"page_count": TEXT}}},
}
KINDS = {name: Kind(name, node, {}) for name, node in NODES.items()}
TARGET = Target(
    "books",
    KINDS,
    synonyms={"type": "kind"},
    labels={"isbn": ("Book number", "No. of book")},
    links={"author": ("author_id", "author_email")},
)


@pytest.mark.parametrize(
    ("column", "path"),
    [
        ("isbn", ("isbn",)),
        ("ISBN", ("isbn",)),
        ("Unit of-weight", ("unit_of_weight",)),
        ("unit\u00a0of\u200bweight", ("unit_of_weight",)),
        ("book_number", ("isbn",)),
        ("no. of BOOK", ("isbn",)),
        ("Type", ("type",)),
        ("Metadata.Shop Size", ("metadata", "Shop Size")),
        ("editions.Page count", ("editions", "page_count")),
        ("Author.Email", ("author_email",)),
        ("author.name", None),
        ("isbn.x", None),
        ("number", None),
        ("", None),
    ],
)
def test_a_column_is_for_an_attribute_regardless_of_marks(
    column: str, path: tuple[str, ...] | None
) -> None:
    assert Names(TARGET).path_of(column) == path


def test_names_that_only_marks_tell_apart_have_to_be_exact() -> None:
    kinds = {name: Kind(name, TEXT, {}) for name in ("a_b", "ab")}
    names = Names(Target("letters", kinds))
    assert (names.path_of("a_b"), names.path_of("ab")) == (("a_b",), ("ab",))
    assert names.path_of("A B") is None


@pytest.mark.parametrize(("column", "near"), [("ISBN-13", "isbn"), ("zzz", None)])
def test_the_nearest_attribute_is_named(column: str, near: str | None) -> None:
    assert Names(TARGET).nearest(column) == near
