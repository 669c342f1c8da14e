"""The rows of a request as they were sent."""

from dataclasses import dataclass

from msgspec import Raw

INPUTS = "inputs"
NULL = Raw(b"null")


@dataclass
class RawInputs:
    """The rows as they were sent: the text of what should be an array.

    A request, and its document, lives until it is garbage-collected. Taking the text out of it lets
    the body's memory be freed earlier.

    Attributes:
        depth: how many objects and arrays each row is nested in.
        are_resources: whether the rows are resource objects, which name their type.
    """

    text: Raw
    pointer: str
    depth: int
    are_resources: bool = False

    def take(self) -> bytes:
        """Return the text, and forget it; may be called once."""
        text, self.text = bytes(self.text), NULL
        return text
