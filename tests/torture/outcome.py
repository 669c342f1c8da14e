"""What all imports left in the database that the environment names, printed as JSON.

`python -m tests.torture.outcome` does it.
"""

import json
import sys
from typing import Any

import django


def outcome() -> dict[str, Any]:
    """The imports in the order of creation, and every table of the catalogue."""
    from imports_app.models import Import
    from tests.outcome import of_import, records

    imports = Import.objects.order_by("mode", "position")
    return {
        "imports": [{"id": str(import_.pk), **of_import(import_)} for import_ in imports],
        "tables": records(),
    }


if __name__ == "__main__":
    django.setup()
    json.dump(outcome(), sys.stdout)
