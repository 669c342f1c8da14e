"""What all imports left in the database that the environment names, printed as JSON.

`python -m tests.torture.outcome` does it.
"""

import json
import sys
from collections import Counter
from typing import Any

import django


def outcome() -> dict[str, Any]:
    """The imports in the order of creation, every table of the catalogue, and who was told what."""
    from tests.outcome import records

    return {"imports": _imports(), "tables": records(), **_told()}


def _imports() -> list[dict[str, Any]]:
    """An undo's label is made from that of the import it undid, so every run has the same."""
    from imports_app.models import Import
    from tests.outcome import of_import

    labels: dict[Any, str] = {}
    undos: Counter[str] = Counter()
    found = []
    for import_ in Import.objects.order_by("mode", "position"):
        target = labels.get(import_.undo_of_id)
        label = str(import_.reference)
        if import_.is_undo:
            name = f"{target} {'checked' if import_.dry_run else 'undone'}"
            undos[import_.mode + name] += 1
            label = f"{name} {undos[import_.mode + name]}"
        labels[import_.pk] = label
        about = {"id": str(import_.pk), "label": label, "target": target}
        options = {name: getattr(import_, name) for name in ("dry_run", "cleanup_records")}
        found.append(about | options | of_import(import_))
        if import_.is_undo:
            found[-1]["warnings_log"] = regardless_of_ids(found[-1]["warnings_log"])
    return found


def regardless_of_ids(log: dict[str, list[str]]) -> dict[str, list[str]]:
    """Records without a key are named by their ids, made up or numbered by the database, which are
    other ones in another run.
    """
    from tests.outcome import UUID

    found: dict[str, list[str]] = {}
    for key, messages in log.items():
        name = "<made up>" if key.isdigit() else UUID.sub("<made up>", key)
        found.setdefault(name, []).extend(messages)
    return {key: sorted(messages) for key, messages in found.items()}


def _told() -> dict[str, Any]:
    from imports_app.models import Event, EventCallback, Webhook

    webhooks = [(str(each.pk), each.mode, each.topic) for each in Webhook.objects.all()]
    events = Event.objects.values_list("pk", "mode", "bulk_import_id", "name")
    callbacks = EventCallback.objects.values_list("pk", "event_id", "webhook_id", "status", "tries")
    return {
        "webhooks": webhooks,
        "events": [[str(pk), mode, str(import_), name] for pk, mode, import_, name in events],
        "callbacks": [[*map(str, ids), status, tries] for *ids, status, tries in callbacks],
    }


if __name__ == "__main__":
    django.setup()
    json.dump(outcome(), sys.stdout)
