"""Write the logs of an import, a batch at a time, and read them as the API shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from imports_app.conf import conf
from imports_app.importer import RowError
from imports_app.models import Import, RowFailure, RowWarning
from imports_app.storage.bulk_insert import insert

IMPORT_KEY = "import"


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that failed: its index, its record's natural key, and everything wrong with it."""

    index: int
    key: str | None
    errors: list[RowError]


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning about a row, or about the import as a whole if `index` is None."""

    index: int | None
    key: str | None
    message: str


def write(import_id: UUID, failures: Iterable[Failure], warnings: Iterable[Notice]) -> None:
    """Store a batch's entries; called inside its transaction."""
    encode = msgspec.json.encode
    insert(
        RowFailure,
        ("bulk_import_id", "index", "key", "errors"),
        [
            (import_id, each.index, each.key, encode([e._asdict() for e in each.errors]).decode())
            for each in failures
        ],
    )
    insert(
        RowWarning,
        ("bulk_import_id", "index", "key", "message"),
        [(import_id, each.index, each.key, each.message) for each in warnings],
    )


def errors_log(import_: Import) -> dict[str, dict[str, list[str]]]:
    """`{row key: {attribute: [message, …]}}`, at most conf.log_entries rows, lowest index first."""
    log: dict[str, dict[str, list[str]]] = {}
    if import_.interruption:
        log[IMPORT_KEY] = {"base": [import_.interruption]}
    if import_.errors_count:
        rows = import_.failures.values_list("index", "key", "errors")[: conf.log_entries]
        for index, key, errors in rows:
            messages = log.setdefault(_entry_key(index, key, log), {})
            for error in msgspec.json.decode(errors):
                messages.setdefault(error["attribute"], []).append(error["message"])
    return log


def warnings_log(import_: Import) -> dict[str, list[str]]:
    """`{row key: [message, …]}`, at most conf.log_entries messages."""
    log: dict[str, list[str]] = {}
    if not import_.warnings_count:
        return log
    names: dict[int, str] = {}
    rows = import_.warnings.values_list("index", "key", "message")[: conf.log_entries]
    for index, key, message in rows:
        if index is None:
            name = key or IMPORT_KEY
        else:
            name = names.get(index) or names.setdefault(index, _entry_key(index, key, log))
        log.setdefault(name, []).append(message)
    return log


def errors_text(import_: Import) -> list[bytes]:
    """errors_log as JSON, in one piece."""
    return [msgspec.json.encode(errors_log(import_))]


def warnings_text(import_: Import) -> list[bytes]:
    """warnings_log as JSON, in one piece."""
    return [msgspec.json.encode(warnings_log(import_))]


def _entry_key(index: int | None, key: str | None, taken: Iterable[str]) -> str:
    return key if key is not None and key not in taken else f"inputs[{index}]"
