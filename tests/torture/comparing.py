"""Where the tortured run's outcome is not that of the undisturbed one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from tests.acceptance.api import FINAL

Outcome = Mapping[str, Any]


def differences(actual: Outcome, expected: Outcome) -> Iterator[str]:
    """A line each."""
    nothing: Outcome = {}
    for mine, theirs in zip_longest(actual["imports"], expected["imports"], fillvalue=nothing):
        yield from _import_differences(mine, theirs)
    for name, records in expected["tables"].items():
        yield from _table_differences(name, actual["tables"][name], records)


def faults(actual: Outcome, created: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """What may not be, whatever the undisturbed run says; `created` is what clients were told:
    mode and label → id.
    """
    labels = Counter((each["mode"], each["reference"]) for each in actual["imports"])
    yield from (f"{label} was created {n} times" for label, n in labels.items() if n > 1)
    there = {each["id"] for each in actual["imports"]}
    yield from (
        f"{label} was answered and is lost" for label, id_ in created.items() if id_ not in there
    )
    for each in actual["imports"]:
        done = each["processed_count"] + each["errors_count"]
        if each["status"] not in FINAL:
            yield f"{_name(each)} is {each['status']}"
        elif each["status"] == "completed" and done != each["inputs_size"]:
            yield f"{_name(each)} is completed after {done} of {each['inputs_size']} rows"


def _import_differences(mine: Outcome, theirs: Outcome) -> Iterator[str]:
    for name in sorted((mine.keys() | theirs.keys()) - {"id"}):
        if mine.get(name) != theirs.get(name):
            yield f"{_name(mine)} {name}: {_short(mine.get(name), theirs.get(name))}"


def _table_differences(name: str, mine: list[Any], theirs: list[Any]) -> Iterator[str]:
    ours, others = Counter(map(repr, mine)), Counter(map(repr, theirs))
    yield from (f"{name}: {record} should not be there" for record in (ours - others).elements())
    yield from (f"{name}: {record} is missing" for record in (others - ours).elements())


def _short(mine: Any, theirs: Any) -> str:
    """Of two logs only the entries that differ."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        keys = [key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)]
        mine, theirs = ({key: log.get(key) for key in keys} for log in (mine, theirs))
    return f"{mine!r}, expected {theirs!r}"


def _name(import_: Outcome) -> str:
    return f"{import_.get('mode')}/{import_.get('reference')} ({import_.get('resource_type')})"
