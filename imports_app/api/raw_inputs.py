"""The rows of a request as they were sent."""

from dataclasses import dataclass

from msgspec import Raw

INPUTS = "inputs"
NULL = Raw(b"null")


@dataclass
class RawInputs:
    """The rows as they were sent: the text of what should be an array.

    A request lives until the garbage collector comes, and its document with it. Whoever takes the
    text has the body's memory freed before.

    Attributes:
        depth: how many objects and arrays each row stands in.
        are_resources: whether the rows are resource objects, which name their type.
    """

    text: Raw
    pointer: str
    depth: int
    are_resources: bool = False

    def take(self) -> bytes:
        """Return the text, once."""
        text, self.text = bytes(self.text), NULL
        return text
