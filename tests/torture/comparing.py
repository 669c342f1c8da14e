"""Where the tortured run's outcome is not that of the undisturbed one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from tests.acceptance.api import FINAL
from tests.torture.clients import Client

Outcome = Mapping[str, Any]
TOUCHED = ("created_count", "updated_count", "destroyed_count")


def differences(actual: Outcome, expected: Outcome) -> Iterator[str]:
    """A line for each difference."""
    nothing: Outcome = {}
    for mine, theirs in zip_longest(actual["imports"], expected["imports"], fillvalue=nothing):
        yield from _import_differences(mine, theirs)
    for name, records in expected["tables"].items():
        yield from _table_differences(name, actual["tables"][name], records)


def faults(actual: Outcome, clients: Iterable[Client]) -> Iterator[str]:
    """What must not be, whatever the undisturbed run says."""
    imports = {each["id"]: each for each in actual["imports"]}
    deleted = {id_ for client in clients for id_ in client.deleted}
    created = {id_: label for client in clients for label, id_ in client.created.items()}
    for id_, label in created.items():
        if (id_ in imports) == (id_ in deleted):
            yield f"{label} was {'deleted and is there' if id_ in deleted else 'answered and lost'}"
    for each in actual["imports"]:
        if each["id"] not in created:
            yield f"{_name(each)} was created twice, or nobody asked for it"
        yield from _import_faults(each)
    for id_ in {id_ for client in clients for id_ in client.refused}:
        if any(imports[id_][name] for name in TOUCHED):
            yield f"{_name(imports[id_])} was said to have changed nothing"
    yield from _double_undos(actual["imports"])


def _import_faults(each: Outcome) -> Iterator[str]:
    done = each["processed_count"] + each["errors_count"]
    if each["status"] not in FINAL:
        yield f"{_name(each)} is {each['status']}"
    elif each["status"] == "completed" and done != each["inputs_size"]:
        yield f"{_name(each)} is completed after {done} of {each['inputs_size']} rows"


def _double_undos(imports: Iterable[Outcome]) -> Iterator[str]:
    """Of one import one undo took effect, unless it was taken back in turn: the later ones know."""
    standing: Counter[tuple[str, str]] = Counter()
    took_effect = [each for each in imports if each["target"] and not each["dry_run"]]
    for each in reversed(took_effect):
        if each["status"] == "completed" and not standing[each["mode"], each["label"]]:
            standing[each["mode"], each["target"]] += 1
    yield from (f"{name} is undone {n} times" for name, n in standing.items() if n > 1)


def _import_differences(mine: Outcome, theirs: Outcome) -> Iterator[str]:
    for name in sorted((mine.keys() | theirs.keys()) - {"id"}):
        if mine.get(name) != theirs.get(name):
            yield f"{_name(mine)} {name}: {_short(mine.get(name), theirs.get(name))}"


def _table_differences(name: str, mine: list[Any], theirs: list[Any]) -> Iterator[str]:
    ours, others = Counter(map(repr, mine)), Counter(map(repr, theirs))
    yield from (f"{name}: {record} should not be there" for record in (ours - others).elements())
    yield from (f"{name}: {record} is missing" for record in (others - ours).elements())


def _short(mine: Any, theirs: Any) -> str:
    """Only those entries of two logs that differ."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        keys = [key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)]
        mine, theirs = ({key: log.get(key) for key in keys} for log in (mine, theirs))
    return f"{mine!r}, expected {theirs!r}"


def _name(import_: Outcome) -> str:
    return f"{import_.get('mode')}/{import_.get('label')} ({import_.get('resource_type')})"
