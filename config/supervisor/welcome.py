"""What is printed once the service is up."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.supervisor.first_run import STAFF
from config.supervisor.sample import JSON_API

SHOWN = "skus"
INPUTS = [{"code": "MUG-BLUE", "name": "Blue mug"}, {"code": "MUG-RED", "name": "Red mug"}]


def sample_report(documents: Sequence[dict[str, Any]]) -> str:
    """Return each sample import's outcome, and one import as clients see it, without inputs."""
    lines = [_outcome(document["data"]["attributes"]) for document in documents]
    shown = next(d["data"] for d in documents if d["data"]["attributes"]["resource_type"] == SHOWN)
    attributes = {name: value for name, value in shown["attributes"].items() if name != "inputs"}
    whole = json.dumps({**shown, "attributes": attributes}, indent=2)
    return "\n".join(["", "The sample was imported:", "", *lines, "", whole, ""])


def _outcome(attributes: Mapping[str, Any]) -> str:
    return "  {resource_type:20} {status}: {processed_count} rows, {errors_count} errors".format(
        **attributes
    )


def welcome(url: str, password: Path, clients: Mapping[str, Path]) -> str:
    """Return the text that says where everything is, with the two commands of an import."""
    test, live = _shown(clients["test"]), _shown(clients["live"])
    attributes = {"resource_type": "skus", "inputs": INPUTS}
    document = json.dumps({"data": {"type": "imports", "attributes": attributes}})
    return f"""
The Imports API is ready; Ctrl-C ends it.

  API          {url}/api/imports
  Staff pages  {url}/admin/
               user {STAFF}, password: cat {_shown(password)}
  API clients  {test} (its data is test data)
               {live}

The next import, by hand:

  TOKEN=$(curl -s {url}/oauth/token -H 'Content-Type: application/json' \\
    -d @{test} | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')

  curl -s {url}/api/imports -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: {JSON_API}' \\
    -d '{document}'

"""


def _shown(path: Path) -> str:
    """Return the path as seen from the current folder, if it lies below that."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
