"""Why inputs are refused: faults in rows, or a text that can't be read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imports_app.exceptions import ImportsError


@dataclass(frozen=True)
class Fault:
    """What is wrong with the inputs, or with one row of them.

    Attributes:
        error: the rule's short name.
        index: of the row among the inputs, from 0; None if it concerns them as a whole.
        line: where a file has it, from 1, unless the message says so.
        value: what was sent, if it is worth showing.
        option: that of `file_options` which is wrong, or would answer the question.
    """

    error: str
    message: str
    index: int | None = None
    line: int | None = None
    value: Any = None
    option: str | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"line {self.line} - {self.message}"
        place = "inputs" if self.index is None else f"inputs[{self.index}]"
        return f"{place} - {self.message}"


class InputsRefused(ImportsError):
    """Rows that no import is made of; all the faults that were found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


class Unreadable(ImportsError):
    """The text can't be read. `predicate` goes on after "The file" or "The body"."""

    def __init__(self, predicate: str) -> None:
        super().__init__(f"The file {predicate}.")
        self.predicate = predicate


class TooLarge(Unreadable):
    """The text, or what it unpacks to, is larger than conf.max_request_bytes."""


def refused(
    error: str, message: str, value: Any = None, *, option: str | None = None
) -> InputsRefused:
    """Return the refusal of the inputs as a whole."""
    return InputsRefused([Fault(error, message, value=value, option=option)])
