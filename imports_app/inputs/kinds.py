"""The kinds of values that a type's attributes take, from its JSON Schema."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

Node = Mapping[str, Any]


class Kind:
    """The types of JSON values that an attribute takes.

    Attributes:
        name: the attribute's.
        is_text: whether any text is one of its values.
        is_exact: whether its numbers are decimals, which text may hold too.
    """

    def __init__(self, name: str, node: Node, definitions: Node, *, is_exact: bool = False) -> None:
        self.name = name
        self._definitions = definitions
        self._options = list(_options(node, definitions))
        self.types = {option.get("type") for option in self._options}
        self.format = next((o["format"] for o in self._options if "format" in o), None)
        self.is_exact = is_exact
        # What may be anything may be text.
        self.is_text = not is_exact and (self.is_anything or "string" in self.types)

    @property
    def is_anything(self) -> bool:
        """Whether it takes all that JSON has."""
        return None in self.types

    @property
    def is_number(self) -> bool:
        """Whether it takes numbers and no text."""
        return not self.is_text and bool(self.types & {"integer", "number"})

    @property
    def is_time(self) -> bool:
        """Whether it takes dates, with a time or without."""
        return self.format in ("date-time", "date")

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The texts that it takes, where it takes no others."""
        texts = [option for option in self._options if option.get("type") != "null"]
        lists = [
            option.get("enum", [option["const"]] if "const" in option else []) for option in texts
        ]
        return tuple(str(value) for values in lists for value in values) if all(lists) else ()

    @cached_property
    def items(self) -> "Kind | None":
        """That of an array's items."""
        for option in self._options:
            if option.get("type") == "array":
                return Kind(self.name, option.get("items", {}), self._definitions)
        return None

    @cached_property
    def members(self) -> Mapping[str, "Kind"]:
        """Those of an object, by name."""
        return {
            name: Kind(name, node, self._definitions)
            for option in self._options
            for name, node in option.get("properties", {}).items()
        }


def _options(node: Node, definitions: Node) -> Iterator[Node]:
    """Yield the alternatives of a JSON Schema, references followed."""
    if "$ref" in node:
        yield from _options(definitions[node["$ref"].rpartition("/")[2]], definitions)
    elif alternatives := node.get("anyOf", node.get("oneOf")):
        for alternative in alternatives:
            yield from _options(alternative, definitions)
    else:
        yield node
