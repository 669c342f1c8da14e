"""The undisturbed run: `python -m tests.torture.reference SEED FILE`.

FILE has the imports of the other run in the order of creation, as `outcome` shows them. They are
carried out one after the other in this process, in the database that the environment names; then
the outcome is printed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django

from tests.torture.orders import Order, order
from tests.torture.outcome import outcome
from tests.torture.rows import BASE_KEYS, id_of, with_ids


class Reference:
    """Carries imports out, each when those before it are done."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._ids: dict[str, dict[str, str]] = {}
        self._made: dict[tuple[str, str], Any] = {}

    def carry_out(self, wanted: dict[str, Any]) -> None:
        """Make such an import, and carry it out to its end."""
        from tests.running import run_to_end

        mode, label = wanted["mode"], wanted["label"]
        if not label.startswith("base-") and mode not in self._ids:
            self._ids[mode] = _base_ids(mode)
        target = wanted["target"]
        if target is None:
            made = self._created(mode, label)
        else:
            made = _undo_of(self._made[mode, target], dry_run=wanted["dry_run"])
        self._made[mode, label] = run_to_end(made)

    def _created(self, mode: str, label: str) -> Any:
        from imports_app.services import ImportOrder, create_import

        wanted = order(self._seed, label)
        assert isinstance(wanted, Order), label
        ids = self._ids.get(mode, {})
        asked = ImportOrder(
            resource_type=wanted.resource_type,
            reference=wanted.label,
            rows=[json.dumps(row).encode() for row in with_ids(wanted.rows, ids)],
            **with_ids(wanted.attributes, ids),
        )
        return create_import(order=asked, mode=mode)


def _undo_of(import_: Any, *, dry_run: bool) -> Any:
    from imports_app.services.undoing import undo_import

    return undo_import(import_=import_, dry_run=dry_run)


def _base_ids(mode: str) -> dict[str, str]:
    from imports_app.registry import importers

    return {
        id_of(resource_type, key): str(pk)
        for resource_type, name in BASE_KEYS.items()
        for key, pk in importers.get(resource_type)
        .model._default_manager.filter(mode=mode)
        .values_list(name, "pk")
    }


def main(seed: int, path: Path) -> None:
    reference = Reference(seed)
    for wanted in json.loads(path.read_text()):
        reference.carry_out(wanted)
    json.dump(outcome(), sys.stdout)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), Path(sys.argv[2]))
