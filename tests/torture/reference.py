"""The undisturbed run: `python -m tests.torture.reference SEED FILE`.

FILE has the list of [mode, label] in the order of creation. They are carried out one after the
other in this process, in the database that the environment names; then the outcome is printed.
"""

import json
import sys
from pathlib import Path

import django
from django.core.management import call_command

from tests.torture.orders import BASE_KEYS, Order, id_of, order, with_ids
from tests.torture.outcome import outcome


def carry_out(mode: str, wanted: Order, ids: dict[str, str]) -> None:
    from imports_app.services import ImportOrder, create_import
    from tests.running import run_to_end

    asked = ImportOrder(
        resource_type=wanted.resource_type,
        reference=wanted.label,
        rows=[json.dumps(row).encode() for row in with_ids(wanted.rows, ids)],
        **with_ids(wanted.attributes, ids),
    )
    run_to_end(create_import(order=asked, mode=mode))


def base_ids(mode: str) -> dict[str, str]:
    from imports_app.registry import importers

    return {
        id_of(resource_type, key): str(pk)
        for resource_type, name in BASE_KEYS.items()
        for key, pk in importers.get(resource_type)
        .model._default_manager.filter(mode=mode)
        .values_list(name, "pk")
    }


def main(seed: int, path: Path) -> None:
    call_command("migrate", verbosity=0)
    ids: dict[str, dict[str, str]] = {}
    for mode, label in json.loads(path.read_text()):
        if not label.startswith("base-") and mode not in ids:
            ids[mode] = base_ids(mode)
        carry_out(mode, order(seed, label), ids.get(mode, {}))
    json.dump(outcome(), sys.stdout)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), Path(sys.argv[2]))
